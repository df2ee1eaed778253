import type { ClientHalf } from "../../../core/contract/dialect.js";
import { DOTTED_NAMES } from "../../shared/common/tool-names.js";
import { decodeModels, encodeModelsRequest } from "../shared/models.js";
import { countTokensCodec } from "./count-tokens.js";
import { embedCodec } from "./embed.js";
import { decodeError } from "./errors.js";
import { imageCodec } from "./image.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";
import { speakCodec } from "./speak.js";
import { GeminiStreamDecoder } from "./stream.js";
import { transcribeCodec } from "./transcribe.js";

/** The client half of `generateContent` and `streamGenerateContent`. https://ai.google.dev/api/generate-content */
export const client: ClientHalf = {
  id: "gemini",
  framing: "sse",
  // "function call turn comes immediately after a user turn" is a 400.
  userFirst: () => true,
  toolNames: () => DOTTED_NAMES,
  encode: encodeRequest,
  decode: decodeReply,
  decoder: (target, out) => new GeminiStreamDecoder(target, out),
  error: decodeError,
  kinds: {
    embed: embedCodec,
    countTokens: countTokensCodec,
    transcribe: transcribeCodec,
    speak: speakCodec,
    image: imageCodec,
  },
  models: { encode: encodeModelsRequest, decode: decodeModels },
};
