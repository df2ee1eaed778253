import type { ServerHalf } from "../../core/dialect.js";
import { encodeError } from "../openai-error-encode.js";
import { modelsServer } from "../openai-models.js";
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
  error: encodeError,
  models: modelsServer,
};
