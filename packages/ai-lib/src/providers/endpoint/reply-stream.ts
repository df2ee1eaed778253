import type { Call } from "../../core/contract/call.js";
import type { KindStreamCodec, StreamDecoder } from "../../core/contract/dialect.js";
import type { PartSink } from "../../core/contract/sink.js";
import type { Frame } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { NotLoaded } from "../../core/errors/on-demand.js";
import type { AttemptRun } from "../../core/run/attempt.js";
import { tryParse } from "../../core/values/json.js";
import type { Kind } from "../../core/values/kinds.js";
import { LIMITS } from "../../core/values/limits.js";
import { isBinary, isText } from "../../wire/body.js";
import type { Framer } from "../../wire/framer.js";
import { type BodySink, bodyFramer } from "../../wire/framing.js";
import { DecoderTexts, USUAL_FIELDS } from "./decoder-texts.js";
import type { ExchangeParts } from "./exchange-parts.js";
import { hasTools } from "./has-tools.js";

/** Time in milliseconds to wait for a terminator after the finish reason and the usage. */
const ENDING_MS = 250;

/** Time in milliseconds to wait for a terminator after a finish reason without usage. */
const REASON_MS = 1_000;

/** The exchange that a stream belongs to. */
export interface StreamExchange {
  readonly parts: ExchangeParts;
  readonly headers: Readonly<Record<string, string>>;
  /** Takes bytes. */
  data(chunk: Uint8Array): void;
  /** Decodes a body that is no stream although one was announced. */
  decodeBody(body: string): void;
  /** Runs code of a dialect; what it throws fails the attempt. */
  guard(run: () => void): void;
  /** Repeats a step once the code that it needs is loaded, unless the call has ended by then. */
  whenLoaded(missing: NotLoaded, step: () => void): void;
  /** Runs something after a time, in place of what was to run so before. */
  after(ms: number, run: () => void): void;
  /** The answer has ended: reads on for a moment, so that the connection can be used again. */
  drain(): void;
}

/** The stream of a reply; undefined for a reply that is read whole although a stream was asked for. */
export function openReplyStream(exchange: StreamExchange): ReplyStream | undefined {
  const { call, codec } = exchange.parts;
  if (call.kind === "chat") return chatStream(exchange);
  return codec?.stream === undefined ? undefined : kindStream(exchange, codec.stream);
}

/** The stream of a chat. A provider may send a whole reply instead, which is decoded as one. */
function chatStream(exchange: StreamExchange): ReplyStream {
  const { half, run, target, call, replyTools, names } = exchange.parts;
  const chat = run as unknown as AttemptRun;
  const decoder = half.decoder(
    target,
    replyTools !== undefined && hasTools(call)
      ? new replyTools.OwnCallsSink(chat, { request: call.request, names })
      : chat,
  );
  const stream = new ReplyStream(exchange, decoder);
  const texts = call.context.includeRaw
    ? undefined
    : new DecoderTexts(decoder, { joins: run.joinsTexts === true, waits: () => stream.waits });
  stream.frames = bodyFramer(exchange.headers["content-type"], half.framing, stream.sink(texts));
  return stream;
}

/** The stream of another kind than chat: events, or the bytes of a file as they arrive. */
function kindStream(exchange: StreamExchange, codec: KindStreamCodec<Kind>): ReplyStream | undefined {
  const { headers } = exchange;
  const { run, target, call } = exchange.parts;
  const out = run as unknown as PartSink<Kind>;
  const decoder = codec.decoder({ target, headers }, out, call.request as never);
  const binary = isBinary(headers);
  // A text is a transcript in a format of its own, and no stream.
  if (binary ? decoder.bytes === undefined : isText(headers)) return undefined;
  const stream = new ReplyStream(exchange, decoder, binary);
  stream.frames = binary
    ? { push: (chunk) => decoder.bytes?.(chunk), end() {} }
    : bodyFramer(headers["content-type"], codec.framing ?? "sse", stream.sink());
  return stream;
}

/** The body of a streamed reply: splits its bytes into frames, and passes them to a decoder. */
export class ReplyStream {
  /** Splits the bytes. Set before the first of them. */
  frames: Framer | undefined;
  private readonly call: Call;
  /** Characters of the frames that the decoder may still buffer. */
  private held = 0;
  /** The bytes whose framing is being loaded; undefined while none is. */
  private unread: Uint8Array[] | undefined;
  /** How the transport ended the stream meanwhile. */
  private endUnread: (() => void) | undefined;
  /** The frames since the one whose code is being loaded; undefined while none is. */
  private waiting: Frame[] | undefined;
  /** The stream ended while frames waited. */
  private endsLater = false;
  /** The payloads, where the call asked for them, and their characters. */
  private readonly payloads: unknown[] | undefined;
  private recorded = 0;
  /** How far the answer's ending was known when the timer for its terminator was set. */
  private ending: StreamDecoder["finished"];

  /** @param unterminated the body is a file: only its end shows that it is complete */
  constructor(
    private readonly exchange: StreamExchange,
    private readonly decoder: StreamDecoder,
    private readonly unterminated = false,
  ) {
    const { call, run } = exchange.parts;
    this.call = call;
    if (call.context.includeRaw && !unterminated) run.raw = this.payloads = [];
  }

  /** Whether frames wait for code. */
  get waits(): boolean {
    return this.waiting !== undefined;
  }

  /** Receives the frames. @param texts takes the texts of frames that are alike */
  sink(texts?: BodySink["texts"]): BodySink {
    return { frame: this.frameReader(), texts, whole: (_kind, body) => this.exchange.decodeBody(body) };
  }

  /** Takes bytes. @throws what the framing or the decoder throws */
  push(chunk: Uint8Array): void {
    if (this.unread !== undefined) {
      this.keepUnread(this.unread, chunk);
      return;
    }
    const { run } = this.exchange.parts;
    try {
      if (this.call.context.pings === true) this.pushAlive(chunk);
      else this.frames?.push(chunk);
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      this.keepUnread([], chunk);
      this.exchange.whenLoaded(error, () => this.readUnread());
      return;
    }
    run.tap?.data(chunk);
    this.noteEnding();
  }

  /** Takes bytes, and informs the outermost call where no event is made of them. */
  private pushAlive(chunk: Uint8Array): void {
    const { run, call } = this.exchange.parts;
    const before = run.size;
    this.frames?.push(chunk);
    if (run.size === before && !run.over) call.context.outermost?.alive();
  }

  /** Keeps bytes until their framing is loaded. The transport may use a chunk again. */
  private keepUnread(unread: Uint8Array[], chunk: Uint8Array): void {
    this.unread = unread;
    unread.push(new Uint8Array(chunk));
    this.exchange.guard(() => this.hold(chunk.length));
  }

  private readUnread(): void {
    const chunks = this.unread ?? [];
    this.unread = undefined;
    for (const chunk of chunks) this.exchange.data(chunk);
    this.endUnread?.();
  }

  /** Whether bytes wait for their framing; `end` is called once they are read. */
  endsLaterBy(end: () => void): boolean {
    if (this.unread === undefined) return false;
    this.endUnread = end;
    return true;
  }

  /** The body has ended. */
  end(): void {
    this.frames?.end();
    if (!this.exchange.parts.run.over) this.endDecoder();
  }

  /** The body was cut. After the dialect's terminator the answer is complete; otherwise the decoder fails it. */
  cut(error: AiLibError): void {
    const { run } = this.exchange.parts;
    if (this.unterminated) run.fail(cutFile(error, run.size));
    else this.exchange.guard(() => this.endDecoder());
  }

  /** Tells the decoder that the body has ended, once it has read all frames. */
  private endDecoder(): void {
    if (this.waiting === undefined) this.decoder.end();
    else this.endsLater = true;
  }

  /** Checks whether the frames so far contain the end of the answer. */
  private noteEnding(): void {
    if (this.exchange.parts.run.over) return;
    const { finished } = this.decoder;
    if (finished !== undefined && finished !== this.ending) this.awaitEnding(finished);
  }

  /** The finish reason has arrived and the terminator has not: a server may never send one. */
  private awaitEnding(ending: "reason" | "whole"): void {
    this.ending = ending;
    this.exchange.after(ending === "whole" ? ENDING_MS : REASON_MS, () => {
      this.exchange.guard(() => this.decoder.settle?.());
      this.exchange.drain();
    });
  }

  /**
   * Passes frames on, and counts the characters that the decoder may buffer: all of a frame without content, else those
   * beyond the content and the usual fields.
   */
  private frameReader(): BodySink["frame"] {
    const { run } = this.exchange.parts;
    return (frame) => {
      const { length } = frame.data;
      if (this.payloads !== undefined) this.record(this.payloads, frame);
      const before = run.size;
      this.readFrame(frame);
      const added = run.size - before;
      if (added === 0) this.hold(length);
      else if (length > added + USUAL_FIELDS) this.hold(length - added - USUAL_FIELDS);
    };
  }

  /** Reads a frame; once its code is loaded, where that is missing, and with it the frames that follow meanwhile. */
  private readFrame(frame: Frame): void {
    if (this.waiting !== undefined) {
      this.waiting.push({ ...frame });
      return;
    }
    try {
      this.decoder.frame(frame);
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      this.waiting = [{ ...frame }];
      this.exchange.whenLoaded(error, () => this.readWaiting());
    }
  }

  private readWaiting(): void {
    const frames = this.waiting ?? [];
    this.waiting = undefined;
    for (const frame of frames) this.readFrame(frame);
    // The code of another one may be missing now.
    if (this.waiting !== undefined) return;
    const { run } = this.exchange.parts;
    if (this.endsLater) {
      if (!run.over) this.decoder.end();
    } else if (run.over) this.exchange.drain();
    else this.noteEnding();
  }

  private hold(characters: number): void {
    this.held += characters;
    if (this.held > LIMITS.heldCharacters && !this.exchange.parts.run.over)
      throw new AiLibError({
        code: "INVALID_RESPONSE",
        message: `The stream sent more than ${LIMITS.heldCharacters} characters without content and was stopped`,
      });
  }

  /** Stores the payload of a frame, for a call with `includeRaw`. */
  private record(payloads: unknown[], frame: Frame): void {
    this.recorded += frame.data.length;
    if (this.recorded <= LIMITS.rawCharacters) payloads.push(tryParse(frame.data) ?? frame.data);
  }
}

/** The error of a file that was cut, of which a size has arrived. */
function cutFile(error: AiLibError, size: number): AiLibError {
  return size === 0
    ? error
    : new AiLibError({
        code: "STREAM_TRUNCATED",
        message: `The connection broke within the answer: ${error.message}`,
        cause: error,
      });
}
