import type { ClientHalf } from "../../../core/contract/dialect.js";
import { decodeError } from "./errors.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";
import { BedrockDecoder } from "./stream.js";

/**
 * Amazon Bedrock's Converse and ConverseStream. Requests are signed, and the binary messages of a stream cut into
 * frames, by whoever carries them. Models are listed by another service, at another host.
 */
export const client: ClientHalf = {
  id: "bedrock-converse",
  framing: "aws-event-stream",
  encode: encodeRequest,
  decode: decodeReply,
  decoder: (target, out) => new BedrockDecoder(target, out),
  error: decodeError,
};
