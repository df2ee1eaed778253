import type { ClientHalf } from "../../core/dialect.js";
import { errorOf } from "./errors.js";
import { decodeModels, encodeModels } from "./models.js";
import { DIALECT } from "./names.js";
import { decodeReply } from "./reply-decode.js";
import { encodeRequest } from "./request-encode.js";
import { CohereStream } from "./stream-decode.js";

/** The second version of Cohere's chat API, below `https://api.cohere.com/v2`. https://docs.cohere.com/v2/reference/chat */
export const client: ClientHalf = {
  id: DIALECT,
  framing: "sse",
  encode: encodeRequest,
  decode: decodeReply,
  decoder: (target, out) => new CohereStream(target, out),
  error: errorOf,
  models: { encode: encodeModels, decode: decodeModels },
};
