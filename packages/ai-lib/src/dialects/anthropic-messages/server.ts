import type { ServerHalf } from "../../core/dialect.js";
import { encodeError } from "./error-encode.js";
import { encodeModelPage } from "./models.js";
import { encodeReply } from "./reply-encode.js";
import { decodeRequest, isMessagesPath } from "./request-decode.js";
import { AnthropicEncoder } from "./stream-encode.js";

/** Anthropic's messages from the server's side, usable by the official SDKs, which take the host as base URL. */
export const server: ServerHalf = {
  id: "anthropic-messages",
  framing: "sse",
  matches: ({ method, path }) => method === "POST" && isMessagesPath(path),
  decode: decodeRequest,
  encode: encodeReply,
  encoder: (write, facts) => new AnthropicEncoder(write, facts),
  error: encodeError,
  models: {
    matches: ({ method, path }) => method === "GET" && /(^|\/)v1\/models$/.test(path.split("?")[0] ?? ""),
    encode: encodeModelPage,
  },
};
