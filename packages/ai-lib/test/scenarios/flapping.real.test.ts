import { describe, expect, it } from "vitest";
import { circuitBreaker, retry } from "../../src/resilience/index.js";
import { failover } from "../../src/strategies/index.js";
import { QUESTION, SETTINGS, Stage } from "./stage.js";

/** Calls that are made at once, each second. */
const AT_ONCE = 4;

describe.each(SETTINGS)(
  "a provider that speaks $dialect and flaps for a minute, $mode",
  ({ dialect, mode }) => {
    it("is probed by one call at a time while everybody is served, and is back within 30 s", async () => {
      const stage = await Stage.set(dialect);
      const { clock, simulator, members, observer } = stage;
      const breakers = members.map((member) => circuitBreaker(member));
      const [flapping] = breakers;
      const client = failover(breakers.map((breaker) => retry(breaker)));
      const isUp = () => clock.now() >= 60_000 || Math.floor(clock.now() / 2_000) % 4 === 3;
      const trail = { p0: 0, p1: 0, p2: 0 } as Record<string, number>;
      let wasted = 0;
      let probes = 0;
      while (clock.now() < 100_000) {
        const [begun, up] = [clock.now(), isUp()];
        simulator.always("p0", up ? undefined : { status: 500 });
        const half = flapping?.state(begun) === "half-open";
        const before = simulator.at("p0").length;
        const options = { clock, observer };
        const outcomes = await stage.settle(
          Array.from({ length: AT_ONCE }, () =>
            mode === "unary" ? client.chat(QUESTION, options) : client.stream(QUESTION, options).response(),
          ),
        );
        const asked = simulator.at("p0").length - before;
        if (half) {
          expect(asked).toBe(1);
          probes++;
        }
        if (!up) wasted += asked;
        for (const { response } of outcomes) {
          if (begun >= 90_000) expect(response?.provider).toBe("p0");
          else expect(["p0", "p1"]).toContain(response?.provider);
          for (const { outcome, target } of response?.attempts ?? [])
            if (outcome !== "skipped") trail[target.provider] = (trail[target.provider] ?? 0) + 1;
        }
        await clock.advance(1_000);
      }
      expect(probes).toBeGreaterThan(0);
      // It was down three quarters of a minute in which 4 calls came each second.
      expect(wasted).toBeLessThan(60);
      expect(trail).toEqual({ p0: simulator.at("p0").length, p1: simulator.at("p1").length, p2: 0 });
    });
  },
);
