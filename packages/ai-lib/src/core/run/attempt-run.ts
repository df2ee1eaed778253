import type { Call } from "../contract/call.js";
import { randomId } from "../contract/clock.js";
import type { EventSink, Flow, PartSink } from "../contract/sink.js";
import { AiLibError } from "../errors/error.js";
import { buildResponse, Fold, type MutableResponse, type ReplyFrame } from "../kinds/chat/fold.js";
import { estimate, modelOf } from "../kinds/chat/needs.js";
import { replayEvents } from "../kinds/chat/replay.js";
import { type ChatEvent, isContent } from "../values/chat-event.js";
import type { ChatResponse, EndFacts, RateLimits, Reply } from "../values/chat-response.js";
import type { Attempt, LeafFacts } from "./attempt.js";
import { AttemptRecord } from "./attempt-record.js";
import { AttemptTimer } from "./attempt-timer.js";

/** Warnings that wait for an answer's start; after so many the answer is made to start. */
const MAX_EARLY_WARNINGS = 64;

/** One running attempt: the sink of its leaf, the flow of its caller, the fold between them. */
export class AttemptRun implements PartSink, Flow, ReplyFrame {
  /** Headers of this attempt: the call's, and what observers add (trace context). */
  readonly headers: Record<string, string>;
  readonly provider: string;
  /** The model asked for. A leaf that resolves a default sets it. */
  model: string;
  readonly attempts: readonly Attempt[];
  /** Rate limits that the reply's headers told; set by the leaf. */
  rateLimits: RateLimits | undefined;
  /** The reply's body, kept by the leaf where the call asked for it. */
  raw: unknown;

  private readonly record: AttemptRecord;
  private readonly timer: AttemptTimer;
  private readonly fold = new Fold();
  private readonly streaming: boolean;
  private flow: Flow | undefined;
  private started = false;
  /** Warnings that came before the start. */
  private readonly early: ChatEvent[] = [];
  private committed = false;
  private ended = false;
  private paused = false;
  private lastChunk = 0;
  private readonly chunk: ((attempt: Attempt, sinceLastMs: number) => void) | undefined;

  constructor(
    leaf: LeafFacts,
    private readonly call: Call,
    private readonly sink: EventSink,
  ) {
    const { context } = call;
    this.headers = { ...context.headers };
    this.provider = leaf.target.provider;
    this.model = modelOf(call) ?? leaf.target.model ?? "";
    this.attempts = context.attempts;
    this.streaming = call.mode === "stream";
    this.record = new AttemptRecord(leaf, call, this.model);
    this.timer = new AttemptTimer(context, this.record.attempt.startedAt, this);
    const { observer } = context;
    this.chunk = observer?.chunk === undefined ? undefined : (attempt, ms) => observer.chunk?.(attempt, ms);
  }

  /** The attempt has ended; whatever else comes is ignored. */
  get over(): boolean {
    return this.ended;
  }

  /** Begins the leaf's work. Called once, by {@link openAttempt}. */
  begin(start: (run: AttemptRun) => Flow): void {
    this.record.begin(this.headers);
    this.timer.arm();
    try {
      const flow = start(this);
      this.flow = flow;
      if (this.ended) flow.abort();
      else if (this.paused) flow.pause();
    } catch (error) {
      queueMicrotask(() => this.fail(AiLibError.from(error)));
    }
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

  event(event: ChatEvent): void {
    if (this.ended) return;
    try {
      this.fold.add(event);
    } catch (error) {
      const { flow } = this;
      this.fail(AiLibError.from(error));
      flow?.abort();
      return;
    }
    if (!this.started) {
      if (!this.start(event)) return;
    } else if (event.type === "start") return;
    if (!this.committed) {
      if (isContent(event)) this.commit();
    } else if (this.chunk !== undefined && isContent(event)) this.measure(this.chunk);
    if (this.streaming) this.sink.event(event);
  }

  /** The start comes before anything else: warnings wait for it. @returns whether the event is still to be passed on */
  private start(event: ChatEvent): boolean {
    if (event.type === "warning" && this.early.length < MAX_EARLY_WARNINGS) {
      this.early.push(event);
      return false;
    }
    this.started = true;
    const waiting = this.early.splice(0);
    if (!this.streaming) return true;
    this.sink.event(event.type === "start" ? event : this.startEvent());
    for (const warning of waiting) if (!this.ended) this.sink.event(warning);
    return !this.ended && event.type !== "start";
  }

  finish(facts: EndFacts): void {
    if (this.ended) return;
    for (const index of this.fold.open()) this.event({ type: "part-end", index });
    if (this.ended) return;
    let response: MutableResponse;
    try {
      response = this.fold.build(facts, this);
    } catch (error) {
      this.fail(AiLibError.from(error));
      return;
    }
    this.complete(response);
  }

  /** Ends with a reply that came whole; in a streaming call its events are made from it. */
  reply(reply: Reply): void {
    if (this.ended) return;
    for (const warning of reply.warnings ?? []) this.event({ type: "warning", warning });
    if (this.streaming) {
      for (const event of replayEvents(reply.content, { ...reply.facts, provider: this.provider }))
        this.event(event);
    }
    if (this.ended) return;
    this.complete(buildResponse(reply.content, reply.facts, this.fold.warnings, this));
  }

  /** Ends with a response that the leaf built itself. */
  respond(built: ChatResponse): void {
    if (!this.ended) this.complete({ ...built, attempts: this.attempts });
  }

  /** Adds what the attempt knows to a response that nobody else holds yet, and ends with it. */
  private complete(response: MutableResponse): void {
    if (this.streaming && !this.started) this.event(this.startEvent());
    if (this.ended) return;
    const cost = response.cost ?? this.record.cost(response.usage, response.model);
    if (cost !== undefined) response.cost = cost;
    if (this.rateLimits !== undefined) response.rateLimits = this.rateLimits;
    if (this.raw !== undefined) response.raw = this.raw as ChatResponse["raw"] & object;
    if (!this.committed) this.commit();
    this.settle();
    this.record.answered(response);
    this.sink.finish(response);
  }

  fail(error: AiLibError): void {
    if (this.ended) return;
    const partial = error.partial ?? (this.committed ? this.fold.partial(this) : undefined);
    const told = error.with({
      target: error.target ?? this.record.attempt.target,
      attempts: this.attempts,
      committed: error.committed || (this.streaming && this.committed),
      partial,
    });
    this.settle();
    this.record.failed(told, partial);
    this.sink.fail(told);
  }

  /** @see AttemptTimer */
  timedOut(error: AiLibError): void {
    const { flow } = this;
    this.fail(error);
    flow?.abort();
  }

  pause(): void {
    this.paused = true;
    this.timer.pause();
    if (!this.ended) this.flow?.pause();
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.timer.resume();
    if (!this.ended) this.flow?.resume();
  }

  abort(reason?: unknown): ChatResponse | undefined {
    if (this.ended) return undefined;
    const partial = this.committed ? this.fold.partial(this) : undefined;
    this.settle();
    // The prompt was sent, and most vendors bill it although nobody waited for the answer.
    const usage = partial?.usage ?? { inputTokens: this.estimateInput(), outputTokens: 0 };
    const cost = this.record.cost(usage, partial?.model ?? this.model);
    this.record.cancelled({ usage, usageStatus: partial?.usageStatus ?? "estimated", cost });
    this.flow?.abort(reason);
    this.record.tellCancelled();
    return partial;
  }

  /** @see ReplyFrame */
  get id(): string {
    return randomId(this.call.context.random);
  }

  /** @see ReplyFrame */
  estimateInput(): number {
    return estimate(this.call).inputTokens;
  }

  private startEvent(): ChatEvent {
    return { type: "start", provider: this.provider, ...(this.model === "" ? {} : { model: this.model }) };
  }

  private commit(): void {
    this.committed = true;
    const now = this.call.context.clock.now();
    this.lastChunk = now;
    this.record.firstContent(now);
    this.timer.commit(now, this.streaming);
  }

  private measure(chunk: (attempt: Attempt, sinceLastMs: number) => void): void {
    const now = this.call.context.clock.now();
    try {
      chunk(this.record.attempt, now - this.lastChunk);
    } catch {
      // An observer's fault is its own.
    }
    this.lastChunk = now;
  }

  private settle(): void {
    this.ended = true;
    this.timer.stop();
  }
}
