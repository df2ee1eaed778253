import type { ClientHalf } from "../../../core/contract/dialect.js";
import { decodeModels, encodeModelsRequest } from "../shared/models.js";
import { errorOfReply } from "./errors.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";
import { GeminiDecoder } from "./stream.js";

/** The client's side of `generateContent` and `streamGenerateContent`. https://ai.google.dev/api/generate-content */
export const client: ClientHalf = {
  id: "gemini",
  framing: "sse",
  encode: encodeRequest,
  decode: decodeReply,
  decoder: (target, out) => new GeminiDecoder(target, out),
  error: errorOfReply,
  models: { encode: encodeModelsRequest, decode: decodeModels },
};
