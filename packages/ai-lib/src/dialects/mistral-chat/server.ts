import type { ServerHalf } from "../../core/dialect.js";
import { encodeError } from "./error-encode.js";
import { writeModels } from "./models.js";
import { DIALECT } from "./names.js";
import { encodeReply } from "./reply-encode.js";
import { decodeRequest } from "./request-decode.js";
import { MistralWriter } from "./stream-encode.js";

/** Speaks Mistral's chat completions to its SDKs. */
export const server: ServerHalf = {
  id: DIALECT,
  framing: "sse",
  matches: ({ method, path }) => method === "POST" && path.endsWith("/chat/completions"),
  decode: decodeRequest,
  encode: encodeReply,
  encoder: (write, facts) => new MistralWriter(write, facts),
  error: encodeError,
  models: {
    matches: ({ method, path }) => method === "GET" && path.endsWith("/models"),
    encode: writeModels,
  },
};
