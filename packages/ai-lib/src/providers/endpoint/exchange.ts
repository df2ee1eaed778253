import { abortFlow, pauseFlow, resumeFlow } from "../../core/contract/flows.js";
import type { Flow } from "../../core/contract/sink.js";
import type { HttpReply, TransportSink } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { NotLoaded, OnDemand } from "../../core/errors/on-demand.js";
import type { KindLaws } from "../../core/kinds/laws.js";
import { openedFlow } from "../../core/run/member.js";
import { tryParse } from "../../core/values/json.js";
import type { ReplyOf } from "../../core/values/kinds.js";
import { LIMITS } from "../../core/values/limits.js";
import { requestIdOf } from "../../core/values/request-id.js";
import { type BufferedText, bufferedBytes, bufferedText, isBinary } from "../../wire/body.js";
import type { ReplyContext } from "./errors.js";
import type { ExchangeParts } from "./exchange-parts.js";
import { hasTools } from "./has-tools.js";
import type { ReplyStream, StreamExchange } from "./reply-stream.js";

/** Time in milliseconds for the body of an error reply. Without a body the status alone classifies the error. */
const ERROR_BODY_MS = 2_000;

/** Time in milliseconds to read on after the end of an answer, so that its connection can be used again. */
const DRAIN_MS = 1_000;

/** What a transport did that breaks its rules. */
const NO_HEAD = "The transport ended a reply without a status";

/** What makes errors of replies, which few calls need. */
export const replyErrors = new OnDemand("errors", () =>
  import("./errors.js").then(({ replyErrorReaders }) => replyErrorReaders),
);

/** What reads the rate limits in the headers of replies. */
export const limitReader = new OnDemand("rate limits", () =>
  import("../../wire/rate-limits.js").then(({ rateLimits }) => rateLimits),
);

/** What reads streamed replies. A call that asks for a stream loads it before anything is sent. */
export const replyStreams = new OnDemand("streams", async () => {
  // The head of a stream names the limits, and the rest does not wait for code.
  const [{ openReplyStream }] = await Promise.all([import("./reply-stream.js"), limitReader.ready()]);
  return openReplyStream;
});

/** Sends a request and decodes its reply into an attempt. */
export function openExchange(parts: ExchangeParts): Flow {
  const exchange = new Exchange(parts);
  exchange.open();
  return exchange;
}

/** One request and its reply. Connects a transport, a framing and a dialect: takes bytes and emits parts. */
class Exchange implements TransportSink, Flow, StreamExchange {
  /** Set when {@link open} has returned; a transport calls its sink only after that. */
  private flow: Flow | undefined;
  /** The exchange that repeats this one with a new token. */
  private successor: Flow | undefined;
  private status = 0;
  /** The status is one of success. */
  private succeeded = false;
  headers: Readonly<Record<string, string>> = {};
  /** The body of a streamed reply. */
  private stream: ReplyStream | undefined;
  /** Any other body. */
  private body: BufferedText | undefined;
  /** The body is bytes, which dialects get as base64. */
  private binary = false;
  private errorBytes = 0;
  /** When the head arrived, in epoch milliseconds, if its rate limits are still to be read. */
  private limitsFrom: number | undefined;
  private done = false;
  /** The answer has ended and its connection has not. */
  private draining = false;
  private cancelTimer: (() => void) | undefined;

  constructor(readonly parts: ExchangeParts) {}

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
    this.readLimits();
    run.replied(requestIdOf(headers), headers);
    if (this.succeeded) run.tap?.head(status, headers);
    if (!this.succeeded) {
      this.body = bufferedText(LIMITS.errorBytes);
      this.after(ERROR_BODY_MS, () => this.cutError());
      return;
    }
    if (call.mode === "stream") this.stream = replyStreams.get()(this);
    if (this.stream === undefined) this.buffer();
  }

  /** Reads the rate limits. Where the code for them is not loaded, {@link decodeBody} loads it. */
  private readLimits(): void {
    const { run, call } = this.parts;
    const read = limitReader.loaded;
    if (read === undefined) {
      this.limitsFrom = hasLimits(this.headers) ? call.context.clock.now() : undefined;
      return;
    }
    const limits = read(this.headers, call.context.clock);
    if (limits !== undefined) run.rateLimits = limits;
  }

  /** Reads the rate limits that {@link readLimits} left. @throws {NotLoaded} */
  private readLeftLimits(): void {
    const from = this.limitsFrom;
    if (from === undefined) return;
    const limits = limitReader.get()(this.headers, { now: () => from });
    this.limitsFrom = undefined;
    if (limits !== undefined) this.parts.run.rateLimits = limits;
  }

  /** Collects a body that is read whole. */
  private buffer(): void {
    this.binary = this.parts.call.kind !== "chat" && isBinary(this.headers);
    this.body = this.binary ? bufferedBytes() : bufferedText();
  }

  data(chunk: Uint8Array): void {
    if (this.done || chunk.length === 0) return;
    const { run } = this.parts;
    try {
      if (!this.succeeded) {
        this.errorData(chunk);
        return;
      }
      run.touch();
      if (this.stream !== undefined) this.stream.push(chunk);
      else {
        this.body?.push(chunk);
        run.tap?.data(chunk);
      }
    } catch (error) {
      this.stop();
      this.failDecoding(error);
      return;
    }
    if (run.over) this.drain();
  }

  end(): void {
    if (this.done) return;
    if (this.stream?.endsLaterBy(() => this.end()) === true) return;
    this.close();
    try {
      if (this.status === 0) throw new AiLibError({ code: "NETWORK_ERROR", message: NO_HEAD });
      if (this.body !== undefined) this.decodeBody(this.body.end());
      else this.stream?.end();
    } catch (error) {
      this.failDecoding(error);
    }
    this.parts.run.tap?.end();
  }

  /** @param given an error of the library; a transport of the user may pass any other value */
  fail(given: AiLibError): void {
    if (this.done) return;
    if (this.stream?.endsLaterBy(() => this.fail(given)) === true) return;
    const error = AiLibError.from(given, "NETWORK_ERROR");
    // The status of an error counts although its body was cut.
    if (this.body !== undefined && !this.succeeded && this.status !== 0) {
      this.end();
      return;
    }
    this.close();
    const { run } = this.parts;
    if (this.stream === undefined) run.fail(error);
    else this.stream.cut(error);
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

  /** @see StreamExchange.guard */
  guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.failDecoding(error);
    }
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

  /** @see StreamExchange.after */
  after(ms: number, run: () => void): void {
    this.cancelTimer?.();
    this.cancelTimer = this.parts.call.context.clock.after(ms, run);
  }

  /** @see StreamExchange.drain */
  drain(): void {
    if (this.draining) return;
    this.draining = true;
    this.after(DRAIN_MS, () => this.stop());
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

  /** @see StreamExchange.whenLoaded */
  whenLoaded(missing: NotLoaded, step: () => void): void {
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

  /** The context with the time of the reply, from which its delays count. */
  private contextNow(): ReplyContext {
    const { target, call } = this.parts;
    return { ...this.parts, target: { ...target, now: call.context.clock.now() } };
  }

  /** Decodes a whole body, now or once the code for it is loaded. */
  decodeBody(body: string): void {
    try {
      this.readBody(body);
    } catch (error) {
      if (!(error instanceof NotLoaded)) throw error;
      this.whenLoaded(error, () => this.decodeBody(body));
    }
  }

  private readBody(body: string): void {
    this.readLeftLimits();
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

/** Whether headers may name rate limits. */
function hasLimits(headers: Readonly<Record<string, string>>): boolean {
  for (const name in headers) if (name.includes("ratelimit-")) return true;
  return false;
}
