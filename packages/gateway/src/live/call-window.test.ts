import { describe, expect, it } from "vitest";
import { CallWindow, MAX_SAMPLES, WINDOW_MS } from "./call-window.js";

const START = Date.parse("2026-11-28T10:00:00Z");

/** Ends a call that took so many milliseconds. */
function end(window: CallWindow, at: number, tookMs: number, firstContentMs?: number): void {
  window.begin();
  window.end("success", at, { startedAt: at - tookMs, firstContentMs });
}

describe("a window of calls", () => {
  it("counts calls that run, and how those of the last minutes ended", () => {
    const window = new CallWindow();
    for (let i = 0; i < 4; i++) window.begin();
    window.end("success", START, { startedAt: START - 10 });
    window.end("error", START, { startedAt: START, code: "PROVIDER_ERROR", status: 500 });
    window.abandon();
    expect(window.activity(START)).toMatchObject({ running: 1, calls: 2, failures: 1, cancelled: 0 });
    window.end("cancelled", START, { startedAt: START, code: "CANCELLED" });
    expect(window.activity(START)).toMatchObject({
      ...{ running: 0, calls: 3, failures: 1, cancelled: 1 },
      lastError: { code: "PROVIDER_ERROR", status: 500, at: START },
    });
  });

  it("forgets counts and times after the window, and keeps the last error", () => {
    const window = new CallWindow();
    window.begin();
    window.end("error", START, { startedAt: START, code: "NETWORK_ERROR" });
    end(window, START, 100);
    end(window, START + WINDOW_MS / 2, 300);
    expect(window.activity(START + WINDOW_MS - 10_000)).toMatchObject({ calls: 3, failures: 1 });
    const later = window.activity(START + WINDOW_MS);
    expect(later).toMatchObject({ calls: 1, failures: 0, latency: { calls: 1, totalMs: { p50: 300 } } });
    expect(later.lastError).toEqual({ code: "NETWORK_ERROR", status: undefined, at: START });
    // After a pause that is longer than the window, its slots are empty.
    expect(window.activity(START + 100 * WINDOW_MS)).toMatchObject({ calls: 0, latency: undefined });
  });

  it("uses each slot again after the window", () => {
    const window = new CallWindow();
    for (let i = 0; i < 100; i++) end(window, START + i * 10_000, 1);
    expect(window.activity(START + 99 * 10_000).calls).toBe(30);
  });

  it("has the percentiles of the latest calls that succeeded", () => {
    const window = new CallWindow();
    for (let i = 0; i < 1_000; i++) end(window, START, 60_000, 60_000);
    for (let i = 1; i <= MAX_SAMPLES; i++) end(window, START + 1, i * 10, i);
    expect(window.activity(START + 1).latency).toEqual({
      calls: MAX_SAMPLES,
      firstContentMs: { p50: 128, p95: 244 },
      totalMs: { p50: 1_280, p95: 2_440 },
    });
  });

  it("counts a time before the latest one in its slot", () => {
    const window = new CallWindow();
    end(window, START + 60_000, 5);
    end(window, START, 5);
    expect(window.activity(START + 60_000).calls).toBe(2);
  });
});
