import { describe, expect, it } from "vitest";
import { AiClientBuilder } from "../../src/client/builder.js";
import { circuitBreaker, retry } from "../../src/resilience/index.js";
import { failover } from "../../src/strategies/index.js";
import { SCENARIOS, type Scenario } from "./scenarios.js";
import { ANSWER, SETTINGS, Stage } from "./stage.js";

/** As an application builds it: with the builder, or by hand where a strategy has options of its own. */
function clientOf(stage: Stage, failoverOn: Scenario["failoverOn"]) {
  const [main, ...chain] = stage.members;
  const builder =
    failoverOn === undefined
      ? new AiClientBuilder(main).withFailoverChain(chain)
      : new AiClientBuilder().withStrategy(
          failover(
            stage.members.map((member) => retry(circuitBreaker(member))),
            { failoverOn },
          ),
        );
  return builder.forProduction().build();
}

describe.each(SETTINGS)("a chain that begins with $dialect, $mode", ({ dialect, mode }) => {
  it.each(SCENARIOS.map((scenario) => [scenario.what, scenario] as const))("%s", async (_what, scenario) => {
    const stage = await Stage.set(dialect);
    const { script = {}, always = {}, unaryAlways } = scenario;
    for (const [i, faults] of Object.entries(script)) stage.simulator.script(`p${i}`, faults);
    for (const [i, standing] of Object.entries(always)) stage.simulator.always(`p${i}`, standing);
    if (mode === "unary" && unaryAlways !== undefined) stage.simulator.always("p0", unaryAlways);
    const ended = await stage.play(
      clientOf(stage, scenario.failoverOn),
      mode,
      scenario.options,
      scenario.request,
    );
    const { asked, code, restarts = 0 } = scenario[mode];
    expect(ended.error?.code).toBe(code);
    expect(stage.log).toEqual(asked.map((i) => `p${i}`));
    expect(ended.restarts).toBe(restarts);
    if (code === undefined) {
      expect(ended.response).toMatchObject({ text: ANSWER, finishReason: "stop" });
      if (mode === "stream") expect(ended.shown).toBe(ANSWER);
    }
    if (scenario.warned === true && mode === "stream") expect(ended.response?.warnings).not.toEqual([]);
    if (scenario.repeatedAfterMs !== undefined) {
      const [last, repeated] = stage.simulator.attempts.slice(-2);
      const apart = (repeated?.startedAt ?? 0) - (last?.endedAt ?? 0);
      expect(apart).toBeGreaterThanOrEqual(scenario.repeatedAfterMs);
    }
  });
});
