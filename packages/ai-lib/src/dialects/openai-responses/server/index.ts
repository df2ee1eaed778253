import type { ServerHalf } from "../../../core/contract/dialect.js";
import { guardServer } from "../../shared/common/guard-server.js";
import { encodeError } from "../../shared/openai/error-encode.js";
import { openAiKindServers } from "../../shared/openai/kinds.js";
import { modelsServer } from "../../shared/openai/models.js";
import { countTokensServer } from "./count-tokens.js";
import { encodeReply } from "./reply.js";
import { decodeRequest } from "./request.js";
import { OpenAIResponsesStreamEncoder } from "./stream.js";

/** The server half of OpenAI's responses: https://platform.openai.com/docs/api-reference/responses. */
export const server: ServerHalf = guardServer({
  id: "openai-responses",
  framing: "sse",
  matches: ({ method, path }) => method === "POST" && /\/responses\/?$/.test(path),
  decode: decodeRequest,
  encode: encodeReply,
  encoder: (write, facts) => new OpenAIResponsesStreamEncoder(write, facts),
  error: encodeError,
  fieldNames: {
    continues: "previous_response_id",
    responseFormat: "text.format",
    maxTokens: "max_output_tokens",
  },
  kinds: { ...openAiKindServers, countTokens: countTokensServer },
  models: modelsServer,
});
