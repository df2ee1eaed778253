import type { ServerHalf } from "../../core/dialect.js";
import { encodeError } from "./error-encode.js";
import { writeModels } from "./models.js";
import { DIALECT } from "./names.js";
import { encodeReply } from "./reply-encode.js";
import { decodeRequest } from "./request-decode.js";
import { CohereWriter } from "./stream-encode.js";

/** Not Ollama's `/api/chat`. */
const PATH = /^(.*\/v2)?\/chat$/;

/** Speaks the second version of Cohere's chat API to its SDKs. */
export const server: ServerHalf = {
  id: DIALECT,
  framing: "sse",
  matches: ({ method, path }) => method === "POST" && PATH.test(path),
  decode: decodeRequest,
  encode: encodeReply,
  encoder: (write, facts) => new CohereWriter(write, facts),
  error: encodeError,
  models: {
    matches: ({ method, path }) => method === "GET" && path.endsWith("/models"),
    encode: writeModels,
  },
};
