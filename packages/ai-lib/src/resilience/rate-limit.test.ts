import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorOf, failing, outcomeOf, request } from "../../test/support/calls.js";
import { failover } from "../strategies/failover.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { MinuteWindow } from "./minute-window.js";
import { rateLimit } from "./rate-limit.js";

/** A request of about `tokens` input tokens and at most 100 out. */
function sized(tokens: number) {
  return { messages: [{ role: "user" as const, content: "x".repeat(tokens * 4 - 16) }], maxTokens: 100 };
}

describe("a rate limit", () => {
  it("lets so many requests go in any sixty seconds, and the rest wait in their order", async () => {
    const clock = new VirtualClock();
    const leaf = scripted("a");
    const limited = rateLimit(leaf, { requestsPerMinute: 2 });
    const calls = Array.from({ length: 5 }, () => outcomeOf(limited.chat(request, { clock })));
    await clock.advance(200_000);
    expect(calls.map((call) => call.value)).toEqual(Array(5).fill("a"));
    expect(leaf.times).toEqual([0, 0, 60_000, 60_000, 120_000]);
    expect([limited.reserved, limited.waiting, clock.pending]).toEqual([0, 0, 0]);
  });

  it("tells when there is room, behind the calls that wait", async () => {
    const clock = new VirtualClock();
    const limited = rateLimit(scripted("a"), { requestsPerMinute: 1 });
    expect(limited.roomAt(clock.now())).toBe(0);
    const calls = [1, 2].map(() => outcomeOf(limited.chat(request, { clock })));
    await clock.advance(1_000);
    expect(limited.roomAt(clock.now())).toBe(120_000);
    await clock.advance(200_000);
    expect(calls.map((call) => call.value)).toEqual(["a", "a"]);
    expect(limited.roomAt(clock.now())).toBe(clock.now());
  });

  it("reserves the estimated tokens, and settles with what was really used", async () => {
    const clock = new VirtualClock();
    const usage = { inputTokens: 300, outputTokens: 20 };
    const leaf = scripted({ name: "a", replies: [{ delayMs: 1_000, usage }] });
    const limited = rateLimit(leaf, { tokensPerMinute: 1_000 });
    const calls = [1, 2, 3].map(() => outcomeOf(limited.chat(sized(400), { clock })));
    await clock.advance(0);
    expect(limited.taken(clock.now()).tokens).toBe(1_000);
    expect([limited.reserved, limited.waiting]).toEqual([2, 1]);
    await clock.advance(1_000);
    // Two calls took 640 together, not 1,000; the third fits only once the first ones leave the window.
    expect(limited.taken(clock.now())).toEqual({ requests: 2, tokens: 640 });
    await clock.advance(60_000);
    expect(calls.map((call) => call.value)).toEqual(["a", "a", "a"]);
    expect(leaf.times).toEqual([0, 0, 60_000]);
  });

  it("lets the next go as soon as a call has settled for less", async () => {
    const clock = new VirtualClock();
    const usage = { inputTokens: 10, outputTokens: 0 };
    const leaf = scripted({ name: "a", replies: [{ delayMs: 500, usage }] });
    const limited = rateLimit(leaf, { tokensPerMinute: 600 });
    void limited.chat(sized(400), { clock });
    void limited.chat(sized(400), { clock });
    await clock.advance(600);
    expect(leaf.times).toEqual([0, 500]);
    await clock.advance(500);
  });

  it("gives a reservation back when its call fails, is aborted or is left", async () => {
    const clock = new VirtualClock();
    const leaf = scripted({
      name: "a",
      replies: [
        { error: { code: "PROVIDER_ERROR", message: "no" } },
        { silent: true },
        { text: ["one", "two"], everyMs: 10 },
      ],
    });
    const limited = rateLimit(leaf, { requestsPerMinute: 1, tokensPerMinute: 600 });
    await errorOf(limited.chat(sized(400), { clock }));
    expect(limited.taken(clock.now())).toEqual({ requests: 0, tokens: 0 });
    const abort = new AbortController();
    const aborted = errorOf(limited.chat(sized(400), { clock, signal: abort.signal }));
    await clock.advance(0);
    abort.abort();
    await aborted;
    expect(limited.taken(clock.now())).toEqual({ requests: 0, tokens: 0 });
    for await (const event of limited.stream(sized(400), { clock })) if (event.type === "text-delta") break;
    // What had come of the answer was used, and is kept.
    expect(limited.taken(clock.now())).toEqual({ requests: 1, tokens: 401 });
    expect(limited.reserved).toBe(0);
  });

  it("fails immediately and locally if the turn is after the deadline, and names the time", async () => {
    const clock = new VirtualClock();
    const limited = rateLimit(scripted("a"), { requestsPerMinute: 1 });
    await limited.chat(request, { clock });
    const timeouts = { totalMs: 60_000 };
    const error = errorOf(limited.chat(request, { clock, timeouts }));
    await clock.advance(0);
    expect(await error).toMatchObject({ code: "RATE_LIMIT", local: true, retryAt: 60_000 });
    const chain = failover([limited, scripted("b")]);
    expect((await chain.chat(request, { clock, timeouts })).provider).toBe("b");
  });

  it("knows the turn of a call behind others, and refuses it immediately if that is too late", async () => {
    const clock = new VirtualClock();
    const limited = rateLimit(scripted("a"), { requestsPerMinute: 1 });
    await limited.chat(request, { clock });
    const waiting = outcomeOf(limited.chat(request, { clock }));
    const error = errorOf(limited.chat(request, { clock, timeouts: { totalMs: 100_000 } }));
    await clock.advance(0);
    expect(await error).toMatchObject({ retryAt: 120_000 });
    await clock.advance(60_000);
    expect(waiting.value).toBe("a");
  });

  it("bounds the queue and the wait", async () => {
    const clock = new VirtualClock();
    const short = rateLimit(scripted("a"), { requestsPerMinute: 1, maxQueue: 1 });
    const calls = [1, 2, 3].map(() => outcomeOf(short.chat(request, { clock })));
    const hasty = rateLimit(scripted("a"), { requestsPerMinute: 1, maxWaitMs: 59_999 });
    calls.push(...[1, 2].map(() => outcomeOf(hasty.chat(request, { clock }))));
    await clock.advance(0);
    expect(calls.map((call) => call.value)).toEqual(["a", "pending", "RATE_LIMIT", "a", "RATE_LIMIT"]);
    await clock.drain();
  });

  it("passes the turn of a waiting call that went away to the one behind it", async () => {
    const clock = new VirtualClock();
    const leaf = scripted("a");
    const limited = rateLimit(leaf, { tokensPerMinute: 1_000 });
    await limited.chat(sized(400), { clock });
    const abort = new AbortController();
    const large = outcomeOf(limited.chat(sized(900), { clock, signal: abort.signal }));
    const small = outcomeOf(limited.chat(sized(100), { clock }));
    await clock.advance(10);
    expect([large.value, small.value]).toEqual(["pending", "pending"]);
    abort.abort();
    await clock.advance(0);
    expect([large.value, small.value]).toEqual(["CANCELLED", "a"]);
    expect([limited.waiting, clock.pending]).toEqual([0, 0]);
  });

  it("lets a call go that is larger than the limit itself once the window is empty", async () => {
    const clock = new VirtualClock();
    const limited = rateLimit(scripted("a"), { tokensPerMinute: 100 });
    const calls = [1, 2].map(() => outcomeOf(limited.chat(sized(400), { clock })));
    await clock.advance(0);
    expect(calls.map((call) => call.value)).toEqual(["a", "pending"]);
    await clock.advance(60_000);
    expect(calls[1]?.value).toBe("a");
  });

  it("lets those behind go when a call fails", async () => {
    const clock = new VirtualClock();
    const leaf = failing("a", { code: "OVERLOADED", message: "no" });
    const limited = rateLimit(leaf, { requestsPerMinute: 1 });
    const calls = [1, 2, 3].map(() => outcomeOf(limited.chat(request, { clock })));
    await clock.advance(0);
    expect(calls.map((call) => call.value)).toEqual(Array(3).fill("OVERLOADED"));
    expect(clock.pending).toBe(0);
  });

  it.each([
    [{}, /requestsPerMinute or tokensPerMinute/],
    [{ requestsPerMinute: 0 }, /requestsPerMinute/],
    [{ tokensPerMinute: 1.5 }, /whole number/],
    [{ rpm: 1 }, /"rpm"/],
    [{ requestsPerMinute: 1, maxQueue: -1 }, /maxQueue/],
  ])("refuses %o", (options, message) => {
    expect(() => rateLimit(scripted("a"), options as never)).toThrow(message);
  });
});

describe("a minute's window", () => {
  it("keeps its limits in any sixty seconds, whatever the demands, also across restarts", () => {
    const demand = fc.record({
      afterMs: fc.integer({ min: 0, max: 20_000 }),
      tokens: fc.integer({ min: 1, max: 60 }),
      usedTokens: fc.integer({ min: 0, max: 60 }),
      restart: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(demand, { maxLength: 60 }), (demands) => {
        let window = new MinuteWindow(5, 100);
        const taken: { at: number; tokens: number }[] = [];
        let now = 0;
        for (const { afterMs, tokens, usedTokens, restart } of demands) {
          now = Math.max(now + afterMs, window.when(now + afterMs, [tokens]));
          expect(window.admits(now, tokens)).toBe(true);
          const used = Math.min(tokens, usedTokens);
          window.correct(now, window.take(now, tokens), 1, used);
          if (restart) {
            const snapshot = JSON.parse(JSON.stringify(window.snapshot(now) ?? null));
            window = new MinuteWindow(5, 100);
            window.restore(snapshot, now);
          }
          taken.push({ at: now, tokens: used });
        }
        for (const { at } of taken) {
          const minute = taken.filter((each) => each.at >= at && each.at < at + 60_000);
          expect(minute.length).toBeLessThanOrEqual(5);
          expect(minute.reduce((sum, each) => sum + each.tokens, 0)).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});
