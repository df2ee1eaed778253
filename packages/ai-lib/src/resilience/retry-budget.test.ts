import { describe, expect, it } from "vitest";
import { memory } from "../state/memory.js";
import { RetryBudget, type RetryBudgetOptions } from "./retry-budget.js";

/** How many retries a budget gives at a time. */
function taken(budget: RetryBudget, now: number): number {
  for (let i = 0; i < 1_000; i++) if (!budget.take(now)) return i;
  throw new Error("there is no end");
}
const requests = (budget: RetryBudget, count: number, now: number) => {
  for (let i = 0; i < count; i++) budget.request(now);
};

describe("a budget of retries", () => {
  it.each<readonly [RetryBudgetOptions, number, number]>([
    [{}, 0, 10],
    [{}, 100, 30],
    [{ perSecond: 0 }, 4, 0],
    [{ perSecond: 0 }, 5, 1],
    [{ ratio: 0.5, perSecond: 0 }, 10, 5],
    [{ ratio: 0, perSecond: 2, windowSeconds: 3 }, 50, 6],
    [{ ratio: 0, windowSeconds: 2.1 }, 50, 3],
  ])("of %j has after %i requests %i retries", (options, count, expected) => {
    const budget = new RetryBudget(options);
    requests(budget, count, 1_000);
    expect(taken(budget, 1_999)).toBe(expected);
  });

  it("counts the seconds of its window alone", () => {
    const budget = new RetryBudget({ ratio: 1, perSecond: 0, windowSeconds: 3 });
    requests(budget, 2, 1_500);
    requests(budget, 3, 2_000);
    expect(taken(budget, 3_999)).toBe(5);
    requests(budget, 1, 3_999);
    // The requests of the second 1 have left, and the retries of the second 3 have not.
    expect(taken(budget, 4_000)).toBe(0);
    requests(budget, 4, 5_000);
    expect(taken(budget, 5_999)).toBe(0);
    expect(taken(budget, 6_000)).toBe(4);
    expect(taken(budget, 60_000)).toBe(0);
    // A clock that was set back goes on in the latest second.
    requests(budget, 2, 59_000);
    expect(taken(budget, 60_000)).toBe(2);
  });

  it("comes back from a snapshot, with the same window alone", () => {
    const options = { ratio: 1, perSecond: 0, windowSeconds: 3 };
    const restored = (change: object, windowSeconds = 3) => {
      const before = memory();
      const budget = new RetryBudget({ ...options, state: before });
      requests(budget, 3, 9_000);
      budget.take(9_000);
      const [cell] = before.snapshot(9_000).cells;
      const after = memory();
      const later = new RetryBudget({ ...options, windowSeconds, state: after });
      const state = { ...(cell?.state as object), ...change };
      after.restore(
        { version: 1, takenAt: 9_000, cells: [{ kind: "retry-budget", key: "retry-budget", state }] },
        9_500,
      );
      return taken(later, 9_500);
    };
    expect(restored({})).toBe(2);
    expect(restored({ second: 9.4 })).toBe(2);
    expect(restored({}, 4)).toBe(0);
    expect(restored({ second: 10 })).toBe(0);
    expect(restored({ second: "9" })).toBe(0);
    expect(restored({ retries: [0] })).toBe(0);
    expect(restored({ requests: [-5, "two", 1], retries: [0, 0, 0] })).toBe(1);
    expect(memory().snapshot(0).cells).toEqual([]);
    const empty = memory();
    new RetryBudget({ state: empty }).take(0);
    expect(empty.snapshot(0).cells).toHaveLength(1);
    expect(empty.snapshot(20_000).cells).toEqual([]);
  });

  it.each([{ ratio: -1 }, { perSecond: -1 }, { windowSeconds: 0.5 }, { seconds: 1 }])(
    "refuses %j",
    (options) => {
      expect(() => new RetryBudget(options as never)).toThrow();
    },
  );
});
