import { refuseUnknown } from "../core/contract/call.js";
import { atLeast } from "../core/errors/options.js";

/** Options of {@link RetryBudget}. */
export interface RetryBudgetOptions {
  /** Retries for each request that is made. Default 0.2: one retry for five requests. */
  readonly ratio?: number | undefined;
  /** Retries a second that are allowed however few requests there are. Default 1. */
  readonly perSecond?: number | undefined;
  /** How many seconds of requests it remembers: what was saved up before lapses. Default 10. */
  readonly windowSeconds?: number | undefined;
}

const NAMES: ReadonlySet<string> = new Set(["ratio", "perSecond", "windowSeconds"]);

/**
 * Keeps the retries of a whole process in proportion to its requests, so that an outage is not multiplied by
 * everyone's retrying at once. Make one, and hand it to every `retry`.
 *
 * Requests are counted by the second over a window; a retry is allowed while those of the same window are fewer
 * than `ratio` times the requests plus `perSecond` times the window.
 */
export class RetryBudget {
  private readonly ratio: number;
  private readonly floor: number;
  private readonly requests: Int32Array;
  private readonly retries: Int32Array;
  private second = Number.NEGATIVE_INFINITY;

  /** @throws {AiLibError} `CONFIG_ERROR` for an unknown option or one out of range. */
  constructor(options: RetryBudgetOptions = {}) {
    refuseUnknown("option of a retry budget", options, NAMES);
    const seconds = Math.ceil(atLeast("windowSeconds", options.windowSeconds ?? 10, 1));
    this.ratio = atLeast("ratio", options.ratio ?? 0.2, 0);
    this.floor = atLeast("perSecond", options.perSecond ?? 1, 0) * seconds;
    this.requests = new Int32Array(seconds);
    this.retries = new Int32Array(seconds);
  }

  /** A request is made. @param now epoch milliseconds */
  request(now: number): void {
    const at = this.slot(now);
    this.requests[at] = (this.requests[at] ?? 0) + 1;
  }

  /** Takes one retry; false where there is none left. @param now epoch milliseconds */
  take(now: number): boolean {
    const at = this.slot(now);
    if (sum(this.retries) + 1 > sum(this.requests) * this.ratio + this.floor) return false;
    this.retries[at] = (this.retries[at] ?? 0) + 1;
    return true;
  }

  /** The slot of a time, with the seconds that passed since the last one emptied. */
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

function sum(values: Int32Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}
