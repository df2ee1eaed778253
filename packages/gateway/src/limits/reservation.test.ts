import { describe, expect, it } from "vitest";
import { countedBy } from "../keys/counted.js";
import { Counters } from "./counters.js";
import { Reservation } from "./reservation.js";

const NOW = Date.UTC(2026, 10, 28, 12);
const MAX = 100;

/** A bucket of tokens per day, and what takes an amount of it. */
function setUp() {
  const counters = new Counters();
  const bucket = counters.bucket({ kind: "key", id: "k" }, countedBy({ tokens: MAX, per: "day" }));
  const reserve = (amount: number) => counters.reserve([{ bucket, max: MAX }], [amount], NOW, NOW + 1_000);
  const take = (amount: number): Reservation => {
    const taken = reserve(amount);
    if (!(taken instanceof Reservation)) throw new Error("no room");
    return taken;
  };
  return { bucket, reserve, take };
}

describe("amounts that make no sense", () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY])("find no room: %s", (amount) => {
    const { bucket, reserve } = setUp();
    expect(reserve(amount)).toMatchObject([{ index: 0 }]);
    expect(bucket.taken(NOW)).toBe(0);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -5])(
    "count as what was held where a call used them: %s",
    (used) => {
      const { bucket, reserve, take } = setUp();
      take(60).settle([used]);
      expect([bucket.used(NOW), bucket.held(NOW)]).toEqual([60, 0]);
      expect(reserve(41)).toMatchObject([{ index: 0 }]);
      expect(take(40)).toBeInstanceOf(Reservation);
    },
  );
});

describe("running calls", () => {
  it("may end in any order, twice, and after they expired", () => {
    const { bucket, reserve, take } = setUp();
    const [a, b, c, d] = [take(10), take(20), take(30), take(40)];
    b?.release();
    a?.settle([1]);
    a?.release();
    d?.settle([4]);
    expect([bucket.used(NOW), bucket.held(NOW)]).toEqual([5, 30]);
    expect(reserve(66)).toMatchObject([{ index: 0 }]);
    expect(take(65)).toBeInstanceOf(Reservation);
    c?.release();
    expect(bucket.held(NOW)).toBe(65);
  });
});
