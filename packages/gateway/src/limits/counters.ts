import type { Json } from "ai-lib";
import type { Cell, StateStore } from "ai-lib/state";
import { type Counted, countedBy, isRead } from "../keys/counted.js";
import type { Limit } from "../keys/record.js";
import { Bucket, bucketName, type LimitNode } from "./bucket.js";
import { type CountersSnapshot, readSnapshot } from "./counters-snapshot.js";
import { type Exhausted, exhaustedBy, type Quota, Reservation } from "./reservation.js";

declare module "ai-lib/state" {
  interface StateCells {
    /** What the limits of keys and groups count. */
    limits: Cell;
  }
}

/** Milliseconds behind the deadline of a call after which what it holds is released, though it never ended. */
export const EXPIRY_MS = 60_000;

/** Between two looks for expired reservations, in milliseconds, while no bucket is exhausted. */
const SWEEP_MS = 10_000;

/**
 * The buckets of all limits, and what running calls hold in them, in the memory of one process. All that a call
 * needs is taken in one synchronous step, or nothing is. It is a cell of the state port: a snapshot has what was used and what is
 * held, and what a process held that died is released a minute behind the deadlines of its calls.
 */
export class Counters implements Cell {
  private readonly buckets = new Map<string, Bucket>();
  /** Each one knows its place. A `Set` leaves tables behind that take what they held past each garbage collection. */
  private readonly running: Reservation[] = [];
  private sweptAt = Number.NEGATIVE_INFINITY;

  /** The counters of a state store. */
  static in(state: StateStore): Counters {
    return state.cell("limits", "gateway", () => new Counters());
  }

  /** The bucket of a node's limit: the one that exists, else a new one. */
  bucket(node: LimitNode, counts: Counted): Bucket {
    const name = bucketName(node, counts);
    const known = this.buckets.get(name);
    if (known !== undefined) return known;
    const bucket = new Bucket(node, counts);
    this.buckets.set(name, bucket);
    return bucket;
  }

  /**
   * Takes an amount of each quota, or nothing.
   * @param amounts whole numbers in the order of the quotas; the list belongs to the reservation afterwards
   * @param deadline epoch milliseconds by which the call ends
   * @returns the reservation, or the quotas without room
   */
  reserve(
    quotas: readonly Quota[],
    amounts: number[],
    now: number,
    deadline: number,
  ): Reservation | readonly Exhausted[] {
    const exhausted = this.exhausted(quotas, amounts, now);
    if (exhausted.length > 0) return exhausted;
    const times = { at: now, expiresAt: deadline + EXPIRY_MS };
    const reservation = Reservation.take(quotas, amounts, times, this.onEnd);
    this.add(reservation);
    return reservation;
  }

  /** The quotas that have no room for these amounts; what expired is released first. */
  exhausted(quotas: readonly Quota[], amounts: readonly number[], now: number): readonly Exhausted[] {
    if (now - this.sweptAt >= SWEEP_MS) this.sweep(now);
    const exhausted = exhaustedBy(quotas, amounts, now);
    return exhausted.length > 0 && this.sweep(now) ? exhaustedBy(quotas, amounts, now) : exhausted;
  }

  /** Drops the buckets of a node that was deleted. */
  forget({ kind, id }: LimitNode): void {
    for (const [name, { node }] of this.buckets)
      if (node.kind === kind && node.id === id) this.buckets.delete(name);
  }

  /**
   * Drops the buckets of a node that none of its limits has any more, except for those that a restart does not read:
   * they would miss what is used until a limit has them again.
   */
  retain({ kind, id }: LimitNode, limits: readonly Limit[]): void {
    const names = new Set(limits.map((limit) => bucketName({ kind, id }, countedBy(limit))));
    for (const [name, { node, counts }] of this.buckets)
      if (node.kind === kind && node.id === id && isRead(counts) && !names.has(name))
        this.buckets.delete(name);
  }

  snapshot(now: number): Json | undefined {
    const buckets = [...this.buckets.values()].flatMap((bucket) => {
      const used = bucket.history(now);
      return used.length === 0 ? [] : [{ ...describe(bucket), used }];
    });
    const running = this.running.map(({ times, quotas, amounts }) => ({
      ...times,
      demands: quotas.map(({ bucket, max }, index) => ({
        ...describe(bucket),
        ...{ max, amount: amounts[index] ?? 0 },
      })),
    }));
    if (buckets.length === 0 && running.length === 0) return undefined;
    return { buckets, running } satisfies CountersSnapshot as unknown as Json;
  }

  restore(given: Json, now: number): void {
    const snapshot = readSnapshot(given);
    if (snapshot === undefined) return;
    this.buckets.clear();
    this.running.length = 0;
    for (const { node, counts, used } of snapshot.buckets)
      for (const { at, used: amount } of used) this.bucket(node, counts).restore(now, at, amount);
    for (const { at, expiresAt, demands } of snapshot.running) {
      if (expiresAt <= now) continue;
      const quotas = demands.map(({ node, counts, max }) => ({ bucket: this.bucket(node, counts), max }));
      const amounts = demands.map(({ amount }) => amount);
      this.add(Reservation.restore(quotas, amounts, { now, at, expiresAt }, this.onEnd));
    }
  }

  private add(reservation: Reservation): void {
    reservation.place = this.running.length;
    this.running.push(reservation);
  }

  /** Takes one off the list: the last one moves to its place. */
  private readonly onEnd = (reservation: Reservation): void => {
    const { place } = reservation;
    if (this.running[place] !== reservation) return;
    const last = this.running.pop();
    if (last === undefined || last === reservation) return;
    this.running[place] = last;
    last.place = place;
  };

  /** Releases what expired. @returns whether anything was */
  private sweep(now: number): boolean {
    this.sweptAt = now;
    let any = false;
    // From the end, since what is released leaves its place to the last one.
    for (let place = this.running.length - 1; place >= 0; place--) {
      const reservation = this.running[place];
      if (reservation === undefined || reservation.times.expiresAt > now) continue;
      reservation.release();
      any = true;
    }
    return any;
  }
}

function describe({ node, counts }: Bucket): { readonly node: LimitNode; readonly counts: Counted } {
  return { node, counts };
}
