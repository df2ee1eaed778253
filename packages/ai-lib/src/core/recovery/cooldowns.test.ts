import { describe, expect, it } from "vitest";
import { AiLibError } from "../errors/error.js";
import { REACTIONS } from "../errors/reactions.js";
import type { ErrorCode } from "../values/error-code.js";
import { Cooldowns, cooldownUntil } from "./cooldowns.js";

const error = (code: ErrorCode, retryAt?: number, local = false) =>
  new AiLibError({ code, message: "m", retryAt, local });

describe("a target cools down", () => {
  it.each([
    ["RATE_LIMIT", 5_000],
    ["AUTH_FAILED", 60_000],
    ["PERMISSION_DENIED", 60_000],
    ["MODEL_NOT_FOUND", 60_000],
    ["QUOTA_EXHAUSTED", 600_000],
  ] as const)("after %s for %s ms", (code, ms) => {
    expect(cooldownUntil(error(code), 100, {})).toBe(100 + ms);
  });

  it("until the time that the error names, also if that is 0", () => {
    expect(cooldownUntil(error("RATE_LIMIT", 0), 100, {})).toBe(0);
    expect(cooldownUntil(error("QUOTA_EXHAUSTED", 7_000), 100, {})).toBe(7_000);
  });

  it("no longer than the longest cooldown, however late the time that the error names", () => {
    const week = 7 * 24 * 3_600_000;
    expect(cooldownUntil(error("RATE_LIMIT", week), 100, {})).toBe(100 + 600_000);
    expect(cooldownUntil(error("AUTH_FAILED", week), 100, {})).toBe(100 + 600_000);
    expect(cooldownUntil(error("QUOTA_EXHAUSTED", week), 100, {})).toBe(100 + 3_600_000);
    const times = { maxCooldownMs: 1_000, maxQuotaCooldownMs: 2_000 };
    expect(cooldownUntil(error("RATE_LIMIT"), 100, times)).toBe(1_100);
    expect(cooldownUntil(error("QUOTA_EXHAUSTED"), 100, times)).toBe(2_100);
  });

  it("for as long as was set, also for 0", () => {
    const times = { rateLimitMs: 0, cooldownMs: 0, quotaCooldownMs: 0 };
    for (const code of ["RATE_LIMIT", "AUTH_FAILED", "QUOTA_EXHAUSTED"] as const)
      expect(cooldownUntil(error(code), 100, times)).toBe(100);
  });

  it("after no other error, and after no local error", () => {
    for (const [code, { breaker }] of Object.entries(REACTIONS) as [ErrorCode, { breaker: string }][]) {
      expect(cooldownUntil(error(code), 100, {}) !== undefined).toBe(
        breaker === "cooldown" || breaker === "long-cooldown",
      );
      expect(cooldownUntil(error(code, 7_000, true), 100, {})).toBeUndefined();
    }
  });
});

function setUp() {
  const published: unknown[] = [];
  return { published, cooldowns: new Cooldowns({ publish: (change) => published.push(change) }) };
}

describe("cooldowns", () => {
  it("apply to one model if the error does, else to all", () => {
    const { cooldowns } = setUp();
    cooldowns.begin(new AiLibError({ code: "MODEL_NOT_FOUND", message: "m" }), 500, 0, "one");
    expect([cooldowns.at(0, "one")?.until, cooldowns.at(0, "two"), cooldowns.at(0, undefined)]).toEqual([
      500,
      undefined,
      undefined,
    ]);
    cooldowns.begin(error("RATE_LIMIT"), 300, 0, "one");
    expect([cooldowns.at(0, "one")?.until, cooldowns.at(0, "two")?.until]).toEqual([500, 300]);
    expect([cooldowns.at(300, "one")?.until, cooldowns.at(300, "two"), cooldowns.at(500, "one")]).toEqual([
      500,
      undefined,
      undefined,
    ]);
  });

  it("are prolonged by a later end alone, and publish only that", () => {
    const { cooldowns, published } = setUp();
    expect(cooldowns.begin(error("AUTH_FAILED"), 500, 0, "m")).toBe(true);
    expect(cooldowns.begin(error("RATE_LIMIT"), 500, 0, "m")).toBe(false);
    expect(cooldowns.begin(error("RATE_LIMIT"), 400, 0, "m")).toBe(false);
    expect(cooldowns.begin(error("RATE_LIMIT"), 600, 0, "m")).toBe(true);
    expect(cooldowns.at(0, "m")).toMatchObject({ until: 600, code: "RATE_LIMIT" });
    expect(published).toHaveLength(2);
  });

  it("are bounded by models and by the length of a message", () => {
    const { cooldowns } = setUp();
    const missing = new AiLibError({ code: "MODEL_NOT_FOUND", message: "m".repeat(100_000) });
    cooldowns.begin(missing, 9_000, 0, "early");
    for (let i = 0; i < 3_000; i++) cooldowns.begin(missing, 9_000, 0, `m${i}`);
    expect(cooldowns.list(0)).toHaveLength(1_000);
    expect(cooldowns.list(0).every(({ message }) => message.length === 1_000)).toBe(true);
  });

  it("ignore invalid entries in a change or a snapshot", () => {
    const { cooldowns } = setUp();
    const known = { until: 500, code: "AUTH_FAILED", scope: "key", message: "m" };
    const wrong = [
      null,
      1,
      "a",
      {},
      { until: 1 },
      { ...known, code: "toString" },
      { ...known, until: "500" },
    ];
    for (const begin of wrong) cooldowns.merge({ begin } as never, 0);
    cooldowns.merge("release" as never, 0);
    expect(cooldowns.list(0)).toEqual([]);
    cooldowns.restore([...wrong, known] as never, 0);
    expect(cooldowns.list(0)).toEqual([{ until: 500, code: "AUTH_FAILED", message: "m" }]);
    cooldowns.restore(null, 0);
    expect(cooldowns.snapshot(0)).toBeUndefined();
  });
});
