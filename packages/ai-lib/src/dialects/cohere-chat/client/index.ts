import type { ClientHalf } from "../../../core/contract/dialect.js";
import { DIALECT } from "../shared/family.js";
import { decodeModels, encodeModels } from "../shared/models.js";
import { embedCodec } from "./embed.js";
import { errorOf } from "./errors.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";
import { CohereStream } from "./stream.js";

/** The second version of Cohere's chat API, below `https://api.cohere.com/v2`. https://docs.cohere.com/v2/reference/chat */
export const client: ClientHalf = {
  id: DIALECT,
  framing: "sse",
  encode: encodeRequest,
  decode: decodeReply,
  decoder: (target, out) => new CohereStream(target, out),
  error: errorOf,
  kinds: { embed: embedCodec },
  models: { encode: encodeModels, decode: decodeModels },
};
