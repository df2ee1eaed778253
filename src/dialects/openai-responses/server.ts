import type { ServerHalf } from "../../core/dialect.js";
import { server as chat } from "../openai-chat/server.js";
import { encodeReply } from "./reply-encode.js";
import { decodeRequest } from "./request-decode.js";
import { ResponseWriter } from "./stream-encode.js";

/** The server half of OpenAI's responses: what the official SDKs call. */
export const server: ServerHalf = {
  id: "openai-responses",
  framing: "sse",
  matches: ({ method, path }) => method === "POST" && /\/responses\/?$/.test(path),
  decode: decodeRequest,
  encode: encodeReply,
  encoder: (write, facts) => new ResponseWriter(write, facts),
  error: chat.error,
  ...(chat.models === undefined ? {} : { models: chat.models }),
};
