import type { ServerHalf } from "../../../core/contract/dialect.js";
import { withFunctionCalls } from "../../../core/kinds/chat/text-tools.js";
import { guardServer } from "../../shared/common/guard-server.js";
import { isModelPath, modelIdOf } from "../../shared/common/path-segment.js";
import { encodeModel, encodeModelPage } from "../shared/models.js";
import { countTokensServer } from "./count-tokens.js";
import { encodeError } from "./errors.js";
import { encodeReply } from "./reply.js";
import { decodeRequest, isMessagesPath } from "./request.js";
import { AnthropicStreamEncoder } from "./stream.js";

/** The server half of Anthropic's messages. The official SDKs take the host as base URL. */
export const server: ServerHalf = guardServer({
  id: "anthropic-messages",
  framing: "sse",
  matches: ({ method, path }) => method === "POST" && isMessagesPath(path),
  claims: ({ headers }) => headers["anthropic-version"] !== undefined || headers["x-api-key"] !== undefined,
  decode: decodeRequest,
  encode: (response, facts) => encodeReply(withFunctionCalls(response), facts),
  encoder: (write, facts) => new AnthropicStreamEncoder(write, facts),
  error: encodeError,
  fieldNames: { continues: "thread", responseFormat: "output_config.format" },
  kinds: { countTokens: countTokensServer },
  models: {
    matches: ({ method, path }) => method === "GET" && /(^|\/)v1\/models$/.test(path.split("?")[0] ?? ""),
    encode: encodeModelPage,
    one: { matches: isModelPath, idOf: modelIdOf, encode: encodeModel },
  },
});
