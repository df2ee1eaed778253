import { describe, expect, it } from "vitest";
import { errorOf, request } from "../../test/support/calls.js";
import { failover } from "../strategies/failover.js";
import { type ScriptedReply, scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { circuitBreaker } from "./circuit-breaker.js";
import { retry } from "./retry.js";

describe("a circuit breaker after a cooldown", () => {
  const limited = (replies: readonly ScriptedReply[]) => {
    const clock = new VirtualClock();
    const member = scripted({ name: "a", replies });
    return { clock, member, breaker: circuitBreaker(member) };
  };
  const limit: ScriptedReply = { error: { code: "RATE_LIMIT", message: "slow down" } };

  it("lets one call in, and the others once it has succeeded", async () => {
    const { clock, member, breaker } = limited([limit, { delayMs: 50 }]);
    expect((await errorOf(breaker.chat(request, { clock }))).code).toBe("RATE_LIMIT");
    await clock.advance(5_000);
    const calls = [1, 2, 3].map(() => breaker.chat(request, { clock }));
    await clock.advance(49);
    expect(member.requests).toHaveLength(2);
    await clock.advance(60);
    expect((await Promise.all(calls)).map(({ text }) => text)).toEqual(Array(3).fill("I am a."));
    expect(member.peak).toBe(2);
  });

  it("lets all calls in at the first content of a stream", async () => {
    const { clock, member, breaker } = limited([limit, { text: ["x", "y"], everyMs: 1_000 }]);
    await errorOf(breaker.chat(request, { clock }));
    await clock.advance(5_000);
    const stream = breaker.stream(request, { clock }).response();
    const other = breaker.chat(request, { clock });
    await clock.advance(10);
    expect(member.requests).toHaveLength(3);
    await clock.advance(2_000);
    expect((await stream).text).toBe("xy");
    expect((await other).text).toBe("xy");
  });

  it("refuses those that wait when the target is limited again", async () => {
    const { clock, member, breaker } = limited([limit, { ...limit, delayMs: 50 }]);
    await errorOf(breaker.chat(request, { clock }));
    await clock.advance(5_000);
    const errors = [1, 2].map(() => errorOf(breaker.chat(request, { clock })));
    await clock.advance(60);
    expect((await Promise.all(errors)).map(({ code }) => code)).toEqual(["RATE_LIMIT", "CIRCUIT_OPEN"]);
    expect(member.requests).toHaveLength(2);
  });

  it("does not wait for the probe if another member could answer", async () => {
    const { clock, member, breaker } = limited([limit, { delayMs: 500 }]);
    await errorOf(breaker.chat(request, { clock }));
    await clock.advance(5_000);
    const chain = failover([breaker, scripted("b")]);
    const probe = chain.chat(request, { clock });
    expect((await chain.chat(request, { clock })).text).toBe("I am b.");
    await clock.advance(500);
    expect((await probe).text).toBe("I am a.");
    expect(member.peak).toBe(1);
  });

  it("lets the next call in as the probe where the caller aborted the first", async () => {
    const { clock, member, breaker } = limited([limit, { delayMs: 500 }, {}]);
    await errorOf(breaker.chat(request, { clock }));
    await clock.advance(5_000);
    const abort = new AbortController();
    const probe = errorOf(breaker.chat(request, { clock, signal: abort.signal }));
    const next = breaker.chat(request, { clock });
    await clock.advance(10);
    expect(member.requests).toHaveLength(2);
    abort.abort();
    expect((await probe).code).toBe("CANCELLED");
    expect((await next).text).toBe("I am a.");
  });

  it("names the end of the cooldown if a rate limit names no time, so that a retry waits for it", async () => {
    const { clock, member, breaker } = limited([limit, {}]);
    const call = retry(breaker, { baseMs: 0 }).chat(request, { clock });
    await clock.advance(4_999);
    expect(member.requests).toHaveLength(1);
    await clock.advance(2);
    expect((await call).text).toBe("I am a.");
  });
});
