import { createParser, type EventSourceParser } from "eventsource-parser";
import type { Frame } from "../core/contract/transport.js";
import { DEFAULT_FRAME_BYTES, type FrameLimits, type Framer, frameTooLarge, isComplete } from "./framer.js";
import { type TextReader, TextRuns } from "./text-runs.js";
import { Utf8Stream } from "./utf8.js";

/**
 * Splits server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): one frame for each event
 * with data. Comments, ids, retry times and unknown fields are skipped. Unlike the standard it also emits a last event
 * without its blank line or line end if its data is complete, since vendors end streams so.
 * @param texts takes the texts of events that are alike. Default: every event is a frame
 */
export function sseFramer(
  onFrame: (frame: Frame) => void,
  limits: FrameLimits = {},
  texts?: TextReader,
): Framer {
  return new SseFramer(onFrame, limits.frameBytes ?? DEFAULT_FRAME_BYTES, texts);
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const LETTER_E = 0x65;

/**
 * Reads an event of one data line itself, which may have a line with its type before; nearly all events of vendors are
 * so, and this takes half of the time of the parser, which reads everything else.
 */
class SseFramer implements Framer {
  private readonly decoder = new Utf8Stream();
  private readonly lines = new LineEnds();
  /** The parser is between two events and has nothing buffered. */
  private idle = true;
  private tooLarge = false;
  private ended = false;
  /** The type of the last event with one: most events of a stream have the same. */
  private type = "";

  /** Made when an event needs it. */
  private parser: EventSourceParser | undefined;
  private readonly runs: TextRuns | undefined;

  constructor(
    private readonly onFrame: (frame: Frame) => void,
    private readonly limit: number,
    texts: TextReader | undefined,
  ) {
    this.runs = texts === undefined ? undefined : new TextRuns(texts, limit);
  }

  push(chunk: Uint8Array): void {
    const text = this.decoder.push(chunk);
    const from = this.idle ? this.readPlain(text) : 0;
    if (from < text.length) this.parse(from === 0 ? text : text.slice(from));
  }

  end(): void {
    const rest = this.decoder.end();
    this.ended = true;
    if (!this.idle || rest !== "") this.parse(`${rest}\n\n`);
  }

  /**
   * Reads events of one data line, whose lines end in a line feed or, as Google's do, in CRLF.
   * @returns the index of the first character that is not read
   */
  private readPlain(text: string): number {
    const returns = text.includes("\r");
    let at = 0;
    for (;;) {
      if (this.runs !== undefined) at = this.runs.read(text, at);
      let start = at;
      let event: string | undefined;
      if (text.charCodeAt(start) === LETTER_E && text.startsWith("event: ", start)) {
        event = this.typeAt(text, start + 7);
        start += event.length + 8;
      }
      if (event === "" || !text.startsWith("data: ", start)) return at;
      const end = text.indexOf("\n", start);
      if (end === -1) return at;
      const crlf = returns && text.charCodeAt(end - 1) === CARRIAGE_RETURN;
      const next = crlf && text.charCodeAt(end + 1) === CARRIAGE_RETURN ? end + 2 : end + 1;
      if (text.charCodeAt(next) !== LINE_FEED) return at;
      const data = text.slice(start + 6, crlf ? end - 1 : end);
      // A carriage return alone ends a line, too.
      if (returns && (data.includes("\r") || event?.includes("\r"))) return at;
      if (data.length > this.limit) throw frameTooLarge(this.limit);
      at = next + 1;
      const frame: Frame = event === undefined ? { data } : { event, data };
      this.onFrame(frame);
      this.runs?.learn(frame, crlf ? "\r\n" : "\n");
    }
  }

  /** The rest of the line; `""` where it is not whole. */
  private typeAt(text: string, from: number): string {
    const { type } = this;
    if (text.charCodeAt(from + type.length) !== LINE_FEED || !text.startsWith(type, from)) {
      const end = text.indexOf("\n", from);
      this.type = end === -1 ? "" : text.slice(from, end);
    }
    return this.type;
  }

  private parse(piece: string): void {
    const text = this.lines.normalize(piece);
    if (text !== "") {
      this.parser ??= this.createParser();
      this.parser.feed(text);
      this.idle = text.endsWith("\n\n");
    }
    if (this.tooLarge) throw frameTooLarge(this.limit);
  }

  private createParser(): EventSourceParser {
    return createParser({
      onEvent: ({ event, data }) => {
        // Other fields of an event (an id) are not needed.
        if (data.length > this.limit) this.tooLarge = true;
        else if (!this.ended || isComplete(data))
          this.onFrame(event === undefined ? { data } : { event, data });
      },
      onError: (error) => {
        if (error.type === "max-buffer-size-exceeded") this.tooLarge = true;
      },
      maxBufferSize: this.limit,
    });
  }
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
