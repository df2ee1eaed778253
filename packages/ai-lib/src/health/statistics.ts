import type { AiLibError } from "../core/errors/error.js";
import { reactionTo } from "../core/errors/reactions.js";
import type { Outcome } from "../core/recovery/interceptor.js";
import { SlidingCounts } from "../core/recovery/sliding-counts.js";

/** When calls alone say that a target is down. */
export interface PassiveRules {
  /** How far back calls are looked at. */
  readonly windowMs: number;
  /** Calls that must have ended within the window before their failures mean anything. */
  readonly minimumCalls: number;
  /** The share of failures from which on it is down. */
  readonly failureRatio: number;
}

/** What is known of a target from the calls that it was asked. Times are epoch milliseconds. */
export interface CallStatistics {
  /** Within the window; cancelled calls and errors of the request are in neither. */
  readonly successes: number;
  readonly failures: number;
  /** Moving averages, in milliseconds; undefined before the first answer (the first stream). */
  readonly tookMs: number | undefined;
  readonly firstContentMs: number | undefined;
  readonly lastSuccessAt: number | undefined;
  readonly lastFailureAt: number | undefined;
  readonly lastError: AiLibError | undefined;
}

/** Weight of the newest call in the moving averages. */
const NEWEST = 0.2;

/** Counts what became of one target's calls. */
export class PassiveStatistics {
  private readonly counts: SlidingCounts;
  private tookMs: number | undefined;
  private firstContentMs: number | undefined;
  private lastSuccessAt: number | undefined;
  private lastFailureAt: number | undefined;
  private lastError: AiLibError | undefined;

  constructor(private readonly rules: PassiveRules) {
    this.counts = new SlidingCounts(rules.windowMs);
  }

  /** A stream's first content came after so many milliseconds. */
  began(afterMs: number): void {
    this.firstContentMs = moved(this.firstContentMs, afterMs);
  }

  ended(outcome: Outcome, now: number, tookMs: number): void {
    if (outcome.kind === "success") {
      this.counts.success(now);
      this.tookMs = moved(this.tookMs, tookMs);
      this.lastSuccessAt = now;
    } else if (outcome.kind === "error" && reactionTo(outcome.error).breaker !== "none") {
      this.counts.failure(now);
      this.lastFailureAt = now;
      this.lastError = outcome.error;
    }
  }

  get lastSuccess(): number | undefined {
    return this.lastSuccessAt;
  }

  /** Whether the calls of the window say that the target is down; undefined where they are too few. */
  isDown(now: number): boolean | undefined {
    const { successes, failures } = this.counts.within(now);
    const calls = successes + failures;
    return calls < this.rules.minimumCalls ? undefined : failures / calls >= this.rules.failureRatio;
  }

  at(now: number): CallStatistics {
    return {
      ...this.counts.within(now),
      tookMs: this.tookMs,
      firstContentMs: this.firstContentMs,
      lastSuccessAt: this.lastSuccessAt,
      lastFailureAt: this.lastFailureAt,
      lastError: this.lastError,
    };
  }
}

function moved(average: number | undefined, sample: number): number {
  return average === undefined ? sample : average + NEWEST * (sample - average);
}
