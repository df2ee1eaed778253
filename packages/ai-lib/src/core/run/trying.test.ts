import { describe, expect, it } from "vitest";
import { errorOf, failing, request } from "../../../test/support/calls.js";
import { circuitBreaker } from "../../resilience/circuit-breaker.js";
import { retry } from "../../resilience/retry.js";
import { failover } from "../../strategies/failover.js";
import { keys } from "../../strategies/keys.js";
import { roundRobin } from "../../strategies/round-robin.js";
import { scripted } from "../../testing/scripted.js";
import { VirtualClock } from "../../testing/virtual-clock.js";

const busy = { code: "OVERLOADED", message: "no room" } as const;
const down = { code: "PROVIDER_ERROR", message: "down" } as const;

/** Who is asked, in order, and when. */
function log(...providers: { readonly name: string; readonly times: readonly number[] }[]): string[] {
  return providers
    .flatMap(({ name, times }) => times.map((at) => ({ name, at })))
    .sort((a, b) => a.at - b.at)
    .map(({ name, at }) => `${name}@${at}`);
}

describe("a failover chain of members that are retried", () => {
  it("asks every member once before it asks any again, and does not wait while one is untried", async () => {
    const clock = new VirtualClock();
    const [a, b] = [failing("a", down), failing("b", { ...busy, retryAt: 90_000 })];
    const c = scripted("c");
    const chain = failover([a, b, c].map((one) => retry(circuitBreaker(one))));
    const response = await chain.chat(request, { clock });
    expect(response.provider).toBe("c");
    expect(log(a, b, c)).toEqual(["a@0", "b@0", "c@0"]);
    expect(clock.now()).toBe(0);
  });

  it("asks again after every member was asked: first the member that may be asked first", async () => {
    const clock = new VirtualClock();
    const a = scripted({ name: "a", replies: [{ error: { ...down, retryAt: 30_000 } }, {}] });
    const b = scripted({ name: "b", replies: [{ error: down }, { error: down }, {}] });
    const chain = failover([retry(a), retry(b)]);
    const pending = chain.chat(request, { clock, random: () => 0.5 });
    await clock.drain();
    expect((await pending).provider).toBe("b");
    // 250 ms and 500 ms of back-off, while the first member named 30 seconds.
    expect(log(a, b)).toEqual(["a@0", "b@0", "b@250", "b@750"]);
  });

  it("repeats no target more than twice and all of them no more than four times", async () => {
    const clock = new VirtualClock();
    const members = ["a", "b", "c"].map((name) => failing(name, down));
    const error = errorOf(failover(members.map((one) => retry(one))).chat(request, { clock }));
    await clock.drain();
    await error;
    expect(members.map(({ calls }) => calls).sort()).toEqual([1, 3, 3]);
  });

  it("reaches a healthy member behind any nesting", async () => {
    const clock = new VirtualClock();
    const bad = ["a", "b", "c", "d"].map((name) => failing(name, busy));
    const [a, b, c, d] = bad.map((one) => retry(one)) as [
      ReturnType<typeof retry>,
      ReturnType<typeof retry>,
      ReturnType<typeof retry>,
      ReturnType<typeof retry>,
    ];
    const nested = failover([failover([a, retry(roundRobin([b, c]))]), d, scripted("e")]);
    expect((await nested.chat(request, { clock })).provider).toBe("e");
    expect(bad.map(({ calls }) => calls)).toEqual([1, 1, 1, 1]);
    expect(clock.now()).toBe(0);
  });

  it("asks the tenth of ten keys if nine are limited", async () => {
    const key = (i: number, limited: boolean) =>
      scripted({
        name: `k${i}`,
        target: { provider: "p", key: `k${i}` },
        replies: [limited ? { error: { code: "RATE_LIMIT", message: "slow down" } } : {}],
      });
    const members = Array.from({ length: 10 }, (_, i) => key(i, i < 9));
    await keys(members).chat(request, { clock: new VirtualClock() });
    expect(members.map(({ calls }) => calls)).toEqual(Array(10).fill(1));
  });

  it("waits with back-off for a rate limit that names no time, if no other member is left", async () => {
    const clock = new VirtualClock();
    const limited = scripted({
      name: "a",
      replies: [{ error: { code: "RATE_LIMIT", message: "slow down" } }, {}],
    });
    const pending = retry(limited).chat(request, { clock, random: () => 1 });
    await clock.drain();
    expect((await pending).provider).toBe("a");
    expect(limited.times).toEqual([0, 500]);
  });

  it("does not repeat a member that failed slowly if there is another", async () => {
    const clock = new VirtualClock();
    const slow = scripted({ name: "a", replies: [{ delayMs: 20_000, error: down }] });
    const other = scripted({ name: "b", replies: [{ error: down }, {}] });
    const pending = failover([retry(slow), retry(other)]).chat(request, { clock });
    await clock.drain();
    expect((await pending).provider).toBe("b");
    expect(slow.calls).toBe(1);
  });

  it("is ended by a hard cap although a member was never asked, which says so", async () => {
    const chain = failover([failing("a", down), failing("b", down), scripted("c")]);
    const error = await errorOf(chain.chat(request, { maxAttempts: 2 }));
    expect(error).toMatchObject({ code: "PROVIDER_ERROR" });
    expect(error.attempts).toHaveLength(2);
  });

  it("takes an explicit 0 for no repeats at all", async () => {
    const clock = new VirtualClock();
    const a = failing("a", down);
    const error = errorOf(retry(a).chat(request, { clock, maxRepeats: 0 }));
    await clock.drain();
    await error;
    expect(a.calls).toBe(1);
  });
});

describe("a stream whose first member sends no response", () => {
  const silent = (reasoning?: boolean) =>
    scripted({
      name: "deaf",
      replies: [{ silent: true, text: [] }],
      ...(reasoning === undefined ? {} : { facts: { reasoning } }),
    });
  const timeouts = { headMs: 15_000, firstContentMs: 120_000 };

  it("is abandoned for another member", async () => {
    const clock = new VirtualClock();
    const pending = failover([silent(), scripted("b")])
      .stream(request, { clock, timeouts })
      .response();
    await clock.advance(15_000);
    expect((await pending).provider).toBe("b");
  });

  it.each([
    ["nobody else is there", [silent()]],
    ["its model is known to reason", [silent(true), scripted("b")]],
  ])("is awaited if %s", async (_, members) => {
    const clock = new VirtualClock();
    const pending = failover(members).stream(request, { clock, timeouts }).response();
    const outcome = pending.then(
      ({ provider }) => provider,
      (error: { phase: string }) => error.phase,
    );
    await clock.advance(119_999);
    expect(members[0]?.running).toBe(1);
    await clock.advance(1);
    expect(await outcome).toBe(members.length === 1 ? "first-content" : "b");
  });
});
