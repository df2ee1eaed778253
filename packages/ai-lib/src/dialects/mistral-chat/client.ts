import type { ClientHalf } from "../../core/dialect.js";
import { errorOf } from "./errors.js";
import { decodeModels, encodeModels } from "./models.js";
import { DIALECT } from "./names.js";
import { decodeReply } from "./reply-decode.js";
import { encodeRequest } from "./request-encode.js";
import { MistralStream } from "./stream-decode.js";

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
