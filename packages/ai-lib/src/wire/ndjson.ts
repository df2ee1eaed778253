import type { Frame } from "../core/contract/transport.js";
import { DEFAULT_FRAME_BYTES, type FrameLimits, type Framer, frameTooLarge, isComplete } from "./framer.js";
import { Utf8Stream } from "./utf8.js";

/**
 * Splits newline-delimited JSON: one frame for each line that is not blank. Lines end in LF or CRLF. A last line without
 * its end is emitted, too, if it is complete.
 */
export function ndjsonFramer(onFrame: (frame: Frame) => void, limits: FrameLimits = {}): Framer {
  const limit = limits.frameBytes ?? DEFAULT_FRAME_BYTES;
  const decoder = new Utf8Stream();
  // Pieces of an unfinished line, joined once: appending each to a string would be quadratic for long lines.
  const pieces: string[] = [];
  let length = 0;
  const hold = (piece: string): void => {
    if (piece === "") return;
    pieces.push(piece);
    length += piece.length;
    if (length > limit) throw frameTooLarge(limit);
  };
  const line = (text: string, ended = false): void => {
    if (text.length > limit) throw frameTooLarge(limit);
    const data = text.trim();
    if (data !== "" && (!ended || isComplete(data))) onFrame({ data });
  };
  const flush = (ended = false): void => {
    if (pieces.length === 0) return;
    const text = pieces.length === 1 ? (pieces[0] ?? "") : pieces.join("");
    pieces.length = 0;
    length = 0;
    line(text, ended);
  };
  return {
    push(chunk) {
      const text = decoder.push(chunk);
      let start = 0;
      for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
        const piece = text.slice(start, end);
        start = end + 1;
        if (pieces.length === 0) line(piece);
        else {
          hold(piece);
          flush();
        }
      }
      hold(start === 0 ? text : text.slice(start));
    },
    end() {
      hold(decoder.end());
      flush(true);
    },
  };
}

/** Writes one frame as a line. JSON with line breaks is put on one line. */
export function ndjsonLine(frame: Frame): string {
  return `${LINE_END.test(frame.data) ? frame.data.replace(/[\r\n]+/g, " ") : frame.data}\n`;
}

const LINE_END = /[\r\n]/;
