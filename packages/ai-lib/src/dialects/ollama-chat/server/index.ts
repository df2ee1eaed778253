import type { ServerHalf } from "../../../core/contract/dialect.js";
import { withFunctionCalls } from "../../../core/kinds/chat/text-tools.js";
import { guardServer } from "../../shared/common/guard-server.js";
import { CHAT_PATH, DIALECT, TAGS_PATH } from "../shared/family.js";
import { encodeModel, encodeModels, SHOW_PATH, shownModel } from "../shared/models.js";
import { embedServer } from "./embed.js";
import { encodeError } from "./errors.js";
import { encodeReply } from "./reply.js";
import { decodeRequest } from "./request.js";
import { OllamaStreamEncoder } from "./stream.js";

/** The server half of Ollama's native `/api/chat`. https://docs.ollama.com/api/chat */
export const server: ServerHalf = guardServer({
  id: DIALECT,
  framing: "ndjson",
  matches: ({ method, path }) => method === "POST" && path.endsWith(CHAT_PATH),
  claims: ({ path, headers }) =>
    headers["user-agent"]?.startsWith("ollama") === true || /(^|\/)api\/[^/]+$/.test(path),
  decode: decodeRequest,
  encode: (response, facts) => encodeReply(withFunctionCalls(response), facts),
  encoder: (write, facts) => new OllamaStreamEncoder(write, facts),
  error: encodeError,
  fieldNames: { responseFormat: "format" },
  kinds: { embed: embedServer },
  models: {
    matches: ({ method, path }) => method === "GET" && path.endsWith(TAGS_PATH),
    encode: encodeModels,
    one: {
      matches: ({ method, path }) => method === "POST" && path.endsWith(SHOW_PATH),
      idOf: shownModel,
      encode: encodeModel,
    },
  },
});
