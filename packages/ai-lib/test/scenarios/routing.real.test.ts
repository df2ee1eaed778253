import { describe, expect, it } from "vitest";
import { AiClientBuilder } from "../../src/client/builder.js";
import type { ChatProvider } from "../../src/core/contract/provider.js";
import { circuitBreaker, retry } from "../../src/resilience/index.js";
import { hedged, type Member, roundRobin, weighted } from "../../src/strategies/index.js";
import type { Fault } from "../../src/testing/fault.js";
import { seededRandom } from "../../src/testing/random.js";
import { ANSWER, QUESTION, SETTINGS, Stage } from "./stage.js";

const layered = (stage: Stage) => stage.members.map((member) => retry(circuitBreaker(member)));

describe.each(SETTINGS)("over members of three dialects from $dialect on, $mode", ({ dialect, mode }) => {
  const weights = [6, 3, 1];
  const spreads: readonly [string, (members: readonly Member[]) => ChatProvider, number[], number][] = [
    ["round robin is fair to one request", (members) => roundRobin(members), [34, 33, 33], 0],
    ["round robin with weights deals their shares", (members) => roundRobin(weigh(members)), [60, 30, 10], 0],
    ["weights dealt smoothly converge", (members) => weighted(weigh(members)), [60, 30, 10], 0],
    [
      "weights at random converge",
      (members) => weighted(weigh(members), { pick: "random" }),
      [60, 30, 10],
      15,
    ],
  ];
  const weigh = (members: readonly Member[]): Member[] =>
    members.map((provider, i) => ({ provider, weight: weights[i] }) as Member);

  it.each(spreads)("%s while a hundred calls run at once", async (_what, make, shares, tolerance) => {
    const stage = await Stage.set(dialect);
    const client = new AiClientBuilder().withStrategy(make(layered(stage))).build();
    const options = { clock: stage.clock, observer: stage.observer, random: seededRandom(5) };
    const outcomes = await stage.settle(
      Array.from({ length: 100 }, () =>
        mode === "unary" ? client.chat(QUESTION, options) : client.stream(QUESTION, options).response(),
      ),
    );
    expect(outcomes.every(({ response }) => response?.text === ANSWER)).toBe(true);
    const counts = shares.map((_share, i) => stage.simulator.at(`p${i}`).length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(100);
    counts.forEach((count, i) => {
      expect(Math.abs(count - (shares[i] ?? 0))).toBeLessThanOrEqual(tolerance);
    });
  });

  const slow: readonly [string, Fault][] = [
    ["has not begun to answer", { silent: "head" }],
    ["is slow to begin", { headDelayMs: 10_000 }],
    ["has only sent its head or half of its reply", { silent: 0 }],
  ];

  it.each(slow)("the loser of a hedge is closed, although it %s", async (_what, fault) => {
    const stage = await Stage.set(dialect);
    stage.simulator.always("p0", fault);
    const client = new AiClientBuilder().withStrategy(hedged(layered(stage), { afterMs: 2_000 })).build();
    const { response, shown } = await stage.play(client, mode);
    expect(response?.text).toBe(ANSWER);
    if (mode === "stream") expect(shown).toBe(ANSWER);
    expect(stage.log).toEqual(["p0", "p1"]);
    // The stage saw to it that no attempt runs on; the first one's client closed the connection.
    expect(stage.simulator.attempts.map(({ outcome }) => outcome)).toEqual(["left", "answered"]);
    const [loser, winner] = response?.attempts ?? [];
    expect(loser).toMatchObject({ outcome: "cancelled", usageStatus: "estimated" });
    expect(loser?.cost).toBeGreaterThan(0);
    expect((winner?.startedAt ?? 0) - (loser?.startedAt ?? 0)).toBe(2_000);
  });
});
