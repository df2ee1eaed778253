import type { Call } from "../../core/contract/call.js";
import type { ClientHalf, DialectTarget, KindCodec, StreamDecoder } from "../../core/contract/dialect.js";
import type { Flow } from "../../core/contract/sink.js";
import type {
  Frame,
  HttpReply,
  Transport,
  TransportRequest,
  TransportSink,
} from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import type { AttemptRun } from "../../core/run/attempt.js";
import { tryParse } from "../../core/values/json.js";
import type { Kind, ReplyOf } from "../../core/values/kinds.js";
import { requestIdOf } from "../../core/values/request-id.js";
import type { Framer } from "../../wire/framer.js";
import { type BufferedText, bodyFramer, bufferedText } from "../../wire/framing.js";
import { rateLimits } from "../../wire/rate-limits.js";
import { errorOfReply, type ReplyContext, withoutSecrets, withReplyFacts } from "./errors.js";

/** Bytes of an error reply that are read; a page of errors may be longer, and its start says what it is. */
const MAX_ERROR_BYTES = 1024 * 1024;

/** Milliseconds for the body of an error reply: the status alone classifies it where the body does not arrive. */
const ERROR_BODY_MS = 2_000;

/** Milliseconds that are waited for a terminator, once finish reason and usage have arrived. */
const ENDING_MS = 250;

/** Milliseconds that are waited for a terminator, once a finish reason alone has arrived. */
const REASON_MS = 1_000;

/** Milliseconds that a body is read on after its answer has ended, so that its connection can be used again. */
const DRAIN_MS = 1_000;

/** What one exchange is made of. */
export interface ExchangeParts extends ReplyContext {
  readonly run: AttemptRun<Kind>;
  readonly call: Call;
  readonly transport: Transport;
  readonly request: TransportRequest;
}

/** Sends one request and reads its reply: the flow of the exchange. */
export function openExchange(parts: ExchangeParts): Flow {
  const exchange = new Exchange(parts);
  exchange.begin();
  return exchange;
}

/** One request and its reply: bytes in, parts out. The join of a transport, a framing and a dialect. */
class Exchange implements TransportSink, Flow {
  private flow: Flow | undefined;
  private status = 0;
  private headers: Readonly<Record<string, string>> = {};
  private frames: Framer | undefined;
  private decoder: StreamDecoder | undefined;
  private body: BufferedText | undefined;
  private errorBytes = 0;
  private done = false;
  /** How far the answer's ending was known when {@link cancelTimer} was set. */
  private ending: StreamDecoder["finished"] | "drained";
  private cancelTimer: (() => void) | undefined;

  constructor(private readonly parts: ExchangeParts) {}

  begin(): void {
    const { transport, request } = this.parts;
    this.flow = transport.open(request, this);
  }

  head(status: number, headers: Readonly<Record<string, string>>): void {
    this.status = status;
    this.headers = headers;
    const { run, call } = this.parts;
    run.touch();
    const limits = rateLimits(headers, call.context.clock.now());
    if (limits !== undefined) run.rateLimits = limits;
    run.replied(requestIdOf(headers), headers);
    if (!this.ok()) {
      this.body = bufferedText(MAX_ERROR_BYTES);
      this.after(ERROR_BODY_MS, () => this.cutError());
    } else if (call.mode === "unary") this.body = bufferedText();
    else this.stream();
  }

  data(chunk: Uint8Array): void {
    if (this.done || chunk.length === 0) return;
    const { run } = this.parts;
    if (!this.ok()) {
      this.errorData(chunk);
      return;
    }
    run.touch();
    try {
      if (this.frames !== undefined) this.frames.push(chunk);
      else this.body?.push(chunk);
    } catch (error) {
      this.stop();
      run.fail(withoutSecrets(AiLibError.from(error, "INVALID_RESPONSE"), this.parts.secrets));
      return;
    }
    if (run.over) {
      if (this.ending !== "drained") this.drain();
    } else if (this.decoder?.finished !== undefined && this.decoder.finished !== this.ending)
      this.awaitEnding();
  }

  end(): void {
    if (this.done) return;
    this.close();
    const { run, secrets } = this.parts;
    try {
      this.frames?.end();
      if (this.body !== undefined) this.whole(this.body.end());
      else if (!run.over) this.decoder?.end();
    } catch (error) {
      run.fail(withoutSecrets(AiLibError.from(error, "INVALID_RESPONSE"), secrets));
    }
  }

  fail(error: AiLibError): void {
    if (this.done) return;
    // The status of an error counts although its body was cut.
    if (this.body !== undefined && !this.ok() && this.status !== 0) {
      this.end();
      return;
    }
    this.close();
    const { run, secrets } = this.parts;
    const { decoder } = this;
    try {
      // A dialect whose terminator has arrived has a whole answer; any other stream was cut, and its decoder says so.
      if (decoder !== undefined) decoder.end();
      else run.fail(withoutSecrets(error, secrets));
    } catch (thrown) {
      run.fail(withoutSecrets(AiLibError.from(thrown, "INVALID_RESPONSE"), secrets));
    }
  }

  pause(): void {
    if (!this.done) this.flow?.pause();
  }

  resume(): void {
    if (!this.done) this.flow?.resume();
  }

  abort(reason?: unknown): undefined {
    if (this.done) return;
    this.close();
    this.flow?.abort(reason);
  }

  private ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  /** Nothing more is read. */
  private close(): void {
    this.done = true;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private stop(): void {
    this.close();
    this.flow?.abort();
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
  private awaitEnding(): void {
    const ending = this.decoder?.finished;
    this.ending = ending;
    if (ending === undefined) return;
    this.after(ending === "whole" ? ENDING_MS : REASON_MS, () => {
      const { run, secrets } = this.parts;
      try {
        this.decoder?.settle?.();
      } catch (error) {
        run.fail(withoutSecrets(AiLibError.from(error, "INVALID_RESPONSE"), secrets));
      }
      this.drain();
    });
  }

  /** The start of an error's body says what it is; the rest is not read. */
  private errorData(chunk: Uint8Array): void {
    const room = MAX_ERROR_BYTES - this.errorBytes;
    this.errorBytes += chunk.length;
    this.body?.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
    if (chunk.length >= room) this.cutError();
  }

  /** Ends an error reply whose body did not end. */
  private cutError(): void {
    if (this.done) return;
    this.stop();
    this.whole(this.body?.end() ?? "");
  }

  /** A stream is due: frames go to the decoder, and a whole reply that arrives instead is decoded as one. */
  private stream(): void {
    const { half, run, target, call } = this.parts;
    const decoder = half.decoder(target, run as unknown as AttemptRun);
    this.decoder = decoder;
    this.frames = bodyFramer(this.headers["content-type"], half.framing, {
      frame: call.context.includeRaw ? this.recorded(decoder) : (frame) => decoder.frame(frame),
      whole: (_kind, body) => this.whole(body),
    });
  }

  /** Passes frames on and records their payloads, for a call that asked for the raw body. */
  private recorded(decoder: StreamDecoder): (frame: Frame) => void {
    const payloads: unknown[] = [];
    this.parts.run.raw = payloads;
    return (frame) => {
      payloads.push(tryParse(frame.data) ?? frame.data);
      decoder.frame(frame);
    };
  }

  /** The context with the time at which the reply arrived: a time to wait counts from then. */
  private now(): ReplyContext {
    const { target, call } = this.parts;
    return { ...this.parts, target: { ...target, now: call.context.clock.now() } };
  }

  private whole(body: string): void {
    const { run, half, target, call } = this.parts;
    const reply: HttpReply = { status: this.status, headers: this.headers, body };
    if (!this.ok()) {
      run.fail(errorOfReply(reply, this.now()));
      return;
    }
    if (call.context.includeRaw) run.raw = tryParse(body);
    try {
      run.reply(decodeReply(half, call, reply, target));
    } catch (error) {
      run.fail(withReplyFacts(AiLibError.from(error, "INVALID_RESPONSE"), reply, this.now()));
    }
  }
}

/** A whole reply by its call's kind; `encode` has refused kinds that the dialect lacks. */
function decodeReply(half: ClientHalf, call: Call, reply: HttpReply, target: DialectTarget): ReplyOf {
  if (call.kind === "chat") return half.decode(reply, target);
  const codec = half.kinds?.[call.kind] as KindCodec<Kind> | undefined;
  return codec?.decode(reply, target, call.request) as ReplyOf;
}
