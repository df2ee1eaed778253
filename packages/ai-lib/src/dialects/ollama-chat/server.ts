import type { ServerHalf } from "../../core/dialect.js";
import { encodeError, encodeReply, OllamaEncoder } from "./answer-encode.js";
import { encodeModels } from "./models.js";
import { CHAT_PATH, DIALECT, TAGS_PATH } from "./names.js";
import { decodeRequest } from "./request-decode.js";

/** The server's side of Ollama's native `/api/chat`. https://docs.ollama.com/api/chat */
export const server: ServerHalf = {
  id: DIALECT,
  framing: "ndjson",
  matches: ({ method, path }) => method === "POST" && path.endsWith(CHAT_PATH),
  decode: decodeRequest,
  encode: encodeReply,
  encoder: (write, facts) => new OllamaEncoder(write, facts),
  error: encodeError,
  models: {
    matches: ({ method, path }) => method === "GET" && path.endsWith(TAGS_PATH),
    encode: encodeModels,
  },
};
