import type { Call } from "../contract/call.js";
import { estimate, modelOf, requirements } from "../contract/call-facts.js";
import { randomId } from "../contract/clock.js";
import { abortFlow, pauseFlow, resumeFlow } from "../contract/flows.js";
import { valueOr } from "../contract/guard.js";
import { observeChunk } from "../contract/observer.js";
import type { ReplyTap } from "../contract/original.js";
import {
  type EventTarget,
  eventTarget,
  type Flow,
  GUARDED,
  type PartSink,
  type Sink,
} from "../contract/sink.js";
import { AiLibError } from "../errors/error.js";
import { maskError } from "../errors/mask-error.js";
import type { Accumulator, KindLaws, ReplyFrame } from "../kinds/laws.js";
import type { AnswerFacts, Mutable, RateLimits, Warning } from "../values/answer.js";
import type { Attempt } from "../values/attempt.js";
import { withoutCookies } from "../values/cookies.js";
import { isObject } from "../values/json.js";
import type { EndOf, EventOf, Kind, ReplyOf, RequestOf, ResponseOf } from "../values/kinds.js";
import type { SecretMask } from "../values/secret-mask.js";
import type { Target } from "../values/target.js";
import { validUsage } from "../values/usage.js";
import { addWarning } from "../values/warning-list.js";
import { AttemptRecord, type LeafFacts } from "./attempt-record.js";
import { AttemptTimer } from "./attempt-timer.js";

/** Warnings that wait for an answer's start; after so many the answer is made to start. */
const MAX_EARLY_WARNINGS = 64;

/** One running attempt: the sink of its leaf, the flow of its caller, and the accumulator between them. */
export class AttemptRun<K extends Kind = "chat"> implements PartSink<K>, Flow<K>, ReplyFrame {
  /** Headers of this attempt: the call's, and what observers add (trace context). */
  readonly headers: Record<string, string>;
  readonly provider: string;
  /** The model asked for. A leaf that resolves a default sets it. */
  model: string;
  readonly attempts: readonly Attempt[];
  /** Rate limits from the reply's headers; set by the leaf. */
  rateLimits: RateLimits | undefined;
  /** The secrets of the request, which are masked in errors, warnings and headers of the reply; set by the leaf. */
  secrets: SecretMask | undefined;
  private requestId: string | undefined;
  private replyHeaders: Readonly<Record<string, string>> | undefined;
  /** The reply's body, kept by the leaf where the call asked for it. */
  raw: unknown;
  /** Takes the bytes of the reply, where the leaf sent those of a server's client; set by the leaf. */
  tap: ReplyTap | undefined;

  private readonly record: AttemptRecord;
  private readonly timer: AttemptTimer;
  private readonly laws: KindLaws<K>;
  /** Made for the first event: a whole reply needs none. */
  private accumulator: Accumulator<K> | undefined;
  private readonly streaming: boolean;
  private flow: Flow | undefined;
  /** Takes the events after the first content. */
  private target: EventTarget<K>;
  private started = false;
  /** Warnings that came before the start; made for the first one, as the next. */
  private early: EventOf<K>[] | undefined;
  /** Warnings that are no events: those of a reply that is read whole, or of a kind whose streams carry none. */
  private unstreamed: Warning[] | undefined;
  private committed = false;
  private ended = false;
  private paused = false;
  /** The leaf's `open` runs: what it reports before it has returned waits until then. */
  private opening = false;
  private lastChunk = 0;
  private readonly chunk: ((attempt: Attempt, sinceLastMs: number) => void) | undefined;

  constructor(
    private readonly leaf: LeafFacts,
    private readonly call: Call,
    private readonly sink: Sink<K>,
  ) {
    const { context } = call;
    this.target = sink;
    this.laws = call.laws as unknown as KindLaws<K>;
    this.headers = { ...context.headers };
    this.provider = leaf.target.provider;
    this.model = modelOf(call) ?? leaf.target.model ?? "";
    this.attempts = context.attempts;
    this.streaming = call.mode === "stream";
    this.record = new AttemptRecord(leaf, call, this.model);
    this.timer = new AttemptTimer(context, this.record.attempt.startedAt, this.streaming, this);
    const { observer } = context;
    this.chunk =
      observer?.chunk === undefined ? undefined : (attempt, ms) => observeChunk(observer, attempt, ms);
  }

  /** @see GUARDED */
  get [GUARDED](): true {
    return true;
  }

  /** The attempt has ended; whatever else comes is ignored. */
  get over(): boolean {
    return this.ended;
  }

  /** Whether texts that follow one another may be joined to one event: the call allows it, and nothing counts events. */
  get joinsTexts(): boolean {
    return this.call.context.joinsTexts === true && this.chunk === undefined;
  }

  /** When it began, in epoch milliseconds. */
  get startedAt(): number {
    return this.record.attempt.startedAt;
  }

  /** Begins the leaf's work. Called once, by `openAttempt`. */
  begin(start: (run: AttemptRun<K>) => Flow): void {
    this.record.begin(this.headers);
    this.timer.arm(this.startedAt);
    this.opening = true;
    try {
      const flow = start(this);
      this.flow = flow;
      if (this.ended) abortFlow(flow);
      else if (this.paused) pauseFlow(flow);
    } catch (error) {
      queueMicrotask(() => this.fail(AiLibError.from(error)));
    }
    this.opening = false;
  }

  /** Runs something after the leaf's `open` has returned. */
  private postpone(run: () => void): void {
    queueMicrotask(run);
  }

  /** The leaf resolved which model it asks for. */
  resolveModel(model: string): void {
    this.model = model;
    this.record.resolveModel(model);
  }

  /** Bytes came: the upstream is alive. Called for each read, not for each event. */
  touch(): void {
    this.timer.touch();
  }

  /** The head of the reply arrived; its id and headers go into the response. */
  replied(requestId: string | undefined, headers: Readonly<Record<string, string>>): void {
    this.requestId = requestId;
    this.replyHeaders = headers;
  }

  /** Never throws: what goes wrong with an event, here or in a layer above, ends the attempt. */
  event(given: EventOf<K>): void {
    if (this.ended) return;
    if (this.opening) {
      this.postponeEvent(given);
      return;
    }
    try {
      this.accept(given);
    } catch (error) {
      const { flow } = this;
      this.fail(AiLibError.from(error));
      abortFlow(flow);
    }
  }

  /** Apart from {@link event}, which would otherwise allocate a context for the closure at each call. */
  private postponeEvent(event: EventOf<K>): void {
    this.postpone(() => this.event(event));
  }

  private accept(given: EventOf<K>): void {
    const isContent = this.laws.isContent(given);
    const event = isContent ? given : this.withoutSecrets(given);
    this.accumulator ??= this.accumulate();
    this.accumulator.add(event);
    if (!this.started) {
      if (!this.start(event)) return;
    } else if (!isContent && this.isStart(event)) return;
    if (!this.committed) this.passEarly(event, isContent);
    else {
      if (isContent) {
        this.timer.progress();
        if (this.chunk !== undefined) this.measure(this.chunk);
      }
      if (this.streaming) this.target.event(event);
    }
  }

  /** Passes on the first content, or what comes before it. */
  private passEarly(event: EventOf<K>, isContent: boolean): void {
    if (isContent) this.commit(this.call.context.clock.now());
    if (!this.streaming) return;
    this.sink.event(event);
    if (isContent) this.target = eventTarget(this.sink);
  }

  /** A warning may quote what the provider sent; other events are the answer itself. */
  private withoutSecrets(event: EventOf<K>): EventOf<K> {
    const { secrets } = this;
    const { type, warning } = event as { readonly type?: unknown; readonly warning?: Warning };
    return type !== "warning" || warning === undefined || secrets === undefined
      ? event
      : { ...event, warning: maskWarning(warning, secrets) };
  }

  private isStart(event: EventOf<K>): boolean {
    return this.laws.recovery?.isStart(event) ?? false;
  }

  /** The start comes before anything else: warnings wait for it. @returns whether the event is still to be passed on */
  private start(event: EventOf<K>): boolean {
    const isStart = this.isStart(event);
    const waiting = this.early;
    if (
      !isStart &&
      (event as { readonly type?: unknown }).type === "warning" &&
      (waiting === undefined || waiting.length < MAX_EARLY_WARNINGS)
    ) {
      if (waiting === undefined) this.early = [event];
      else waiting.push(event);
      return false;
    }
    this.started = true;
    this.early = undefined;
    if (!this.streaming) return true;
    const opening = isStart ? event : this.startEvent();
    if (this.tap !== undefined) this.tap.opening = opening;
    if (opening !== undefined) this.sink.event(opening);
    if (waiting !== undefined) for (const warning of waiting) if (!this.ended) this.sink.event(warning);
    return !this.ended && !isStart;
  }

  finish(end: EndOf<K>): void {
    if (this.ended) return;
    if (this.opening) {
      this.postpone(() => this.finish(end));
      return;
    }
    try {
      const accumulator = this.accumulator ?? this.accumulate();
      for (const event of accumulator.closing()) this.event(event);
      this.warnOfDoubt(end);
      if (!this.ended) this.complete(accumulator.build(end, this));
    } catch (error) {
      this.fail(AiLibError.from(error));
    }
  }

  /** Warns of an ending that leaves it open whether the answer is whole; a strict call fails. */
  private warnOfDoubt(end: EndOf<K>): void {
    const doubt = this.streaming && !this.ended ? this.laws.doubtIn?.(end) : undefined;
    if (doubt === undefined) return;
    const message = `${this.provider} ${doubt}`;
    if (this.call.context.strict) this.fail(new AiLibError({ code: "STREAM_TRUNCATED", message }));
    else this.warn({ code: "other", message });
  }

  /** Ends with a reply that came whole; in a streaming call its events are made from it. */
  reply(reply: ReplyOf<K>): void {
    if (this.ended) return;
    const own = this.laws.warningsOf(reply);
    if (this.streaming) {
      for (const warning of own) this.warn(warning);
      for (const event of this.laws.replay(reply, this.provider)) this.event(event);
      if (this.ended) return;
    } else for (const warning of own) this.warn(warning);
    this.complete(this.laws.respond(reply, this.warnings(), this));
  }

  /** Adds a warning to the answer, and to the stream where the kind has one. */
  warn(warning: Warning): void {
    const event = this.streaming || this.accumulator !== undefined ? this.laws.warning?.(warning) : undefined;
    if (event !== undefined) this.event(event);
    else if (!this.ended) {
      this.unstreamed ??= [];
      addWarning(this.unstreamed, this.secrets === undefined ? warning : maskWarning(warning, this.secrets));
    }
  }

  /** Begins to collect events. Warnings that came before them are the first. */
  private accumulate(): Accumulator<K> {
    const accumulator = this.laws.accumulate();
    for (const warning of this.unstreamed ?? []) {
      const event = this.laws.warning?.(warning);
      if (event !== undefined) accumulator.add(event);
    }
    return accumulator;
  }

  private warnings(): readonly Warning[] {
    return this.accumulator?.warnings ?? this.unstreamed ?? [];
  }

  /** Ends with a response that the leaf built itself. */
  respond(built: ResponseOf<K>): void {
    if (this.ended) return;
    if (this.opening) this.postpone(() => this.respond(built));
    else if (isObject(built)) this.completeForeign({ ...built, attempts: this.attempts });
    else
      this.fail(
        new AiLibError({
          code: "INVALID_RESPONSE",
          message: `"${this.provider}" finished with ${typeof built} in place of a response`,
        }),
      );
  }

  /** Completes a response of the user's own, which may lack what its type promises. */
  private completeForeign(built: ResponseOf<K>): void {
    try {
      this.complete(built);
    } catch (error) {
      this.fail(AiLibError.from(error, "INVALID_RESPONSE"));
    }
  }

  /** Adds the facts of the attempt to a response that has no other reference yet, and ends with it. */
  private complete(whole: ResponseOf<K>): void {
    const built = this.laws.refine?.(whole, this.call.request as RequestOf<K>) ?? whole;
    const opening = this.streaming && !this.started ? this.startEvent() : undefined;
    if (opening !== undefined) this.event(opening);
    if (this.ended) return;
    const response: Mutable<AnswerFacts> = built;
    response.usage = validUsage(response.usage);
    const { serviceTier } = built as { readonly serviceTier?: string };
    const priced = response.cost ?? this.record.cost(response.usage, response.model, serviceTier);
    // Tokens that the provider does not report are estimated, since they are not free. Other billed units are counted.
    const cost = response.usageStatus === "unsupported" && priced === 0 ? undefined : priced;
    if (cost !== undefined) response.cost = cost;
    if (this.rateLimits !== undefined) response.rateLimits = this.rateLimits;
    this.addHead(response);
    if (this.raw !== undefined) response.raw = this.raw as AnswerFacts["raw"] & object;
    if (this.tap !== undefined) this.tap.response = built;
    const now = this.call.context.clock.now();
    if (!this.committed) this.commit(now);
    this.settle();
    this.record.answered(built, now);
    try {
      this.sink.finish(built);
    } catch (error) {
      this.breakOff(error);
    }
  }

  /** Adds the id and the headers of the reply, which may repeat those of the request. */
  private addHead(response: Mutable<AnswerFacts>): void {
    const { requestId, replyHeaders, secrets } = this;
    if (requestId !== undefined) response.requestId = secrets?.piece(requestId) ?? requestId;
    if (replyHeaders === undefined) return;
    const headers = withoutCookies(replyHeaders);
    response.headers = secrets?.headers(headers) ?? headers;
  }

  /** Never throws. @param given an error of the library; code of the user may pass any other value */
  fail(given: AiLibError): void {
    if (this.ended) return;
    if (this.opening) {
      this.postpone(() => this.fail(given));
      return;
    }
    const known = AiLibError.from(given);
    const error = this.secrets === undefined ? known : maskError(known, this.secrets);
    const partial = (error.partial as ResponseOf<K> | undefined) ?? this.partial();
    const reported = error.with({
      target: this.targetOf(error),
      attempts: this.attempts,
      committed: error.committed || (this.streaming && this.committed),
      partial,
    });
    this.settle();
    this.record.failed(reported, partial);
    try {
      this.sink.fail(reported);
    } catch (thrown) {
      this.breakOff(thrown);
    }
  }

  /** A layer above threw at the ending and did not pass it on: ends the outermost call. */
  private breakOff(error: unknown): void {
    this.call.context.outermost?.breakOff(AiLibError.from(error, "CONFIG_ERROR"));
  }

  /** A dialect knows provider and model alone; key, account and region are the attempt's. */
  private targetOf({ target }: AiLibError): Target {
    const own = this.record.attempt.target;
    if (target === undefined) return own;
    return target.provider === own.provider ? { ...own, ...target } : target;
  }

  /** @see AttemptTimer */
  mayLeave(): boolean {
    const { call, leaf } = this;
    // Functions of the user take part, and a timer asks.
    return valueOr(false, () => {
      if (call.alternatives?.untried() !== true) return false;
      if (leaf.headFirst === true) return true;
      if (requirements(call).reasoning) return false;
      return leaf.provider.facts?.(this.model === "" ? undefined : this.model)?.reasoning !== true;
    });
  }

  /** @see AttemptTimer */
  timedOut(error: AiLibError): void {
    const { flow } = this;
    this.fail(error);
    abortFlow(flow);
  }

  pause(): void {
    this.paused = true;
    this.timer.pause();
    if (!this.ended) pauseFlow(this.flow);
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.timer.resume();
    if (!this.ended) resumeFlow(this.flow);
  }

  abort(reason?: unknown): ResponseOf<K> | undefined {
    if (this.ended) return undefined;
    const partial = this.partial();
    this.settle();
    // The prompt was sent, and most vendors bill it even if the answer was not read.
    const usage = partial?.usage ??
      this.accumulator?.usage ?? { inputTokens: this.estimateInput(), outputTokens: 0 };
    const cost = this.record.cost(usage, partial?.model ?? this.model);
    this.record.cancelled({ usage, usageStatus: partial?.usageStatus ?? "estimated", cost });
    abortFlow(this.flow, reason);
    this.record.tellCancelled();
    return partial;
  }

  /** Size of the content so far; see {@link Accumulator.size}. */
  get size(): number {
    return this.accumulator?.size ?? 0;
  }

  /** @see ReplyFrame */
  get id(): string {
    return randomId(this.call.context.random);
  }

  /** @see ReplyFrame */
  estimateInput(): number {
    return estimate(this.call).inputTokens;
  }

  private startEvent(): EventOf<K> | undefined {
    return this.laws.start?.({
      provider: this.provider,
      ...(this.model === "" ? {} : { model: this.model }),
    });
  }

  private partial(): ResponseOf<K> | undefined {
    if (!this.committed) return undefined;
    try {
      return this.accumulator?.partial(this);
    } catch {
      // What has arrived cannot be expressed as a response; the ending counts, not its extras.
      return undefined;
    }
  }

  private commit(now: number): void {
    this.committed = true;
    this.lastChunk = now;
    this.record.firstContent(now);
    this.timer.commit(now);
  }

  private measure(chunk: (attempt: Attempt, sinceLastMs: number) => void): void {
    const now = this.call.context.clock.now();
    chunk(this.record.attempt, now - this.lastChunk);
    this.lastChunk = now;
  }

  private settle(): void {
    this.ended = true;
    this.timer.stop();
  }
}

function maskWarning(warning: Warning, secrets: SecretMask): Warning {
  const message = secrets.text(warning.message);
  return message === warning.message ? warning : { ...warning, message };
}
