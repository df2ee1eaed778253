import { describe, expect, it } from "vitest";
import type { Attempt } from "../values/attempt.js";
import { allFailed, formatAttempts, formatTarget, soonest } from "./attempt-log.js";
import { AiLibError } from "./error.js";

const failed = (provider: string, message = "no."): Attempt => ({
  target: { provider },
  outcome: "error",
  startedAt: 0,
  code: "OVERLOADED",
  message,
});
const skipped: Attempt = {
  target: { provider: "s" },
  outcome: "skipped",
  startedAt: 0,
  message: "takes no tools",
};

it.each([
  [{ provider: "p" }, "p"],
  [{ provider: "p", model: "" }, "p"],
  [{ provider: "p", model: "m/n" }, "p/m/n"],
  [
    { provider: "p", model: "m", key: "work", account: "a", region: "eu" },
    "p/m (key work, account a, region eu)",
  ],
])("%j in words", (target, words) => {
  expect(formatTarget(target)).toBe(words);
});

describe("the attempts as text", () => {
  it("counts attempts, but not members that were skipped", () => {
    const cancelled: Attempt = { target: { provider: "c" }, outcome: "cancelled", startedAt: 0 };
    const success: Attempt = { target: { provider: "d" }, outcome: "success", startedAt: 0 };
    expect(formatAttempts([failed("a"), skipped, cancelled, success])).toBe(
      "Attempt 1, a: OVERLOADED, no. Passed over s: takes no tools. Attempt 2, c: cancelled.",
    );
  });

  it("is bounded, however many attempts there were and however long their messages", () => {
    const words = formatAttempts(Array.from({ length: 1_000 }, () => failed("a", "x".repeat(10_000))));
    expect(words.length).toBeLessThan(6_000);
    expect(words).toContain("And 980 more");
  });
});

it("the soonest of two times may be 0, or none", () => {
  expect([soonest(0, 5), soonest(5, 0), soonest(undefined, 0), soonest(undefined, undefined)]).toEqual([
    0,
    0,
    0,
    undefined,
  ]);
});

describe("the error after every member failed", () => {
  const last = new AiLibError({ code: "OVERLOADED", message: "busy", retryAt: 50 });

  it("contains every attempt and the earliest time, and keeps its code", () => {
    const error = allFailed("chain", [failed("a"), failed("b")], last, 20);
    expect(error).toMatchObject({ code: "OVERLOADED", retryAt: 20 });
    expect(error.message).toMatch(/^chain: no attempt succeeded\. Attempt 1, a.*Attempt 2, b/);
    expect(error.attempts).toHaveLength(2);
  });

  it("stays as it is after one attempt, and after an abort", () => {
    expect(allFailed("chain", [failed("a")], last, undefined)).toBe(last);
    const gone = new AiLibError({ code: "CANCELLED", message: "left" });
    expect(allFailed("chain", [failed("a"), failed("b")], gone, undefined)).toBe(gone);
  });
});
