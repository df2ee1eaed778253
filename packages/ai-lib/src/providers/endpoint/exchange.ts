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
import type { Framer } from "../../wire/framer.js";
import { type BufferedText, bodyFramer, bufferedText } from "../../wire/framing.js";
import { rateLimits } from "../../wire/rate-limits.js";
import { errorOfReply, type ReplyContext, withoutSecrets, withReplyFacts } from "./errors.js";

/** Bytes that an error reply may have. */
const MAX_ERROR_BYTES = 1024 * 1024;

/** Milliseconds that a body may go on after its answer has ended, before the connection is closed on it. */
const LINGER_MS = 250;

/** What one exchange is made of. */
export interface ExchangeParts extends ReplyContext {
  readonly run: AttemptRun<Kind>;
  readonly call: Call;
  readonly transport: Transport;
  readonly request: TransportRequest;
}

/** One request and its reply: bytes in, parts out. The join of a transport, a framing and a dialect. */
export class Exchange implements TransportSink, Flow {
  private readonly flow: Flow;
  private status = 0;
  private headers: Readonly<Record<string, string>> = {};
  private frames: Framer | undefined;
  private decoder: StreamDecoder | undefined;
  private body: BufferedText | undefined;
  private done = false;
  private cancelLinger: (() => void) | undefined;

  constructor(private readonly parts: ExchangeParts) {
    this.flow = parts.transport.open(parts.request, this);
  }

  head(status: number, headers: Readonly<Record<string, string>>): void {
    this.status = status;
    this.headers = headers;
    const { run, call } = this.parts;
    run.touch();
    const limits = rateLimits(headers, call.context.clock.now());
    if (limits !== undefined) run.rateLimits = limits;
    if (!this.ok()) this.body = bufferedText(MAX_ERROR_BYTES);
    else if (call.mode === "unary") this.body = bufferedText();
    else this.begin();
  }

  data(chunk: Uint8Array): void {
    if (this.done || chunk.length === 0) return;
    const { run } = this.parts;
    run.touch();
    try {
      if (this.frames !== undefined) this.frames.push(chunk);
      else this.body?.push(chunk);
    } catch (error) {
      this.finish();
      this.flow.abort();
      run.fail(withoutSecrets(AiLibError.from(error, "INVALID_RESPONSE"), this.parts.secrets));
      return;
    }
    if (run.over && this.cancelLinger === undefined)
      this.cancelLinger = this.parts.call.context.clock.after(LINGER_MS, () => this.abort());
  }

  end(): void {
    if (this.done) return;
    this.finish();
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
    this.finish();
    // A dialect whose terminator had come has a whole answer; any other stream was cut, and its decoder says so.
    if (this.decoder !== undefined) this.decoder.end();
    else this.parts.run.fail(withoutSecrets(error, this.parts.secrets));
  }

  pause(): void {
    if (!this.done) this.flow.pause();
  }

  resume(): void {
    if (!this.done) this.flow.resume();
  }

  abort(reason?: unknown): undefined {
    if (this.done) return;
    this.finish();
    this.flow.abort(reason);
  }

  private ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  private finish(): void {
    this.done = true;
    this.cancelLinger?.();
  }

  /** A stream is due: frames go to the decoder, and a whole reply that came all the same is decoded as one. */
  private begin(): void {
    const { half, run, target, call } = this.parts;
    const decoder = half.decoder(target, run as unknown as AttemptRun);
    this.decoder = decoder;
    this.frames = bodyFramer(this.headers["content-type"], half.framing, {
      frame: call.context.includeRaw ? this.kept(decoder) : (frame) => decoder.frame(frame),
      whole: (_kind, body) => this.whole(body),
    });
  }

  /** Hands frames on and keeps their payloads, for a call that asked for the raw body. */
  private kept(decoder: StreamDecoder): (frame: Frame) => void {
    const payloads: unknown[] = [];
    this.parts.run.raw = payloads;
    return (frame) => {
      payloads.push(tryParse(frame.data) ?? frame.data);
      decoder.frame(frame);
    };
  }

  /** The context with the time at which the reply came: what it says of waiting counts from then. */
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
