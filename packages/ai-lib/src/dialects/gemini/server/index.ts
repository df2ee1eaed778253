import type { ServerHalf } from "../../../core/contract/dialect.js";
import { withFunctionCalls } from "../../../core/kinds/chat/text-tools.js";
import { guardServer } from "../../shared/common/guard-server.js";
import { isModelPath, modelIdOf } from "../../shared/common/path-segment.js";
import { encodeModel, encodeModels } from "../shared/models.js";
import { countTokensServer } from "./count-tokens.js";
import { embedServer } from "./embed.js";
import { encodeError } from "./errors.js";
import { imageServer } from "./image.js";
import { encodeReply } from "./reply.js";
import { decodeRequest, isChatPath } from "./request.js";
import { speakServer } from "./speak.js";
import { GeminiStreamEncoder } from "./stream.js";

/** The server half of `generateContent` and `streamGenerateContent`. https://ai.google.dev/api/generate-content */
export const server: ServerHalf = guardServer({
  id: "gemini",
  framing: "sse",
  matches: ({ method, path }) => method === "POST" && isChatPath(path),
  claims: ({ path, headers }) =>
    headers["x-goog-api-key"] !== undefined ||
    headers["x-goog-api-client"] !== undefined ||
    /(^|\/)v1(alpha|beta)\d*\//.test(path),
  decode: decodeRequest,
  encode: (response, facts) => encodeReply(withFunctionCalls(response), facts),
  encoder: (write, facts) => new GeminiStreamEncoder(write, facts),
  error: encodeError,
  kinds: {
    embed: embedServer,
    countTokens: countTokensServer,
    speak: speakServer,
    image: imageServer,
  },
  models: {
    matches: ({ method, path }) => method === "GET" && /(^|\/)models$/.test(path),
    encode: encodeModels,
    one: { matches: isModelPath, idOf: modelIdOf, encode: encodeModel },
  },
});
