import type { Clock } from "../../core/contract/clock.js";
import type { HeaderFields, TransportSink } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import type { Json } from "../../core/values/json.js";
import { tryParse } from "../../core/values/json.js";
import { textOf } from "./asked.js";
import type { RecordedFrame, RecordedReply } from "./recording.js";

/** The headers that change how a reply is read. All others differ in every reply or may hold a secret. */
const LASTING: ReadonlySet<string> = new Set([
  "content-type",
  "retry-after",
  "retry-after-ms",
  "x-should-retry",
]);

/** What a {@link Recorder} needs besides its sink. */
export interface RecorderParts {
  readonly clock: Clock;
  /** Headers to keep besides the lasting ones; names in lower case. */
  readonly keepHeaders: ReadonlySet<string>;
  /** Removes secrets from a text. */
  readonly mask: (text: string) => string;
  /** Receives the reply once it has ended, before the sink does. */
  readonly save: (reply: RecordedReply) => void;
}

interface Chunk {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** Passes a reply on, and records it. A reply that the caller aborts is not recorded. */
export class Recorder implements TransportSink {
  private readonly begun: number;
  private readonly chunks: Chunk[] = [];
  private headAt = 0;
  private start: { readonly status: number; readonly headers: HeaderFields } | undefined;

  constructor(
    private readonly sink: TransportSink,
    private readonly parts: RecorderParts,
  ) {
    this.begun = parts.clock.now();
  }

  head(status: number, headers: HeaderFields): void {
    this.headAt = this.parts.clock.now();
    this.start = { status, headers };
    this.sink.head(status, headers);
  }

  data(chunk: Uint8Array): void {
    this.chunks.push({ at: this.parts.clock.now(), bytes: chunk.slice() });
    this.sink.data(chunk);
  }

  end(): void {
    const last = this.chunks.at(-1)?.at ?? this.headAt;
    const failure = this.save({ endMs: ms(this.parts.clock.now() - last) });
    if (failure === undefined) this.sink.end();
    else this.sink.fail(failure);
  }

  fail(error: AiLibError): void {
    const message = this.parts.mask(error.message);
    this.sink.fail(this.save({ error: { code: error.code, message } }) ?? error);
  }

  /** @returns the error of a file that cannot be written */
  private save(ending: Pick<RecordedReply, "endMs" | "error">): AiLibError | undefined {
    try {
      this.parts.save({ ...this.reply(), ...ending });
      return undefined;
    } catch (error) {
      return AiLibError.from(error, "FILE_ERROR");
    }
  }

  private reply(): RecordedReply {
    if (this.start === undefined) return {};
    const { status, headers } = this.start;
    const kept = Object.entries(headers)
      .filter(([name]) => LASTING.has(name) || this.parts.keepHeaders.has(name))
      .map(([name, value]) => [name, this.parts.mask(value)]);
    return {
      status,
      headers: Object.fromEntries(kept),
      headMs: ms(this.headAt - this.begun),
      ...this.body(headers["content-type"] ?? ""),
    };
  }

  private body(type: string): Pick<RecordedReply, "json" | "indent" | "frames" | "encoding"> {
    const { chunks, headAt } = this;
    if (chunks.length === 0) return {};
    const text = textOf(Buffer.concat(chunks.map(({ bytes }) => bytes)));
    if (text === undefined) {
      const pieces = chunks.map(({ at, bytes }): Timed => [at, Buffer.from(bytes).toString("base64")]);
      return { encoding: "base64", frames: withWaits(pieces, headAt) };
    }
    const { mask } = this.parts;
    const document = documentOf(mask(text));
    if (document !== undefined) return document;
    const split = splitText(text, chunks, type.includes("event-stream"));
    return { frames: withWaits(split, headAt).map(([wait, piece]) => [wait, mask(piece)]) };
  }
}

type Timed = readonly [at: number, data: string];

/** A text that is one JSON document, if it can be written again byte for byte. */
function documentOf(text: string): { readonly json: Json; readonly indent?: number } | undefined {
  const json = tryParse(text) as Json | undefined;
  if (json === undefined) return undefined;
  if (JSON.stringify(json) === text) return { json };
  const indent = /^[{[]\n( {1,8})\S/.exec(text)?.[1]?.length;
  if (indent !== undefined && JSON.stringify(json, null, indent) === text) return { json, indent };
  return undefined;
}

/** Cuts the text of a stream behind its events or lines, each with the time at which its last character came. */
function splitText(text: string, chunks: readonly Chunk[], isEventStream: boolean): Timed[] {
  const ends = isEventStream ? /\r\n\r\n|\n\n|\r\r/g : /\n/g;
  const timeAt = timesOf(chunks);
  const pieces: Timed[] = [];
  let from = 0;
  for (const end of text.matchAll(ends)) {
    const to = end.index + end[0].length;
    pieces.push([timeAt(to), text.slice(from, to)]);
    from = to;
  }
  if (from < text.length) pieces.push([timeAt(text.length), text.slice(from)]);
  return pieces;
}

/** When the character before a position came. Positions must be asked for in order. */
function timesOf(chunks: readonly Chunk[]): (position: number) => number {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let index = -1;
  let decoded = 0;
  return (position) => {
    while (decoded < position && index + 1 < chunks.length) {
      index++;
      decoded += decoder.decode(chunks[index]?.bytes, { stream: true }).length;
    }
    return chunks[Math.max(0, index)]?.at ?? 0;
  };
}

function withWaits(pieces: readonly Timed[], headAt: number): RecordedFrame[] {
  let before = headAt;
  return pieces.map(([at, data]) => {
    const wait = ms(at - before);
    before = at;
    return [wait, data];
  });
}

function ms(duration: number): number {
  return Math.max(0, Math.round(duration));
}
