import { describe, expect, it } from "vitest";
import type { RunSoFar } from "./stop-when.js";
import { costReaches, roundsReach, toolCalled } from "./stop-when.js";
import { type Totaled, Totals } from "./totals.js";

const answer = (tokens: number, more: Partial<Totaled> = {}): Totaled => ({
  ...{ usage: { inputTokens: tokens, outputTokens: 1 }, usageStatus: "final", cost: 0.25 },
  ...more,
});

describe("the totals of several answers", () => {
  it("are nothing at first", () => {
    expect(new Totals().facts()).toEqual({
      ...{ usage: { inputTokens: 0, outputTokens: 0 }, usageStatus: "final", cost: 0 },
    });
  });

  it("are sums, and continue from earlier ones", () => {
    const totals = new Totals(answer(5));
    totals.add(answer(7));
    expect(totals.facts()).toEqual({
      ...{ usage: { inputTokens: 12, outputTokens: 2 }, usageStatus: "final", cost: 0.5 },
    });
    totals.add(answer(0, { usageStatus: "estimated" }));
    expect(totals.facts().usageStatus).toBe("estimated");
  });

  it("have no cost once one is unknown", () => {
    const unknown = answer(1);
    const { cost: _cost, ...free } = unknown;
    for (const totals of [new Totals(free), new Totals()]) {
      totals.add(free);
      totals.add(unknown);
      expect("cost" in totals.facts()).toBe(false);
    }
  });
});

describe("the conditions of a stop", () => {
  const run = (round: number, calls: readonly string[], cost?: number) =>
    ({
      last: { round, response: { toolCalls: calls.map((name) => ({ name })) } },
      cost,
    }) as unknown as RunSoFar;

  it.each([
    ["rounds", roundsReach(2), run(1, []), run(2, [])],
    ["more rounds", roundsReach(2), run(1, []), run(3, [])],
    ["a tool", toolCalled("a", "b"), run(1, ["c"]), run(1, ["c", "b"])],
    ["a cost", costReaches(0.5), run(1, [], 0.49), run(1, [], 0.5)],
    ["an unknown cost", costReaches(0.5), run(1, [], 0), run(1, [])],
  ])("hold by %s", (_what, condition, before, after) => {
    expect([condition(before), condition(after)]).toEqual([false, true]);
  });
});
