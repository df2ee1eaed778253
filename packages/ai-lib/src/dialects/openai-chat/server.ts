import type { ServerHalf } from "../../core/dialect.js";
import { encodeError } from "../openai-error-encode.js";
import { modelsServer } from "../openai-models.js";
import { encodeReply } from "./server-reply.js";
import { decodeRequest } from "./server-request.js";
import { ChatStreamEncoder } from "./server-stream.js";

/** The server half of OpenAI's chat completions: what the official SDKs call. */
export const server: ServerHalf = {
  id: "openai-chat",
  framing: "sse",
  matches: ({ method, path }) => method === "POST" && path.endsWith("/chat/completions"),
  decode: decodeRequest,
  encode: encodeReply,
  encoder: (write, facts) => new ChatStreamEncoder(write, facts),
  error: encodeError,
  models: modelsServer,
};
