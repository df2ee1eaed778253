import { LIMITS } from "../../core/values/limits.js";
import { ndjsonFramer } from "../../wire/ndjson.js";

const LINE_FEED = 0x0a;
const COMMA = 0x2c;

/**
 * Rows as the elements of a JSON list: each line ends in a line feed, of which those between rows become commas.
 */
export function arrayBody(
  head: string,
  rows: { readonly bytes: number; lines(): AsyncIterable<Uint8Array> },
  tail: string,
): { readonly body: AsyncIterable<Uint8Array>; readonly length: number } {
  const encoder = new TextEncoder();
  const before = encoder.encode(head);
  const behind = encoder.encode(tail);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield before;
    let left = rows.bytes;
    for await (const piece of rows.lines()) {
      const copy = piece.slice();
      for (let at = copy.indexOf(LINE_FEED); at !== -1; at = copy.indexOf(LINE_FEED, at + 1))
        copy[at] = COMMA;
      left -= copy.length;
      // No comma behind the last row.
      yield left === 0 ? copy.subarray(0, -1) : copy;
    }
    yield behind;
  }
  return { body: pieces(), length: before.length + rows.bytes - 1 + behind.length };
}

/** The lines of a text that arrives in pieces; blank ones are left out. Holds one piece and one line. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let lines: string[] = [];
  const framer = ndjsonFramer(({ data }) => lines.push(data), { frameBytes: LIMITS.bodyBytes });
  for await (const piece of pieces) {
    framer.push(piece);
    if (lines.length === 0) continue;
    const ready = lines;
    lines = [];
    yield* ready;
  }
  framer.end();
  yield* lines;
}
