import type { ServerHalf } from "../../../core/contract/dialect.js";
import { withFunctionCalls } from "../../../core/kinds/chat/text-tools.js";
import { guardServer } from "../../shared/common/guard-server.js";
import { isModelPath, modelIdOf } from "../../shared/common/path-segment.js";
import { moderateServer } from "../../shared/openai/moderate.js";
import { DIALECT } from "../shared/family.js";
import { encodeModel, encodeModels } from "../shared/models.js";
import { embedServer } from "./embed.js";
import { encodeError } from "./errors.js";
import { ocrServer } from "./ocr.js";
import { encodeReply } from "./reply.js";
import { decodeRequest } from "./request.js";
import { speakServer } from "./speak.js";
import { MistralStreamEncoder } from "./stream.js";
import { transcribeServer } from "./transcribe.js";

/** The server half of Mistral's chat completions: https://docs.mistral.ai/api/endpoint/chat. */
export const server: ServerHalf = guardServer({
  id: DIALECT,
  framing: "sse",
  matches: ({ method, path }) => method === "POST" && path.endsWith("/chat/completions"),
  // Official SDKs name themselves in `user-agent`, or, where a browser sets that, in a header of their own.
  claims: ({ headers }) =>
    (headers["x-mistral-user-agent"] ?? headers["user-agent"])?.startsWith("mistral-client") === true,
  decode: decodeRequest,
  encode: (response, facts) => encodeReply(withFunctionCalls(response), facts),
  encoder: (write, facts) => new MistralStreamEncoder(write, facts),
  error: encodeError,
  fieldNames: { responseFormat: "response_format" },
  kinds: {
    embed: embedServer,
    moderate: moderateServer,
    transcribe: transcribeServer,
    speak: speakServer,
    ocr: ocrServer,
  },
  models: {
    matches: ({ method, path }) => method === "GET" && path.endsWith("/models"),
    encode: encodeModels,
    one: { matches: isModelPath, idOf: modelIdOf, encode: encodeModel },
  },
});
