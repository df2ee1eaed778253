import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { Reply } from "../../../core/values/chat-response.js";
import { isObject } from "../../../core/values/json.js";
import { wholeReply } from "../../shared/common/buffered-reply.js";
import { isErrorBody } from "./errors.js";
import { OllamaStreamDecoder } from "./stream.js";

/**
 * Decodes a whole reply, which is the last line of a stream.
 * @throws {AiLibError} the classified error for an error inside a 200; `INVALID_RESPONSE` for a body that is not a
 *   reply.
 */
export function decodeReply(reply: HttpReply, target: DialectTarget): Reply {
  const body = parseBody(reply.body);
  if (!isErrorBody(body) && !isObject(body["message"]))
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: `${target.provider}: the reply has no message`,
      body: reply.body.slice(0, 2000),
    });
  return wholeReply(
    target,
    (out) => new OllamaStreamDecoder(target, out),
    // A whole reply is complete, whatever its `done` is.
    (decoder) => decoder.value({ ...body, done: true }),
  );
}
