import { describe, expect, it } from "vitest";
import { errorOf, request } from "../../test/support/calls.js";
import type { CallOptions } from "../core/contract/call.js";
import type { AiLibErrorInit } from "../core/errors/error.js";
import { failover } from "../strategies/failover.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { type RetryOptions, retry } from "./retry.js";

type Failure = Pick<AiLibErrorInit, "code"> & Partial<AiLibErrorInit>;

/** How often a member is asked that always fails, after so many milliseconds. */
async function asked(
  error: Failure,
  options: RetryOptions = {},
  {
    delayMs = 0,
    beside = false,
    ...call
  }: CallOptions & { readonly delayMs?: number; readonly beside?: boolean } = {},
): Promise<number> {
  const clock = new VirtualClock();
  const member = scripted({ name: "a", replies: [{ delayMs, error: { message: "no", ...error } }] });
  const other = scripted({ name: "x", replies: [{ error: { code: "PROVIDER_ERROR", message: "no" } }] });
  const provider = beside ? failover([other, retry(member, options)]) : retry(member, options);
  const failed = errorOf(
    provider.chat(request, { clock, random: () => 0, timeouts: { totalMs: 600_000 }, ...call }),
  );
  await clock.advance(600_000);
  await failed;
  return member.calls;
}

describe("a retry", () => {
  it.each<readonly [string, Failure, RetryOptions, Parameters<typeof asked>[2], number]>([
    ["is made as often as it may be", { code: "PROVIDER_ERROR" }, { maxRetries: 3 }, { maxRepeats: 99 }, 4],
    ["is made twice by default", { code: "PROVIDER_ERROR" }, {}, { maxRepeats: 99 }, 3],
    ["is not made where there is none", { code: "PROVIDER_ERROR" }, { maxRetries: 0 }, { maxRepeats: 99 }, 1],
    [
      "is made as often as the call allows",
      { code: "PROVIDER_ERROR" },
      { maxRetries: Number.POSITIVE_INFINITY },
      { maxRepeats: 5 },
      6,
    ],
    ["is made once after an overload", { code: "OVERLOADED" }, { maxRetries: 5 }, { maxRepeats: 99 }, 2],
    ["is not made after an error of the request", { code: "INVALID_REQUEST" }, {}, {}, 1],
    [
      "waits for the time that was named",
      { code: "RATE_LIMIT", retryAt: 5_000 },
      { maxRetries: 1, maxWaitMs: 5_000 },
      {},
      2,
    ],
    [
      "is not made where that time is too late",
      { code: "RATE_LIMIT", retryAt: 5_000 },
      { maxRetries: 1, maxWaitMs: 4_999 },
      {},
      1,
    ],
    [
      "is made before the deadline",
      { code: "RATE_LIMIT", retryAt: 5_000 },
      { maxRetries: 1 },
      { timeouts: { totalMs: 5_001 } },
      2,
    ],
    [
      "is not made at the deadline",
      { code: "RATE_LIMIT", retryAt: 5_000 },
      { maxRetries: 1 },
      { timeouts: { totalMs: 5_000 } },
      1,
    ],
  ])("%s", async (_what, error, options, call, calls) => {
    expect(await asked(error, options, call)).toBe(calls);
  });

  it.each<readonly [string, Failure, delayMs: number, beside: boolean, number]>([
    ["a server error that took long", { code: "PROVIDER_ERROR" }, 20_000, true, 1],
    ["a network error that took long", { code: "NETWORK_ERROR" }, 20_000, true, 1],
    ["a server error that came soon", { code: "PROVIDER_ERROR" }, 19_999, true, 2],
    ["an overload that took long", { code: "OVERLOADED" }, 20_000, true, 2],
    ["no connection", { code: "NETWORK_ERROR", phase: "connect" }, 0, true, 1],
    ["a server error that took long, with no other member", { code: "PROVIDER_ERROR" }, 20_000, false, 2],
    ["no connection, with no other member", { code: "NETWORK_ERROR", phase: "connect" }, 0, false, 2],
  ])("in a strategy, after %s", async (_what, error, delayMs, beside, calls) => {
    expect(await asked(error, { maxRetries: 1 }, { delayMs, beside, maxRepeats: 99 })).toBe(calls);
  });
});
