import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { Reply } from "../../../core/values/chat-response.js";
import { isObject } from "../../../core/values/json.js";
import { wholeReply } from "../../shared/common/buffered-reply.js";
import { errorIn } from "./errors.js";
import { OllamaStreamDecoder } from "./stream.js";

/**
 * A whole reply: one line of a stream that says `done`.
 * @throws {AiLibError} the error inside a 200, or `INVALID_RESPONSE` for what is no reply.
 */
export function decodeReply(reply: HttpReply, target: DialectTarget): Reply {
  const body = parseBody(reply.body);
  if (errorIn(body) === undefined && !isObject(body["message"]))
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: `${target.provider}: the reply has no message`,
      body: reply.body.slice(0, 2000),
    });
  return wholeReply(
    target,
    (out) => new OllamaStreamDecoder(target, out),
    // A reply that came whole is done, whatever it says.
    (decoder) => decoder.value({ ...body, done: true }),
  );
}
