import type { Framing } from "../core/contract/transport.js";

/** Finds where whole frames end in a body that comes in pieces, without reading the frames. */
export interface FrameBoundary {
  /** @returns how many bytes of the piece belong to whole frames; the rest waits for the next piece */
  wholeBytes(chunk: Uint8Array): number;
}

const LF = 0x0a;
const CR = 0x0d;

/** The boundaries of one body in a framing. */
export function frameBoundary(framing: Framing): FrameBoundary {
  switch (framing) {
    case "sse":
      return new EventBoundary();
    case "ndjson":
      return { wholeBytes: (chunk) => chunk.lastIndexOf(LF) + 1 };
    case "aws-event-stream":
      return new MessageBoundary();
    default:
      return framing satisfies never;
  }
}

/** What comes before a piece that begins with a new event. */
const AFTER_EVENT: readonly number[] = [LF, LF, LF];

/**
 * Server-sent events end with an empty line; lines end with LF, CRLF or CR
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).
 */
class EventBoundary implements FrameBoundary {
  /** The last bytes before the piece. A body begins as if after an empty line. */
  private before: readonly (number | undefined)[] = AFTER_EVENT;

  wholeBytes(chunk: Uint8Array): number {
    let end = 0;
    for (let at = chunk.length - 1; at >= 0 && end === 0; at--) if (this.endsAt(chunk, at)) end = at + 1;
    const { length } = chunk;
    if (end < length)
      this.before = [this.byte(chunk, length - 3), this.byte(chunk, length - 2), chunk[length - 1]];
    else if (this.before !== AFTER_EVENT) this.before = AFTER_EVENT;
    return end;
  }

  /** Whether the byte ends an empty line. The CR of a CRLF ends one as well: its LF is then a byte of the next frame. */
  private endsAt(chunk: Uint8Array, at: number): boolean {
    const last = chunk[at];
    const second = this.byte(chunk, at - 1);
    if (last === LF) return second === LF || (second === CR && isBreak(this.byte(chunk, at - 2)));
    return last === CR && chunk[at + 1] !== LF && isBreak(second) && at + 1 < chunk.length;
  }

  private byte(chunk: Uint8Array, at: number): number | undefined {
    return at >= 0 ? chunk[at] : this.before[3 + at];
  }
}

function isBreak(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}

/** Messages of AWS begin with their length: https://docs.aws.amazon.com/transcribe/latest/dg/event-stream.html */
class MessageBoundary implements FrameBoundary {
  private readonly prefix: number[] = [];
  /** Bytes of the current message that are still to come; 0 while its length is read. */
  private left = 0;

  wholeBytes(chunk: Uint8Array): number {
    let end = 0;
    for (let at = 0; at < chunk.length; ) {
      if (this.left === 0) {
        this.prefix.push(chunk[at] ?? 0);
        at++;
        if (this.prefix.length < 4) continue;
        const [a = 0, b = 0, c = 0, d = 0] = this.prefix.splice(0);
        this.left = Math.max(1, a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d - 4);
        continue;
      }
      const taken = Math.min(this.left, chunk.length - at);
      at += taken;
      this.left -= taken;
      if (this.left === 0) end = at;
    }
    return end;
  }
}
