import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, read, request } from "../../test/support/calls.js";
import { failover } from "../strategies/failover.js";
import { roundRobin } from "../strategies/round-robin.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { retry } from "./retry.js";
import { timeout } from "./timeout.js";

describe("timeout", () => {
  it("narrows the time to an answer", async () => {
    const clock = new VirtualClock();
    const silent = scripted({ name: "a", replies: [{ silent: true }] });
    const outcome = outcomeOf(timeout(silent, { answerMs: 2_000 }).chat(request, { clock }));
    await clock.advance(1_999);
    expect(outcome.value).toBe("pending");
    await clock.advance(1);
    expect(outcome.value).toBe("TIMEOUT");
    expect([silent.running, clock.pending]).toEqual([0, 0]);
  });

  it("never widens one", async () => {
    const clock = new VirtualClock();
    const silent = scripted({ name: "a", replies: [{ silent: true }] });
    const wrapped = timeout(silent, { answerMs: 5_000, totalMs: 5_000 });
    const outcome = outcomeOf(wrapped.chat(request, { clock, timeouts: { answerMs: 1_000 } }));
    await clock.advance(1_000);
    expect(outcome.value).toBe("TIMEOUT");
  });

  it("leaves the others as they were", async () => {
    const clock = new VirtualClock();
    const slow = scripted({ name: "a", replies: [{ delayMs: 100_000 }] });
    const outcome = outcomeOf(timeout(slow, { idleMs: 10 }).chat(request, { clock }));
    await clock.advance(100_000);
    expect(outcome.value).toBe("a");
  });

  it("bounds everything within it, after which another provider is asked", async () => {
    const clock = new VirtualClock();
    const flaky = scripted({
      name: "a",
      replies: [{ delayMs: 900, error: { code: "NETWORK_ERROR", message: "no" } }],
    });
    const slow = scripted({ name: "b", replies: [{ delayMs: 5_000 }] });
    const bounded = timeout(roundRobin([retry(flaky), slow]), { totalMs: 2_000 });
    const outcome = outcomeOf(failover([bounded, scripted("c")]).chat(request, { clock, random: () => 0 }));
    await clock.advance(2_000);
    expect(outcome.value).toBe("c");
    expect([flaky.calls, slow.calls, slow.running, slow.aborted, clock.pending]).toEqual([1, 1, 0, 1, 0]);
  });

  it("fails with the content so far, if there is any", async () => {
    const clock = new VirtualClock();
    const slow = scripted({ name: "a", replies: [{ text: ["one ", "two ", "three"], everyMs: 600 }] });
    const error = errorOf(read(timeout(slow, { totalMs: 1_000 }).stream(request, { clock })));
    await clock.advance(1_000);
    expect(await error).toMatchObject({
      code: "TIMEOUT",
      phase: "attempt",
      committed: true,
      partial: { text: "one two " },
    });
  });

  it.each([
    [{}, /at least one/],
    [{ totalMs: -1 }, /totalMs/],
    [{ total: 1 }, /"total"/],
  ])("refuses %o", (timeouts, message) => {
    expect(() => timeout(scripted("a"), timeouts as never)).toThrow(message);
  });
});

it("limits a stream that has begun also where the deadline of the call is earlier", async () => {
  const clock = new VirtualClock();
  const slow = scripted({ name: "slow", replies: [{ text: ["a", "b", "c"], everyMs: 600 }] });
  const reading = errorOf(
    timeout(slow, { totalMs: 1_000 })
      .stream(request, { clock, timeouts: { totalMs: 500 } })
      .response(),
  );
  await clock.advance(2_000);
  expect(await reading).toMatchObject({ code: "TIMEOUT", phase: "attempt", partial: { text: "ab" } });
});
