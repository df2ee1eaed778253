import { describe, expect, it } from "vitest";
import { AiClientBuilder } from "../../src/client/builder.js";
import { costOf } from "../../src/core/values/price.js";
import { PRICES, SETTINGS, Stage } from "./stage.js";

/** What each attempt used and cost, where a chain was asked whose members had these faults. */
describe.each(SETTINGS)("the account after a failover from $dialect, $mode", ({ dialect, mode }) => {
  const clientOf = (stage: Stage) =>
    new AiClientBuilder(stage.members[0]).withFailoverChain(stage.members.slice(1)).forProduction().build();

  it("charges nothing for attempts that were refused, and the answer by the price of who gave it", async () => {
    const stage = await Stage.set(dialect);
    stage.simulator.always("p0", { status: 500 });
    stage.simulator.always("p1", { status: 429 });
    const { response } = await stage.play(clientOf(stage), mode);
    const attempts = response?.attempts ?? [];
    expect(attempts.map(({ target, code, status }) => [target.provider, target.model, code, status])).toEqual(
      [
        ["p0", "m0", "PROVIDER_ERROR", 500],
        ["p1", "m1", "RATE_LIMIT", 429],
        ["p2", "m2", undefined, undefined],
      ],
    );
    expect(attempts.slice(0, 2).every(({ usage, cost }) => usage === undefined && cost === undefined)).toBe(
      true,
    );
    // Attempts begin on both ends of the wire at the same time, as time stands still while anything is on its way.
    expect(attempts.map(({ startedAt }) => startedAt)).toEqual(
      stage.simulator.attempts.map(({ startedAt }) => startedAt),
    );
    expect(attempts.every(({ waitMs }) => waitMs === undefined)).toBe(true);
  });

  it.each(["restart", "splice"] as const)(
    "counts the usage of a broken answer with that of the complete one: %s",
    async (midStream) => {
      const stage = await Stage.set(dialect);
      stage.simulator.always("p0", { cut: 8 });
      const { response } = await stage.play(clientOf(stage), mode, { midStream });
      const attempts = response?.attempts ?? [];
      expect(stage.log).toEqual(["p0", "p1"]);
      for (const { usage, usageStatus, cost } of attempts.slice(0, 1)) {
        if (mode === "unary") {
          expect(usage).toBeUndefined();
          continue;
        }
        expect(usageStatus).toBe("estimated");
        const whole = stage.simulator.attempts[0]?.usage.outputTokens ?? 0;
        expect(usage?.outputTokens).toBeGreaterThan(0);
        expect(usage?.outputTokens).toBeLessThan(whole);
        expect(cost).toBe(usage && costOf(usage, PRICES[0]));
      }
    },
  );
});
