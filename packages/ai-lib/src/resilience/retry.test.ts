import { describe, expect, it } from "vitest";
import { errorOf, failing, outcomeOf, request } from "../../test/support/calls.js";
import type { AiLibErrorInit } from "../core/errors/error.js";
import type { ErrorCode } from "../core/values/error-code.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { retry } from "./retry.js";
import { RetryBudget } from "./retry-budget.js";

/** Jitter at its largest, but for a hair. */
const longest = () => 0.999_999;

async function attemptsAfter(code: ErrorCode, more: Partial<AiLibErrorInit> = {}) {
  const clock = new VirtualClock();
  const provider = failing("a", { code, message: "no", ...more });
  const error = errorOf(
    retry(provider).chat(request, { clock, random: longest, timeouts: { totalMs: 60_000 } }),
  );
  await clock.drain();
  expect(await error).toMatchObject({ code });
  expect(clock.pending).toBe(0);
  return provider.times;
}

describe("retry", () => {
  const table: [ErrorCode, Partial<AiLibErrorInit>, number[]][] = [
    ["NETWORK_ERROR", {}, [0, 500, 1_500]],
    ["PROVIDER_ERROR", {}, [0, 500, 1_500]],
    ["STREAM_TRUNCATED", {}, [0, 500, 1_500]],
    ["INVALID_RESPONSE", {}, [0, 500, 1_500]],
    ["PROVIDER_ERROR", { retryAt: 5_000 }, [0, 5_500, 6_500]],
    ["OVERLOADED", {}, [0, 500]],
    ["OVERLOADED", { retryAt: 2_000 }, [0, 2_500]],
    ["OVERLOADED", { local: true }, [0]],
    ["TIMEOUT", { phase: "first-content" }, [0]],
    ["TIMEOUT", { phase: "total" }, [0]],
    ["RATE_LIMIT", {}, [0]],
    ["RATE_LIMIT", { retryAt: 10_000 }, [0, 10_500]],
    ["RATE_LIMIT", { retryAt: 60_000 }, [0]],
    ["RATE_LIMIT", { retryAt: 10_000, local: true }, [0]],
    ["QUOTA_EXHAUSTED", { retryAt: 1_000 }, [0]],
    ["AUTH_FAILED", {}, [0]],
    ["PERMISSION_DENIED", {}, [0]],
    ["MODEL_NOT_FOUND", {}, [0]],
    ["CONTEXT_TOO_LONG", {}, [0]],
    ["UNSUPPORTED_FEATURE", {}, [0]],
    ["CONTENT_FILTERED", {}, [0]],
    ["INVALID_REQUEST", {}, [0]],
    ["CIRCUIT_OPEN", { local: true, retryAt: 10 }, [0]],
    ["CONFIG_ERROR", {}, [0]],
    ["FILE_ERROR", {}, [0]],
    ["CANCELLED", {}, [0]],
  ];
  it.each(table)("after %s %o asks the same target at %o", async (code, more, times) => {
    const asked = (await attemptsAfter(code, more)).map((time) => Math.round(time));
    // A rate limit whose time has passed names none for the attempt after.
    expect(asked.slice(0, times.length)).toEqual(times);
    if (code !== "RATE_LIMIT") expect(asked).toHaveLength(times.length);
  });

  it("backs off by a random time up to a limit that doubles, and never beyond the cap", async () => {
    const clock = new VirtualClock();
    const provider = failing("a", { code: "NETWORK_ERROR", message: "no" });
    const options = { maxRetries: 5, baseMs: 1_000, capMs: 3_000 };
    const error = errorOf(
      retry(provider, options).chat(request, { clock, random: () => 0.5, maxRepeats: 5 }),
    );
    await clock.drain();
    await error;
    expect(provider.times).toEqual([0, 500, 1_500, 3_000, 4_500, 6_000]);
  });

  it("is never early: not before the time that the provider named, whatever the jitter", async () => {
    const clock = new VirtualClock(1_234.567);
    const retryAt = 9_876.543_21;
    const provider = failing("a", { code: "RATE_LIMIT", message: "no", retryAt });
    const error = errorOf(retry(provider).chat(request, { clock, random: () => 0 }));
    await clock.drain();
    await error;
    expect(provider.times[1]).toBeGreaterThanOrEqual(retryAt);
    expect(provider.times[1]).toBeLessThan(retryAt + 2);
  });

  it("is never early on a clock whose timers fire early", async () => {
    const clock = new VirtualClock();
    const early = {
      now: () => clock.now(),
      after: (ms: number, run: () => void) => clock.after(ms * 0.9, run),
    };
    const provider = failing("a", { code: "RATE_LIMIT", message: "no", retryAt: 1_000 });
    const error = errorOf(retry(provider).chat(request, { clock: early, random: () => 0 }));
    await clock.drain();
    await error;
    expect(provider.times[1]).toBeGreaterThanOrEqual(1_000);
  });

  it("fails immediately if the wait does not fit the deadline", async () => {
    const clock = new VirtualClock();
    const provider = failing("a", { code: "RATE_LIMIT", message: "no", retryAt: 30_000 });
    const outcome = outcomeOf(retry(provider).chat(request, { clock, timeouts: { totalMs: 30_000 } }));
    await clock.advance(0);
    expect(outcome.value).toBe("RATE_LIMIT");
  });

  it("fails immediately if a provider names a time that is longer than maxWaitMs", async () => {
    const clock = new VirtualClock();
    const provider = failing("a", { code: "RATE_LIMIT", message: "no", retryAt: 30_000 });
    const outcome = outcomeOf(retry(provider, { maxWaitMs: 5_000 }).chat(request, { clock }));
    await clock.advance(0);
    expect(outcome.value).toBe("RATE_LIMIT");
  });

  it("answers with the attempt that succeeded, and reports what was waited before it and why", async () => {
    const clock = new VirtualClock();
    const provider = scripted({
      name: "a",
      replies: [{ error: { code: "PROVIDER_ERROR", message: "no" } }, {}],
    });
    const answer = retry(provider).chat(request, { clock, random: () => 0.5 });
    await clock.drain(1_000);
    expect((await answer).attempts).toMatchObject([
      { outcome: "error", code: "PROVIDER_ERROR" },
      { outcome: "success", waitMs: 250, waitReason: "back-off after PROVIDER_ERROR" },
    ]);
  });

  it("does not ask again after the first content", async () => {
    const provider = scripted({ name: "a", replies: [{ text: ["Half"], cut: true }] });
    expect(await errorOf(retry(provider).stream(request).response())).toMatchObject({ committed: true });
    expect(provider.calls).toBe(1);
  });

  it("ends the wait immediately when the caller aborts", async () => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const provider = failing("a", { code: "NETWORK_ERROR", message: "no" });
    const outcome = outcomeOf(retry(provider).chat(request, { clock, signal: abort.signal }));
    await clock.advance(0);
    expect(clock.pending).toBe(2);
    abort.abort();
    await clock.advance(0);
    expect(outcome.value).toBe("CANCELLED");
    expect(clock.pending).toBe(0);
    expect(provider.calls).toBe(1);
  });

  it("does not multiply when it is nested: the budget of the call bounds all of them", async () => {
    const clock = new VirtualClock();
    const provider = failing("a", { code: "NETWORK_ERROR", message: "no" });
    const error = errorOf(retry(retry(retry(provider))).chat(request, { clock, maxRepeats: 1 }));
    await clock.drain();
    expect((await error).attempts.filter(({ outcome }) => outcome === "error")).toHaveLength(2);
    expect(provider.calls).toBe(2);
  });

  it("takes an explicit 0 for no retries", async () => {
    const provider = failing("a", { code: "NETWORK_ERROR", message: "no" });
    await errorOf(retry(provider, { maxRetries: 0 }).chat(request));
    expect(provider.calls).toBe(1);
  });

  it.each([
    [{ maxRetry: 3 }, /"maxRetry"/],
    [{ maxRetries: -1 }, /maxRetries must be 0 or more/],
    [{ maxRetries: 1.5 }, /whole number/],
    [{ baseMs: Number.NaN }, /baseMs/],
  ])("refuses %o", (options, message) => {
    expect(() => retry(scripted("a"), options as never)).toThrow(message);
  });
});

describe("a retry budget", () => {
  it("keeps all retries in proportion to the requests", async () => {
    const clock = new VirtualClock();
    const budget = new RetryBudget({ ratio: 0.1, perSecond: 0 });
    const provider = failing("a", { code: "NETWORK_ERROR", message: "no" });
    const wrapped = retry(provider, { budget, baseMs: 0 });
    for (let i = 0; i < 100; i++) {
      const error = errorOf(wrapped.chat(request, { clock }));
      await clock.advance(0);
      await error;
    }
    expect(provider.calls).toBe(110);
  });
  it("allows some retries however few the requests are, and no savings from long ago", () => {
    const budget = new RetryBudget({ ratio: 1, perSecond: 0.2, windowSeconds: 10 });
    for (let i = 0; i < 50; i++) budget.request(0);
    expect([budget.take(20_000), budget.take(20_000), budget.take(20_000)]).toEqual([true, true, false]);
    expect(budget.take(31_000)).toBe(true);
  });
  it.each([{ rate: 1 }, { ratio: -1 }, { windowSeconds: 0 }])("refuses %o", (options) => {
    expect(() => new RetryBudget(options as never)).toThrow();
  });
});

it("an abort during a wait ends the wait, and leaves no timer", async () => {
  const clock = new VirtualClock();
  const abort = new AbortController();
  const failing = scripted({ name: "p", replies: [{ error: { code: "OVERLOADED", message: "busy" } }] });
  const ended = errorOf(retry(failing, { baseMs: 60_000 }).chat(request, { clock, signal: abort.signal }));
  await clock.advance(1);
  expect(failing.calls).toBe(1);
  abort.abort();
  expect(await ended).toMatchObject({ code: "CANCELLED" });
  expect(clock.pending).toBe(0);
  await clock.advance(600_000);
  expect(failing.calls).toBe(1);
});
