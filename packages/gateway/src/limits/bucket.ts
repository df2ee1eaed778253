import { type Counted, nameOf } from "../keys/counted.js";
import type { Limit } from "../keys/record.js";
import type { LimitState } from "./limit-state.js";
import { type Slice, Window } from "./window.js";

/** Units of a dollar that buckets count in, so that amounts are whole numbers. */
export const NANO = 1_000_000_000;

/** The key or group that a limit belongs to. */
export type LimitNode = LimitState["node"];

/** The maximum of a limit in the unit of its bucket. */
export function maxOf(limit: Limit): number {
  const { requests, tokens, dollars, concurrent } = limit;
  if (dollars !== undefined) return Math.floor(dollars * NANO);
  return requests ?? tokens ?? concurrent ?? 0;
}

/** What one limit counts: amounts in a window, or running calls. Dollars are counted in billionths. */
export class Bucket {
  /** Undefined for one that counts running calls. */
  private readonly window: Window | undefined;
  private running = 0;

  constructor(
    readonly node: LimitNode,
    readonly counts: Counted,
  ) {
    const { per, rolling } = counts;
    this.window = per === undefined ? undefined : new Window(per, rolling);
  }

  /** Its name in refusals; equal names are equal buckets. */
  get name(): string {
    return bucketName(this.node, this.counts);
  }

  /** What is used and held. */
  taken(now: number): number {
    return this.window?.taken(now) ?? this.running;
  }

  /** What ended calls used. */
  used(now: number): number {
    return this.window?.used(now) ?? 0;
  }

  /** What running calls hold. */
  held(now: number): number {
    return this.window?.held(now) ?? this.running;
  }

  /** Takes an amount for a running call. @returns the slice that it counts in */
  hold(now: number, amount: number): Slice | undefined {
    if (this.window !== undefined) return this.window.hold(now, amount);
    this.running += amount;
    return undefined;
  }

  /** Changes what a call took. */
  change(slice: Slice | undefined, used: number, held: number): void {
    if (slice !== undefined) this.window?.change(slice, used, held);
    else if (this.window === undefined) this.running += held;
  }

  /** Adds what was used at an earlier time. */
  restore(now: number, at: number, used: number): void {
    this.window?.restore(now, at, used);
  }

  /** The slice of an earlier time; undefined where it has left the window, and for running calls. */
  sliceAt(now: number, at: number): Slice | undefined {
    return this.window?.sliceAt(now, at);
  }

  /** What ended calls used, for a restart. */
  history(now: number): readonly { readonly at: number; readonly used: number }[] {
    return this.window?.history(now) ?? [];
  }

  /** See {@link Window.roomAt}; undefined for running calls, whose ends are not known. */
  roomAt(now: number, amount: number, max: number): number | undefined {
    return this.window?.roomAt(now, amount, max);
  }

  /** See {@link Window.nextLeave}. */
  nextLeave(now: number): number | undefined {
    return this.window?.nextLeave(now);
  }
}

/** The name of a bucket: `group acme: tokens per minute`. */
export function bucketName({ kind, id }: LimitNode, counts: Counted): string {
  return `${kind} ${id}: ${nameOf(counts)}`;
}
