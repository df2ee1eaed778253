import type { Call } from "../../core/contract/call.js";
import type { KindCodec, KindStreamCodec, StreamDecoder } from "../../core/contract/dialect.js";
import { abortFlow, pauseFlow, resumeFlow } from "../../core/contract/flows.js";
import type { Flow, PartSink } from "../../core/contract/sink.js";
import type {
  Frame,
  HttpReply,
  Transport,
  TransportRequest,
  TransportSink,
} from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { NotLoaded, OnDemand } from "../../core/errors/on-demand.js";
import type { KindLaws } from "../../core/kinds/laws.js";
import type { AttemptRun } from "../../core/run/attempt.js";
import { openedFlow } from "../../core/run/member.js";
import { tryParse } from "../../core/values/json.js";
import type { Kind, ReplyOf } from "../../core/values/kinds.js";
import { LIMITS } from "../../core/values/limits.js";
import { requestIdOf } from "../../core/values/request-id.js";
import type { Framer } from "../../wire/framer.js";
import {
  type BodySink,
  type BufferedText,
  bodyFramer,
  bufferedBytes,
  bufferedText,
  isBinary,
  isText,
} from "../../wire/framing.js";
import { rateLimits } from "../../wire/rate-limits.js";
import { DecoderTexts, USUAL_FIELDS } from "./decoder-texts.js";
import type { ReplyContext } from "./errors.js";

/** Time in milliseconds for the body of an error reply. Without a body the status alone classifies the error. */
const ERROR_BODY_MS = 2_000;

/** Time in milliseconds to wait for a terminator after the finish reason and the usage. */
const ENDING_MS = 250;

/** Time in milliseconds to wait for a terminator after a finish reason without usage. */
const REASON_MS = 1_000;

/** Time in milliseconds to read on after the end of an answer, so that its connection can be used again. */
const DRAIN_MS = 1_000;

/** What a transport did that breaks its rules. */
const NO_HEAD = "The transport ended a reply without a status";

/** The part of an attempt that its exchange reports to; see {@link AttemptRun}. */
export type ExchangeRun = Pick<
  AttemptRun<Kind>,
  "over" | "size" | "rateLimits" | "raw" | "secrets" | "touch" | "replied" | "reply" | "fail"
> & {
  /** Takes the bytes of the reply. Absent for a piece, whose reply is no reply to the whole request. */
  tap?: AttemptRun<Kind>["tap"];
  /** @see AttemptRun.joinsTexts */
  joinsTexts?: boolean;
  /** Takes the events of a stream's decoder. Absent for a piece, whose reply comes whole. */
  event?: PartSink<Kind>["event"];
  finish?: PartSink<Kind>["finish"];
};

/** The code that names the calls of a reply as the request does. */
export type ReplyTools = typeof import("./reply-tools.js");

/** What makes errors of replies, which few calls need. */
export const replyErrors = new OnDemand("errors", () =>
  import("./errors.js").then(({ replyErrorReaders }) => replyErrorReaders),
);

/** What one exchange needs. */
export interface ExchangeParts extends ReplyContext {
  readonly run: ExchangeRun;
  /** How the call's kind is read; absent for a chat, which the dialect reads. */
  readonly codec: KindCodec<Kind> | undefined;
  readonly call: Call;
  readonly transport: Transport;
  readonly request: TransportRequest;
  /** Sends the request again where its token was refused; absent for a credential that stays the same. */
  readonly resend?: ((error: AiLibError) => Flow | undefined) | undefined;
  /** What names the calls of a reply; there for a call with tools, see {@link hasTools}. */
  readonly replyTools: ReplyTools | undefined;
  /** The caller's names of tools by the names that were sent, where they differ. */
  readonly names?: ReadonlyMap<string, string> | undefined;
}

/** Sends a request and decodes its reply into an attempt. */
export function openExchange(parts: ExchangeParts): Flow {
  const exchange = new Exchange(parts);
  exchange.open();
  return exchange;
}

/** One request and its reply. Connects a transport, a framing and a dialect: takes bytes and emits parts. */
class Exchange implements TransportSink, Flow {
  /** Set when {@link open} has returned; a transport calls its sink only after that. */
  private flow: Flow | undefined;
  /** The exchange that repeats this one with a new token. */
  private successor: Flow | undefined;
  private status = 0;
  /** The status is one of success. */
  private succeeded = false;
  private headers: Readonly<Record<string, string>> = {};
  private frames: Framer | undefined;
  private decoder: StreamDecoder | undefined;
  /** The body is a file: only its end shows that it is complete. */
  private unterminated = false;
  private body: BufferedText | undefined;
  /** The body is bytes, which dialects get as base64. */
  private binary = false;
  private errorBytes = 0;
  /** Characters of the frames that the decoder may still buffer. */
  private held = 0;
  /** The bytes of a stream whose framing is being loaded; undefined while none is. */
  private unread: Uint8Array[] | undefined;
  /** How the transport ended the stream meanwhile. */
  private endUnread: (() => void) | undefined;
  /** The frames since the one whose code is being loaded; undefined while none is. */
  private waiting: Frame[] | undefined;
  /** The stream ended while frames waited. */
  private endsLater = false;
  /** The payloads of a stream, where the call asked for them, and their characters. */
  private payloads: unknown[] | undefined;
  private recorded = 0;
  private done = false;
  /** How far the answer's ending was known when {@link cancelTimer} was set. */
  private ending: StreamDecoder["finished"] | "drained";
  private cancelTimer: (() => void) | undefined;

  constructor(private readonly parts: ExchangeParts) {}

  open(): void {
    const { transport, request } = this.parts;
    try {
      this.flow = openedFlow(transport.open(request, this));
    } catch (error) {
      throw AiLibError.from(error, "NETWORK_ERROR");
    }
  }

  head(status: number, headers: Readonly<Record<string, string>>): void {
    if (this.done) return;
    try {
      this.begin(status, headers);
    } catch (error) {
      this.failDecoding(error);
    }
  }

  private begin(status: number, headers: Readonly<Record<string, string>>): void {
    this.status = status;
    this.succeeded = status >= 200 && status < 300;
    this.headers = headers;
    const { run, call } = this.parts;
    run.touch();
    const limits = rateLimits(headers, call.context.clock);
    if (limits !== undefined) run.rateLimits = limits;
    run.replied(requestIdOf(headers), headers);
    if (this.succeeded) run.tap?.head(status, headers);
    if (!this.succeeded) {
      this.body = bufferedText(LIMITS.errorBytes);
      this.after(ERROR_BODY_MS, () => this.cutError());
    } else if (call.mode === "stream" && call.kind === "chat") this.beginStream();
    else if (call.mode === "stream" && this.parts.codec?.stream !== undefined)
      this.beginKindStream(this.parts.codec.stream);
    else this.buffer();
  }

  /** Collects a body that is read whole. */
  private buffer(): void {
    this.binary = this.parts.call.kind !== "chat" && isBinary(this.headers);
    this.body = this.binary ? bufferedBytes() : bufferedText();
  }

  data(chunk: Uint8Array): void {
    if (this.done || chunk.length === 0) return;
    if (this.unread !== undefined) {
      this.keepUnread(this.unread, chunk);
      return;
    }
    const { run } = this.parts;
    try {
      if (!this.succeeded) {
        this.errorData(chunk);
        return;
      }
      run.touch();
      if (this.frames === undefined) this.body?.push(chunk);
      else if (this.parts.call.context.pings === true) this.pushAlive(this.frames, chunk);
      else this.frames.push(chunk);
      run.tap?.data(chunk);
    } catch (error) {
      if (error instanceof NotLoaded) {
        this.keepUnread([], chunk);
        this.whenLoaded(error, () => this.readUnread());
        return;
      }
      this.stop();
      this.failDecoding(error);
      return;
    }
    this.noteEnding();
  }

  /** Keeps bytes until their framing is loaded. The transport may use a chunk again. */
  private keepUnread(unread: Uint8Array[], chunk: Uint8Array): void {
    this.unread = unread;
    unread.push(new Uint8Array(chunk));
    this.guard(() => this.hold(chunk.length));
  }

  private readUnread(): void {
    const chunks = this.unread ?? [];
    this.unread = undefined;
    for (const chunk of chunks) this.data(chunk);
    this.endUnread?.();
  }

  /** Checks whether the frames so far contain the end of the answer. */
  private noteEnding(): void {
    if (this.parts.run.over) {
      if (this.ending !== "drained") this.drain();
      return;
    }
    const finished = this.decoder?.finished;
    if (finished !== undefined && finished !== this.ending) this.awaitEnding(finished);
  }

  /** Takes bytes of a stream, and informs the outermost call where no event is made of them. */
  private pushAlive(frames: Framer, chunk: Uint8Array): void {
    const { run, call } = this.parts;
    const before = run.size;
    frames.push(chunk);
    if (run.size === before && !run.over) call.context.outermost?.alive();
  }

  end(): void {
    if (this.done) return;
    if (this.unread !== undefined) {
      this.endUnread = () => this.end();
      return;
    }
    this.close();
    try {
      if (this.status === 0) throw new AiLibError({ code: "NETWORK_ERROR", message: NO_HEAD });
      this.frames?.end();
      if (this.body !== undefined) this.decodeBody(this.body.end());
      else if (!this.parts.run.over) this.endStream();
    } catch (error) {
      this.failDecoding(error);
    }
    this.parts.run.tap?.end();
  }

  /** @param given an error of the library; a transport of the user may pass any other value */
  fail(given: AiLibError): void {
    if (this.done) return;
    if (this.unread !== undefined) {
      this.endUnread = () => this.fail(given);
      return;
    }
    const error = AiLibError.from(given, "NETWORK_ERROR");
    // The status of an error counts although its body was cut.
    if (this.body !== undefined && !this.succeeded && this.status !== 0) {
      this.end();
      return;
    }
    this.close();
    const { run } = this.parts;
    // After the dialect's terminator the answer is complete. Otherwise the stream was cut, and the decoder fails it.
    if (this.decoder === undefined) run.fail(error);
    else if (this.unterminated) run.fail(cutFile(error, run.size));
    else this.guard(() => this.endStream());
    run.tap?.end();
  }

  pause(): void {
    if (this.successor !== undefined) pauseFlow(this.successor);
    else if (!this.done) pauseFlow(this.flow);
  }

  resume(): void {
    if (this.successor !== undefined) resumeFlow(this.successor);
    else if (!this.done) resumeFlow(this.flow);
  }

  abort(reason?: unknown): undefined {
    abortFlow(this.successor, reason);
    if (this.done) return;
    this.close();
    abortFlow(this.flow, reason);
  }

  /** Runs code of a dialect; what it throws fails the attempt. */
  private guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.failDecoding(error);
    }
  }

  /** Tells the decoder that the body has ended, once it has read all frames. */
  private endStream(): void {
    if (this.waiting === undefined) this.decoder?.end();
    else this.endsLater = true;
  }

  private failDecoding(error: unknown): void {
    this.parts.run.fail(AiLibError.from(error, "INVALID_RESPONSE"));
  }

  /** Nothing more is read. */
  private close(): void {
    this.done = true;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private stop(): void {
    this.close();
    abortFlow(this.flow);
    this.parts.run.tap?.end();
  }

  private after(ms: number, run: () => void): void {
    this.cancelTimer?.();
    this.cancelTimer = this.parts.call.context.clock.after(ms, run);
  }

  /** The answer has ended and its connection has not. */
  private drain(): void {
    this.ending = "drained";
    this.after(DRAIN_MS, () => this.stop());
  }

  /** The finish reason has arrived and the terminator has not: a server may never send one. */
  private awaitEnding(ending: "reason" | "whole"): void {
    this.ending = ending;
    this.after(ending === "whole" ? ENDING_MS : REASON_MS, () => {
      this.guard(() => this.decoder?.settle?.());
      this.drain();
    });
  }

  /** The start of an error's body suffices; the rest is not read. */
  private errorData(chunk: Uint8Array): void {
    const room = LIMITS.errorBytes - this.errorBytes;
    this.errorBytes += chunk.length;
    this.body?.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    if (chunk.length >= room) this.cutError();
  }

  /** Ends an error reply whose body did not end. */
  private cutError(): void {
    if (this.done) return;
    this.stop();
    this.guard(() => this.decodeBody(this.body?.end() ?? ""));
  }

  /** Prepares for a stream. A provider may send a whole reply instead, which is decoded as one. */
  private beginStream(): void {
    const { half, run, target, call, replyTools, names } = this.parts;
    const chat = run as unknown as AttemptRun;
    const decoder = half.decoder(
      target,
      replyTools !== undefined && hasTools(call)
        ? new replyTools.OwnCallsSink(chat, { request: call.request, names })
        : chat,
    );
    this.decoder = decoder;
    this.frames = bodyFramer(this.headers["content-type"], half.framing, {
      frame: this.frameReader(decoder),
      texts: call.context.includeRaw
        ? undefined
        : new DecoderTexts(decoder, {
            joins: run.joinsTexts === true,
            waits: () => this.waiting !== undefined,
          }),
      whole: (_kind, body) => this.decodeBody(body),
    });
    if (call.context.includeRaw) run.raw = this.payloads = [];
  }

  /** Prepares for a stream of another kind than chat: events, or the bytes of a file as they come. */
  private beginKindStream(stream: KindStreamCodec<Kind>): void {
    const { run, target, call } = this.parts;
    const out = run as unknown as PartSink<Kind>;
    const decoder = stream.decoder({ target, headers: this.headers }, out, call.request as never);
    // A text is a transcript in a format of its own, and no stream.
    if (isBinary(this.headers) ? decoder.bytes === undefined : isText(this.headers)) {
      this.buffer();
      return;
    }
    if (isBinary(this.headers)) {
      this.decoder = decoder;
      this.unterminated = true;
      this.frames = { push: (chunk) => decoder.bytes?.(chunk), end() {} };
      return;
    }
    this.decoder = decoder;
    this.frames = bodyFramer(this.headers["content-type"], stream.framing ?? "sse", {
      frame: this.frameReader(decoder),
      whole: (_kind, body) => this.decodeBody(body),
    });
    if (call.context.includeRaw) run.raw = this.payloads = [];
  }

  /**
   * Passes frames on, and counts the characters that the decoder may buffer: all of a frame without content, else those
   * beyond the content and the usual fields.
   */
  private frameReader(decoder: StreamDecoder): BodySink["frame"] {
    const { run } = this.parts;
    return (frame) => {
      const { length } = frame.data;
      if (this.payloads !== undefined) this.record(this.payloads, frame);
      const before = run.size;
      this.readFrame(decoder, frame);
      const added = run.size - before;
      if (added === 0) this.hold(length);
      else if (length > added + USUAL_FIELDS) this.hold(length - added - USUAL_FIELDS);
    };
  }

  /** Reads a frame; once its code is loaded, where that is missing, and with it the frames that follow meanwhile. */
  private readFrame(decoder: StreamDecoder, frame: Frame): void {
    if (this.waiting !== undefined) {
      this.waiting.push({ ...frame });
      return;
    }
    try {
      decoder.frame(frame);
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      this.waiting = [{ ...frame }];
      this.whenLoaded(error, () => this.readWaiting(decoder));
    }
  }

  private readWaiting(decoder: StreamDecoder): void {
    const frames = this.waiting ?? [];
    this.waiting = undefined;
    for (const frame of frames) this.readFrame(decoder, frame);
    // The code of another one may be missing now.
    if (this.waiting !== undefined) return;
    if (!this.endsLater) this.noteEnding();
    else if (!this.parts.run.over) decoder.end();
  }

  /** Repeats a step once the code that it needs is loaded, unless the call has ended by then. */
  private whenLoaded(missing: NotLoaded, step: () => void): void {
    missing.load().then(
      () => {
        if (!this.parts.run.over) this.guard(step);
      },
      (error: unknown) => {
        if (!this.done) this.stop();
        this.failDecoding(error);
      },
    );
  }

  private hold(characters: number): void {
    this.held += characters;
    if (this.held > LIMITS.heldCharacters && !this.parts.run.over)
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

  /** The context with the time of the reply, from which its delays count. */
  private contextNow(): ReplyContext {
    const { target, call } = this.parts;
    return { ...this.parts, target: { ...target, now: call.context.clock.now() } };
  }

  /** Decodes a whole body, now or once the code for it is loaded. */
  private decodeBody(body: string): void {
    try {
      this.readBody(body);
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      this.whenLoaded(error, () => this.decodeBody(body));
    }
  }

  private readBody(body: string): void {
    const { run, call } = this.parts;
    const { status, headers } = this;
    const reply: HttpReply = this.binary
      ? { status, headers, body, encoding: "base64" }
      : { status, headers, body };
    if (!this.succeeded) {
      const given = replyErrors.get().errorOfReply(reply, this.contextNow());
      const error = (call.laws as KindLaws).explain?.(given, call.request, this.parts.target) ?? given;
      if (error.code === "AUTH_FAILED") this.successor = this.parts.resend?.(error);
      if (this.successor === undefined) run.fail(error);
      return;
    }
    if (call.context.includeRaw) run.raw = tryParse(body);
    try {
      run.reply(decodeReply(this.parts, reply));
    } catch (error) {
      if (error instanceof NotLoaded) throw error;
      const { withReplyFacts } = replyErrors.get();
      run.fail(withReplyFacts(AiLibError.from(error, "INVALID_RESPONSE"), reply, this.contextNow()));
    }
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

/** Decodes a whole reply by the kind of its call. */
function decodeReply(
  { half, codec, call, target, replyTools, names }: ExchangeParts,
  reply: HttpReply,
): ReplyOf {
  if (codec !== undefined) return codec.decode(reply, target, call.request);
  const decoded = half.decode(reply, target);
  return replyTools !== undefined && hasTools(call)
    ? replyTools.withOwnCalls(decoded, { request: call.request, names })
    : decoded;
}

/** Whether the answer may call tools of the caller. A history may hold tools that the request no longer has. */
export function hasTools(call: Call): call is Call<"chat"> {
  return call.kind === "chat" && call.request.tools !== undefined;
}
