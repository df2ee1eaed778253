import { createParser } from "eventsource-parser";
import type { Frame } from "../core/contract/transport.js";
import { DEFAULT_FRAME_BYTES, type FrameLimits, type Framer, frameTooLarge } from "./framer.js";
import { Utf8Stream } from "./utf8.js";

/**
 * Cuts server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): bytes in, one frame per
 * event that has data. Comments, ids, retry times and unknown fields are skipped. Unlike the standard it hands on a
 * last event that lacks its blank line, even its line end, since vendors end streams so; whether such data is whole
 * is the dialect's to tell, and a cut JSON object never parses.
 */
export function sseFramer(onFrame: (frame: Frame) => void, limits: FrameLimits = {}): Framer {
  const limit = limits.frameBytes ?? DEFAULT_FRAME_BYTES;
  const decoder = new Utf8Stream();
  let tooLarge = false;
  const parser = createParser({
    onEvent(event) {
      // Its fields besides these two (an id) are of no use here, and a frame is what every framing gives.
      if (event.data.length > limit) tooLarge = true;
      else
        onFrame(event.event === undefined ? { data: event.data } : { event: event.event, data: event.data });
    },
    onError(error) {
      if (error.type === "max-buffer-size-exceeded") tooLarge = true;
    },
    maxBufferSize: limit,
  });
  const feed = (text: string): void => {
    if (text !== "") parser.feed(text);
    if (tooLarge) throw frameTooLarge(limit);
  };
  return {
    push: (chunk) => feed(decoder.push(chunk)),
    end: () => feed(`${decoder.end()}\n\n`),
  };
}

/** One frame as a server-sent event; its data may have several lines. */
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
