import { atLeast, fraction, refuseUnknown, wholeAtLeast } from "../core/errors/options.js";
import { SlidingCounts } from "../core/recovery/sliding-counts.js";

/** Decides when a closed circuit opens. One object for each circuit. Times are epoch milliseconds. */
export interface BreakerRule {
  success(now: number): void;
  failure(now: number): void;
  /** The reason, as a phrase, if the circuit must open now; undefined if it may stay closed. */
  tripped(now: number): string | undefined;
  /** Called when the circuit has opened: discard all recorded calls. */
  reset(): void;
}

/** Makes a rule; called for each circuit. */
export type BreakerRuleFactory = () => BreakerRule;

/**
 * Opens a circuit after consecutive failures.
 *
 * @example
 * const guarded = circuitBreaker(provider("groq"), { rules: [consecutiveFailures(3)] });
 * @param count the number of failures without a success between them. Default 5
 * @param withinMs a failure counts as consecutive if it follows the previous one within this many milliseconds.
 *   Default 60,000
 * @throws {AiLibError} `CONFIG_ERROR` for a number out of range.
 */
export function consecutiveFailures(count = 5, withinMs = 60_000): BreakerRuleFactory {
  wholeAtLeast("consecutiveFailures' count", count, 1);
  atLeast("consecutiveFailures' withinMs", withinMs, 0, true);
  return () => new ConsecutiveFailures(count, withinMs);
}

class ConsecutiveFailures implements BreakerRule {
  private failures = 0;
  private last = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly count: number,
    private readonly withinMs: number,
  ) {}

  success(): void {
    this.failures = 0;
  }

  failure(now: number): void {
    this.failures = now - this.last > this.withinMs ? 1 : this.failures + 1;
    this.last = now;
  }

  tripped(): string | undefined {
    return this.failures >= this.count ? `${this.failures} failures in a row` : undefined;
  }

  reset(): void {
    this.failures = 0;
  }
}

/** Options of {@link failureRate}. */
export interface FailureRateOptions {
  /** The share of failures at which the circuit opens; more than 0, at most 1. Default 0.5. */
  readonly ratio?: number | undefined;
  /** Length of the window in milliseconds. Default 30,000. */
  readonly windowMs?: number | undefined;
  /** The number of calls that must have ended within the window before the rule applies. Default 10. */
  readonly minimumCalls?: number | undefined;
}

const RATE_NAMES: ReadonlySet<string> = new Set(["ratio", "windowMs", "minimumCalls"]);

/**
 * Opens a circuit when the share of failures in a sliding window is too high.
 *
 * @example
 * const guarded = circuitBreaker(provider("groq"), { rules: [failureRate({ ratio: 0.3, minimumCalls: 20 })] });
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option or a number out of range.
 */
export function failureRate(options: FailureRateOptions = {}): BreakerRuleFactory {
  refuseUnknown("option of failureRate", options, RATE_NAMES);
  const ratio = fraction("failureRate's ratio", options.ratio ?? 0.5);
  const windowMs = atLeast("failureRate's windowMs", options.windowMs ?? 30_000, 1);
  const minimumCalls = wholeAtLeast("failureRate's minimumCalls", options.minimumCalls ?? 10, 1);
  return () => new FailureRate(ratio, windowMs, minimumCalls);
}

class FailureRate implements BreakerRule {
  private readonly counts: SlidingCounts;

  constructor(
    private readonly ratio: number,
    windowMs: number,
    private readonly minimumCalls: number,
  ) {
    this.counts = new SlidingCounts(windowMs);
  }

  success(now: number): void {
    this.counts.success(now);
  }

  failure(now: number): void {
    this.counts.failure(now);
  }

  tripped(now: number): string | undefined {
    const { successes, failures } = this.counts.within(now);
    const calls = successes + failures;
    return calls >= this.minimumCalls && failures / calls >= this.ratio
      ? `${failures} failures of ${calls} calls`
      : undefined;
  }

  reset(): void {
    this.counts.reset();
  }
}
