import { memory } from "ai-lib/state";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countedBy } from "../keys/counted.js";
import type { Limit } from "../keys/record.js";
import { type LimitNode, maxOf } from "./bucket.js";
import { Counters } from "./counters.js";
import { Reservation } from "./reservation.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const node = (id: string): LimitNode => ({ kind: "group", id });

function reserve(
  counters: Counters,
  limits: readonly (readonly [string, Limit])[],
  amounts: Amounts,
  now: number,
  deadline: number,
) {
  const quotas = limits.map(([id, limit]) => {
    return { bucket: counters.bucket(node(id), countedBy(limit)), max: maxOf(limit) };
  });
  const needed = limits.map(([, limit]) => amounts[countedBy(limit).unit]);
  return counters.reserve(quotas, needed, now, deadline);
}

interface Amounts {
  readonly requests: number;
  readonly tokens: number;
  readonly dollars: number;
  readonly concurrent: number;
}

const amountsOf = (tokens: number): Amounts => ({ requests: 1, tokens, dollars: tokens * 7, concurrent: 1 });

const limit = fc.oneof(
  fc.record({
    tokens: fc.integer({ min: 1, max: 500 }),
    per: fc.constantFrom("minute" as const, "hour" as const, "month" as const),
    window: fc.constantFrom("aligned" as const, "rolling" as const),
  }),
  fc.record({
    requests: fc.integer({ min: 1, max: 20 }),
    per: fc.constantFrom("minute" as const, "day" as const),
  }),
  fc.record({
    dollars: fc.integer({ min: 1, max: 3_000 }).map((nano) => nano / 1e9),
    per: fc.constant("total" as const),
  }),
  fc.record({ concurrent: fc.integer({ min: 1, max: 8 }) }),
);

/** What happens at a time: a call asks with a bound, or a running one ends with a share of it. */
const step = fc.record({
  wait: fc.integer({ min: 0, max: 50_000 }),
  tokens: fc.integer({ min: 1, max: 120 }),
  ends: fc.integer({ min: 0, max: 9 }),
  used: fc.double({ min: 0, max: 1, noNaN: true }),
  fails: fc.boolean(),
});

describe("counters", () => {
  it("never let more through than any limit on the chain, whatever calls use and however they end", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom("org", "team", "key"), limit), { minLength: 1, maxLength: 5 }),
        fc.array(step, { maxLength: 150 }),
        (given, steps) => {
          const limits = given as readonly (readonly [string, Limit])[];
          const counters = new Counters();
          const running: { reservation: Reservation; tokens: number; at: number }[] = [];
          const ended: { at: number; amounts: Amounts }[] = [];
          let now = Date.UTC(2026, 10, 28, 23, 59);
          for (const { wait, tokens, ends, used, fails } of steps) {
            now += wait;
            const done = running.length > 3 ? running.splice(ends % running.length, 1)[0] : undefined;
            if (done !== undefined) {
              const spent = fails ? 0 : Math.floor(done.tokens * used);
              const amounts = { ...amountsOf(spent), concurrent: 0 };
              if (fails) done.reservation.release();
              else {
                done.reservation.settle(limits.map(([, one]) => amounts[countedBy(one).unit]));
                ended.push({ at: done.at, amounts });
              }
            }
            const taken = reserve(counters, limits, amountsOf(tokens), now, now + HOUR_MS);
            if (taken instanceof Reservation) running.push({ reservation: taken, tokens, at: now });
            const all = [...ended, ...running.map((one) => ({ at: one.at, amounts: amountsOf(one.tokens) }))];
            for (const [, one] of limits) {
              const { unit } = countedBy(one);
              const inside = unit === "concurrent" ? running.length : sumOf(all, one, now, unit);
              expect(inside).toBeLessThanOrEqual(maxOf(one));
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("take all demands of a chain or none", () => {
    const counters = new Counters();
    const limits = [
      ["org", { tokens: 100, per: "hour" }],
      ["key", { tokens: 10, per: "hour" }],
      ["key", { concurrent: 3 }],
    ] as const;
    expect(reserve(counters, limits, amountsOf(11), 0, 1)).toEqual([{ index: 1, resetAt: undefined }]);
    expect(limits.map(([id, one]) => counters.bucket(node(id), countedBy(one)).taken(0))).toEqual([0, 0, 0]);
    const held = reserve(counters, limits, amountsOf(9), 0, 1);
    expect(held).toBeInstanceOf(Reservation);
    expect(reserve(counters, limits, amountsOf(2), 0, 1)).toEqual([{ index: 1, resetAt: HOUR_MS }]);
    expect(limits.map(([id, one]) => counters.bucket(node(id), countedBy(one)).taken(0))).toEqual([9, 9, 1]);
  });

  it("raise all of what a call holds or nothing", () => {
    const counters = new Counters();
    const limits = [
      ["org", { tokens: 100, per: "hour" }],
      ["key", { tokens: 20, per: "hour" }],
    ] as const;
    const held = reserve(counters, limits, amountsOf(9), 0, 1);
    if (!(held instanceof Reservation)) throw new TypeError("refused");
    expect(held.raise(0, [18, 18])).toEqual([]);
    expect(held.raise(0, [27, 27])).toEqual([{ index: 1, resetAt: HOUR_MS }]);
    expect(limits.map(([id, one]) => counters.bucket(node(id), countedBy(one)).taken(0))).toEqual([18, 18]);
    held.settle([5, 5]);
    held.settle([0, 0]);
    held.release();
    expect(limits.map(([id, one]) => counters.bucket(node(id), countedBy(one)).taken(0))).toEqual([5, 5]);
  });

  it("release a call that never ended a minute after its deadline", () => {
    const counters = new Counters();
    const limits = [["key", { concurrent: 1 }]] as const;
    const deadline = 5 * MINUTE_MS;
    reserve(counters, limits, amountsOf(1), 0, deadline);
    const again = (now: number) => reserve(counters, limits, amountsOf(1), now, now);
    expect(again(deadline + MINUTE_MS - 1)).toHaveLength(1);
    expect(again(deadline + MINUTE_MS)).toBeInstanceOf(Reservation);
  });

  it("come back from a snapshot: uses at their times, and what was held until its expiry", () => {
    const limits = [
      ["org", { tokens: 100, per: "day", window: "rolling" }],
      ["key", { concurrent: 2 }],
      ["key", { dollars: 1, per: "total", routes: ["chat"] }],
    ] as const;
    const state = memory();
    const before = Counters.in(state);
    const first = reserve(before, limits, amountsOf(60), 0, MINUTE_MS);
    if (!(first instanceof Reservation)) throw new TypeError("refused");
    first.settle([40, 0, 280]);
    reserve(before, limits, amountsOf(50), 1_000, MINUTE_MS);
    const after = memory();
    after.restore(JSON.parse(JSON.stringify(state.snapshot(2_000))), 2_000);
    const counters = Counters.in(after);
    // The store restores by the machine's time, at which all of this is long ago: restore at the time of the test.
    const [cell] = JSON.parse(JSON.stringify(state.snapshot(2_000))).cells;
    counters.restore(cell.state, 2_000);
    const taken = (now: number) =>
      limits.map(([id, one]) => counters.bucket(node(id), countedBy(one)).taken(now));
    expect(taken(2_000)).toEqual([90, 1, 630]);
    counters.reserve([], [], 2 * MINUTE_MS, 0);
    expect(taken(2 * MINUTE_MS)).toEqual([40, 0, 280]);
    expect(taken(26 * HOUR_MS)).toEqual([0, 0, 280]);
  });

  it("release what expired also where nothing is exhausted, every ten seconds", () => {
    const counters = new Counters();
    const limits = [["key", { concurrent: 9 }]] as const;
    const take = (now: number, deadline: number) => {
      reserve(counters, limits, amountsOf(1), now, deadline);
      return counters.bucket(node("key"), countedBy(limits[0][1])).taken(now);
    };
    expect(take(0, 0)).toBe(1);
    expect(take(MINUTE_MS - 1, HOUR_MS)).toBe(2);
    // The first expired, and is found with the next look.
    expect(take(MINUTE_MS + 9_998, HOUR_MS)).toBe(3);
    expect(take(MINUTE_MS + 9_999, HOUR_MS)).toBe(3);
  });

  it("forget the buckets of one node", () => {
    const counters = new Counters();
    const counts = countedBy({ tokens: 9, per: "day" });
    const nodes: LimitNode[] = [node("a"), node("b"), { kind: "key", id: "a" }];
    for (const one of nodes) {
      const bucket = counters.bucket(one, counts);
      bucket.change(bucket.hold(0, 0), 5, 0);
    }
    counters.forget(node("a"));
    expect(nodes.map((one) => counters.bucket(one, counts).used(0))).toEqual([0, 5, 5]);
  });

  it("let a call raise what it holds of one limit where another is beyond its maximum", () => {
    const counters = new Counters();
    const limits = [
      ["org", { tokens: 100, per: "hour" }],
      ["key", { requests: 5, per: "hour" }],
    ] as const;
    const held = reserve(counters, limits, amountsOf(9), 0, 1);
    if (!(held instanceof Reservation)) throw new TypeError("refused");
    // As after a limit that was lowered.
    counters.bucket(node("key"), countedBy(limits[1][1])).hold(0, 50);
    expect(held.raise(0, [18, 1])).toEqual([]);
  });

  it("have a snapshot where something was used, or is held", () => {
    const counters = new Counters();
    const limits = [["key", { tokens: 9, per: "day" }]] as const;
    const held = reserve(counters, limits, amountsOf(5), 0, MINUTE_MS);
    if (!(held instanceof Reservation)) throw new TypeError("refused");
    expect(counters.snapshot(0)).toMatchObject({
      buckets: [],
      running: [{ at: 0, expiresAt: 2 * MINUTE_MS }],
    });
    const saved = JSON.parse(JSON.stringify(counters.snapshot(0)));
    const taken = (now: number) => {
      const after = new Counters();
      after.restore(saved, now);
      return after.bucket(node("key"), countedBy(limits[0][1])).taken(now);
    };
    expect([taken(2 * MINUTE_MS - 1), taken(2 * MINUTE_MS)]).toEqual([5, 0]);
    held.settle([4]);
    expect(counters.snapshot(0)).toMatchObject({ buckets: [{ used: [{ at: 0, used: 4 }] }], running: [] });
    counters.forget(node("key"));
    expect(counters.snapshot(0)).toBeUndefined();
  });

  it("ignore a snapshot that they cannot read", () => {
    const counters = new Counters();
    for (const snapshot of [null, 5, {}, { buckets: [{}], running: [] }]) counters.restore(snapshot, 0);
    expect(counters.snapshot(0)).toBeUndefined();
  });
});

/** What began within the window of a limit, by its definition. */
function sumOf(
  calls: readonly { readonly at: number; readonly amounts: Amounts }[],
  { per, window }: Limit,
  now: number,
  unit: keyof Amounts,
): number {
  const day = new Date(now);
  const lengths = { minute: MINUTE_MS, hour: HOUR_MS, day: 24 * HOUR_MS, month: 720 * HOUR_MS };
  const from =
    per === undefined || per === "total"
      ? 0
      : window === "rolling"
        ? now - lengths[per] + 1
        : per === "month"
          ? Date.UTC(day.getUTCFullYear(), day.getUTCMonth())
          : Math.floor(now / lengths[per]) * lengths[per];
  return calls.filter(({ at }) => at >= from).reduce((sum, { amounts }) => sum + amounts[unit], 0);
}
