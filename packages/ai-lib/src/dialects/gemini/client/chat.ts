import type { ClientHalf } from "../../../core/contract/dialect.js";
import { DOTTED_NAMES } from "../../shared/common/tool-names.js";
import { decodeModels, encodeModelsRequest } from "../shared/models.js";
import { decodeError } from "./errors.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";
import { GeminiStreamDecoder } from "./stream.js";

/** The client half of `generateContent` and `streamGenerateContent`. https://ai.google.dev/api/generate-content */
export const chat: ClientHalf = {
  id: "gemini",
  framing: "sse",
  // "function call turn comes immediately after a user turn" is a 400.
  userFirst: () => true,
  toolNames: () => DOTTED_NAMES,
  encode: encodeRequest,
  decode: decodeReply,
  decoder: (target, out) => new GeminiStreamDecoder(target, out),
  error: decodeError,
  models: { encode: encodeModelsRequest, decode: decodeModels },
};
