import type { DialectTarget } from "../../core/dialect.js";
import type { HttpReply } from "../../core/http.js";
import { isObject, parseBody, tryParse } from "../../core/json.js";
import type { Reply } from "../../core/response.js";
import { wholeReply } from "../whole-reply.js";
import { GeminiDecoder } from "./stream-decode.js";

/**
 * A whole reply: one chunk, or the array of chunks that `streamGenerateContent` answers without `alt=sse`.
 * @throws {AiLibError} the error inside a 200, or `INVALID_RESPONSE` for what is no reply.
 */
export function decodeReply(reply: HttpReply, target: DialectTarget): Reply {
  const value = tryParse(reply.body);
  const chunks = Array.isArray(value) || isObject(value) ? value : parseBody(reply.body);
  return wholeReply(
    target,
    (out) => new GeminiDecoder(target, out),
    (decoder) => {
      decoder.value(chunks);
      if (Array.isArray(chunks)) decoder.end();
      else decoder.endWhole();
    },
  );
}
