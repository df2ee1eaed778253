import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { Reply } from "../../../core/values/chat-response.js";
import { isObject, tryParse } from "../../../core/values/json.js";
import { wholeReply } from "../../shared/common/buffered-reply.js";
import { GeminiStreamDecoder } from "./stream.js";

/**
 * Decodes a whole reply: one chunk, or the array of chunks that `streamGenerateContent` answers without `alt=sse`.
 * @throws {AiLibError} the classified error for an error inside a 200; `INVALID_RESPONSE` for a body that is not a
 *   reply.
 */
export function decodeReply(reply: HttpReply, target: DialectTarget): Reply {
  const value = tryParse(reply.body);
  const chunks = Array.isArray(value) || isObject(value) ? value : parseBody(reply.body);
  return wholeReply(
    target,
    (out) => new GeminiStreamDecoder(target, out),
    (decoder) => {
      decoder.value(chunks);
      if (Array.isArray(chunks)) decoder.end();
      else decoder.endWhole();
    },
  );
}
