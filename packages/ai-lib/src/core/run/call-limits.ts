import type { CallContext } from "../contract/call.js";
import type { Clock } from "../contract/clock.js";

/** Something that ends at a time, unless it ends before. */
interface Limit {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly run: () => void;
}

/**
 * The times at which parts of one call end: the call by its deadline, and its attempts by their timeouts. They share one
 * timer, set for the time that is next, since a timer of the platform costs more than most steps of a call.
 */
export class CallLimits {
  private readonly limits: Limit[] = [];
  private cancelTimer: (() => void) | undefined;
  private timerAt = Number.POSITIVE_INFINITY;
  private held = false;

  constructor(private readonly clock: Clock) {}

  /**
   * Runs `run` once at a time, or soon after it; never synchronously.
   * @param at epoch milliseconds
   * @param now epoch milliseconds
   * @returns cancels it
   */
  add(at: number, run: () => void, now: number): () => void {
    const limit: Limit = { at, run };
    this.limits.push(limit);
    if (!this.held) this.arm(now);
    return () => this.remove(limit);
  }

  /** Sets no timer until {@link release}, while the limits of a call that begins are added one after another. */
  hold(): void {
    this.held = true;
  }

  /** @param now epoch milliseconds */
  release(now: number): void {
    this.held = false;
    this.arm(now);
  }

  private remove(limit: Limit): void {
    const { limits } = this;
    const place = limits.indexOf(limit);
    if (place < 0) return;
    limits.splice(place, 1);
    // With others left, the timer runs on: at its time it is set for the next one.
    if (limits.length === 0) this.clear();
  }

  private clear(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    this.timerAt = Number.POSITIVE_INFINITY;
  }

  private next(): Limit | undefined {
    let next: Limit | undefined;
    for (const limit of this.limits) if (next === undefined || limit.at < next.at) next = limit;
    return next;
  }

  private arm(now: number): void {
    const next = this.next();
    if (next === undefined || next.at >= this.timerAt) return;
    this.cancelTimer?.();
    this.timerAt = next.at;
    this.cancelTimer = this.clock.after(Math.max(0, next.at - now), () => this.end());
  }

  /** Ends what is due, the earliest first. */
  private end(): void {
    this.cancelTimer = undefined;
    this.timerAt = Number.POSITIVE_INFINITY;
    const now = this.clock.now();
    for (let due = this.next(); due !== undefined && due.at <= now; due = this.next()) {
      this.remove(due);
      due.run();
    }
    this.arm(now);
  }
}

/**
 * Runs something once at a time, with the one timer of a call; without its outermost call, with a timer of its own.
 * @param at epoch milliseconds
 * @param now epoch milliseconds
 * @returns cancels it
 */
export function limitCall(context: CallContext, at: number, run: () => void, now: number): () => void {
  const { clock, outermost } = context;
  return outermost?.limit?.(at, run, now) ?? clock.after(Math.max(0, at - now), run);
}
