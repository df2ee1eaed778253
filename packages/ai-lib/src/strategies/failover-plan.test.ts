import { describe, expect, it } from "vitest";
import { errorOf, request } from "../../test/support/calls.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { AiLibErrorInit } from "../core/errors/error.js";
import { type RetryOptions, retry } from "../resilience/retry.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { failover } from "./failover.js";

type Outcome = AiLibErrorInit["code"] | Partial<AiLibErrorInit> | undefined;

/** Members that note when they are asked, and the strategies around them. */
async function run(
  make: (member: (name: string, ...outcomes: readonly Outcome[]) => ChatProvider) => ChatProvider,
): Promise<{ readonly order: string; readonly code: string | undefined; readonly moves: readonly string[] }> {
  const clock = new VirtualClock();
  let order = "";
  const moves: string[] = [];
  const observer = {
    on: (event: { type: string; from?: string; to?: string }) => {
      if (event.type === "failover") moves.push(`${event.from}>${event.to}`);
    },
  };
  const member = (name: string, ...outcomes: readonly Outcome[]) =>
    scripted({
      name,
      replies: (before) => {
        order += name;
        const outcome = outcomes[Math.min(before, outcomes.length - 1)];
        if (outcome === undefined) return {};
        const error = typeof outcome === "string" ? { code: outcome } : outcome;
        return { error: { code: "PROVIDER_ERROR", message: "no", ...error } };
      },
    });
  const call = make(member).chat(request, { clock, random: () => 0.5, observer });
  const settled = call.then(
    () => undefined,
    () => undefined,
  );
  await clock.advance(60_000);
  await settled;
  const code = await call.then(
    () => undefined,
    async () => (await errorOf(call)).code,
  );
  return { order, code, moves };
}

const again = (provider: ChatProvider, options: RetryOptions = {}) =>
  retry(provider, { maxRetries: 1, ...options });

describe("the plan of a failover", () => {
  it.each<readonly [string, Parameters<typeof run>[0], order: string]>([
    [
      "asks each member once before one is asked again",
      (m) => failover([again(m("a", "PROVIDER_ERROR")), again(m("b", "PROVIDER_ERROR"))]),
      "abba",
    ],
    [
      "ends a second round with the first answer",
      (m) => failover([again(m("a", "PROVIDER_ERROR", undefined)), again(m("b", "PROVIDER_ERROR"))]),
      "abba",
    ],
    [
      "asks members again alone that gave up early",
      (m) =>
        failover([
          m("x", "PROVIDER_ERROR"),
          again(m("a", "PROVIDER_ERROR")),
          again(m("b", "PROVIDER_ERROR")),
        ]),
      "xabba",
    ],
    [
      "asks the members around it before it asks its own again",
      (m) =>
        failover([
          failover([again(m("a", "PROVIDER_ERROR")), again(m("b", "PROVIDER_ERROR"))]),
          m("c", "PROVIDER_ERROR"),
        ]),
      "abcab",
    ],
    [
      "repeats immediately where no other member could answer",
      (m) => failover([again(m("a", "PROVIDER_ERROR", undefined))]),
      "aa",
    ],
    [
      "repeats immediately where the only other member was asked",
      (m) => failover([m("x", "PROVIDER_ERROR"), again(m("a", "PROVIDER_ERROR", undefined))]),
      "xaa",
    ],
    [
      "moves on immediately after an error that a repeat does not help",
      (m) => failover([again(m("a", "AUTH_FAILED")), again(m("b", undefined))]),
      "ab",
    ],
    [
      "asks no other member after an error of the request",
      (m) => failover([again(m("a", "INVALID_REQUEST")), m("b", undefined)]),
      "a",
    ],
    [
      "asks again by the time at which each may be",
      (m) =>
        failover([
          again(m("a", { code: "RATE_LIMIT", retryAt: 9_000 }, undefined)),
          again(m("b", { code: "RATE_LIMIT", retryAt: 5_000 }, undefined)),
          m("c", "PROVIDER_ERROR"),
        ]),
      "abcb",
    ],
    [
      "asks again in its order where both may be asked at the same time",
      (m) =>
        failover([
          again(m("a", { code: "RATE_LIMIT", retryAt: 5_000 }, undefined)),
          again(m("b", { code: "RATE_LIMIT", retryAt: 5_000 }, undefined)),
          m("c", "PROVIDER_ERROR"),
        ]),
      "abca",
    ],
  ])("%s", async (_what, make, order) => {
    expect((await run(make)).order).toBe(order);
  });

  it("reports who takes over from whom, and not a repeat of one member", async () => {
    const { moves } = await run((m) =>
      failover([again(m("a", "PROVIDER_ERROR")), again(m("b", "PROVIDER_ERROR"))]),
    );
    expect(moves).toEqual(["retry(a)>retry(b)", "retry(b)>retry(a)"]);
    const alone = await run((m) => failover([again(m("a", "PROVIDER_ERROR", undefined))]));
    expect(alone.moves).toEqual([]);
  });
});
