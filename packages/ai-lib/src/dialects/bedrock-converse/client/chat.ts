import type { ClientHalf } from "../../../core/contract/dialect.js";
import { PLAIN_NAMES } from "../../shared/common/tool-names.js";
import { decodeError } from "./errors.js";
import { streams } from "./on-demand.js";
import { decodeReply } from "./reply.js";
import { encodeRequest } from "./request.js";

/**
 * The client half of Amazon Bedrock's Converse and ConverseStream. The transport signs the requests and cuts the
 * binary messages of a stream into frames. Another service, at another host, lists models.
 */
export const chat: ClientHalf = {
  id: "bedrock-converse",
  framing: "aws-event-stream",
  // "A conversation must start with a user message" is a 400.
  userFirst: () => true,
  toolNames: () => PLAIN_NAMES,
  mediaUrls: () => ({ image: false, audio: false, file: false }),
  encode: encodeRequest,
  decode: decodeReply,
  load: (mode) => (mode === "stream" ? streams.ready() : undefined),
  decoder: (target, out) => new (streams.get())(target, out),
  error: decodeError,
};
