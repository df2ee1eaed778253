import { type Cell, cellFor, STATE_OPTION_NAMES, type StateOptions } from "../core/contract/state.js";
import { atLeast, refuseUnknown } from "../core/errors/options.js";
import { asArray, asNumber, asObject, type Json } from "../core/values/json.js";

/** Options of {@link RetryBudget}. */
export interface RetryBudgetOptions extends StateOptions {
  /** Retries for each request. Default 0.2: one retry for five requests. */
  readonly ratio?: number | undefined;
  /** The number of retries per second that are always allowed, even with few requests. Default 1. */
  readonly perSecond?: number | undefined;
  /** The length of the window in seconds. Unused retries from before the window expire. Default 10. */
  readonly windowSeconds?: number | undefined;
}

const NAMES: ReadonlySet<string> = new Set([
  "ratio",
  "perSecond",
  "windowSeconds",
  ...STATE_OPTION_NAMES,
] satisfies (keyof RetryBudgetOptions)[]);

/**
 * Limits the retries of a whole process in proportion to its requests, so that retries do not make an outage worse.
 * Create one budget and pass it to every `retry`.
 *
 * Counts requests and retries by the second. A retry is allowed while those of the window are fewer than `ratio` times
 * its requests plus `perSecond` times its seconds. The default of `stateKey` is `"retry-budget"`.
 *
 * @example
 * const budget = new RetryBudget({ ratio: 0.1 });
 * const members = [retry(provider("groq"), { budget }), retry(provider("openai"), { budget })];
 */
export class RetryBudget {
  private readonly ratio: number;
  private readonly floor: number;
  private readonly counts: RetryCounts;

  /** @throws {AiLibError} `CONFIG_ERROR` for an unknown option or one out of range. */
  constructor(options: RetryBudgetOptions = {}) {
    refuseUnknown("option of a retry budget", options, NAMES);
    const seconds = Math.ceil(atLeast("windowSeconds", options.windowSeconds ?? 10, 1));
    this.ratio = atLeast("ratio", options.ratio ?? 0.2, 0);
    this.floor = atLeast("perSecond", options.perSecond ?? 1, 0) * seconds;
    this.counts = cellFor(options, "retry-budget", "retry-budget", () => new RetryCounts(seconds));
  }

  /** Counts a request. @param now epoch milliseconds */
  request(now: number): void {
    this.counts.addRequest(now);
  }

  /** Takes one retry; false where none is left. @param now epoch milliseconds */
  take(now: number): boolean {
    const { requests, retries } = this.counts.within(now);
    if (retries + 1 > requests * this.ratio + this.floor) return false;
    this.counts.addRetry(now);
    return true;
  }
}

/** Requests and retries of the last seconds. */
class RetryCounts implements Cell {
  private readonly requests: Int32Array;
  private readonly retries: Int32Array;
  private second = Number.NEGATIVE_INFINITY;

  constructor(seconds: number) {
    this.requests = new Int32Array(seconds);
    this.retries = new Int32Array(seconds);
  }

  addRequest(now: number): void {
    const at = this.slot(now);
    this.requests[at] = (this.requests[at] ?? 0) + 1;
  }

  addRetry(now: number): void {
    const at = this.slot(now);
    this.retries[at] = (this.retries[at] ?? 0) + 1;
  }

  within(now: number): { readonly requests: number; readonly retries: number } {
    this.slot(now);
    return { requests: sum(this.requests), retries: sum(this.retries) };
  }

  snapshot(now: number): Json | undefined {
    const { requests, retries } = this.within(now);
    if (requests + retries === 0) return undefined;
    return { second: this.second, requests: [...this.requests], retries: [...this.retries] };
  }

  restore(snapshot: Json, now: number): void {
    const given = asObject(snapshot);
    const second = asNumber(given?.["second"]);
    // The position of a second depends on the length of the window; nothing runs in the future.
    const lengths = [asArray(given?.["requests"]).length, asArray(given?.["retries"]).length];
    if (
      second === undefined ||
      second > now / 1_000 ||
      lengths.some((length) => length !== this.requests.length)
    )
      return;
    fill(this.requests, asArray(given?.["requests"]));
    fill(this.retries, asArray(given?.["retries"]));
    this.second = Math.floor(second);
  }

  /** The slot of a time. Empties those of the seconds that passed since the last one. */
  private slot(now: number): number {
    const second = Math.floor(now / 1_000);
    const { length } = this.requests;
    const passed = Math.min(length, second - this.second);
    for (let i = 1; i <= passed; i++) {
      const at = mod(second - passed + i, length);
      this.requests[at] = 0;
      this.retries[at] = 0;
    }
    this.second = Math.max(this.second, second);
    return mod(this.second, length);
  }
}

function fill(counts: Int32Array, given: readonly unknown[]): void {
  for (let i = 0; i < counts.length; i++) counts[i] = Math.max(0, asNumber(given[i]) ?? 0);
}

function sum(values: Int32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
