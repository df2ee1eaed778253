import { AiLibError } from "../core/error.js";
import type { Frame } from "../core/http.js";
import { DEFAULT_FRAME_BYTES, type FrameLimits, type Framer, frameTooLarge } from "./framer.js";

const QUOTE = 34;
const COMMA = 44;
const OPEN_ARRAY = 91;
const BACKSLASH = 92;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const SPACE = 32;

/**
 * Cuts a stream that is one JSON array (Gemini without `alt=sse`): one frame per element, as soon as it is over. Only
 * brackets and strings are looked at; whether an element is JSON is the dialect's to tell. A missing last bracket is
 * no fault of the elements that came; an element that was cut is.
 */
export function jsonArrayFramer(onFrame: (frame: Frame) => void, limits: FrameLimits = {}): Framer {
  const limit = limits.frameBytes ?? DEFAULT_FRAME_BYTES;
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let length = 0;
  // 0 before the array, 1 between its elements, more within one; -1 behind it.
  let depth = 0;
  let inElement = false;
  let inString = false;
  let escaped = false;

  const hold = (piece: string): void => {
    pieces.push(piece);
    length += piece.length;
    if (length > limit) throw frameTooLarge(limit);
  };
  const scan = (text: string): void => {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (inString) {
        if (escaped) escaped = false;
        else if (code === BACKSLASH) escaped = true;
        else if (code === QUOTE) inString = false;
        continue;
      }
      if (depth === -1) return;
      if (depth === 0) {
        if (code === OPEN_ARRAY) depth = 1;
        else if (code > SPACE) throw notAnArray();
        continue;
      }
      if (depth === 1 && (code === COMMA || code === CLOSE_ARRAY)) {
        if (inElement) {
          hold(text.slice(start, at));
          inElement = false;
          const data = pieces.join("").trimEnd();
          pieces.length = 0;
          length = 0;
          onFrame({ data });
        }
        if (code === CLOSE_ARRAY) depth = -1;
        continue;
      }
      if (!inElement) {
        if (code <= SPACE) continue;
        inElement = true;
        start = at;
      }
      if (code === QUOTE) inString = true;
      else if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++;
      else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) depth--;
    }
    if (inElement) hold(start === 0 ? text : text.slice(start));
  };

  return {
    push(chunk) {
      scan(decoder.decode(chunk, STREAM));
    },
    end() {
      scan(decoder.decode());
      if (inElement)
        throw new AiLibError({
          code: "STREAM_TRUNCATED",
          message: "The stream ended within an element of its JSON array",
        });
    },
  };
}

const STREAM = { stream: true };

function notAnArray(): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: "The provider sent something else where a JSON array was due",
  });
}
