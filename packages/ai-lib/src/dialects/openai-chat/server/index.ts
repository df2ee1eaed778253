import type { ServerHalf } from "../../../core/contract/dialect.js";
import { guardServer } from "../../shared/common/guard-server.js";
import { encodeError } from "../../shared/openai/error-encode.js";
import { openAiKindServers } from "../../shared/openai/kinds.js";
import { modelsServer } from "../../shared/openai/models.js";
import { encodeReply } from "./reply.js";
import { decodeRequest } from "./request.js";
import { OpenAIChatStreamEncoder } from "./stream.js";
import { usageFrames } from "./usage-frames.js";

/** The server half of OpenAI's chat completions: https://platform.openai.com/docs/api-reference/chat. */
export const server: ServerHalf = guardServer({
  id: "openai-chat",
  framing: "sse",
  matches: ({ method, path }) => method === "POST" && path.endsWith("/chat/completions"),
  decode: decodeRequest,
  encode: encodeReply,
  encoder: (write, facts) => new OpenAIChatStreamEncoder(write, facts),
  usageFrames,
  error: encodeError,
  fieldNames: { responseFormat: "response_format" },
  kinds: openAiKindServers,
  models: modelsServer,
});
