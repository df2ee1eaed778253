import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../testing/virtual-clock.js";
import { type CallOptions, contextOf, DEFAULT_MAX_REPEATS } from "./call.js";
import { DEFAULT_TIMEOUTS, resolveTimeouts } from "./timeouts.js";

describe("the context of a call", () => {
  it("has the documented defaults", () => {
    const clock = new VirtualClock(1_000);
    expect(contextOf({ clock })).toMatchObject({
      deadline: 1_000 + DEFAULT_TIMEOUTS.totalMs,
      budget: { left: Number.POSITIVE_INFINITY, repeats: DEFAULT_MAX_REPEATS },
      strict: false,
      midStream: "fail",
      includeRaw: false,
      headers: {},
      attempts: [],
      timeouts: DEFAULT_TIMEOUTS,
    });
  });

  it("accepts an explicit 0, and no deadline", () => {
    const clock = new VirtualClock(1_000);
    expect(contextOf({ clock, timeouts: { totalMs: 0 } }).deadline).toBe(1_000);
    expect(contextOf({ clock, timeouts: { totalMs: Number.POSITIVE_INFINITY } }).deadline).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(resolveTimeouts({ idleMs: 0, attemptMs: undefined })).toEqual({ ...DEFAULT_TIMEOUTS, idleMs: 0 });
  });

  it("that is passed on accepts no options beside it, which would have no effect", () => {
    const context = contextOf();
    expect(contextOf({ context, strict: undefined })).toBe(context);
    expect(() => contextOf({ context, strict: true })).toThrow(
      expect.objectContaining({
        code: "CONFIG_ERROR",
        message: expect.stringContaining('"strict" has no effect'),
      }),
    );
  });

  const refused: [string, object][] = [
    ["an unknown option", { retries: 3 }],
    ["an unknown timeout", { timeouts: { total: 1 } }],
    ["a negative timeout", { timeouts: { idleMs: -1 } }],
    ["a timeout that is no number", { timeouts: { idleMs: "100" } }],
    ["a timeout of NaN", { timeouts: { totalMs: Number.NaN } }],
    ["no attempt", { maxAttempts: 0 }],
    ["half an attempt", { maxAttempts: 1.5 }],
    ["attempts that are no number", { maxAttempts: "3" }],
    ["an unknown way to recover", { midStream: "resume" }],
  ];
  it.each(refused)("refuses %s", (_, options) => {
    expect(() => contextOf(options as CallOptions)).toThrow(
      expect.objectContaining({ code: "CONFIG_ERROR" }),
    );
  });
});
