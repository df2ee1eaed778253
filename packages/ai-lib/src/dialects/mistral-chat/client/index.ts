import type { ClientHalf } from "../../../core/contract/dialect.js";
import { DIALECT } from "../shared/family.js";
import { decodeModels, encodeModels } from "../shared/models.js";
import { errorOf } from "./errors.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";
import { MistralStream } from "./stream.js";

/** Mistral's chat completions, below `https://api.mistral.ai/v1`. https://docs.mistral.ai/api/endpoint/chat */
export const client: ClientHalf = {
  id: DIALECT,
  framing: "sse",
  encode: encodeRequest,
  decode: decodeReply,
  decoder: (target, out) => new MistralStream(target, out),
  error: errorOf,
  models: { encode: encodeModels, decode: decodeModels },
};
