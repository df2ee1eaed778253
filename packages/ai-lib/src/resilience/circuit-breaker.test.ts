import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, read, request } from "../../test/support/calls.js";
import { memoryTransport } from "../../test/support/memory-transport.js";
import type { AiLibErrorInit } from "../core/errors/error.js";
import type { ErrorCode } from "../core/values/error-code.js";
import { defineProvider } from "../providers/endpoint/define.js";
import { roundRobin } from "../strategies/round-robin.js";
import { type Script, type ScriptedReply, scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { consecutiveFailures, failureRate } from "./breaker-rules.js";
import { type CircuitBreakerOptions, circuitBreaker } from "./circuit-breaker.js";

const broken: ScriptedReply = { error: { code: "PROVIDER_ERROR", message: "no" } };

/** A breaker around a leaf whose replies the test sets as it goes. */
function setUp(options: CircuitBreakerOptions = {}, script: Partial<Script> = {}) {
  const clock = new VirtualClock();
  const play: { reply: ScriptedReply } = { reply: broken };
  const leaf = scripted({
    name: "leaf",
    target: { provider: "p", model: "m", key: "k" },
    replies: () => play.reply,
    ...script,
  });
  const breaker = circuitBreaker(leaf, options);
  const changes: string[] = [];
  const observer = {
    on(event: { type: string; to?: string; key?: string; until?: number }) {
      if (event.type === "breaker") changes.push(`${event.to}`);
      if (event.type === "cooldown") changes.push(`cooldown of ${event.key} until ${event.until}`);
    },
  };
  const ask = async (model?: string) => {
    const asked = { ...request, ...(model === undefined ? {} : { model }) };
    const outcome = outcomeOf(breaker.chat(asked, { clock, observer }));
    await clock.advance(0);
    return outcome;
  };
  const trip = async () => {
    play.reply = broken;
    for (let i = 0; i < 5; i++) await ask();
  };
  return { clock, play, leaf, breaker, changes, observer, ask, trip };
}

describe("a circuit breaker", () => {
  it("opens after failures in a row, and then fails immediately without asking", async () => {
    const { ask, trip, leaf, breaker, clock } = setUp();
    await trip();
    expect(breaker.state(clock.now())).toBe("open");
    expect((await ask()).value).toBe("CIRCUIT_OPEN");
    expect(leaf.calls).toBe(5);
    const error = await errorOf(breaker.chat(request, { clock }));
    expect(error).toMatchObject({ local: true, retryAt: 5_000, target: { provider: "p" } });
    expect(error.message).toBe("The circuit of p/m (key k) is open after 5 failures in a row");
    expect(error.attempts).toMatchObject([{ outcome: "skipped" }]);
  });

  it("is not opened by failures with a success between them, nor by old ones", async () => {
    const { ask, play, breaker, clock } = setUp({ rules: [consecutiveFailures(3, 1_000)] });
    for (const reply of [broken, broken, {}, broken, broken]) {
      play.reply = reply;
      await ask();
    }
    await clock.advance(1_001);
    await ask();
    expect(breaker.state(clock.now())).toBe("closed");
    await ask();
    await ask();
    expect(breaker.state(clock.now())).toBe("open");
  });

  it("opens by the share of failures over a sliding window", async () => {
    const rule = failureRate({ ratio: 0.5, windowMs: 10_000, minimumCalls: 4 });
    const { ask, play, breaker, clock } = setUp({ rules: [rule] });
    for (const reply of [broken, {}, {}, broken]) {
      play.reply = reply;
      expect(breaker.state(clock.now())).toBe("closed");
      await ask();
    }
    expect(breaker.state(clock.now())).toBe("open");
  });

  it("forgets what slid out of the window", async () => {
    const rule = failureRate({ ratio: 0.5, windowMs: 10_000, minimumCalls: 4 });
    const { ask, play, breaker, clock } = setUp({ rules: [rule] });
    for (const reply of [broken, broken, broken]) {
      play.reply = reply;
      await ask();
    }
    await clock.advance(10_000);
    await ask();
    expect(breaker.state(clock.now())).toBe("closed");
  });

  it("heals a lapsed cool-down without any call", async () => {
    const { trip, breaker, clock } = setUp();
    await trip();
    await clock.advance(4_999);
    expect(breaker.state(clock.now())).toBe("open");
    await clock.advance(1);
    expect(breaker.state(clock.now())).toBe("half-open");
  });

  it("lets one probe through at a time, whatever the crowd", async () => {
    const { ask, trip, play, leaf, clock, changes } = setUp();
    await trip();
    await clock.advance(5_000);
    play.reply = { delayMs: 1_000 };
    const crowd = await Promise.all(Array.from({ length: 10 }, () => ask()));
    expect(crowd.map((outcome) => outcome.value).sort()).toEqual([
      ...Array.from({ length: 9 }, () => "CIRCUIT_OPEN"),
      "pending",
    ]);
    expect(leaf.running).toBe(1);
    await clock.advance(1_000);
    expect(changes).toEqual(["open", "half-open", "closed"]);
  });

  it("lets traffic back in two at a time, four at a time, and then all", async () => {
    const { ask, trip, play, clock, leaf } = setUp();
    await trip();
    await clock.advance(5_000);
    play.reply = {};
    await ask();
    play.reply = { delayMs: 100 };
    const served: number[] = [];
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 12; j++) await ask();
      served.push(leaf.running);
      await clock.advance(100);
    }
    expect(served).toEqual([2, 4, 12, 12]);
  });

  it("opens again at the first failure while it is closing, for twice as long, up to a limit", async () => {
    const { ask, trip, play, clock, breaker } = setUp({ coolDownMs: 1_000, maxCoolDownMs: 3_000 });
    await trip();
    const open: number[] = [];
    for (let i = 0; i < 4; i++) {
      const from = clock.now();
      while (breaker.state(clock.now()) === "open") await clock.advance(100);
      open.push(clock.now() - from);
      await ask();
    }
    expect(open).toEqual([1_000, 2_000, 3_000, 3_000]);
    await clock.advance(3_000);
    play.reply = {};
    await ask();
    play.reply = broken;
    await ask();
    expect(breaker.state(clock.now())).toBe("open");
  });

  it("starts from the first cool-down again once it was wholly closed", async () => {
    const { ask, trip, play, clock, breaker } = setUp({ coolDownMs: 1_000 });
    await trip();
    await clock.advance(1_000);
    await ask();
    await clock.advance(2_000);
    play.reply = {};
    for (let i = 0; i < 7; i++) await ask();
    await trip();
    await clock.advance(1_000);
    expect(breaker.state(clock.now())).toBe("half-open");
  });

  it("frees the place of a probe that its caller abandoned", async () => {
    const { trip, play, clock, breaker, leaf, ask } = setUp();
    await trip();
    await clock.advance(5_000);
    play.reply = { silent: true };
    const abort = new AbortController();
    const probe = outcomeOf(breaker.chat(request, { clock, signal: abort.signal }));
    await clock.advance(1_000);
    abort.abort();
    await clock.advance(0);
    expect(probe.value).toBe("CANCELLED");
    expect([leaf.running, breaker.state(clock.now())]).toEqual([0, "half-open"]);
    play.reply = {};
    expect((await ask()).value).toBe("p");
  });

  it("counts a stream when it ends, not when it begins", async () => {
    const { clock, play, breaker } = setUp({ rules: [consecutiveFailures(1)] });
    play.reply = { text: ["Half", " an"], everyMs: 1_000, cut: true };
    const reading = errorOf(read(breaker.stream(request, { clock })));
    await clock.advance(999);
    expect(breaker.state(clock.now())).toBe("closed");
    await clock.advance(1);
    await reading;
    expect(breaker.state(clock.now())).toBe("open");
  });

  it("counts nothing for cancelled calls, errors of the request, and what failed locally", async () => {
    const { clock, play, ask, breaker } = setUp({ rules: [consecutiveFailures(1)] });
    for (const error of [
      { code: "INVALID_REQUEST" },
      { code: "CONTENT_FILTERED" },
      { code: "CONTEXT_TOO_LONG" },
      { code: "UNSUPPORTED_FEATURE" },
      { code: "OVERLOADED", local: true },
      { code: "CANCELLED" },
    ] as const) {
      play.reply = { error: { message: "no", ...error } };
      await ask();
    }
    play.reply = { silent: true };
    const abort = new AbortController();
    const left = outcomeOf(breaker.chat(request, { clock, signal: abort.signal }));
    await clock.advance(10);
    abort.abort();
    await clock.advance(0);
    expect(left.value).toBe("CANCELLED");
    expect(breaker.state(clock.now())).toBe("closed");
  });

  it("takes no notice of calls that began before it opened", async () => {
    const { clock, play, trip, breaker } = setUp();
    play.reply = { delayMs: 1_000 };
    const early = outcomeOf(breaker.chat(request, { clock }));
    await clock.advance(0);
    await trip();
    await clock.advance(1_000);
    expect(early.value).toBe("p");
    expect(breaker.state(clock.now())).toBe("open");
  });

  const cooldowns: [ErrorCode, Partial<AiLibErrorInit>, forMs: number | undefined][] = [
    ["RATE_LIMIT", { retryAt: 7_000 }, 7_000],
    ["RATE_LIMIT", {}, 5_000],
    ["QUOTA_EXHAUSTED", {}, 600_000],
    ["AUTH_FAILED", {}, 60_000],
    ["PERMISSION_DENIED", {}, 60_000],
    ["RATE_LIMIT", { local: true, retryAt: 7_000 }, undefined],
    ["INVALID_REQUEST", {}, undefined],
  ];
  it.each(cooldowns)(
    "after %s %o every model of the target cools down for %s ms",
    async (code, more, forMs) => {
      const { clock, play, ask, breaker } = setUp();
      play.reply = { error: { code, message: "no", ...more } };
      await ask("one");
      play.reply = {};
      if (forMs === undefined) {
        expect(breaker.state(clock.now(), "two")).toBe("closed");
        return;
      }
      await clock.advance(forMs - 1);
      expect((await ask("two")).value).toBe("CIRCUIT_OPEN");
      expect(await errorOf(breaker.chat(request, { clock }))).toMatchObject({ retryAt: forMs });
      await clock.advance(1);
      expect((await ask("two")).value).toBe("p");
    },
  );

  it("after MODEL_NOT_FOUND that model alone cools down", async () => {
    const { play, ask, changes } = setUp();
    play.reply = { error: { code: "MODEL_NOT_FOUND", message: "no" } };
    await ask("one");
    play.reply = {};
    expect((await ask("one")).value).toBe("CIRCUIT_OPEN");
    expect((await ask("two")).value).toBe("p");
    expect(changes).toEqual(["cooldown of p/one (key k) until 60000"]);
  });

  it("has a circuit for each model", async () => {
    const { trip, breaker, clock } = setUp();
    await trip();
    expect([breaker.state(clock.now(), "m"), breaker.state(clock.now(), "other")]).toEqual([
      "open",
      "closed",
    ]);
  });

  it("has no cooldowns around several targets, so that one bad key never stops the good ones", async () => {
    const dead = scripted({
      name: "dead",
      target: { provider: "p", key: "k1" },
      replies: [{ error: { code: "AUTH_FAILED", message: "no" } }],
    });
    const clock = new VirtualClock();
    const breaker = circuitBreaker(roundRobin([scripted("a"), dead], { failoverOn: {} }));
    for (let i = 0; i < 6; i++) await breaker.chat(request, { clock });
    expect(breaker.state(clock.now())).toBe("closed");
  });

  it("keeps an open circuit however many other models are asked for", async () => {
    const { trip, ask, play, breaker, clock } = setUp();
    await trip();
    play.reply = {};
    for (let i = 0; i < 1_500; i++) void breaker.chat({ ...request, model: `m${i}` }, { clock });
    await clock.advance(0);
    expect(breaker.state(clock.now())).toBe("open");
    expect((await ask()).value).toBe("CIRCUIT_OPEN");
  });

  it.each([
    [{ coolDown: 1 }, /"coolDown"/],
    [{ coolDownMs: 0 }, /coolDownMs/],
    [{ coolDownMs: 10, maxCoolDownMs: 5 }, /maxCoolDownMs/],
    [{ halfOpenMaxCalls: 0 }, /halfOpenMaxCalls/],
    [{ cooldown: { foreverMs: 1 } }, /foreverMs/],
    [{ cooldown: { cooldownMs: -1 } }, /cooldownMs/],
  ])("refuses %o", (options, message) => {
    expect(() => circuitBreaker(scripted("a"), options as never)).toThrow(message);
  });
  it.each([
    () => consecutiveFailures(0),
    () => failureRate({ ratio: 2 }),
    () => failureRate({ windowMs: 0 }),
    () => failureRate({ window: 1 } as never),
  ])("refuses a rule that is out of range", (make) => {
    expect(make).toThrow();
  });
});

it("counts the errors of a provider whose key the environment names", async () => {
  const body = new TextEncoder().encode("{}");
  const provider = defineProvider(
    { id: "labs", dialect: "openai-chat", baseUrl: "https://labs.example/v1", model: "m" },
    {
      environment: { LABS_API_KEY: "k" },
      transport: memoryTransport({ status: 500, headers: {}, body }),
    },
  );
  const breaker = circuitBreaker(provider, { rules: [consecutiveFailures(1)] });
  const error = await errorOf(breaker.chat(request));
  expect(error).toMatchObject({ code: "PROVIDER_ERROR", target: { provider: "labs", key: "LABS_API_KEY" } });
  expect((await errorOf(breaker.chat(request))).code).toBe("CIRCUIT_OPEN");
});
