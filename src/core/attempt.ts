import { refusalOf } from "./again.js";
import type { Call } from "./call.js";
import { randomId } from "./clock.js";
import { AiLibError } from "./error.js";
import { type ChatEvent, isContent } from "./event.js";
import { buildResponse, Fold, type MutableResponse, type ReplyFrame } from "./fold.js";
import type { Price } from "./model.js";
import { estimate, modelOf } from "./needs.js";
import { observe } from "./observer.js";
import { costOf } from "./price.js";
import type { ChatProvider, Target } from "./provider.js";
import type { ErrorCode, ErrorScope, TimeoutPhase } from "./reaction.js";
import { eventsOf } from "./replay.js";
import type { ChatResponse, EndFacts, RateLimits, Reply } from "./response.js";
import { type EventSink, type Flow, failLater, type PartSink } from "./sink.js";
import type { Usage, UsageStatus } from "./usage.js";

/** One call of a leaf, or a member that was passed over. Plain data; times are epoch milliseconds. */
export interface Attempt {
  readonly target: Target;
  /** `running` until it ends; `skipped` for a member that was passed over, which counts as no attempt. */
  readonly outcome: "running" | "success" | "error" | "cancelled" | "skipped";
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Time to first content, in milliseconds from `startedAt`. */
  readonly firstContentMs?: number;
  readonly code?: ErrorCode;
  readonly scope?: ErrorScope;
  readonly status?: number;
  /** The error's message, or why the member was passed over. */
  readonly message?: string;
  /** When the provider said to come back, in epoch milliseconds. */
  readonly retryAt?: number;
  /** Milliseconds waited before this attempt, and why. */
  readonly waitMs?: number;
  readonly waitReason?: string;
  readonly usage?: Usage;
  readonly usageStatus?: UsageStatus;
  /** US dollars, where the price is known. */
  readonly cost?: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Notes in the trail that a member was passed over. */
export function skipAttempt(call: Call, target: Target, message: string): void {
  const now = call.context.clock.now();
  call.context.attempts.push({ target, outcome: "skipped", startedAt: now, endedAt: now, message });
}

/** The host and port that an attempt's request goes to. */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

/** Warnings that wait for an answer's start; after so many the answer is made to start. */
const MAX_EARLY_WARNINGS = 64;

/** What a leaf tells of itself. */
export interface LeafFacts {
  readonly target: Target;
  /** The leaf itself, by which it is told from others of the same target. */
  readonly provider: ChatProvider;
  /** The price of a model, where it is known without I/O. */
  price?(model: string): Price | undefined;
  /**
   * US dollars for some usage of a model, where `price` knows none: a catalogue's tiers and times of day.
   * @param at epoch milliseconds of the attempt
   */
  cost?(model: string, usage: Usage, at: number): number | undefined;
  /** Where its requests go, for observers. */
  readonly server?: ServerAddress | undefined;
}

/**
 * Runs one attempt: spends the budget, keeps the record, owns the timeouts of first content, idleness and the
 * attempt, folds what comes, and ends once. Every leaf goes through here, users' own included.
 * @param start begins the leaf's work and returns its handle; what it throws is the attempt's error.
 */
export function openAttempt(
  leaf: LeafFacts,
  call: Call,
  sink: EventSink,
  start: (run: AttemptRun) => Flow,
): Flow {
  const { budget } = call.context;
  if (budget.left <= 0) {
    const last = budget.lastError;
    return failLater(
      sink,
      last ??
        new AiLibError({
          code: "CONFIG_ERROR",
          message: "The attempt budget was spent before the first attempt; raise maxAttempts",
          local: true,
        }),
    );
  }
  const refusal = refusalOf(leaf.provider, call);
  if (refusal !== undefined) {
    skipAttempt(call, leaf.target, `it is not asked again after ${refusal.code}`);
    return failLater(sink, refusal.local ? refusal : refusal.with({ local: true }));
  }
  budget.left--;
  const run = new AttemptRun(leaf, call, sink);
  run.begin(start);
  return run;
}

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

  private readonly record: Mutable<Attempt>;
  private readonly fold = new Fold();
  private readonly streaming: boolean;
  private flow: Flow | undefined;
  private started = false;
  /** Warnings that came before the start. */
  private readonly early: ChatEvent[] = [];
  private committed = false;
  private ended = false;
  private paused = false;
  private lastActivity: number;
  private lastChunk = 0;
  private cancelTimer: (() => void) | undefined;
  private readonly chunk: ((attempt: Attempt, sinceLastMs: number) => void) | undefined;

  constructor(
    private readonly leaf: LeafFacts,
    private readonly call: Call,
    private readonly sink: EventSink,
  ) {
    const { context } = call;
    this.headers = { ...context.headers };
    this.provider = leaf.target.provider;
    this.model = modelOf(call) ?? leaf.target.model ?? "";
    this.attempts = context.attempts;
    this.streaming = call.mode === "stream";
    this.lastActivity = context.clock.now();
    this.record = { target: this.target(), outcome: "running", startedAt: this.lastActivity };
    const { observer } = context;
    this.chunk = observer?.chunk === undefined ? undefined : (attempt, ms) => observer.chunk?.(attempt, ms);
  }

  /** The attempt has ended; whatever else comes is ignored. */
  get over(): boolean {
    return this.ended;
  }

  /** Begins the leaf's work. Called once, by {@link openAttempt}. */
  begin(start: (run: AttemptRun) => Flow): void {
    const { context } = this.call;
    const { wait } = context.budget;
    if (wait !== undefined) {
      delete context.budget.wait;
      this.record.waitMs = wait.ms;
      this.record.waitReason = wait.reason;
    }
    context.attempts.push(this.record);
    observe(context.observer, {
      type: "attempt-start",
      requestId: context.requestId,
      at: this.record.startedAt,
      mode: this.call.mode,
      attempt: this.record,
      headers: this.headers,
      ...(this.leaf.server === undefined ? {} : { server: this.leaf.server }),
    });
    this.arm();
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
    this.record.target = this.target();
  }

  /** Bytes came: the upstream is alive. Called for each read, not for each event. */
  touch(): void {
    this.lastActivity = this.call.context.clock.now();
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
      for (const event of eventsOf(reply.content, { ...reply.facts, provider: this.provider }))
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
    const cost = response.cost ?? this.cost(response.usage, response.model);
    if (cost !== undefined) response.cost = cost;
    if (this.rateLimits !== undefined) response.rateLimits = this.rateLimits;
    if (this.raw !== undefined) response.raw = this.raw as ChatResponse["raw"] & object;
    if (!this.committed) this.commit();
    this.settle("success");
    this.record.target = { ...this.record.target, model: response.model };
    this.note(response);
    this.observeEnd(response, undefined);
    this.sink.finish(response);
  }

  fail(error: AiLibError): void {
    if (this.ended) return;
    const partial = error.partial ?? (this.committed ? this.fold.partial(this) : undefined);
    const told = error.with({
      target: error.target ?? this.record.target,
      attempts: this.attempts,
      committed: error.committed || (this.streaming && this.committed),
      partial,
    });
    this.settle(error.code === "CANCELLED" ? "cancelled" : "error");
    this.record.code = told.code;
    this.record.scope = told.scope;
    this.record.message = told.message;
    if (told.status !== undefined) this.record.status = told.status;
    if (told.retryAt !== undefined) this.record.retryAt = told.retryAt;
    if (partial !== undefined) this.note({ ...partial, cost: this.cost(partial.usage, partial.model) });
    this.remember(told);
    this.observeEnd(undefined, told);
    this.sink.fail(told);
  }

  pause(): void {
    this.paused = true;
    if (!this.ended) this.flow?.pause();
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    this.touch();
    if (!this.ended) this.flow?.resume();
  }

  abort(reason?: unknown): ChatResponse | undefined {
    if (this.ended) return undefined;
    const partial = this.committed ? this.fold.partial(this) : undefined;
    this.settle("cancelled");
    // The prompt was sent, and most vendors bill it although nobody waited for the answer.
    const usage = partial?.usage ?? { inputTokens: this.estimateInput(), outputTokens: 0 };
    const cost = this.cost(usage, partial?.model ?? this.model);
    this.note({ usage, usageStatus: partial?.usageStatus ?? "estimated", cost });
    this.flow?.abort(reason);
    this.observeEnd(undefined, undefined);
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

  /** By the model that answered, else by the one that was asked for: vendors answer with dated names. */
  private cost(usage: Usage, answered: string): number | undefined {
    return (
      this.costOf(answered, usage) ?? (answered === this.model ? undefined : this.costOf(this.model, usage))
    );
  }

  private costOf(model: string, usage: Usage): number | undefined {
    const { leaf, provider } = this;
    const at = this.record.startedAt;
    try {
      return (
        this.call.context.prices?.cost(provider, model, usage, at) ??
        costOf(usage, leaf.price?.(model)) ??
        leaf.cost?.(model, usage, at)
      );
    } catch {
      // A price list's fault must not fail a call that was answered.
      return undefined;
    }
  }

  private target(): Target {
    return this.model === "" ? this.leaf.target : { ...this.leaf.target, model: this.model };
  }

  private startEvent(): ChatEvent {
    return { type: "start", provider: this.provider, ...(this.model === "" ? {} : { model: this.model }) };
  }

  private commit(): void {
    this.committed = true;
    const { context } = this.call;
    const now = context.clock.now();
    this.lastActivity = now;
    this.lastChunk = now;
    this.record.firstContentMs = now - this.record.startedAt;
    if (context.observer !== undefined)
      observe(context.observer, {
        type: "first-content",
        requestId: context.requestId,
        at: now,
        mode: this.call.mode,
        attempt: this.record,
      });
    if (this.streaming) this.arm();
  }

  private measure(chunk: (attempt: Attempt, sinceLastMs: number) => void): void {
    const now = this.call.context.clock.now();
    try {
      chunk(this.record, now - this.lastChunk);
    } catch {
      // An observer's fault is its own.
    }
    this.lastChunk = now;
  }

  /** One timer for whichever of the attempt's limits is next; activity only moves a number, not a timer. */
  private arm(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    if (this.ended) return;
    const { clock } = this.call.context;
    const due = this.due();
    if (due.at !== Number.POSITIVE_INFINITY)
      this.cancelTimer = clock.after(Math.max(0, due.at - clock.now()), () => this.check());
  }

  private due(): { at: number; phase: TimeoutPhase } {
    const { timeouts } = this.call.context;
    const attemptAt = this.record.startedAt + timeouts.attemptMs;
    const at = this.committed
      ? this.lastActivity + timeouts.idleMs
      : this.record.startedAt + timeouts.firstContentMs;
    return attemptAt <= at
      ? { at: attemptAt, phase: "attempt" }
      : { at, phase: this.committed ? "idle" : "first-content" };
  }

  private check(): void {
    if (this.ended) return;
    const { clock, timeouts } = this.call.context;
    // A paused stream is silent because its reader is slow, not because the provider is.
    if (this.paused && this.committed) this.touch();
    const due = this.due();
    if (clock.now() < due.at) {
      this.arm();
      return;
    }
    const [limit, what] =
      due.phase === "attempt"
        ? [timeouts.attemptMs, "The attempt took longer than attemptMs"]
        : due.phase === "idle"
          ? [timeouts.idleMs, "Nothing more came for idleMs"]
          : [timeouts.firstContentMs, "No content came within firstContentMs"];
    const { flow } = this;
    this.fail(
      new AiLibError({
        code: "TIMEOUT",
        phase: due.phase,
        message: `${what} (${limit} ms) from ${this.provider}`,
      }),
    );
    flow?.abort();
  }

  private settle(outcome: Attempt["outcome"]): void {
    this.ended = true;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    this.record.outcome = outcome;
    this.record.endedAt = this.call.context.clock.now();
  }

  private note(response: Pick<ChatResponse, "usage" | "usageStatus"> & { cost?: number | undefined }): void {
    this.record.usage = response.usage;
    this.record.usageStatus = response.usageStatus;
    if (response.cost !== undefined) this.record.cost = response.cost;
  }

  /** Keeps the failure for the layers of this request: see {@link refusalOf}. */
  private remember(error: AiLibError): void {
    const { budget } = this.call.context;
    budget.lastError = error;
    if (error.code === "CANCELLED") return;
    budget.failures ??= [];
    budget.failures.push({
      provider: this.leaf.provider,
      target: this.record.target,
      call: this.call,
      error,
    });
  }

  private observeEnd(response: ChatResponse | undefined, error: AiLibError | undefined): void {
    const { context } = this.call;
    if (context.observer === undefined) return;
    observe(context.observer, {
      type: "attempt-end",
      requestId: context.requestId,
      at: this.record.endedAt ?? context.clock.now(),
      mode: this.call.mode,
      attempt: this.record,
      ...(response === undefined ? {} : { response }),
      ...(error === undefined ? {} : { error }),
    });
  }
}

/** A layer waited before it opened its member: the next attempt's record will tell how long, and why. */
export function noteWait(call: Call, provider: string, ms: number, reason: string): void {
  const { context } = call;
  context.budget.wait = { ms: (context.budget.wait?.ms ?? 0) + ms, reason };
  observe(context.observer, {
    type: "wait",
    requestId: context.requestId,
    at: context.clock.now(),
    ms,
    reason,
    provider,
  });
}
