import type { Call } from "../contract/call.js";
import { observe } from "../contract/observer.js";
import type { ChatProvider, Target } from "../contract/provider.js";
import { type EventSink, type Flow, failLater } from "../contract/sink.js";
import { AiLibError } from "../errors/error.js";
import type { ErrorCode, ErrorScope } from "../errors/reactions.js";
import type { Price } from "../values/model.js";
import type { Usage, UsageStatus } from "../values/usage.js";
import { AttemptRun } from "./attempt-run.js";
import { refusalOf } from "./repeat-guard.js";

export type { AttemptRun } from "./attempt-run.js";

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
