import type { ServerHalf } from "../../../core/contract/dialect.js";
import { withFunctionCalls } from "../../../core/kinds/chat/text-tools.js";
import { rerankServer } from "../../shared/cohere/rerank.js";
import { guardServer } from "../../shared/common/guard-server.js";
import { isModelPath, modelIdOf } from "../../shared/common/path-segment.js";
import { DIALECT } from "../shared/family.js";
import { encodeModel, encodeModels } from "../shared/models.js";
import { embedServer } from "./embed.js";
import { encodeError } from "./errors.js";
import { encodeReply } from "./reply.js";
import { decodeRequest } from "./request.js";
import { CohereStreamEncoder } from "./stream.js";

/** Not Ollama's `/api/chat`. */
const PATH = /^(.*\/v2)?\/chat$/;

/** The server half of Cohere's chat API, version 2: https://docs.cohere.com/v2/reference/chat. */
export const server: ServerHalf = guardServer({
  id: DIALECT,
  framing: "sse",
  matches: ({ method, path }) => method === "POST" && PATH.test(path),
  // Official SDKs send this header: https://github.com/cohere-ai/cohere-typescript/blob/main/src/BaseClient.ts.
  claims: ({ headers }) => headers["x-fern-sdk-name"]?.startsWith("cohere") === true,
  decode: decodeRequest,
  encode: (response, facts) => encodeReply(withFunctionCalls(response), facts),
  encoder: (write, facts) => new CohereStreamEncoder(write, facts),
  error: encodeError,
  fieldNames: { responseFormat: "response_format" },
  kinds: { embed: embedServer, rerank: rerankServer },
  models: {
    matches: ({ method, path }) => method === "GET" && path.endsWith("/models"),
    encode: encodeModels,
    one: { matches: isModelPath, idOf: modelIdOf, encode: encodeModel },
  },
});
