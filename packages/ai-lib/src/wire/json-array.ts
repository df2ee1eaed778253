import type { Frame } from "../core/contract/transport.js";
import { AiLibError } from "../core/errors/error.js";
import { DEFAULT_FRAME_BYTES, type FrameLimits, type Framer, frameTooLarge } from "./framer.js";
import { Utf8Stream } from "./utf8.js";

const QUOTE = 34;
const COMMA = 44;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const SPACE = 32;

/**
 * Splits a stream that is one JSON array (Gemini without `alt=sse`): one frame for each element, as soon as it ends. It
 * reads brackets and strings only; the dialect finds out whether an element is valid JSON. A missing last bracket is no
 * error, an element that was cut off is.
 */
export function jsonArrayFramer(onFrame: (frame: Frame) => void, limits: FrameLimits = {}): Framer {
  const limit = limits.frameBytes ?? DEFAULT_FRAME_BYTES;
  const decoder = new Utf8Stream();
  const pieces: string[] = [];
  let length = 0;
  // 0 before the array, 1 between its elements, more within one; -1 after it.
  let depth = 0;
  let inElement = false;
  let inString = false;
  let escaped = false;

  const hold = (piece: string): void => {
    pieces.push(piece);
    length += piece.length;
    if (length > limit) throw frameTooLarge(limit);
  };
  const emit = (rest: string): void => {
    hold(rest);
    const data = pieces.length === 1 ? rest : pieces.join("");
    pieces.length = 0;
    length = 0;
    inElement = false;
    onFrame({ data: data.trimEnd() });
  };
  /** Index after the closing quote of a string; the length of the text if the string has not ended. */
  const skipString = (text: string, from: number): number => {
    let at = from;
    for (; at < text.length; at++) {
      if (escaped) {
        escaped = false;
        continue;
      }
      const code = text.charCodeAt(at);
      if (code === BACKSLASH) escaped = true;
      else if (code === QUOTE) {
        inString = false;
        return at + 1;
      }
    }
    return at;
  };
  const scan = (text: string): void => {
    let start = 0;
    let at = inString ? skipString(text, 0) : 0;
    // A local variable, since this loop reads every character.
    let level = depth;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (level > 1 && code !== QUOTE) {
        if (code === OPEN_OBJECT || code === OPEN_ARRAY) level++;
        else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) level--;
        continue;
      }
      if (level === -1) break;
      if (level === 0) {
        if (code === OPEN_ARRAY) level = 1;
        else if (code > SPACE) throw notAnArray();
        continue;
      }
      if (level === 1 && (code === COMMA || code === CLOSE_ARRAY)) {
        if (inElement) emit(text.slice(start, at));
        if (code === CLOSE_ARRAY) level = -1;
        continue;
      }
      if (!inElement) {
        if (code <= SPACE) continue;
        inElement = true;
        start = at;
      }
      if (code === QUOTE) {
        inString = true;
        at = skipString(text, at + 1) - 1;
      } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) level++;
      else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) throw notAnArray();
    }
    depth = level;
    if (inElement) hold(start === 0 ? text : text.slice(start));
  };

  return {
    push(chunk) {
      scan(decoder.push(chunk));
    },
    end() {
      scan(decoder.end());
      if (inElement)
        throw new AiLibError({
          code: "STREAM_TRUNCATED",
          message: "The stream ended within an element of its JSON array",
        });
    },
  };
}

function notAnArray(): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: "The provider sent something else where a JSON array was due",
  });
}
