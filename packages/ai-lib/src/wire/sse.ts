import { createParser } from "eventsource-parser";
import type { Frame } from "../core/contract/transport.js";
import { DEFAULT_FRAME_BYTES, type FrameLimits, type Framer, frameTooLarge, isComplete } from "./framer.js";
import { Utf8Stream } from "./utf8.js";

/**
 * Splits server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): one frame for each event
 * with data. Comments, ids, retry times and unknown fields are skipped. Unlike the standard it also emits a last event
 * without its blank line or line end if its data is complete, since vendors end streams so.
 */
export function sseFramer(onFrame: (frame: Frame) => void, limits: FrameLimits = {}): Framer {
  const limit = limits.frameBytes ?? DEFAULT_FRAME_BYTES;
  const decoder = new Utf8Stream();
  let tooLarge = false;
  let ended = false;
  const parser = createParser({
    onEvent(event) {
      // Other fields of an event (an id) are not needed.
      if (event.data.length > limit) tooLarge = true;
      else if (!ended || isComplete(event.data))
        onFrame(event.event === undefined ? { data: event.data } : { event: event.event, data: event.data });
    },
    onError(error) {
      if (error.type === "max-buffer-size-exceeded") tooLarge = true;
    },
    maxBufferSize: limit,
  });
  const lines = new LineEnds();
  const feed = (piece: string): void => {
    const text = lines.normalize(piece);
    if (text !== "") parser.feed(text);
    if (tooLarge) throw frameTooLarge(limit);
  };
  return {
    push: (chunk) => feed(decoder.push(chunk)),
    end: () => {
      const rest = decoder.end();
      ended = true;
      feed(`${rest}\n\n`);
    },
  };
}

/**
 * Turns every line end into a line feed. The parser looks for a carriage return again from each line, to the end of the
 * chunk, where one is there (eventsource-parser 3.1.1): quadratic time for chunks of short lines.
 */
class LineEnds {
  /** The last piece ended in a carriage return, which a line feed may belong to. */
  private afterReturn = false;

  normalize(piece: string): string {
    if (piece === "") return piece;
    const text = this.afterReturn && piece.startsWith("\n") ? piece.slice(1) : piece;
    this.afterReturn = piece.endsWith("\r");
    return text.includes("\r") ? text.replace(/\r\n?/g, "\n") : text;
  }
}

/** Writes one frame as a server-sent event; its data may have several lines. */
export function sseEvent(frame: Frame): string {
  const data = LINE_END.test(frame.data)
    ? frame.data
        .split(LINE_END)
        .map((line) => `data: ${line}`)
        .join("\n")
    : `data: ${frame.data}`;
  return frame.event === undefined ? `${data}\n\n` : `event: ${frame.event}\n${data}\n\n`;
}

const LINE_END = /\r\n|\r|\n/;
