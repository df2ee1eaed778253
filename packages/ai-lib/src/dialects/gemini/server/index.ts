import type { ServerHalf } from "../../../core/contract/dialect.js";
import { retryAfter } from "../../shared/common/error-facts.js";
import { encodeModels } from "../shared/models.js";
import { encodeError } from "./errors.js";
import { encodeReply } from "./reply.js";
import { decodeRequest, isChatPath } from "./request.js";
import { GeminiEncoder } from "./stream.js";

const JSON_TYPE = { "content-type": "application/json; charset=UTF-8" };

/** The server's side of `generateContent` and `streamGenerateContent`. https://ai.google.dev/api/generate-content */
export const server: ServerHalf = {
  id: "gemini",
  framing: "sse",
  matches: ({ method, path }) => method === "POST" && isChatPath(path),
  decode: decodeRequest,
  encode: (response, facts) => ({
    status: 200,
    headers: JSON_TYPE,
    body: JSON.stringify(encodeReply(response, facts)),
  }),
  encoder: (write, facts) => new GeminiEncoder(write, facts),
  error: (error) => {
    const { http, body } = encodeError(error);
    return { status: http, headers: { ...JSON_TYPE, ...retryAfter(error) }, body: JSON.stringify(body) };
  },
  models: {
    matches: ({ method, path }) => method === "GET" && /(^|\/)models$/.test(path),
    encode: encodeModels,
  },
};
