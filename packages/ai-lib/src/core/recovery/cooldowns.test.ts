import { describe, expect, it } from "vitest";
import { AiLibError } from "../errors/error.js";
import { REACTIONS } from "../errors/reactions.js";
import type { ErrorCode } from "../values/error-code.js";
import { cooldownUntil } from "./cooldowns.js";

const error = (code: ErrorCode, retryAt?: number, local = false) =>
  new AiLibError({ code, message: "m", retryAt, local });

describe("a target is held", () => {
  it.each([
    ["RATE_LIMIT", 5_000],
    ["AUTH_FAILED", 60_000],
    ["PERMISSION_DENIED", 60_000],
    ["MODEL_NOT_FOUND", 60_000],
    ["QUOTA_EXHAUSTED", 600_000],
  ] as const)("after %s for %s ms", (code, ms) => {
    expect(cooldownUntil(error(code), 100, {})).toBe(100 + ms);
  });

  it("until the time that the error names, also where that is 0", () => {
    expect(cooldownUntil(error("RATE_LIMIT", 0), 100, {})).toBe(0);
    expect(cooldownUntil(error("QUOTA_EXHAUSTED", 7_000), 100, {})).toBe(7_000);
  });

  it("for as long as was set, also for 0", () => {
    const times = { rateLimitMs: 0, cooldownMs: 0, quotaCooldownMs: 0 };
    for (const code of ["RATE_LIMIT", "AUTH_FAILED", "QUOTA_EXHAUSTED"] as const)
      expect(cooldownUntil(error(code), 100, times)).toBe(100);
  });

  it("after nothing else, and after nothing that was raised here", () => {
    for (const [code, { breaker }] of Object.entries(REACTIONS) as [ErrorCode, { breaker: string }][]) {
      expect(cooldownUntil(error(code), 100, {}) !== undefined).toBe(
        breaker === "cooldown" || breaker === "long-cooldown",
      );
      expect(cooldownUntil(error(code, 7_000, true), 100, {})).toBeUndefined();
    }
  });
});
