import type { Bucket } from "./bucket.js";
import type { Slice } from "./window.js";

/** A bucket, and the most that it may have, in its unit. */
export interface Quota {
  readonly bucket: Bucket;
  readonly max: number;
}

/** A bucket without room for a call. */
export interface Exhausted {
  /** Which of the quotas it is. */
  readonly index: number;
  /** Epoch milliseconds at which there is room, if nothing else is taken until then; undefined where that is not known. */
  readonly resetAt: number | undefined;
}

/** When a call began, and when it must have ended, in epoch milliseconds. */
export interface ReservationTimes {
  readonly at: number;
  /** From then on it may be released although its call never ended. */
  readonly expiresAt: number;
}

/**
 * What a running call holds in several buckets. It ends once: further endings change nothing. It has lists of numbers and
 * no object for each bucket, since a server holds one for each of its running calls.
 */
export class Reservation {
  /** Its index in the list of running ones, which changes. Set by the list. */
  place = -1;
  private ended = false;

  private constructor(
    readonly quotas: readonly Quota[],
    /** What it holds, whole numbers in the order of the quotas. */
    private readonly held: number[],
    /** The slices that it counts in; undefined for buckets of running calls. */
    private readonly slices: readonly (Slice | undefined)[],
    readonly times: ReservationTimes,
    private readonly onEnd: (reservation: Reservation) => void,
  ) {}

  /** Takes an amount of each quota; {@link exhaustedBy} must have found nothing. @param amounts belongs to the reservation now */
  static take(
    quotas: readonly Quota[],
    amounts: number[],
    times: ReservationTimes,
    onEnd: (reservation: Reservation) => void,
  ): Reservation {
    const { at } = times;
    const slices = quotas.map(({ bucket }, index) => bucket.hold(at, amounts[index] ?? 0));
    return new Reservation(quotas, amounts, slices, times, onEnd);
  }

  /** Makes one that a snapshot had. */
  static restore(
    quotas: readonly Quota[],
    amounts: number[],
    times: ReservationTimes & { readonly now: number },
    onEnd: (reservation: Reservation) => void,
  ): Reservation {
    const { now, at, expiresAt } = times;
    const slices = quotas.map(({ bucket }, index) => {
      const slice = bucket.sliceAt(now, at);
      bucket.change(slice, 0, amounts[index] ?? 0);
      return slice;
    });
    return new Reservation(quotas, amounts, slices, { at, expiresAt }, onEnd);
  }

  /** What it holds, in the order of the quotas. */
  get amounts(): readonly number[] {
    return this.held;
  }

  /**
   * Raises what it holds to at least these amounts, all of them or none.
   * @param amounts in the order of the quotas
   * @returns the buckets without room; empty where it holds the amounts now
   */
  raise(now: number, amounts: readonly number[]): readonly Exhausted[] {
    const { quotas, held, slices } = this;
    const more = held.map((amount, index) => Math.max(0, (amounts[index] ?? 0) - amount));
    const exhausted = exhaustedBy(quotas, more, now);
    if (exhausted.length > 0 || this.ended) return exhausted;
    for (const [index, { bucket }] of quotas.entries()) {
      const amount = more[index] ?? 0;
      bucket.change(slices[index], 0, amount);
      held[index] = (held[index] ?? 0) + amount;
    }
    return [];
  }

  /**
   * The call ended: what it used stays in the windows, what it held goes.
   * @param used in the order of the quotas. What is no amount, such as the sum of a usage that makes no sense, counts as
   *   what was held: a bucket that adds it up would never be full again.
   */
  settle(used: readonly number[]): void {
    const { quotas, held, slices } = this;
    for (let i = 0; i < quotas.length; i++) {
      const amount = held[i] ?? 0;
      const given = used[i] ?? 0;
      quotas[i]?.bucket.change(slices[i], isAmount(given) ? given : amount, this.ended ? 0 : -amount);
    }
    this.end();
  }

  /** Nothing was used. */
  release(): void {
    if (this.ended) return;
    const { quotas, held, slices } = this;
    for (let i = 0; i < quotas.length; i++) quotas[i]?.bucket.change(slices[i], 0, -(held[i] ?? 0));
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

/** The quotas that have no room for these amounts. */
export function exhaustedBy(
  quotas: readonly Quota[],
  amounts: readonly number[],
  now: number,
): readonly Exhausted[] {
  let found: Exhausted[] | undefined;
  for (let index = 0; index < quotas.length; index++) {
    const { bucket, max } = quotas[index] as Quota;
    const amount = amounts[index] ?? 0;
    // Written so that what is no number finds no room.
    if (!(amount <= 0) && !(bucket.taken(now) + amount <= max)) {
      found ??= [];
      found.push({ index, resetAt: bucket.roomAt(now, amount, max) });
    }
  }
  return found ?? NOTHING;
}

const NOTHING: readonly Exhausted[] = [];
