import type { ServerHalf } from "../../core/dialect.js";
import type { HttpReply } from "../../core/http.js";
import type { ModelInfo } from "../../core/model.js";
import { encodeError } from "./server-error.js";
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
  models: {
    matches: ({ method, path }) => method === "GET" && path.endsWith("/models"),
    encode: encodeModels,
  },
};

/** https://platform.openai.com/docs/api-reference/models/list, with the lengths that Groq and Together add. */
function encodeModels(models: readonly ModelInfo[]): HttpReply {
  const data = models.map((model) => ({
    id: model.id,
    object: "model",
    created: Math.floor((model.createdAt ?? 0) / 1_000),
    owned_by: model.ownedBy ?? model.provider,
    ...(model.name === undefined ? {} : { name: model.name }),
    ...(model.contextWindow === undefined ? {} : { context_window: model.contextWindow }),
    ...(model.maxOutputTokens === undefined ? {} : { max_completion_tokens: model.maxOutputTokens }),
  }));
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ object: "list", data }),
  };
}
