import { AiLibError } from "ai-lib";
import { describe, expect, it } from "vitest";
import { countedBy } from "../keys/counted.js";
import type { Limit } from "../keys/record.js";
import { Bucket, maxOf } from "./bucket.js";
import { attemptRefusal, type FullLimit, refusalOf } from "./refusal.js";

const NOW = Date.UTC(2026, 10, 28, 13, 7, 5);
const RESET = Date.UTC(2026, 10, 28, 14);

/** A limit of a group that is used up, and what a call needs of it. */
function full(limit: Limit, amount: number, used: number, id = "acme", held = 0): FullLimit {
  const node = { kind: "group", id } as const;
  const bucket = new Bucket(node, countedBy(limit));
  // Of running calls, whose limit counts nothing else.
  if (limit.per === undefined) bucket.hold(NOW, used);
  else {
    bucket.restore(NOW, NOW, used);
    bucket.hold(NOW, held);
  }
  const max = maxOf(limit);
  const resetAt = bucket.roomAt(NOW, amount, max);
  return { index: 0, resetAt, amount, limit: { node, limit, bucket, max } };
}

describe("the refusal of a call", () => {
  it.each<readonly [string, FullLimit, object]>([
    [
      "that is larger than a whole limit",
      full({ tokens: 500, per: "hour" }, 501, 0),
      {
        code: "INVALID_REQUEST",
        retryAt: undefined,
        message:
          "The call may use 501 tokens, more than the limit allows: group acme: tokens per hour (500 tokens). " +
          "Set a lower limit of output tokens, or shorten the prompt",
      },
    ],
    [
      "that needs as much as the whole limit",
      full({ tokens: 500, per: "hour" }, 500, 1),
      {
        code: "RATE_LIMIT",
        retryAt: RESET,
        message:
          "The limit is reached: group acme: tokens per hour (500 tokens). The call may use 500 tokens, " +
          "499 tokens are left; it has room at 2026-11-28T14:00:00.000Z",
      },
    ],
    ["by a limit per minute", full({ requests: 1, per: "minute" }, 1, 1), { code: "RATE_LIMIT" }],
    [
      "by a limit per day",
      full({ requests: 1, per: "day" }, 1, 1),
      {
        code: "QUOTA_EXHAUSTED",
        retryAt: Date.UTC(2026, 10, 29),
        message: expect.stringContaining(
          "requests per day (1 call). The call may use 1 call, 0 calls are left",
        ),
      },
    ],
    [
      "by a limit that was lowered below what is used",
      full({ dollars: 0.25, per: "month" }, 1, 900_000_000),
      { code: "QUOTA_EXHAUSTED", message: expect.stringContaining("may use $0, $0 are left") },
    ],
    [
      "by a limit of dollars",
      full({ dollars: 2.5, per: "month" }, 1_500_000_000, 1_250_000_000),
      { message: expect.stringContaining("per month ($2.5). The call may use $1.5, $1.25 are left") },
    ],
    [
      "by a limit for all time",
      full({ requests: 5, per: "total" }, 1, 5),
      {
        code: "QUOTA_EXHAUSTED",
        retryAt: undefined,
        message: expect.stringMatching(/5 calls.*0 calls are left; it does not reset$/),
      },
    ],
    [
      "whose room running calls reserve",
      full({ tokens: 1_000, per: "day" }, 800, 100, "acme", 800),
      {
        code: "RATE_LIMIT",
        retryAt: NOW + 1_000,
        message:
          "The limit is reached: group acme: tokens per day (1,000 tokens). The call may use 800 tokens, 100 tokens " +
          "are left, and running calls reserve 800 tokens: it may have room when one of them ends",
      },
    ],
    [
      "whose room running calls reserve, of a limit for all time",
      full({ dollars: 5, per: "total" }, 1, 4, "acme", 5_000_000_000),
      { code: "RATE_LIMIT", retryAt: NOW + 1_000 },
    ],
    [
      "by a number of calls, each of which counts when it ends",
      full({ requests: 5, per: "total" }, 1, 4, "acme", 1),
      { code: "QUOTA_EXHAUSTED", retryAt: undefined },
    ],
    [
      "by a limit of running calls",
      full({ concurrent: 3 }, 1, 3),
      {
        code: "RATE_LIMIT",
        retryAt: NOW + 1_000,
        message:
          "The limit is reached: group acme: concurrent (3 calls). It has room when a running call ends",
      },
    ],
  ])("%s", (_what, one, expected) => {
    const error = refusalOf([one], NOW);
    expect(error).toBeInstanceOf(AiLibError);
    expect(error).toMatchObject({ local: true, ...expected });
  });

  it("names the limit that has room last, since a call needs room in all of them", () => {
    const running = full({ concurrent: 1 }, 1, 1, "running");
    const hour = full({ requests: 1, per: "hour" }, 1, 1, "hour");
    const day = full({ requests: 1, per: "day" }, 1, 1, "day");
    const total = full({ requests: 1, per: "total" }, 1, 1, "total");
    const never = full({ requests: 0.5, per: "minute" }, 1, 0, "never");
    const named = (...all: [FullLimit, ...FullLimit[]]) =>
      /group (\w+)/.exec(refusalOf(all, NOW).message)?.[1];
    expect(named(hour, running)).toBe("hour");
    expect(named(running, hour)).toBe("hour");
    expect(named(hour, day, running)).toBe("day");
    expect(named(day, total, hour)).toBe("total");
    expect(named(hour, never, day)).toBe("never");
  });

  it("of a further attempt lets the other attempts go on, and names all limits", () => {
    const error = attemptRefusal([
      full({ requests: 1, per: "hour" }, 1, 1),
      full({ tokens: 9, per: "day" }, 9, 1),
    ]);
    expect(error).toMatchObject({
      code: "QUOTA_EXHAUSTED",
      local: true,
      retryAt: undefined,
      message:
        "There is no room for another attempt in group acme: requests per hour and group acme: tokens per day",
    });
    expect("retryAt" in error && error.retryAt !== undefined).toBe(false);
  });
});
