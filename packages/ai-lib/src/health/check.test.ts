import { describe, expect, it } from "vitest";
import { AiLibError, type AiLibErrorInit } from "../core/errors/error.js";
import { retry } from "../resilience/retry.js";
import { failover } from "../strategies/failover.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { healthCheck } from "./check.js";

const rejecting = (name: string, init: AiLibErrorInit) =>
  scripted({ name, health: () => Promise.reject(new AiLibError(init)) });

const answeringAfter = (name: string, clock: VirtualClock, ms: number) =>
  scripted({ name, health: () => new Promise((resolve) => clock.after(ms, resolve)) });

describe("a health check", () => {
  it("says that an endpoint answers, and how soon, without asking for tokens", async () => {
    const clock = new VirtualClock(5_000);
    const leaf = answeringAfter("a", clock, 120);
    const report = healthCheck(leaf, { clock });
    await clock.advance(120);
    expect(await report).toEqual({
      name: "a",
      target: { provider: "a" },
      status: "healthy",
      checkedAt: 5_120,
      latencyMs: 120,
    });
    expect([leaf.calls, clock.pending]).toEqual([0, 0]);
  });

  it("says why one is unhealthy", async () => {
    const report = await healthCheck(rejecting("a", { code: "AUTH_FAILED", message: "bad key" }));
    expect(report).toMatchObject({ status: "unhealthy", error: { code: "AUTH_FAILED", message: "bad key" } });
  });

  it("is unknown for a provider without a check", async () => {
    const mute = { name: "mute", chat: () => Promise.reject(new Error()), stream: () => ({}) as never };
    expect((await healthCheck(mute)).status).toBe("unknown");
    const report = await healthCheck(rejecting("a", { code: "UNSUPPORTED_FEATURE", message: "none" }));
    expect(report.status).toBe("unknown");
  });

  it("reports a silent endpoint as unhealthy, even if it ignores the abort", async () => {
    const clock = new VirtualClock();
    const silent = scripted({ name: "a", health: () => new Promise(() => {}) });
    const report = healthCheck(silent, { clock, timeoutMs: 500 });
    await clock.advance(500);
    expect(await report).toMatchObject({ status: "unhealthy", error: { code: "TIMEOUT" } });
  });

  it("ends as unknown when it is aborted, and leaves no listener or timer", async () => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const seen: (AbortSignal | undefined)[] = [];
    const silent = scripted({
      name: "a",
      health: (options) => {
        seen.push(options?.signal);
        return new Promise(() => {});
      },
    });
    const report = healthCheck(silent, { clock, signal: abort.signal });
    await clock.advance(1);
    abort.abort();
    expect((await report).status).toBe("unknown");
    expect(seen[0]?.aborted).toBe(true);
    expect(clock.pending).toBe(0);
    expect((await healthCheck(silent, { clock, signal: abort.signal })).status).toBe("unknown");
  });

  it("reports every leaf of a composition, which is healthy while one of them is", async () => {
    const bad = rejecting("bad", { code: "NETWORK_ERROR", message: "no" });
    const report = await healthCheck(failover([bad, retry(scripted("good"))]));
    expect(report).toMatchObject({
      name: "failover[bad->retry(good)]",
      status: "healthy",
      members: [{ status: "unhealthy" }, { status: "healthy", members: [{ name: "good" }] }],
    });
    expect((await healthCheck(retry(bad))).status).toBe("unhealthy");
  });

  it.each([
    ["healthy", ["healthy", "unhealthy", "unknown"]],
    ["unknown", ["unhealthy", "unknown"]],
    ["unhealthy", ["unhealthy", "unhealthy"]],
    ["unknown", ["unknown", "unknown"]],
  ])("of a composition is %s if its members are %o", async (status, members) => {
    const leaves = members.map((one, i) => {
      if (one === "healthy") return scripted({ name: `m${i}`, health: () => Promise.resolve() });
      return rejecting(`m${i}`, {
        code: one === "unknown" ? "UNSUPPORTED_FEATURE" : "PROVIDER_ERROR",
        message: "no",
      });
    });
    const report = await healthCheck(failover(leaves));
    expect([report.status, report.members?.map((member) => member.status)]).toEqual([status, members]);
  });

  it("says nothing of a target that a provider does not name", async () => {
    const nameless = { ...rejecting("a", { code: "PROVIDER_ERROR", message: "no" }), target: undefined };
    expect("target" in (await healthCheck(nameless as never))).toBe(false);
  });

  it("waits without a limit if there is none, and says that it was aborted", async () => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const silent = scripted({ name: "a", health: () => new Promise(() => {}) });
    const report = healthCheck(silent, { clock, timeoutMs: Number.POSITIVE_INFINITY, signal: abort.signal });
    expect(clock.pending).toBe(0);
    abort.abort();
    expect((await report).error).toMatchObject({ code: "CANCELLED", local: true });
  });

  it("refuses an unknown option", () => {
    expect(() => healthCheck(scripted("a"), { timeout: 1 } as never)).toThrow(/"timeout"/);
  });
});
