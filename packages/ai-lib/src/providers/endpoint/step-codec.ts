import type { DialectTarget, KindCodec } from "../../core/contract/dialect.js";
import type { HttpReply } from "../../core/contract/transport.js";
import type { Kind, ReplyOf } from "../../core/values/kinds.js";

/**
 * A codec that reads one reply of a call of several requests. What it returns is no reply of the kind: the run of the
 * request takes it.
 */
export function stepCodec(read: (reply: HttpReply, target: DialectTarget) => unknown): KindCodec<Kind> {
  return {
    encode() {
      throw new TypeError("The requests after the first are written by their own codec");
    },
    decode: (reply, target) => read(reply, target) as ReplyOf,
  };
}
