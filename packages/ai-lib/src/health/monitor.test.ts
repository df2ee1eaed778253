import { describe, expect, it } from "vitest";
import { errorOf, failing, read, request } from "../../test/support/calls.js";
import { AiLibError } from "../core/errors/error.js";
import { conditional } from "../strategies/conditional.js";
import { failover } from "../strategies/failover.js";
import { hedged } from "../strategies/hedged.js";
import { keys } from "../strategies/keys.js";
import { leastBusy } from "../strategies/least-busy.js";
import { roundRobin } from "../strategies/round-robin.js";
import { weighted } from "../strategies/weighted.js";
import { seededRandom } from "../testing/random.js";
import { type ScriptedReply, scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { HealthMonitor, type HealthMonitorOptions } from "./monitor.js";

const broken: ScriptedReply = { error: { code: "PROVIDER_ERROR", message: "no" } };

function setUp(options: HealthMonitorOptions = {}) {
  const clock = new VirtualClock();
  const told: string[] = [];
  const observer = {
    on(event: { type: string; healthy?: boolean; reason?: string }) {
      if (event.type === "health") told.push(event.healthy === true ? "up" : `down: ${event.reason}`);
    },
  };
  const random = seededRandom(3);
  return { clock, told, monitor: new HealthMonitor({ clock, observer, random, ...options }) };
}

describe("a health monitor, by calls alone", () => {
  it("takes a provider down whose calls fail, and up again when they have slid out of the window", async () => {
    const { clock, told, monitor } = setUp();
    const leaf = failing("a", { code: "PROVIDER_ERROR", message: "no" });
    const watched = monitor.watch(leaf);
    for (let i = 0; i < 5; i++) {
      expect(monitor.isHealthy(leaf)).toBe(true);
      await errorOf(watched.chat(request, { clock }));
    }
    expect(monitor.isHealthy(leaf)).toBe(false);
    expect(monitor.isHealthy(watched)).toBe(false);
    expect(told).toEqual(["down: 5 of 5 calls failed"]);
    await clock.advance(60_000);
    expect(monitor.isHealthy(leaf)).toBe(true);
  });

  it("counts neither cancelled calls nor errors of the request", async () => {
    const { clock, monitor } = setUp({ minimumCalls: 1 });
    const replies: ScriptedReply[] = [
      { error: { code: "INVALID_REQUEST", message: "no" } },
      { silent: true },
    ];
    const watched = monitor.watch(scripted({ name: "a", replies }));
    await errorOf(watched.chat(request, { clock }));
    const abort = new AbortController();
    const left = errorOf(watched.chat(request, { clock, signal: abort.signal }));
    await clock.advance(1);
    abort.abort();
    await left;
    expect(monitor.report()).toMatchObject([{ healthy: true, successes: 0, failures: 0 }]);
  });

  it("takes one model down and not the others", async () => {
    const { clock, monitor } = setUp();
    const leaf = scripted({ name: "a", replies: (before) => (before % 2 === 0 ? broken : {}) });
    const watched = monitor.watch(leaf);
    for (let i = 0; i < 5; i++) {
      await errorOf(watched.chat({ ...request, model: "bad" }, { clock }));
      await watched.chat({ ...request, model: "good" }, { clock });
    }
    const now = clock.now();
    expect([monitor.isHealthy(leaf, now, "bad"), monitor.isHealthy(leaf, now, "good")]).toEqual([
      false,
      true,
    ]);
  });

  it("reports how long answers took, and the last error", async () => {
    const { clock, monitor } = setUp();
    const replies: ScriptedReply[] = [{ delayMs: 100, text: ["one", "two"], everyMs: 50 }, broken];
    const watched = monitor.watch(scripted({ name: "a", replies }));
    const reading = read(watched.stream(request, { clock }));
    await clock.advance(150);
    await reading;
    await errorOf(watched.chat(request, { clock }));
    expect(monitor.report()).toMatchObject([
      {
        name: "a",
        healthy: true,
        successes: 1,
        failures: 1,
        firstContentMs: 100,
        tookMs: 150,
        lastError: { code: "PROVIDER_ERROR" },
      },
    ]);
  });

  it("takes a provider down at the share of failures, not only beyond it", async () => {
    const { clock, told, monitor } = setUp({ minimumCalls: 2, failureRatio: 0.5 });
    const leaf = scripted({ name: "a", replies: [{}, broken, {}] });
    const watched = monitor.watch(leaf);
    await watched.chat(request, { clock });
    await errorOf(watched.chat(request, { clock }));
    expect(monitor.isHealthy(leaf)).toBe(false);
    await watched.chat(request, { clock });
    expect(told).toEqual(["down: 1 of 2 calls failed", "up"]);
  });

  it("watches what another monitor watches, and knows nothing of what only the other one watches", async () => {
    const [first, second] = [setUp({ minimumCalls: 1 }).monitor, setUp().monitor];
    const leaf = failing("a", { code: "PROVIDER_ERROR", message: "no" });
    const [watched, other] = [first.watch(leaf), second.watch(scripted("b"))];
    await errorOf(watched.chat(request));
    const both = second.watch(watched);
    expect([second.watch(watched), second.watch(both)]).toEqual([both, both]);
    expect([first.isHealthy(leaf), first.isHealthy(both), first.isHealthy(other)]).toEqual([
      false,
      true,
      true,
    ]);
    // Another observer of the same provider is another provider.
    expect(first.isHealthy(second.watch(leaf))).toBe(true);
  });

  it("observes a provider once, without other effects", () => {
    const { monitor } = setUp();
    const leaf = scripted("a");
    const watched = monitor.watch(leaf);
    expect(monitor.watch(leaf)).toBe(watched);
    expect(monitor.watch(watched)).toBe(watched);
    expect([watched.name, watched.target]).toEqual(["a", { provider: "a" }]);
    monitor.unwatch(watched);
    expect(monitor.report()).toEqual([]);
  });
});

describe("a health monitor, by its checks", () => {
  it("takes a provider down after two failed checks, and up again after a good one", async () => {
    const { clock, told, monitor } = setUp({ intervalMs: 1_000 });
    let up = true;
    const health = () =>
      up ? Promise.resolve() : Promise.reject(new AiLibError({ code: "NETWORK_ERROR", message: "gone" }));
    const leaf = scripted({ name: "a", health });
    monitor.watch(leaf);
    monitor.start();
    await clock.advance(5_000);
    expect(monitor.isHealthy(leaf)).toBe(true);
    up = false;
    await clock.advance(1_200);
    expect(monitor.isHealthy(leaf)).toBe(true);
    await clock.advance(1_200);
    expect(monitor.isHealthy(leaf)).toBe(false);
    up = true;
    await clock.advance(1_200);
    expect(monitor.isHealthy(leaf)).toBe(true);
    expect(told).toEqual(["down: 2 checks failed: gone", "up"]);
    monitor.stop();
    expect(clock.pending).toBe(0);
    expect(leaf.calls).toBe(0);
  });

  it("takes one up again whose calls are answered, whatever the checks say", async () => {
    const { clock, monitor } = setUp({ intervalMs: 1_000 });
    const health = () => Promise.reject(new AiLibError({ code: "NETWORK_ERROR", message: "gone" }));
    const leaf = scripted({ name: "a", health });
    const watched = monitor.watch(leaf);
    monitor.start();
    await clock.advance(2_500);
    expect(monitor.isHealthy(leaf)).toBe(false);
    await clock.advance(1);
    await watched.chat(request, { clock });
    expect(monitor.isHealthy(leaf)).toBe(true);
    monitor.stop();
  });

  it("spreads its checks, never two at a time for one provider, and stops those under way", async () => {
    const { clock, monitor } = setUp({ intervalMs: 1_000, timeoutMs: 60_000 });
    const times: number[] = [];
    let running = 0;
    let peak = 0;
    for (let i = 0; i < 20; i++) {
      monitor.watch(
        scripted({
          name: `${i}`,
          health: () => {
            if (i === 0) times.push(clock.now());
            return Promise.resolve();
          },
        }),
      );
    }
    const slow = scripted({
      name: "slow",
      health: (options) =>
        new Promise((_, reject) => {
          running++;
          peak = Math.max(peak, running);
          options?.signal?.addEventListener("abort", () => {
            running--;
            reject(new Error("aborted"));
          });
        }),
    });
    monitor.watch(slow);
    monitor.start();
    monitor.start();
    await clock.advance(10_000);
    const gaps = times.slice(1).map((time, i) => time - (times[i] as number));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(800);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1_200);
    expect(new Set(gaps).size).toBeGreaterThan(3);
    expect([running, peak]).toEqual([1, 1]);
    monitor.stop();
    await clock.advance(0);
    expect([running, clock.pending]).toEqual([0, 0]);
  });

  it("checks after the interval, longer or shorter by the jitter", async () => {
    const { clock, monitor } = setUp({ intervalMs: 100, jitter: 0.5, random: () => 0.75 });
    const times: number[] = [];
    monitor.watch(scripted({ name: "a", health: async () => void times.push(clock.now()) }));
    monitor.start();
    await clock.advance(20);
    // A second start changes nothing.
    monitor.start();
    await clock.advance(300);
    monitor.stop();
    expect(times.map((time) => time - 0.5)).toEqual([37, 162, 287]);
  });

  it("does not count a check that says nothing, nor one that it stopped", async () => {
    const { clock, told, monitor } = setUp({ intervalMs: 100, failures: 1 });
    const mute = scripted({
      name: "mute",
      health: () => Promise.reject(new AiLibError({ code: "UNSUPPORTED_FEATURE", message: "none" })),
    });
    monitor.watch(mute);
    await monitor.check();
    expect(monitor.isHealthy(mute)).toBe(true);
    const slow = scripted({ name: "slow", health: () => new Promise(() => {}) });
    monitor.watch(slow);
    monitor.start();
    await clock.advance(30);
    monitor.stop();
    await clock.advance(0);
    expect(monitor.report().map(({ check }) => check?.status)).toEqual(["unknown", undefined]);
    expect(told).toEqual([]);
  });

  it("continues one series of checks for a provider that was unwatched and watched during a check", async () => {
    const { clock, monitor } = setUp({ intervalMs: 100, jitter: 0 });
    let checks = 0;
    const leaf = scripted({
      name: "a",
      health: () => {
        checks++;
        return new Promise((resolve) => clock.after(10, resolve));
      },
    });
    monitor.watch(leaf);
    monitor.start();
    await clock.advance(5);
    monitor.unwatch(leaf);
    monitor.watch(leaf);
    await clock.advance(95);
    expect([checks, clock.pending]).toEqual([2, 1]);
    monitor.stop();
    expect(clock.pending).toBe(0);
  });

  it("checks everything once when it is asked to", async () => {
    const { monitor } = setUp({ failures: 1 });
    const health = () => Promise.reject(new AiLibError({ code: "AUTH_FAILED", message: "bad key" }));
    monitor.watch(scripted({ name: "bad", health }));
    monitor.watch(scripted("good"));
    expect((await monitor.check()).map((each) => [each.name, each.healthy])).toEqual([
      ["bad", false],
      ["good", true],
    ]);
  });
});

describe("a strategy with health", () => {
  async function bad(monitor: HealthMonitor, clock: VirtualClock, name: string) {
    const leaf = scripted({ name, replies: (before) => (before < 5 ? broken : {}) });
    for (let i = 0; i < 5; i++) await errorOf(monitor.watch(leaf).chat(request, { clock }));
    return leaf;
  }

  it("asks members that are down last", async () => {
    const { clock, monitor } = setUp();
    const down = await bad(monitor, clock, "down");
    const up = scripted("up");
    expect((await failover([down, up], { health: monitor }).chat(request, { clock })).provider).toBe("up");
    for (const strategy of [
      roundRobin([down, up], { health: monitor }),
      leastBusy([down, up], { health: monitor }),
      hedged([down, up], { health: monitor }),
    ]) {
      for (let i = 0; i < 3; i++) expect((await strategy.chat(request, { clock })).provider).toBe("up");
    }
    expect(down.calls).toBe(5);
  });

  it("spreads the share of members that are down over all others", async () => {
    const { clock, monitor } = setUp();
    const down = await bad(monitor, clock, "down");
    for (const make of [roundRobin, weighted]) {
      const members = [down, scripted("a"), scripted("b"), scripted("c")];
      const strategy = make(members, { health: monitor });
      for (let i = 0; i < 30; i++) await strategy.chat(request, { clock });
      expect(members.map((member) => member.calls)).toEqual([5, 10, 10, 10]);
    }
  });

  it("asks no member that was not meant for a call, though it is the only one that is up", async () => {
    const { clock, monitor } = setUp();
    const down = await bad(monitor, clock, "down");
    const other = scripted("other");
    const members = [
      { provider: down, when: () => true },
      { provider: other, when: () => false },
    ];
    const strategy = conditional(members, { health: monitor });
    expect((await strategy.chat(request, { clock })).provider).toBe("down");
    expect(other.calls).toBe(0);
  });

  it("tries them anyway when all are down", async () => {
    const { clock, monitor } = setUp();
    const members = [await bad(monitor, clock, "a"), await bad(monitor, clock, "b")];
    expect((await failover(members, { health: monitor }).chat(request, { clock })).provider).toBe("a");
  });

  it("reports the outcome of its calls to the monitor", async () => {
    const { clock, monitor } = setUp();
    const leaf = failing("a", { code: "PROVIDER_ERROR", message: "no" });
    const chain = failover([leaf, scripted("b")], { health: monitor });
    for (let i = 0; i < 8; i++) await chain.chat(request, { clock });
    expect(leaf.calls).toBe(5);
    expect(chain.name).toBe("failover[a->b]");
    const key = scripted({ name: "k", target: { provider: "p", key: "k" }, replies: [broken] });
    for (let i = 0; i < 5; i++) await errorOf(keys([key], { health: monitor }).chat(request, { clock }));
    expect(monitor.isHealthy(key)).toBe(false);
  });

  it.each([{ interval: 1 }, { jitter: 2 }, { failures: 0 }, { failureRatio: 0 }])("refuses %o", (options) => {
    expect(() => new HealthMonitor(options as never)).toThrow();
  });
});
