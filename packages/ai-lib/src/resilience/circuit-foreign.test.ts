import { describe, expect, it } from "vitest";
import { errorOf, request } from "../../test/support/calls.js";
import type { AiLibErrorInit } from "../core/errors/error.js";
import type { Target } from "../core/values/target.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { consecutiveFailures } from "./breaker-rules.js";
import { circuitBreaker } from "./circuit-breaker.js";

/** The code of a second call, after a first that failed with an error of a target. */
async function second(target: Target | undefined, error: Partial<AiLibErrorInit> = {}) {
  const clock = new VirtualClock(1_000);
  const first = {
    error: { code: "PROVIDER_ERROR", message: "no", ...(target && { target }), ...error },
  } as const;
  const member = scripted({
    name: "leaf",
    target: { provider: "p", model: "m", key: "k" },
    replies: [first, {}],
  });
  const breaker = circuitBreaker(member, { rules: [consecutiveFailures(1)] });
  const failed = await errorOf(breaker.chat(request, { clock }));
  const code = await breaker.chat(request, { clock }).then(
    () => undefined,
    (thrown: { code: string }) => thrown.code,
  );
  return { code, retryAt: failed.retryAt };
}

describe("a circuit breaker", () => {
  it.each<readonly [string, Target | undefined, string | undefined]>([
    ["its own target", { provider: "p", model: "m", key: "k" }, "CIRCUIT_OPEN"],
    ["another model of it", { provider: "p", model: "n", key: "k" }, "CIRCUIT_OPEN"],
    ["no target", undefined, "CIRCUIT_OPEN"],
    ["another provider", { provider: "q", key: "k" }, undefined],
    ["another key", { provider: "p", key: "x" }, undefined],
    ["its own provider", { provider: "p" }, "CIRCUIT_OPEN"],
  ])("after an error of %s answers with %s", async (_what, target, code) => {
    expect((await second(target)).code).toBe(code);
  });

  it.each<readonly [Partial<AiLibErrorInit>, number | undefined]>([
    [{ code: "RATE_LIMIT" }, 6_000],
    [{ code: "RATE_LIMIT", retryAt: 3_000 }, 3_000],
    [{ code: "PROVIDER_ERROR" }, undefined],
    [{ code: "AUTH_FAILED" }, undefined],
  ])("of %j names the time %s", async (error, retryAt) => {
    expect((await second(undefined, error)).retryAt).toBe(retryAt);
  });
});
