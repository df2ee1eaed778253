import { describe, expect, it } from "vitest";
import { outcomeOf, read, request } from "../../test/support/calls.js";
import { seededRandom } from "../testing/random.js";
import { type ScriptedReply, scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { leastLatency } from "./least-latency.js";

const short = { ...request, maxTokens: 1 };
const long = { ...request, maxTokens: 1_000 };

/** A stream that begins after `firstMs` and then gives `tokens` tokens, one every `everyMs`. */
function paced(firstMs: number, everyMs: number, tokens: number): ScriptedReply {
  return {
    delayMs: firstMs,
    everyMs,
    text: Array.from({ length: tokens }, () => "word"),
    usage: { inputTokens: 1, outputTokens: tokens },
  };
}

describe("least latency", () => {
  it("weighs time to first content against throughput, by how much the call may answer", async () => {
    const clock = new VirtualClock();
    const eager = scripted({ name: "eager", replies: [paced(100, 50, 11)] });
    const steady = scripted({ name: "steady", replies: [paced(800, 2, 11)] });
    const strategy = leastLatency([eager, steady], { explore: 0 });
    for (let i = 0; i < 2; i++) {
      const reading = read(strategy.stream(short, { clock }));
      await clock.advance(2_000);
      await reading;
    }
    expect([eager.calls, steady.calls]).toEqual([1, 1]);
    for (const [asked, member] of [
      [short, eager],
      [long, steady],
    ] as const) {
      const before = member.calls;
      const reading = read(strategy.stream(asked, { clock }));
      await clock.advance(2_000);
      await reading;
      expect(member.calls).toBe(before + 1);
    }
  });

  it("follows a member that became slow, and finds out by exploring that it is fast again", async () => {
    const clock = new VirtualClock();
    let slowness = 100;
    const changing = scripted({ name: "changing", replies: () => ({ delayMs: slowness }) });
    const steady = scripted({ name: "steady", replies: [{ delayMs: 300 }] });
    const strategy = leastLatency([changing, steady], { explore: 0.1, smoothing: 0.5 });
    const random = seededRandom(1);
    const share = async () => {
      const before = changing.calls;
      for (let i = 0; i < 200; i++) {
        const outcome = outcomeOf(strategy.chat(request, { clock, random }));
        while (outcome.value === "pending") await clock.advance(100);
      }
      return (changing.calls - before) / 200;
    };
    expect(await share()).toBeGreaterThan(0.8);
    slowness = 2_000;
    expect(await share()).toBeLessThan(0.2);
    slowness = 100;
    expect(await share()).toBeGreaterThan(0.6);
  });

  it("prefers a slower member to one that fails most of the time", async () => {
    const clock = new VirtualClock();
    const flaky = scripted({
      name: "flaky",
      replies: (before) =>
        before % 4 === 0
          ? { delayMs: 100 }
          : { delayMs: 100, error: { code: "PROVIDER_ERROR", message: "no" } },
    });
    const steady = scripted({ name: "steady", replies: [{ delayMs: 200 }] });
    const strategy = leastLatency([flaky, steady], { explore: 0 });
    for (let i = 0; i < 50; i++) {
      const outcome = outcomeOf(strategy.chat(request, { clock }));
      await clock.advance(1_000);
      expect(outcome.value).not.toBe("pending");
    }
    expect(flaky.calls).toBeLessThan(10);
  });

  it("spreads the first calls over members of which nothing is known", async () => {
    const clock = new VirtualClock();
    const members = ["a", "b", "c"].map((name) => scripted({ name, replies: [{ silent: true }] }));
    const strategy = leastLatency(members, { explore: 0 });
    const abort = new AbortController();
    const calls = members.map(() => outcomeOf(strategy.chat(request, { clock, signal: abort.signal })));
    expect(members.map((member) => member.calls)).toEqual([1, 1, 1]);
    abort.abort();
    await clock.advance(0);
    expect(calls.map(({ value }) => value)).toEqual(["CANCELLED", "CANCELLED", "CANCELLED"]);
  });

  it.each([{ explore: 2 }, { explore: -1 }, { smoothing: 0 }, { decay: 1 }])("refuses %o", (options) => {
    expect(() => leastLatency([scripted("a")], options as never)).toThrow();
  });
});
