import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, request } from "../../test/support/calls.js";
import type { AiLibErrorInit } from "../core/errors/error.js";
import { circuitBreaker } from "../resilience/circuit-breaker.js";
import { memory } from "../state/memory.js";
import { type ScriptedReply, scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { failover } from "./failover.js";
import { keys } from "./keys.js";

function key(name: string, replies: readonly ScriptedReply[] = [{}], account?: string) {
  const target = { provider: "p", model: "m", key: name, ...(account === undefined ? {} : { account }) };
  return scripted({ name: `p with ${name}`, target, replies });
}

const fails = (code: AiLibErrorInit["code"], more: Partial<AiLibErrorInit> = {}): ScriptedReply => ({
  error: { code, message: `${code} it is`, ...more },
});

describe("several keys", () => {
  it("take turns", async () => {
    const members = ["k1", "k2", "k3"].map((name) => key(name));
    const strategy = keys(members);
    await Promise.all(Array.from({ length: 30 }, () => strategy.chat(request)));
    expect(members.map((member) => member.calls)).toEqual([10, 10, 10]);
  });

  it("let a refused key cool down, so that it delays no other key and costs no second attempt", async () => {
    const clock = new VirtualClock();
    const members = [key("k1"), key("k2", [fails("AUTH_FAILED")]), key("k3")];
    const strategy = keys(members);
    for (let i = 0; i < 9; i++) await strategy.chat(request, { clock });
    expect(members.map((member) => member.calls)).toEqual([5, 1, 4]);
    expect(strategy.coolingDown(clock.now())).toEqual([1]);
  });

  it.each([
    ["RATE_LIMIT", { retryAt: 7_000 }, 7_000],
    ["RATE_LIMIT", {}, 1_000],
    ["AUTH_FAILED", {}, 2_000],
    ["QUOTA_EXHAUSTED", {}, 3_000],
  ] as const)("cool down after %s %o for %s ms", async (code, more, forMs) => {
    const clock = new VirtualClock();
    const bad = key("k1", [fails(code, more), {}]);
    const strategy = keys([bad, key("k2")], {
      cooldown: { rateLimitMs: 1_000, cooldownMs: 2_000, quotaCooldownMs: 3_000 },
    });
    expect((await strategy.chat(request, { clock })).attempts).toHaveLength(2);
    await clock.advance(forMs - 1);
    expect(strategy.coolingDown(clock.now())).toEqual([0]);
    await clock.advance(1);
    expect(strategy.coolingDown(clock.now())).toEqual([]);
    for (let i = 0; i < 2; i++) await strategy.chat(request, { clock });
    expect(bad.calls).toBe(2);
  });

  it("cool down together if their account is out of quota", async () => {
    const clock = new VirtualClock();
    const members = [
      key("k1", [fails("QUOTA_EXHAUSTED")], "red"),
      key("k2", [{}], "red"),
      key("k3", [{}], "blue"),
    ];
    const strategy = keys(members);
    for (let i = 0; i < 4; i++) await strategy.chat(request, { clock });
    expect(members.map((member) => member.calls)).toEqual([1, 0, 4]);
  });

  it("cool down for one model alone if the error is about the model", async () => {
    const clock = new VirtualClock();
    const bad = key("k1", [fails("RATE_LIMIT", { scope: "model", retryAt: 9_000 }), {}]);
    const strategy = keys([bad, key("k2")]);
    await strategy.chat({ ...request, model: "one" }, { clock });
    for (let i = 0; i < 4; i++) await strategy.chat({ ...request, model: "one" }, { clock });
    expect(bad.calls).toBe(1);
    for (let i = 0; i < 2; i++) await strategy.chat({ ...request, model: "two" }, { clock });
    expect(bad.calls).toBe(2);
  });

  it("do not cool down after errors that another key does not help", async () => {
    const clock = new VirtualClock();
    const members = [key("k1", [fails("PROVIDER_ERROR")]), key("k2")];
    const strategy = keys(members);
    expect((await errorOf(strategy.chat(request, { clock }))).code).toBe("PROVIDER_ERROR");
    expect(members[1]?.calls).toBe(0);
    expect(strategy.coolingDown(clock.now())).toEqual([]);
  });

  it("report when all are unusable, with the earliest time to retry, and then ask none", async () => {
    const clock = new VirtualClock(1_000);
    const members = [key("k1", [fails("AUTH_FAILED")]), key("k2", [fails("RATE_LIMIT", { retryAt: 5_000 })])];
    const strategy = keys(members, { name: "mine" });
    const first = await errorOf(strategy.chat(request, { clock }));
    expect(first).toMatchObject({ code: "RATE_LIMIT", retryAt: 5_000, local: false });
    const words =
      "mine: all 2 keys cool down, the first one for another 4000 ms. " +
      "p/m (key k1): AUTH_FAILED, AUTH_FAILED it is. p/m (key k2): RATE_LIMIT, RATE_LIMIT it is.";
    expect(first.message).toBe(words);
    const second = await errorOf(strategy.chat(request, { clock }));
    expect(second).toMatchObject({ code: "RATE_LIMIT", retryAt: 5_000, local: true, message: words });
    expect(second.attempts.map(({ outcome }) => outcome)).toEqual(["skipped", "skipped"]);
    expect(members.map((member) => member.calls)).toEqual([1, 1]);
    const chain = failover([strategy, scripted("other")]);
    expect((await chain.chat(request, { clock })).provider).toBe("other");
  });

  it("say in the attempt log for how long one cools down, and report it", async () => {
    const clock = new VirtualClock(1_000);
    const seen: unknown[] = [];
    const observer = { on: (event: { type: string }) => event.type === "cooldown" && seen.push(event) };
    const strategy = keys([key("k1", [fails("RATE_LIMIT", { retryAt: 5_000 })]), key("k2")]);
    await strategy.chat(request, { clock, observer });
    expect(seen).toMatchObject([
      { at: 1_000, key: "p/m (key k1)", until: 5_000, error: { code: "RATE_LIMIT" } },
    ]);
    await clock.advance(500);
    const { attempts } = await failover([strategy]).chat(request, { clock });
    expect(attempts).toMatchObject([{ outcome: "success" }]);
    const all = keys([
      key("k1", [fails("RATE_LIMIT", { retryAt: 9_000 })]),
      key("k2", [fails("RATE_LIMIT", { retryAt: 7_000 })]),
      key("k3", [fails("RATE_LIMIT", { retryAt: 8_000 })]),
    ]);
    await errorOf(all.chat(request, { clock }));
    const error = await errorOf(all.chat(request, { clock }));
    expect(error.retryAt).toBe(7_000);
    expect(error.attempts.map(({ message }) => message)).toEqual([
      "it cools down for another 5500 ms after RATE_LIMIT",
      "it cools down for another 6500 ms after RATE_LIMIT",
      "it cools down for another 7500 ms after RATE_LIMIT",
    ]);
  });

  it("do not cool down for a time that has passed", async () => {
    const clock = new VirtualClock(1_000);
    const strategy = keys([key("k1", [fails("RATE_LIMIT", { retryAt: 1_000 })]), key("k2")], {
      cooldown: { rateLimitMs: 0 },
    });
    await strategy.chat(request, { clock });
    expect(strategy.coolingDown(1_000)).toEqual([]);
  });

  it("cool down alone if the error is about one key of an account", async () => {
    const clock = new VirtualClock();
    const strategy = keys([
      key("k1", [fails("RATE_LIMIT", { retryAt: 9_000 })], "red"),
      key("k2", [{}], "red"),
    ]);
    await strategy.chat(request, { clock });
    expect(strategy.coolingDown(clock.now())).toEqual([0]);
  });

  it("have their state under a key of their own in a store", () => {
    const state = memory();
    keys([key("k1"), key("k2")], { state, stateKey: "eu" });
    expect(state.names()).toEqual([
      { kind: "cooldowns", key: "eu/p (key k1)" },
      { kind: "cooldowns", key: "eu/p (key k2)" },
    ]);
    expect(() => keys([key("k1")], { state, stateKey: "" })).toThrow(/stateKey/);
  });

  it("count a cancelled call as nothing", async () => {
    const clock = new VirtualClock();
    const strategy = keys([key("k1", [{ silent: true }])]);
    const abort = new AbortController();
    const left = outcomeOf(strategy.chat(request, { clock, signal: abort.signal }));
    await clock.advance(1);
    abort.abort();
    await clock.advance(0);
    expect(left.value).toBe("CANCELLED");
    expect(strategy.coolingDown(clock.now())).toEqual([]);
  });

  it.each([
    ["several providers", () => keys([key("k1"), scripted("other")]), /several keys of one provider/],
    ["a key twice", () => keys([key("k1"), key("k1")]), /"k1" twice/],
    ["an unknown cooldown time", () => keys([key("k1")], { cooldown: { ever: 1 } as never }), /"ever"/],
  ])("refuse %s", (_, build, message) => {
    expect(build).toThrow(message);
  });
});

describe("a key after its cooldown", () => {
  it("is used for one call at a time while other keys take the rest, until one has succeeded", async () => {
    const clock = new VirtualClock();
    const limited = key("k1", [fails("RATE_LIMIT"), { delayMs: 100 }, {}]);
    const other = key("k2");
    const strategy = keys([limited, other]);
    await strategy.chat(request, { clock });
    await clock.advance(5_000);
    const calls = Array.from({ length: 6 }, () => strategy.chat(request, { clock }));
    await clock.advance(10);
    expect([limited.calls, other.calls]).toEqual([2, 6]);
    await clock.advance(200);
    await Promise.all(calls);
    await Promise.all(Array.from({ length: 6 }, () => strategy.chat(request, { clock })));
    expect([limited.calls, other.calls]).toEqual([5, 9]);
  });

  it("does not wait for itself where a breaker of the same store is within", async () => {
    const clock = new VirtualClock();
    const state = memory();
    const limited = key("k1", [fails("RATE_LIMIT"), {}]);
    const strategy = keys([circuitBreaker(limited, { state })], { state });
    await errorOf(strategy.chat(request, { clock }));
    expect(state.get("cooldowns", "p (key k1)")?.list(clock.now())).toHaveLength(1);
    await clock.advance(5_000);
    expect((await strategy.chat(request, { clock })).text).toBe("I am p with k1.");
    expect((await strategy.chat(request, { clock })).text).toBe("I am p with k1.");
  });

  it("takes all calls again at the first content of a stream", async () => {
    const clock = new VirtualClock();
    const limited = key("k1", [fails("RATE_LIMIT"), { text: ["x", "y"], everyMs: 1_000 }, {}]);
    const strategy = keys([limited]);
    await errorOf(strategy.chat(request, { clock }));
    await clock.advance(5_000);
    const stream = strategy.stream(request, { clock }).response();
    const other = outcomeOf(strategy.chat(request, { clock }));
    await clock.advance(10);
    expect([limited.calls, other.value]).toEqual([3, "p"]);
    await clock.advance(2_000);
    expect((await stream).text).toBe("xy");
  });

  it("makes other calls wait for the one if no other key is left", async () => {
    const clock = new VirtualClock();
    const limited = key("k1", [fails("RATE_LIMIT"), { delayMs: 100 }, {}]);
    const strategy = keys([limited]);
    await errorOf(strategy.chat(request, { clock }));
    await clock.advance(5_000);
    const calls = Array.from({ length: 3 }, () => strategy.chat(request, { clock }));
    await clock.advance(99);
    expect(limited.calls).toBe(2);
    await clock.advance(1);
    await Promise.all(calls);
    expect(limited.calls).toBe(4);
  });

  it("fails those that wait if the one is limited again", async () => {
    const clock = new VirtualClock();
    const limited = key("k1", [fails("RATE_LIMIT"), { ...fails("RATE_LIMIT"), delayMs: 100 }]);
    const strategy = keys([limited]);
    await errorOf(strategy.chat(request, { clock }));
    await clock.advance(5_000);
    const errors = [1, 2].map(() => errorOf(strategy.chat(request, { clock })));
    await clock.advance(100);
    expect((await Promise.all(errors)).map(({ code, local }) => [code, local])).toEqual([
      ["RATE_LIMIT", false],
      ["RATE_LIMIT", true],
    ]);
    expect(limited.calls).toBe(2);
  });
});
