import { describe, expect, it } from "vitest";
import { errorOf, failing, read, request } from "../../../test/support/calls.js";
import { retry } from "../../resilience/retry.js";
import { timeout } from "../../resilience/timeout.js";
import { failover } from "../../strategies/failover.js";
import { type ScriptedReply, scripted } from "../../testing/scripted.js";
import { settled, VirtualClock } from "../../testing/virtual-clock.js";
import type { Observer, ObserverEvent } from "../contract/observer.js";
import type { ChatProvider } from "../contract/provider.js";
import type { Timeouts } from "../contract/timeouts.js";
import type { ChatEvent } from "../values/chat-event.js";

const warning: ChatEvent = { type: "warning", warning: { code: "other", message: "Careful" } };

describe("maxAttempts", () => {
  it("exhausted, ends the call with the last error and every attempt", async () => {
    const clock = new VirtualClock();
    const members = ["a", "b"].map((name) =>
      failing(name, { code: "PROVIDER_ERROR", message: `${name} is down` }),
    );
    const error = errorOf(
      retry(failover(members), { maxRetries: 20 }).chat(request, { clock, maxAttempts: 5 }),
    );
    await clock.drain();
    expect(await error).toMatchObject({ code: "PROVIDER_ERROR", target: { provider: "a" } });
    expect((await error).attempts.map(({ target, outcome }) => [target.provider, outcome])).toEqual(
      ["a", "b", "a", "b", "a"].map((name) => [name, "error"]),
    );
  });

  it("is not multiplied by nested layers, and applies to one call only", async () => {
    const clock = new VirtualClock();
    const down = failing("a", { code: "NETWORK_ERROR", message: "reset" });
    const stack = retry(retry(retry(down, { maxRetries: 9 }), { maxRetries: 9 }), { maxRetries: 9 });
    for (let call = 1; call <= 2; call++) {
      const error = errorOf(stack.chat(request, { clock }));
      await clock.drain();
      await error;
      expect(down.calls).toBe(5 * call);
    }
  });

  it("rethrows the last error to a layer that asks once more than it may", async () => {
    const down = failing("a", { code: "NETWORK_ERROR", message: "reset" });
    const stubborn: ChatProvider = {
      name: "stubborn",
      members: [down],
      async chat(asked, options) {
        await down.chat(asked, options).catch(() => {});
        return down.chat(asked, options);
      },
      stream: (asked, options) => down.stream(asked, options),
    };
    const error = await errorOf(failover([stubborn]).chat(request, { maxAttempts: 1 }));
    expect(error).toMatchObject({ code: "NETWORK_ERROR" });
    expect(error.attempts).toHaveLength(1);
    expect(down.calls).toBe(1);
  });
});

/** How a call of a reply ends under some limits, and when. */
async function ending(reply: ScriptedReply, timeouts: Timeouts, mode: "chat" | "stream" = "stream") {
  const clock = new VirtualClock();
  const provider = scripted({ name: "p", replies: [reply] });
  const promise =
    mode === "chat"
      ? provider.chat(request, { clock, timeouts })
      : provider.stream(request, { clock, timeouts }).response();
  let at: number | undefined;
  const ended = promise.then(
    ({ text }) => {
      at = clock.now();
      return text;
    },
    (error: { phase?: string; code: string; partial?: { text: string } }) => {
      at = clock.now();
      return `${error.code} ${error.phase}${error.partial === undefined ? "" : `: ${error.partial.text}`}`;
    },
  );
  await clock.drain();
  return { outcome: await ended, at, left: clock.pending, aborted: provider.aborted };
}

describe("the limits of an attempt", () => {
  const silent: ScriptedReply = { silent: true };
  const stalls: ScriptedReply = { delayMs: 10, text: ["a", "b"], everyMs: 10, silent: true };
  const slow: ScriptedReply = { delayMs: 10, text: ["a", "b", "c"], everyMs: 40 };
  const cases: [string, ScriptedReply, Timeouts, "chat" | "stream", string, number][] = [
    ["no content at all", silent, { firstContentMs: 100 }, "stream", "TIMEOUT first-content", 100],
    ["no answer at all", silent, { answerMs: 100 }, "chat", "TIMEOUT answer", 100],
    [
      "no first content in a unary call, which has none",
      { delayMs: 90, text: "late" },
      { firstContentMs: 50 },
      "chat",
      "late",
      90,
    ],
    ["silence after content", stalls, { idleMs: 100 }, "stream", "TIMEOUT idle: ab", 120],
    ["a whole attempt that takes too long", slow, { attemptMs: 60 }, "stream", "TIMEOUT attempt: ab", 60],
    [
      "an attempt as short as its answer",
      silent,
      { attemptMs: 50, answerMs: 50 },
      "chat",
      "TIMEOUT attempt",
      50,
    ],
    [
      "a deadline that passes after content, which no longer counts",
      stalls,
      { totalMs: 15, idleMs: 20, firstContentMs: 20 },
      "stream",
      "TIMEOUT idle: ab",
      40,
    ],
    ["a deadline of a unary call", silent, { totalMs: 15 }, "chat", "TIMEOUT total", 15],
    [
      "gaps shorter than the idle limit, longer together",
      slow,
      { idleMs: 50, firstContentMs: 20 },
      "stream",
      "abc",
      90,
    ],
    [
      "no time for first content: an explicit 0",
      silent,
      { firstContentMs: 0 },
      "stream",
      "TIMEOUT first-content",
      0,
    ],
    ["no time at all: an explicit 0", silent, { totalMs: 0 }, "chat", "TIMEOUT total", 0],
    ["no time between two reads: an explicit 0", stalls, { idleMs: 0 }, "stream", "TIMEOUT idle: a", 10],
  ];
  it.each(cases)("%s", async (_, reply, timeouts, mode, outcome, at) => {
    const ended = await ending(reply, timeouts, mode);
    expect([ended.outcome, ended.at]).toEqual([outcome, at]);
    expect(ended.left).toBe(0);
    expect(ended.aborted).toBe(outcome.startsWith("TIMEOUT") ? 1 : 0);
  });

  it("switched off leave no timer behind", async () => {
    const off = Number.POSITIVE_INFINITY;
    const clock = new VirtualClock();
    const provider = scripted({ name: "p", replies: [silent] });
    const abort = new AbortController();
    const timeouts = {
      answerMs: off,
      firstContentMs: off,
      idleMs: off,
      stallMs: off,
      attemptMs: off,
      totalMs: off,
    };
    const call = errorOf(provider.chat(request, { clock, timeouts, signal: abort.signal }));
    await settled();
    expect(clock.pending).toBe(0);
    abort.abort();
    await call;
  });

  it("are the attempt's own: the next one has its time from its own start", async () => {
    const clock = new VirtualClock();
    const members = [
      scripted({ name: "a", replies: [silent] }),
      scripted({ name: "b", replies: [{ delayMs: 80 }] }),
    ];
    const answer = failover(members).chat(request, { clock, timeouts: { answerMs: 100 } });
    await clock.drain();
    const response = await answer;
    expect(response.provider).toBe("b");
    expect(response.attempts.map(({ startedAt, endedAt }) => [startedAt, endedAt])).toEqual([
      [0, 100],
      [100, 180],
    ]);
  });

  it("do not run while the reader is slow", async () => {
    const clock = new VirtualClock();
    const text = Array.from({ length: 600 }, () => "x");
    const provider = scripted({ name: "p", replies: [{ text }] });
    const stream = provider.stream(request, { clock, timeouts: { idleMs: 100 } });
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    await settled();
    expect(provider.paused).toBe(true);
    await clock.advance(10_000);
    let events = 0;
    while ((await iterator.next()).done !== true) events++;
    expect(events).toBeGreaterThan(600);
  });

  it("are only narrowed by a wrapper", async () => {
    const clock = new VirtualClock();
    const provider = timeout(scripted({ name: "p", replies: [silent] }), { answerMs: 1_000 });
    const error = errorOf(provider.chat(request, { clock, timeouts: { answerMs: 50 } }));
    await clock.advance(51);
    expect(await error).toMatchObject({ phase: "answer" });
  });
});

describe("the record of an attempt", () => {
  it("contains the target, the times, the usage and the cost", async () => {
    const clock = new VirtualClock(1_000);
    const provider = scripted({
      name: "p",
      target: { provider: "p", model: "m", key: "work" },
      facts: { price: { input: 1, output: 2 } },
      replies: [{ delayMs: 30, text: ["a", "b"], everyMs: 5, usage: { inputTokens: 10, outputTokens: 20 } }],
    });
    const answer = provider.stream(request, { clock }).response();
    await clock.drain();
    const response = await answer;
    expect(response.attempts).toEqual([
      {
        target: { provider: "p", model: "m", key: "work" },
        outcome: "success",
        startedAt: 1_000,
        endedAt: 1_035,
        firstContentMs: 30,
        usage: { inputTokens: 10, outputTokens: 20 },
        usageStatus: "final",
        cost: 0.00005,
      },
    ]);
    expect(response.cost).toBe(0.00005);
  });

  it("of a price of 0 is a cost of 0, and of an unknown price none", async () => {
    const free = scripted({ name: "p", facts: { price: { input: 0, output: 0 } } });
    expect((await free.chat(request)).cost).toBe(0);
    expect((await scripted("p").chat(request)).cost).toBeUndefined();
  });

  it("contains the cost of the content before a break and before an abort", async () => {
    const facts = { price: { input: 1_000_000, output: 1_000_000 } };
    const broken = scripted({ name: "p", facts, replies: [{ text: "12345678", cut: true }] });
    const error = await errorOf(broken.stream(request).response());
    expect(error.attempts[0]).toMatchObject({
      outcome: "error",
      code: "STREAM_TRUNCATED",
      usageStatus: "estimated",
    });
    expect(error.attempts[0]?.cost).toBe((error.attempts[0]?.usage?.inputTokens ?? 0) + 2);
    const left = scripted({ name: "p", facts, replies: [{ silent: true }] });
    const abort = new AbortController();
    const gone = errorOf(left.chat(request, { signal: abort.signal }));
    await settled();
    abort.abort();
    expect((await gone).attempts[0]).toMatchObject({
      outcome: "cancelled",
      cost: (await gone).attempts[0]?.usage?.inputTokens,
    });
  });

  it("counts the usage that the provider reported before an abort, with and without content", async () => {
    const usage = { type: "usage", usage: { inputTokens: 900, outputTokens: 1 } } as const;
    const text = { type: "text-delta", index: 0, text: "12345678" } as const;
    const part = { type: "part-start", index: 0, part: { type: "text" } } as const;
    for (const [events, outputTokens] of [
      [[usage], 1],
      [[usage, part, text], 2],
    ] as const) {
      const provider = scripted({ name: "p", replies: [{ events, silent: true }] });
      const abort = new AbortController();
      const gone = errorOf(provider.stream(request, { signal: abort.signal }).response());
      await settled();
      abort.abort();
      expect((await gone).attempts[0]?.usage).toEqual({ inputTokens: 900, outputTokens });
    }
  });

  it("treats a price list that throws as one without prices", async () => {
    const prices = {
      cost: () => {
        throw new Error("no list");
      },
      price: () => undefined,
    };
    expect((await scripted("p").chat(request, { prices })).text).toBe("I am p.");
  });
});

describe("an attempt", () => {
  it("fails for a part that never began, and closes its leaf", async () => {
    const provider = scripted({
      name: "p",
      replies: [{ events: [{ type: "text-delta", index: 3, text: "a" }], silent: true }],
    });
    expect(await errorOf(provider.stream(request).response())).toMatchObject({ code: "INVALID_RESPONSE" });
    expect(provider.aborted).toBe(1);
  });

  it("begins with its start however many warnings come before it", async () => {
    const events = [...Array.from({ length: 200 }, () => warning), { type: "start", id: "late" } as const];
    const seen = await read(scripted({ name: "p", replies: [{ events }] }).stream(request));
    expect(seen[0]?.type).toBe("start");
    expect(seen.filter(({ type }) => type === "start")).toHaveLength(1);
    expect(seen.filter(({ type }) => type === "warning")).toHaveLength(200);
    expect(seen.at(-1)).toMatchObject({ response: { warnings: { length: 200 } } });
  });

  it("ends parts that its leaf left open", async () => {
    const events: ChatEvent[] = [
      { type: "part-start", index: 0, part: { type: "reasoning" } },
      { type: "reasoning-delta", index: 0, text: "hm" },
      { type: "part-start", index: 1, part: { type: "text" } },
    ];
    const seen = await read(scripted({ name: "p", replies: [{ events }] }).stream(request));
    expect(seen.filter(({ type }) => type === "part-end")).toHaveLength(2);
  });
});

describe("an observer", () => {
  const throwing: Observer = {
    on() {
      throw new Error("metrics");
    },
    chunk() {
      throw new Error("metrics");
    },
  };
  it("that throws does not affect the call", async () => {
    const members = [
      failing("a", { code: "OVERLOADED", message: "no" }),
      scripted({ name: "b", replies: [{ text: ["1", "2", "3"] }] }),
    ];
    expect((await failover(members).chat(request, { observer: throwing })).text).toBe("123");
    expect((await failover(members).stream(request, { observer: throwing }).response()).text).toBe("123");
  });

  it("receives the time of each content but the first", async () => {
    const clock = new VirtualClock();
    const gaps: number[] = [];
    const observer: Observer = { on() {}, chunk: (_, ms) => gaps.push(ms) };
    const provider = scripted({ name: "p", replies: [{ text: ["a", "b", "c"], everyMs: 7 }] });
    const answer = provider.stream(request, { clock, observer }).response();
    await clock.drain();
    await answer;
    expect(gaps).toEqual([7, 7]);
  });

  it("may add headers to the attempt, and to no other", async () => {
    const seen: Readonly<Record<string, string>>[] = [];
    let n = 0;
    const observer: Observer = {
      on(event: ObserverEvent) {
        if (event.type !== "attempt-start") return;
        seen.push({ ...event.headers });
        event.headers["traceparent"] = `${n++}`;
      },
    };
    const members = [failing("a", { code: "OVERLOADED", message: "no" }), scripted("b")];
    await failover(members).chat(request, { observer, headers: { own: "1" } });
    expect(seen).toEqual([{ own: "1" }, { own: "1" }]);
  });
});
