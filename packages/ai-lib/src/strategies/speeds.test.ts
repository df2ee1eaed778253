import { describe, expect, it } from "vitest";
import { Speed, Speeds } from "./speeds.js";

/** A speed whose averages are the latest samples. */
const speed = (prepare: (speed: Speed) => void = () => {}) => {
  const made = new Speed(1);
  prepare(made);
  return made;
};

describe("the speed of a member", () => {
  it.each<readonly [string, Speed, stream: number | undefined, unary: number | undefined]>([
    ["unknown at first", speed(), undefined, undefined],
    ["by its first content", speed((one) => one.addFirstContent(100)), 100, 100],
    [
      "by first content and tokens",
      speed((one) => {
        one.addFirstContent(100);
        one.addSuccess(190, 100, 10);
      }),
      200,
      200,
    ],
    [
      "without the time of one token",
      speed((one) => {
        one.addFirstContent(100);
        one.addSuccess(190, 100, 1);
      }),
      100,
      100,
    ],
    ["by its unary answers", speed((one) => one.addSuccess(500, undefined, 10)), 500, 500],
    [
      "by each mode apart",
      speed((one) => {
        one.addFirstContent(100);
        one.addSuccess(500, undefined, 10);
      }),
      100,
      500,
    ],
    [
      "infinite for one that has only failed",
      speed((one) => one.addFailure()),
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ],
    [
      "a hundred times longer for one that fails now",
      speed((one) => {
        one.addFirstContent(10);
        one.addFailure();
      }),
      1_000,
      1_000,
    ],
  ])("is %s", (_what, one, stream, unary) => {
    expect([one.expectedMs(false, 10), one.expectedMs(true, 10)]).toEqual([stream, unary]);
  });

  it("is longer by the repeats that failures cost", () => {
    const one = new Speed(0.5);
    one.addFirstContent(100);
    one.addSuccess(100, 100, 1);
    one.addFailure();
    expect(one.expectedMs(false, 10)).toBe(200);
    // Nothing is known of its answers after failures and successes that measured nothing.
    const other = new Speed(0.5);
    other.addFailure();
    other.addSuccess(100, 100, 1);
    expect(other.expectedMs(false, 10)).toBeUndefined();
  });
});

describe("the speeds of members", () => {
  it("come back from a snapshot by the keys of members, whatever their order is", () => {
    const before = new Speeds(["a", "b", "c"], 0.5);
    before.of(0).addFirstContent(100);
    before.of(0).addSuccess(190, 100, 10);
    before.of(1).addSuccess(500, undefined, 10);
    const saved = JSON.parse(JSON.stringify(before.snapshot()));
    expect(Object.keys(saved)).toEqual(["a", "b"]);
    const after = new Speeds(["c", "b", "a"], 0.5);
    after.restore(saved);
    expect(after.snapshot()).toEqual(before.snapshot());
    expect([after.of(2).expectedMs(false, 10), after.of(1).expectedMs(true, 10)]).toEqual([200, 500]);
    // Averages go on with the same weight.
    after.of(2).addFirstContent(300);
    expect(after.of(2).expectedMs(false, 0)).toBe(200);
    after.of(2).addFailure();
    expect(after.of(2).expectedMs(false, 0)).toBe(400);
  });

  it("are nothing while nothing is known, and after an invalid snapshot", () => {
    const speeds = new Speeds(["a"], 0.5);
    expect(speeds.snapshot()).toBeUndefined();
    speeds.of(0).addFirstContent(5);
    expect(speeds.snapshot()).toMatchObject({ a: { firstContentMs: 5 } });
    for (const none of [null, "no", { a: 7 }]) speeds.restore(none);
    expect(speeds.snapshot()).toBeUndefined();
    speeds.of(0).addFailure();
    expect(speeds.snapshot()).toMatchObject({ a: { success: 0 } });
  });
});
