import type { ServerHalf } from "../../../core/contract/dialect.js";
import { withFunctionCalls } from "../../../core/kinds/chat/text-tools.js";
import { guardServer } from "../../shared/common/guard-server.js";
import { encodeError } from "./errors.js";
import { encodeReply } from "./reply.js";
import { decodeRequest, isConversePath } from "./request.js";
import { BedrockStreamEncoder } from "./stream.js";

/** The server half of Amazon Bedrock's Converse and ConverseStream, for the AWS SDK. Signatures are not checked. */
export const server: ServerHalf = guardServer({
  id: "bedrock-converse",
  framing: "aws-event-stream",
  matches: ({ method, path }) => method === "POST" && isConversePath(path),
  claims: ({ headers }) => headers["authorization"]?.startsWith("AWS4-HMAC-SHA256") === true,
  decode: decodeRequest,
  encode: (response, facts) => encodeReply(withFunctionCalls(response), facts),
  encoder: (write, facts) => new BedrockStreamEncoder(write, facts),
  error: encodeError,
});
