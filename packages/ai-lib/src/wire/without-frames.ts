import type { UsageFrames } from "../core/contract/dialect.js";
import { joinBytes } from "../core/values/join-bytes.js";

const LF = 0x0a;
const CR = 0x0d;

const decoder = new TextDecoder();

/**
 * Whole server-sent events without those that a client does not get. Bytes of all others stay as they are. Linear in
 * their length.
 */
export function withoutFrames(bytes: Uint8Array, leftOut: UsageFrames): Uint8Array {
  if (!leftOut.mayBeIn(bytes)) return bytes;
  const kept: Uint8Array[] = [];
  for (let from = 0; from < bytes.length; ) {
    const event = bytes.subarray(from, eventEnd(bytes, from));
    from += event.length;
    if (!leftOut.is(dataOf(event))) kept.push(event);
  }
  return joinBytes(kept);
}

/** The index behind the empty line that ends an event, or the end of the bytes. */
function eventEnd(bytes: Uint8Array, from: number): number {
  for (let line = from; line < bytes.length; ) {
    let end = line;
    while (end < bytes.length && bytes[end] !== LF && bytes[end] !== CR) end++;
    const next = bytes[end] === CR && bytes[end + 1] === LF ? end + 2 : end + 1;
    if (end === line) return Math.min(next, bytes.length);
    line = next;
  }
  return bytes.length;
}

/** The data of an event, of all of its lines. */
function dataOf(event: Uint8Array): string {
  const lines = decoder.decode(event).split(/\r\n|\r|\n/);
  return lines.flatMap((line) => (line.startsWith("data:") ? [line.slice(5)] : [])).join("\n");
}
