import { describe, expect, it } from "vitest";
import { type BreakerRule, consecutiveFailures, failureRate } from "./breaker-rules.js";

const fail = (rule: BreakerRule, times: number, now = 0) => {
  for (let i = 0; i < times; i++) rule.failure(now);
};

describe("the rule of failures in a row", () => {
  it("trips at the count, five by default", () => {
    const rule = consecutiveFailures()();
    fail(rule, 4);
    expect(rule.tripped(0)).toBeUndefined();
    fail(rule, 1);
    expect(rule.tripped(0)).toBe("5 failures in a row");
    rule.reset();
    expect(rule.tripped(0)).toBeUndefined();
  });

  it("begins again after a success, and after a pause", () => {
    const rule = consecutiveFailures(2, 100)();
    rule.failure(0);
    rule.success(1);
    rule.failure(2);
    expect(rule.tripped(2)).toBeUndefined();
    rule.failure(103);
    expect(rule.tripped(103)).toBeUndefined();
    rule.failure(203);
    expect(rule.tripped(203)).toBe("2 failures in a row");
  });

  it("has a count of its own for each circuit", () => {
    const make = consecutiveFailures(1);
    const [one, other] = [make(), make()];
    one.failure(0);
    expect([one.tripped(0), other.tripped(0)]).toEqual(["1 failures in a row", undefined]);
  });

  it.each([[0], [1.5], [1, -1]])("refuses %j, %j", (count, withinMs?: number) => {
    expect(() => consecutiveFailures(count, withinMs)).toThrow();
    expect(() => consecutiveFailures(1, Number.POSITIVE_INFINITY)).not.toThrow();
  });
});

describe("the rule of the share of failures", () => {
  it("trips at the share, once there are enough calls", () => {
    const rule = failureRate({ ratio: 0.5, minimumCalls: 4 })();
    rule.success(0);
    rule.success(0);
    rule.failure(0);
    expect(rule.tripped(0)).toBeUndefined();
    rule.failure(0);
    expect(rule.tripped(0)).toBe("2 failures of 4 calls");
    rule.success(0);
    expect(rule.tripped(0)).toBeUndefined();
    fail(rule, 3);
    rule.reset();
    expect(rule.tripped(0)).toBeUndefined();
  });

  it("needs ten calls of thirty seconds by default, of which half failed", () => {
    const rule = failureRate()();
    fail(rule, 5);
    for (let i = 0; i < 4; i++) rule.success(0);
    expect(rule.tripped(0)).toBeUndefined();
    rule.success(0);
    expect(rule.tripped(0)).toBe("5 failures of 10 calls");
    expect(rule.tripped(60_000)).toBeUndefined();
  });

  it.each([{ ratio: 0 }, { ratio: 1.1 }, { windowMs: 0 }, { minimumCalls: 0 }, { rate: 1 }])(
    "refuses %j",
    (options) => {
      expect(() => failureRate(options as never)).toThrow();
    },
  );
});
