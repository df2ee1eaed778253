import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, request } from "../../test/support/calls.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { leastBusy } from "./least-busy.js";

describe("least busy", () => {
  it("asks the member with the fewest calls under way", async () => {
    const clock = new VirtualClock();
    const slow = scripted({ name: "slow", replies: [{ delayMs: 10_000 }] });
    const quick = scripted({ name: "quick", replies: [{ delayMs: 100 }] });
    const strategy = leastBusy([slow, quick]);
    const calls = [];
    for (let i = 0; i < 10; i++) {
      calls.push(outcomeOf(strategy.chat(request, { clock })));
      await clock.advance(200);
    }
    expect([slow.calls, quick.calls]).toEqual([1, 9]);
    await clock.advance(10_000);
    expect(strategy.load).toEqual([0, 0]);
  });

  it("fills members by their weights, and evenly if those are equal", async () => {
    const clock = new VirtualClock();
    const members = [2, 1, 1].map((weight, i) => ({
      provider: scripted({ name: `${i}`, replies: [{ delayMs: 1_000 }] }),
      weight,
    }));
    const strategy = leastBusy(members);
    const calls = Array.from({ length: 40 }, () => outcomeOf(strategy.chat(request, { clock })));
    expect(strategy.load).toEqual([20, 10, 10]);
    await clock.advance(1_000);
    expect(calls.every((call) => call.value !== "pending")).toBe(true);
  });

  it("takes a call off on every way out", async () => {
    const clock = new VirtualClock();
    const replies = [{ error: { code: "INVALID_REQUEST", message: "no" } } as const, { silent: true }];
    const strategy = leastBusy([scripted({ name: "a", replies })]);
    await errorOf(strategy.chat(request, { clock }));
    expect(strategy.load).toEqual([0]);
    const abort = new AbortController();
    const left = errorOf(strategy.chat(request, { clock, signal: abort.signal }));
    await clock.advance(1);
    expect(strategy.load).toEqual([1]);
    abort.abort();
    await left;
    expect(strategy.load).toEqual([0]);
  });
});
