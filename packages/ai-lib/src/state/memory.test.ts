import { describe, expect, it } from "vitest";
import { failing, outcomeOf, request } from "../../test/support/calls.js";
import { HealthMonitor } from "../health/index.js";
import { circuitBreaker, concurrencyLimit, RetryBudget, rateLimit, retry } from "../resilience/index.js";
import { keys } from "../strategies/keys.js";
import { leastBusy } from "../strategies/least-busy.js";
import { leastLatency } from "../strategies/least-latency.js";
import { scripted } from "../testing/scripted.js";
import { type StateSetUp, stateConformance } from "../testing/state-conformance.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { type MemoryState, memory, type StateChange } from "./memory.js";

describe("memory", () => {
  for (const { name, run } of stateConformance(() => ({ store: memory() }))) it(name, run);
});

/** Two processes that send each other JSON, as a distributed store does. */
function linked(): StateSetUp & { readonly store: MemoryState; readonly peer: MemoryState } {
  const sent: { to: () => MemoryState; from: string; text: string }[] = [];
  const publish = (from: string, to: () => MemoryState) => (change: StateChange) => {
    sent.push({ to, from, text: JSON.stringify(change) });
  };
  const store: MemoryState = memory({ publish: publish("a", () => peer) });
  const peer: MemoryState = memory({ publish: publish("b", () => store) });
  return {
    store,
    peer,
    async settle() {
      for (const { to, from, text } of sent.splice(0)) to().receive(JSON.parse(text), from, 1_000_000);
      // Divides every limit by what each process needs of it.
      const demands = [store.demands(), peer.demands()];
      for (const { kind, key, demand } of demands.flat()) {
        const all = demands.flat().filter((one) => one.kind === kind && one.key === key);
        const sum = all.reduce((total, one) => total + Math.max(one.demand, 0.1), 0);
        for (const [i, process] of [store, peer].entries()) {
          const own = demands[i]?.find((one) => one.kind === kind && one.key === key)?.demand ?? demand;
          process.lease({ kind, key }, Math.max(own, 0.1) / sum);
        }
      }
    },
  };
}

describe("two linked memories", () => {
  for (const { name, run } of stateConformance(linked, { peers: true, leases: true })) it(name, run);
});

/** A restart: the state of one store, as JSON, in another. */
function restarted(state: MemoryState, clock: VirtualClock): MemoryState {
  const next = memory();
  next.restore(JSON.parse(JSON.stringify(state.snapshot(clock.now()))), clock.now());
  return next;
}

const target = { provider: "p", model: "m", key: "k" };
const broken = () => failing("leaf", { code: "PROVIDER_ERROR", message: "no" }, { target });

describe("wrappers and strategies with one store", () => {
  it("share the circuit of a target, which survives a restart", async () => {
    const clock = new VirtualClock();
    const state = memory();
    const first = circuitBreaker(broken(), { state });
    const second = circuitBreaker(broken(), { state });
    const apart = circuitBreaker(broken(), { state, stateKey: "apart" });
    for (let i = 0; i < 5; i++) await outcomeSoon(first.chat(request, { clock }), clock);
    expect([second.state(clock.now()), apart.state(clock.now())]).toEqual(["open", "closed"]);
    const later = circuitBreaker(broken(), { state: restarted(state, clock) });
    expect(later.state(clock.now())).toBe("open");
    expect(await outcomeSoon(later.chat(request, { clock }), clock)).toBe("CIRCUIT_OPEN");
    await clock.advance(5_000);
    expect(later.state(clock.now())).toBe("half-open");
  });

  it("let an operator isolate a target and end a cooldown", async () => {
    const clock = new VirtualClock();
    const state = memory();
    const leaf = scripted({
      name: "leaf",
      target,
      replies: [{ error: { code: "AUTH_FAILED", message: "no" } }, {}],
    });
    const breaker = circuitBreaker(leaf, { state });
    const ask = () => outcomeSoon(breaker.chat(request, { clock }), clock);
    expect([await ask(), await ask()]).toEqual(["AUTH_FAILED", "CIRCUIT_OPEN"]);
    state.get("cooldowns", "p (key k)")?.release();
    expect(await ask()).toBe("p");
    state.get("circuits", "p (key k)")?.open();
    await clock.advance(1_000_000);
    expect([await ask(), breaker.state(clock.now())]).toEqual(["CIRCUIT_OPEN", "open"]);
    state.get("circuits", "p (key k)")?.close();
    expect([await ask(), leaf.calls]).toEqual(["p", 3]);
  });

  it("share the cooldowns of a key among keys() and breakers, which survive a restart", async () => {
    const clock = new VirtualClock();
    const state = memory();
    const members = () => [
      failing("one", { code: "QUOTA_EXHAUSTED", message: "no" }, { target: { provider: "p", key: "one" } }),
      scripted({ name: "two", target: { provider: "p", key: "two" } }),
    ];
    await keys(members(), { state }).chat(request, { clock });
    expect(keys(members(), { state }).coolingDown(clock.now())).toEqual([0]);
    expect(keys(members(), { state, stateKey: "apart" }).coolingDown(clock.now())).toEqual([]);
    const [one] = members();
    if (one !== undefined) expect(circuitBreaker(one, { state }).state(clock.now())).toBe("open");
    const later = keys(members(), { state: restarted(state, clock) });
    expect(later.coolingDown(clock.now())).toEqual([0]);
    expect(later.coolingDown(clock.now() + 600_000)).toEqual([]);
  });

  it("share the places of a concurrency limit, and start a waiting call whichever of them has a free one", async () => {
    const clock = new VirtualClock();
    const state = memory();
    const slow = () => scripted({ name: "p", replies: [{ delayMs: 1_000 }] });
    const [first, second] = [slow(), slow()].map((leaf) => concurrencyLimit(leaf, { limit: 1, state }));
    const [one, two] = [first, second].map((limited) =>
      limited === undefined ? undefined : outcomeOf(limited.chat(request, { clock })),
    );
    await clock.advance(0);
    expect([second?.running, second?.waiting]).toEqual([1, 1]);
    await clock.advance(1_000);
    expect([one?.value, two?.value]).toEqual(["p", "pending"]);
    await clock.advance(1_000);
    expect([two?.value, first?.running, clock.pending]).toEqual(["p", 0, 0]);
  });

  it("use the leased share of a concurrency limit", async () => {
    const clock = new VirtualClock();
    const state = memory();
    const limited = concurrencyLimit(scripted({ name: "p", replies: [{ delayMs: 1_000 }] }), {
      limit: 4,
      state,
    });
    state.lease({ kind: "concurrency", key: "p" }, 0.5);
    const calls = Array.from({ length: 5 }, () => outcomeOf(limited.chat(request, { clock })));
    expect([limited.running, limited.waiting]).toEqual([2, 3]);
    expect(state.demands()).toMatchObject([{ kind: "concurrency", key: "p", demand: 5 }]);
    state.lease({ kind: "concurrency", key: "p" }, 1);
    expect([limited.running, limited.waiting]).toEqual([4, 1]);
    await clock.advance(2_000);
    expect(calls.map(({ value }) => value)).toEqual(Array(5).fill("p"));
    expect(limited.running).toBe(0);
  });

  it("share the minute of a rate limit, which survives a restart", async () => {
    const clock = new VirtualClock(1_000_000);
    const state = memory();
    const limited = (store: MemoryState) => rateLimit(scripted("p"), { requestsPerMinute: 2, state: store });
    const [first, second] = [limited(state), limited(state)];
    await first.chat(request, { clock });
    await second.chat(request, { clock });
    const waiting = outcomeOf(first.chat(request, { clock }));
    await clock.advance(30_000);
    const later = outcomeOf(limited(restarted(state, clock)).chat(request, { clock }));
    await clock.advance(29_999);
    expect([waiting.value, later.value]).toEqual(["pending", "pending"]);
    await clock.advance(1);
    expect([waiting.value, later.value]).toEqual(["p", "p"]);
  });

  it("let a waiting call start when its rate limit's lease grows", async () => {
    const clock = new VirtualClock(1_000_000);
    const state = memory();
    const limited = rateLimit(scripted("p"), { requestsPerMinute: 4, state });
    state.lease({ kind: "rate", key: "p" }, 0.25, clock.now());
    await limited.chat(request, { clock });
    const waiting = outcomeOf(limited.chat(request, { clock }));
    await clock.advance(1_000);
    expect([waiting.value, state.demands(clock.now())[0]?.demand]).toEqual(["pending", 2]);
    state.lease({ kind: "rate", key: "p" }, 1, clock.now());
    await clock.advance(0);
    expect([waiting.value, clock.pending]).toEqual(["p", 0]);
  });

  it("keep the counts of a retry budget over a restart", () => {
    const clock = new VirtualClock(1_000_000);
    const state = memory();
    const options = { ratio: 0.5, perSecond: 0 };
    const budget = new RetryBudget({ ...options, state });
    for (let i = 0; i < 4; i++) budget.request(clock.now());
    expect([budget.take(clock.now()), budget.take(clock.now()), budget.take(clock.now())]).toEqual([
      true,
      true,
      false,
    ]);
    const later = new RetryBudget({ ...options, state: restarted(state, clock) });
    later.request(clock.now());
    expect(later.take(clock.now())).toBe(false);
    later.request(clock.now());
    expect(later.take(clock.now())).toBe(true);
  });

  it("count the calls that other processes report", async () => {
    const clock = new VirtualClock(1_000_000);
    const [here, there] = [memory(), memory()];
    const members = () => ["a", "b"].map((name) => scripted({ name, replies: [{ delayMs: 10_000 }] }));
    const busy = leastBusy(members(), { state: there });
    for (let i = 0; i < 6; i++) outcomeOf(busy.chat(request, { clock }));
    const own = leastBusy(
      members().map((provider, i) => ({ provider, weight: i + 1 })),
      { state: here, name: busy.name },
    );
    for (const report of there.reports()) here.receive(report, "there", clock.now());
    // Each has 3 calls elsewhere; the second one may have twice as many.
    for (let i = 0; i < 3; i++) outcomeOf(own.chat(request, { clock }));
    expect(own.load).toEqual([0, 3]);
    await clock.advance(30_000);
    for (let i = 0; i < 3; i++) outcomeOf(own.chat(request, { clock }));
    expect(own.load).toEqual([1, 2]);
    await clock.advance(10_000);
  });

  it("know the speeds of members after a restart", async () => {
    const clock = new VirtualClock();
    const state = memory();
    const members = () => [
      scripted({ name: "slow", replies: [{ delayMs: 500 }] }),
      scripted({ name: "quick", replies: [{ delayMs: 50 }] }),
    ];
    const learning = leastLatency(members(), { explore: 0, state });
    for (let i = 0; i < 2; i++) await outcomeSoon(learning.chat(request, { clock }), clock);
    const later = leastLatency(members(), { explore: 0, state: restarted(state, clock) });
    expect(await outcomeSoon(later.chat(request, { clock }), clock)).toBe("quick");
    const ignorant = leastLatency(members(), { explore: 0 });
    expect(await outcomeSoon(ignorant.chat(request, { clock }), clock)).toBe("slow");
  });

  it("know the health of providers after a restart, and from the checks of another process", async () => {
    const clock = new VirtualClock(1_000_000);
    const [state, other] = [
      memory({ publish: (change) => other.receive(change, "a", clock.now()) }),
      memory(),
    ] as const;
    const leaf = broken();
    const watched = new HealthMonitor({ clock, state }).watch(leaf);
    for (let i = 0; i < 5; i++) await outcomeSoon(watched.chat(request, { clock }), clock);
    const later = new HealthMonitor({ clock, state: restarted(state, clock) });
    later.watch(leaf);
    expect(later.report()).toMatchObject([
      { healthy: false, failures: 5, successes: 0, lastError: { code: "PROVIDER_ERROR", message: "no" } },
    ]);
    const dead = scripted({ name: "dead", health: () => Promise.reject(new Error("gone")) });
    const [checking, listening] = [
      new HealthMonitor({ clock, state }),
      new HealthMonitor({ clock, state: other }),
    ];
    for (const monitor of [checking, listening]) monitor.watch(dead);
    await checking.check();
    expect(listening.isHealthy(dead)).toBe(true);
    await checking.check();
    expect(listening.isHealthy(dead)).toBe(false);
  });

  it("have a state each where wrappers of one kind are nested around one target", async () => {
    const clock = new VirtualClock();
    const state = memory();
    const leaf = scripted({ name: "p", replies: [{ delayMs: 100 }] });
    const nested = concurrencyLimit(retry(concurrencyLimit(leaf, { limit: 1, state })), { limit: 1, state });
    const outcome = outcomeOf(
      circuitBreaker(circuitBreaker(nested, { state }), { state }).chat(request, { clock }),
    );
    await clock.advance(100);
    expect(outcome.value).toBe("p");
    expect(state.names().map(({ kind, key }) => `${kind} of ${key}`)).toEqual([
      "concurrency of p",
      "concurrency of p #2",
      "circuits of p",
      "cooldowns of p",
      "circuits of p #2",
      "cooldowns of p #2",
    ]);
  });

  it("have a state of their own if no store is given", async () => {
    const clock = new VirtualClock();
    const [first, second] = [circuitBreaker(broken()), circuitBreaker(broken())];
    for (let i = 0; i < 5; i++) await outcomeSoon(first.chat(request, { clock }), clock);
    expect([first.state(clock.now()), second.state(clock.now())]).toEqual(["open", "closed"]);
  });

  it.each<[string, () => unknown, RegExp]>([
    ["a stateKey without a store", () => circuitBreaker(broken(), { stateKey: "a" }), /pass `state` as well/],
    [
      "an empty stateKey",
      () => keys([broken()], { state: memory(), stateKey: "" }),
      /stateKey may not be empty/,
    ],
    ["what is no store", () => leastBusy([broken()], { state: {} as never }), /must be a state store/],
    ["an unknown option of memory", () => memory({ ttl: 1 } as never), /"ttl"/],
  ])("refuse %s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});

/** What a call comes to, once the clock has run for a second. */
async function outcomeSoon(call: Promise<{ provider: string }>, clock: VirtualClock): Promise<string> {
  const outcome = outcomeOf(call);
  await clock.advance(1_000);
  return outcome.value;
}
