import type { Bucket } from "./bucket.js";
import type { Slice } from "./window.js";

/** What a call needs of one bucket. */
export interface Demand {
  readonly bucket: Bucket;
  /** The most that the bucket may have, in its unit. */
  readonly max: number;
  /** A whole number in the bucket's unit. */
  readonly amount: number;
}

/** A bucket without room for a call. */
export interface Exhausted {
  /** Which of the demands finds no room. */
  readonly index: number;
  /** Epoch milliseconds at which there is room, if nothing else is taken until then; undefined where that is not known. */
  readonly resetAt: number | undefined;
}

interface Part extends Demand {
  amount: number;
  readonly slice: Slice | undefined;
}

/** What a running call holds in several buckets. It ends once: further endings change nothing. */
export class Reservation {
  /** Its index in the list of running ones, which changes. Set by the list. */
  place = -1;
  private ended = false;

  private constructor(
    private readonly parts: readonly Part[],
    /** When the call began, in epoch milliseconds. */
    readonly at: number,
    /** Epoch milliseconds from which it may be released although its call never ended. */
    readonly expiresAt: number,
    private readonly onEnd: (reservation: Reservation) => void,
  ) {}

  /** Takes all demands; {@link exhaustedBy} must have found nothing. */
  static take(
    demands: readonly Demand[],
    times: { readonly now: number; readonly expiresAt: number },
    onEnd: (reservation: Reservation) => void,
  ): Reservation {
    const { now, expiresAt } = times;
    const parts = demands.map(({ bucket, max, amount }) => {
      return { bucket, max, amount, slice: bucket.hold(now, amount) };
    });
    return new Reservation(parts, now, expiresAt, onEnd);
  }

  /** Makes one that a snapshot had. */
  static restore(
    demands: readonly Demand[],
    times: { readonly now: number; readonly at: number; readonly expiresAt: number },
    onEnd: (reservation: Reservation) => void,
  ): Reservation {
    const { now, at, expiresAt } = times;
    const parts = demands.map((demand) => {
      const slice = demand.bucket.sliceAt(now, at);
      demand.bucket.change(slice, 0, demand.amount);
      return { ...demand, slice };
    });
    return new Reservation(parts, at, expiresAt, onEnd);
  }

  /** What it holds, in the order of the demands. */
  get demands(): readonly Demand[] {
    return this.parts;
  }

  /**
   * Raises what it holds to at least these amounts, all of them or none.
   * @param amounts in the order of the demands
   * @returns the buckets without room; empty where it holds the amounts now
   */
  raise(now: number, amounts: readonly number[]): readonly Exhausted[] {
    const more = this.parts.map(({ amount, bucket, max }, index) => {
      return { bucket, max, amount: Math.max(0, (amounts[index] ?? 0) - amount) };
    });
    const exhausted = exhaustedBy(more, now);
    if (exhausted.length > 0 || this.ended) return exhausted;
    for (const [index, part] of this.parts.entries()) {
      const { amount } = more[index] ?? { amount: 0 };
      part.bucket.change(part.slice, 0, amount);
      part.amount += amount;
    }
    return [];
  }

  /**
   * The call ended: what it used stays in the windows, what it held goes.
   * @param used in the order of the demands. What is no amount, such as the sum of a usage that makes no sense, counts as
   *   what was held: a bucket that adds it up would never be full again.
   */
  settle(used: readonly number[]): void {
    const held = !this.ended;
    let index = 0;
    for (const { bucket, slice, amount } of this.parts) {
      const given = used[index++] ?? 0;
      bucket.change(slice, isAmount(given) ? given : amount, held ? -amount : 0);
    }
    this.end();
  }

  /** Nothing was used. */
  release(): void {
    if (this.ended) return;
    for (const { bucket, slice, amount } of this.parts) bucket.change(slice, 0, -amount);
    this.end();
  }

  private end(): void {
    this.ended = true;
    this.onEnd(this);
  }
}

function isAmount(value: number): boolean {
  return value >= 0 && value < Number.POSITIVE_INFINITY;
}

/** The demands that find no room. */
export function exhaustedBy(demands: readonly Demand[], now: number): readonly Exhausted[] {
  let found: Exhausted[] | undefined;
  let index = 0;
  for (const { bucket, max, amount } of demands) {
    // Written so that what is no number finds no room.
    if (!(amount <= 0) && !(bucket.taken(now) + amount <= max)) {
      found ??= [];
      found.push({ index, resetAt: bucket.roomAt(now, amount, max) });
    }
    index++;
  }
  return found ?? NOTHING;
}

const NOTHING: readonly Exhausted[] = [];
