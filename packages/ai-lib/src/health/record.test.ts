import { describe, expect, it } from "vitest";
import { errorOf, request } from "../../test/support/calls.js";
import type { StateStore } from "../core/contract/state.js";
import { AiLibError } from "../core/errors/error.js";
import { memory } from "../state/memory.js";
import { failover } from "../strategies/failover.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { HealthMonitor, type HealthMonitorOptions } from "./monitor.js";

/** A monitor with a store, and a provider that answers, fails, or passes and fails its checks. */
function setUp(options: HealthMonitorOptions = {}) {
  const clock = new VirtualClock(1_000);
  const state = options.state ?? memory();
  const monitor = new HealthMonitor({ clock, minimumCalls: 2, ...options, state });
  const script = { fails: true, check: "fails" as "fails" | "passes" | "says nothing", message: "no" };
  const leaf = scripted({
    name: "a",
    replies: [{ text: "yes" }],
    health: () => {
      if (script.check === "passes") return Promise.resolve();
      const code = script.check === "fails" ? "PROVIDER_ERROR" : "UNSUPPORTED_FEATURE";
      return Promise.reject(new AiLibError({ code, message: script.message }));
    },
  });
  const broken = scripted({
    name: "a",
    replies: [{ error: { code: "PROVIDER_ERROR", message: "x".repeat(900) } }],
  });
  return { clock, state, monitor, leaf, broken, script };
}

/** The models that have statistics in the state of the only cell. */
function modelsOf(state: StateStore, clock: VirtualClock): string[] {
  const [cell] = state.snapshot(clock.now()).cells;
  return (cell?.state as { models: { model: string }[] } | undefined)?.models.map(({ model }) => model) ?? [];
}

const chat = (model: string, clock: VirtualClock) => [{ ...request, model }, { clock }] as const;

describe("the state of a health monitor", () => {
  it("survives a restart: outcomes by model, the last error, times and checks", async () => {
    const { clock, state, monitor, broken } = setUp();
    const watched = monitor.watch(broken);
    for (let i = 0; i < 2; i++) await errorOf(watched.chat(...chat("m", clock)));
    await monitor.check();

    const saved = JSON.parse(JSON.stringify(state.snapshot(clock.now())));
    const later = setUp();
    later.state.restore(saved, clock.now());
    later.monitor.watch(later.leaf);

    expect(later.monitor.isHealthy(later.leaf, clock.now(), "m")).toBe(false);
    const [report] = later.monitor.report(clock.now());
    expect(report).toMatchObject({
      failures: 2,
      successes: 0,
      lastFailureAt: 1_000,
      lastSuccessAt: undefined,
    });
    expect(report?.lastError?.code).toBe("PROVIDER_ERROR");
    expect(report?.lastError?.message).toHaveLength(300);
  });

  it("has the statistics of each model apart", async () => {
    const { clock, state, monitor, leaf, broken } = setUp();
    const both = monitor.watch(
      scripted({
        name: "a",
        replies: [
          { error: { code: "PROVIDER_ERROR", message: "no" } },
          { error: { code: "PROVIDER_ERROR", message: "no" } },
          { text: "yes" },
        ],
      }),
    );
    for (let i = 0; i < 2; i++) await errorOf(both.chat(...chat("bad", clock)));
    for (let i = 0; i < 3; i++) await both.chat(...chat("good", clock));
    expect([leaf.calls, broken.calls]).toEqual([0, 0]);

    const later = setUp();
    later.state.restore(state.snapshot(clock.now()), clock.now());
    later.monitor.watch(later.leaf);
    const healthy = (model?: string) => later.monitor.isHealthy(later.leaf, clock.now(), model);
    expect([healthy("bad"), healthy("good"), healthy(), healthy("another")]).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it("counts calls of over 100 models, and of a model with a long name, for the provider alone", async () => {
    const { clock, state, monitor, broken } = setUp({ minimumCalls: 1 });
    const watched = monitor.watch(broken);
    const names = [...Array.from({ length: 100 }, (_, i) => `m${i}`), "one too many"];
    await errorOf(watched.chat(...chat("x".repeat(257), clock)));
    await errorOf(watched.chat(...chat("y".repeat(256), clock)));
    for (const name of names) await errorOf(watched.chat(...chat(name, clock)));
    expect(modelsOf(state, clock)).toEqual(["y".repeat(256), ...names.slice(0, 99)]);
    expect(monitor.report()[0]?.failures).toBe(103);
  });

  it("takes from a snapshot only what it can use", () => {
    const { clock, state, monitor, leaf } = setUp();
    const counts = { windowMs: 60_000, slice: 0, good: [], bad: [2] };
    const models = [
      "no object",
      { model: 7 },
      { counts },
      { model: "z".repeat(257), counts, lastFailureAt: 1 },
      { model: "z".repeat(256), counts, lastFailureAt: 1 },
      { model: "m", counts, lastFailureAt: 1, code: "constructor" },
      ...Array.from({ length: 100 }, (_, i) => ({ model: `n${i}`, counts, lastFailureAt: 1 })),
    ];
    const all = { counts, lastFailureAt: 1, code: "NO_SUCH_CODE", message: "no" };
    const given = { failedChecks: -3, checkedAt: 900, message: "m".repeat(400), all, models };
    state.restore(
      { version: 1, takenAt: 1_000, cells: [{ kind: "health", key: "a", state: given }] },
      clock.now(),
    );
    monitor.watch(leaf);
    const [cell] = state.snapshot(clock.now()).cells;
    expect(cell?.state).toMatchObject({ failedChecks: 0, checkedAt: 900, message: "m".repeat(300) });
    expect(modelsOf(state, clock)).toEqual([
      "z".repeat(256),
      "m",
      ...Array.from({ length: 94 }, (_, i) => `n${i}`),
    ]);
    expect(monitor.report()[0]?.lastError).toBeUndefined();
  });

  it("survives a restart if it has checks or successes alone", async () => {
    const { clock, state, monitor, leaf } = setUp();
    const watched = monitor.watch(leaf);
    const restart = () => {
      const later = setUp();
      later.state.restore(JSON.parse(JSON.stringify(state.snapshot(clock.now()))), clock.now());
      later.monitor.watch(later.leaf);
      return later;
    };
    for (let i = 0; i < 2; i++) await monitor.check();
    const checked = restart();
    expect(checked.monitor.isHealthy(checked.leaf)).toBe(false);
    await clock.advance(1);
    await watched.chat(...chat("m", clock));
    const answered = restart();
    expect(answered.monitor.report()).toMatchObject([{ healthy: true, successes: 1, lastSuccessAt: 1_001 }]);
  });

  it("is empty before the first call and the first check", async () => {
    const { clock, state, monitor, leaf, script } = setUp();
    monitor.watch(leaf);
    expect(state.snapshot(clock.now()).cells).toEqual([]);
    script.check = "passes";
    await monitor.check();
    expect(state.snapshot(clock.now()).cells).toMatchObject([
      { kind: "health", key: "a", state: { failedChecks: 0, checkedAt: 1_000 } },
    ]);
  });

  it("takes over a later check of another process, and no earlier one", async () => {
    const sent: { kind: "health"; key: string; change: object }[] = [];
    const other = memory({ publish: (change) => sent.push(change as never) });
    const theirs = setUp({ state: other });
    theirs.script.message = "m".repeat(400);
    theirs.monitor.watch(theirs.leaf);
    for (let i = 0; i < 2; i++) await theirs.monitor.check();
    expect(sent).toMatchObject([
      { change: { failedChecks: 1, message: "m".repeat(300) } },
      { change: { failedChecks: 2, message: "m".repeat(300) } },
    ]);

    const state = memory();
    const ours = setUp({ state });
    ours.monitor.watch(ours.leaf);
    await ours.clock.advance(1);
    ours.script.check = "passes";
    await ours.monitor.check();
    for (const change of sent) state.receive(change as never, "peer");
    state.receive({ kind: "health", key: "a", change: { failedChecks: 9 } }, "peer");
    expect(ours.monitor.isHealthy(ours.leaf)).toBe(true);
    const [last] = sent;
    state.receive(
      { ...last, change: { failedChecks: 2, checkedAt: 1_001, message: "late" } } as never,
      "peer",
    );
    expect(ours.monitor.isHealthy(ours.leaf)).toBe(false);
  });

  it("is down by its checks until a call succeeds after the last one, not at the same time", async () => {
    const { clock, monitor, leaf } = setUp();
    const watched = monitor.watch(leaf);
    for (let i = 0; i < 2; i++) await monitor.check();
    await watched.chat(...chat("m", clock));
    expect(monitor.isHealthy(leaf)).toBe(false);
    await clock.advance(1);
    await watched.chat(...chat("m", clock));
    expect(monitor.isHealthy(leaf)).toBe(true);
  });

  it("does not change by a check that says nothing", async () => {
    const { monitor, leaf, script } = setUp();
    monitor.watch(leaf);
    for (let i = 0; i < 2; i++) await monitor.check();
    script.check = "says nothing";
    await monitor.check();
    expect(monitor.isHealthy(leaf)).toBe(false);
    script.check = "passes";
    await monitor.check();
    expect(monitor.isHealthy(leaf)).toBe(true);
  });

  it("refuses an empty key", () => {
    const { monitor, leaf } = setUp({ stateKey: "" });
    expect(() => monitor.watch(leaf)).toThrow(/stateKey/);
  });

  it("is shared under its key, and that of a layer is not that of its target", () => {
    const state = memory();
    const { monitor, leaf } = setUp({ state, stateKey: "eu" });
    monitor.watch(leaf);
    monitor.watch(failover([leaf]));
    expect(state.names()).toEqual([
      { kind: "health", key: "eu/a" },
      { kind: "health", key: "eu/a via failover[a]" },
    ]);
  });
});

describe("a health monitor as a value", () => {
  it("is printed as the names of its providers", () => {
    const { monitor, leaf } = setUp();
    monitor.watch(leaf);
    expect(JSON.parse(JSON.stringify(monitor))).toEqual({ providers: ["a"] });
  });

  it("accepts no jitter, and checks on the interval then", async () => {
    const { clock, monitor, leaf, script } = setUp({ jitter: 0, intervalMs: 100 });
    script.check = "passes";
    monitor.start();
    monitor.watch(leaf);
    const times: number[] = [];
    for (let i = 0; i < 25; i++) {
      await clock.advance(10);
      const at = monitor.report()[0]?.check?.checkedAt;
      if (at !== undefined && times.at(-1) !== at) times.push(at);
    }
    monitor.stop();
    expect(times).toEqual([1_010, 1_110, 1_210].map((at) => at - 10));
    expect(clock.pending).toBe(0);
  });

  it("starts once, and checks a member that is watched later within the jitter of an interval", async () => {
    const { clock, monitor, leaf } = setUp({ jitter: 0.5, intervalMs: 100, random: () => 0.5 });
    expect(monitor.start().start()).toBe(monitor);
    monitor.watch(leaf);
    expect(clock.pending).toBe(1);
    await clock.advance(24);
    expect(monitor.report()[0]?.check).toBeUndefined();
    await clock.advance(1);
    expect(monitor.report()[0]?.check).toMatchObject({ checkedAt: 1_025 });
    monitor.stop();
    monitor.stop();
    monitor.watch(scripted("b"));
    expect(clock.pending).toBe(0);
    monitor.unwatch(scripted("unknown"));
    expect(monitor.isHealthy(scripted("unknown"))).toBe(true);
  });

  it("says what failed, with the number of calls", async () => {
    const clock = new VirtualClock();
    const seen: unknown[] = [];
    const observer = {
      on: (event: { type: string; reason?: string; target?: object }) =>
        seen.push([event.reason, event.target, "reason" in event]),
    };
    const monitor = new HealthMonitor({ clock, observer, minimumCalls: 3 });
    const replies = [{ text: "yes" }, { error: { code: "PROVIDER_ERROR", message: "no" } }] as const;
    const group = failover(
      [
        scripted({ name: "a", replies: [...replies, replies[1], replies[0]] }),
        scripted({ name: "b", replies: [replies[1]] }),
      ],
      { name: "pair" },
    );
    const watched = monitor.watch(group);
    await watched.chat(request, { clock });
    for (let i = 0; i < 2; i++) await errorOf(watched.chat(request, { clock }));
    await watched.chat(request, { clock });
    await watched.chat(request, { clock });
    expect(seen).toEqual([
      ["2 of 3 calls failed", { provider: "pair" }, true],
      [undefined, { provider: "pair" }, false],
    ]);
  });
});
