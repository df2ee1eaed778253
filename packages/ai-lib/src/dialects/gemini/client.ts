import type { ClientHalf } from "../../core/dialect.js";
import { errorOfReply } from "./errors.js";
import { decodeModels, encodeModelsRequest } from "./models.js";
import { decodeReply } from "./reply-decode.js";
import { encodeRequest } from "./request-encode.js";
import { GeminiDecoder } from "./stream-decode.js";

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
