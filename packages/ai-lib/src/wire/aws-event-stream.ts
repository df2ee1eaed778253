import type { Frame } from "../core/contract/transport.js";
import { AiLibError } from "../core/errors/error.js";
import { crc32 } from "./crc32.js";
import { DEFAULT_FRAME_BYTES, type FrameLimits, type Framer, frameTooLarge } from "./framer.js";

/** Length of the message, length of its headers, and a checksum of both. */
const PRELUDE = 12;
/** A message with neither headers nor payload: the prelude and the checksum of the whole. */
const SMALLEST = 16;

/**
 * Cuts an `application/vnd.amazon.eventstream`
 * (https://docs.aws.amazon.com/transcribe/latest/dg/event-stream.html): each message is a frame, named by its
 * `:event-type`; an exception is named `"!"` and its `:exception-type`, an error `"!"` and its `:error-code`. Both
 * checksums are verified. A message that is cut off at the end of the body is `STREAM_TRUNCATED`.
 */
export function awsEventStreamFramer(onFrame: (frame: Frame) => void, limits: FrameLimits = {}): Framer {
  const limit = limits.frameBytes ?? DEFAULT_FRAME_BYTES;
  // Collects a message that spans several reads; its size is known once its prelude is complete.
  let partial = new Uint8Array(PRELUDE);
  let filled = 0;
  const names = new HeaderReader();

  return {
    push(chunk) {
      let at = 0;
      while (at < chunk.length) {
        if (filled === 0 && chunk.length - at >= PRELUDE) {
          const size = sizeOf(chunk, at, limit);
          if (chunk.length - at >= size) {
            onFrame(messageOf(chunk, at, size, names));
            at += size;
            continue;
          }
        }
        const taken = Math.min(chunk.length - at, partial.length - filled);
        partial.set(chunk.subarray(at, at + taken), filled);
        filled += taken;
        at += taken;
        if (filled < partial.length) return;
        if (filled === PRELUDE) {
          const whole = new Uint8Array(sizeOf(partial, 0, limit));
          whole.set(partial);
          partial = whole;
        } else {
          const whole = partial;
          partial = new Uint8Array(PRELUDE);
          filled = 0;
          onFrame(messageOf(whole, 0, whole.length, names));
        }
      }
    },
    end() {
      if (filled > 0)
        throw new AiLibError({
          code: "STREAM_TRUNCATED",
          message: "The event stream ended within a message",
        });
    },
  };
}

/** The size of the message that begins at `at`, once its prelude is verified. */
function sizeOf(bytes: Uint8Array, at: number, limit: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, PRELUDE);
  const size = view.getUint32(0);
  if (view.getUint32(8) !== crc32(bytes, at, at + 8)) throw corrupt("a prelude does not match its checksum");
  if (size < SMALLEST || view.getUint32(4) > size - SMALLEST) throw corrupt("a length is impossible");
  if (size > limit) throw frameTooLarge(limit);
  return size;
}

function messageOf(bytes: Uint8Array, at: number, size: number, reader: HeaderReader): Frame {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, size);
  if (view.getUint32(size - 4) !== crc32(bytes, at, at + size - 4))
    throw corrupt("a message does not match its checksum");
  const bodyAt = PRELUDE + view.getUint32(4);
  const headers = reader.read(bytes.subarray(at + PRELUDE, at + bodyAt));
  const data = TEXT.decode(bytes.subarray(at + bodyAt, at + size - 4));
  switch (headers.get(":message-type")) {
    case "exception":
      return { event: `!${headers.get(":exception-type") ?? ""}`, data };
    case "error": {
      const message = headers.get(":error-message");
      return {
        event: `!${headers.get(":error-code") ?? ""}`,
        data: data === "" && message !== undefined ? JSON.stringify({ message }) : data,
      };
    }
    default: {
      const event = headers.get(":event-type");
      return event === undefined ? { data } : { event, data };
    }
  }
}

const TEXT = new TextDecoder();

/** Bytes of a header's value by its type; types 6 and 7 (bytes, text) have their length in two bytes. */
const FIXED_LENGTHS: readonly (number | undefined)[] = [0, 0, 1, 2, 4, 8, undefined, undefined, 8, 16];
const TEXT_TYPE = 7;

/**
 * Reads the headers of messages. The deltas of a stream mostly repeat the same header bytes, so those of the previous
 * message are cached.
 */
class HeaderReader {
  private lastBytes = new Uint8Array(0);
  private lastHeaders: ReadonlyMap<string, string> = new Map();

  /** The headers whose values are text; those of other types are skipped. */
  read(bytes: Uint8Array): ReadonlyMap<string, string> {
    if (!same(bytes, this.lastBytes)) {
      this.lastHeaders = headersOf(bytes);
      this.lastBytes = bytes.slice();
    }
    return this.lastHeaders;
  }
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}

function headersOf(bytes: Uint8Array): Map<string, string> {
  const headers = new Map<string, string>();
  const byte = (at: number): number => {
    const value = bytes[at];
    if (value === undefined) throw corrupt("a header is longer than its message");
    return value;
  };
  const text = (from: number, length: number): string => {
    if (from + length > bytes.length) throw corrupt("a header is longer than its message");
    return TEXT.decode(bytes.subarray(from, from + length));
  };
  for (let at = 0; at < bytes.length; ) {
    const nameLength = byte(at);
    const name = text(at + 1, nameLength);
    at += 1 + nameLength;
    const type = byte(at++);
    const fixed = FIXED_LENGTHS[type];
    if (fixed !== undefined) {
      at += fixed;
      continue;
    }
    if (type !== TEXT_TYPE && type !== TEXT_TYPE - 1) throw corrupt(`a header has the unknown type ${type}`);
    const length = (byte(at) << 8) | byte(at + 1);
    if (type === TEXT_TYPE) headers.set(name, text(at + 2, length));
    at += 2 + length;
  }
  return headers;
}

function corrupt(how: string): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The event stream is corrupt: ${how}`,
  });
}

const UTF8 = new TextEncoder();

/** One frame as a message; a frame whose name begins with `"!"` becomes an exception. */
export function awsEventMessage(frame: Frame): Uint8Array {
  const exception = frame.event?.startsWith("!") === true;
  const name = exception ? frame.event?.slice(1) : frame.event;
  const headers = [
    ...header(":message-type", exception ? "exception" : "event"),
    ...(name === undefined ? [] : header(exception ? ":exception-type" : ":event-type", name)),
    ...header(":content-type", "application/json"),
  ];
  const payload = UTF8.encode(frame.data);
  const size = SMALLEST + headers.length + payload.length;
  const message = new Uint8Array(size);
  const view = new DataView(message.buffer);
  view.setUint32(0, size);
  view.setUint32(4, headers.length);
  view.setUint32(8, crc32(message, 0, 8));
  message.set(headers, PRELUDE);
  message.set(payload, PRELUDE + headers.length);
  view.setUint32(size - 4, crc32(message, 0, size - 4));
  return message;
}

function header(name: string, value: string): number[] {
  const text = UTF8.encode(value);
  return [name.length, ...UTF8.encode(name), TEXT_TYPE, text.length >> 8, text.length & 0xff, ...text];
}
