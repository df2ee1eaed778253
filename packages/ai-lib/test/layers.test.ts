import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callOf, contextOf } from "../src/core/contract/call.js";
import type { ChatProvider } from "../src/core/contract/provider.js";
import type { Sink } from "../src/core/contract/sink.js";
import { AiLibError, type AiLibErrorInit } from "../src/core/errors/error.js";
import { REACTIONS } from "../src/core/errors/reactions.js";
import { chatLaws } from "../src/core/kinds/chat/laws.js";
import type { Attempt } from "../src/core/values/attempt.js";
import type { ChatEvent } from "../src/core/values/chat-event.js";
import type { ChatResponse } from "../src/core/values/chat-response.js";
import type { ErrorCode } from "../src/core/values/error-code.js";
import { HealthMonitor } from "../src/health/index.js";
import {
  circuitBreaker,
  concurrencyLimit,
  RetryBudget,
  rateLimit,
  retry,
  timeout,
} from "../src/resilience/index.js";
import {
  cheapest,
  conditional,
  failover,
  hedged,
  keys,
  leastBusy,
  leastLatency,
  roundRobin,
  sticky,
  tagged,
  weighted,
} from "../src/strategies/index.js";
import { seededRandom } from "../src/testing/random.js";
import { type ScriptedProvider, type ScriptedReply, scripted } from "../src/testing/scripted.js";
import { VirtualClock } from "../src/testing/virtual-clock.js";
import { request } from "./support/calls.js";

type Make = (members: ChatProvider[]) => ChatProvider;

const first = (members: ChatProvider[]) => members[0] as ChatProvider;

/** Every strategy and every wrapper. */
const layers: Record<string, Make> = {
  failover: (m) => failover(m),
  "round robin": (m) => roundRobin(m),
  weighted: (m) => weighted(m),
  "weighted at random": (m) => weighted(m, { pick: "random" }),
  "least busy": (m) => leastBusy(m),
  "least latency": (m) => leastLatency(m),
  cheapest: (m) => cheapest(m),
  hedged: (m) => hedged(m, { afterMs: 300 }),
  sticky: (m) => sticky(m),
  conditional: (m) => conditional(m),
  tagged: (m) => tagged(m, { want: () => [] }),
  "failover among capable members": (m) => failover(m, { capable: true }),
  "failover by health": (m) => failover(m, { health: new HealthMonitor() }),
  keys: (m) => keys([first(m)]),
  retry: (m) => retry(first(m)),
  "retry on a budget": (m) => retry(first(m), { budget: new RetryBudget() }),
  timeout: (m) => timeout(first(m), { firstContentMs: 2_000, idleMs: 2_000, totalMs: 8_000 }),
  "circuit breaker": (m) => circuitBreaker(first(m)),
  "rate limit": (m) => rateLimit(first(m), { requestsPerMinute: 60, tokensPerMinute: 100_000 }),
  "concurrency limit": (m) => concurrencyLimit(first(m), { limit: 3, maxQueue: 3 }),
  watched: (m) => new HealthMonitor().watch(first(m)),
};
const named = Object.entries(layers);

/** Records what reaches a caller, and fails on anything after an ending or an abort. */
class Caller {
  readonly events: ChatEvent[] = [];
  endings = 0;
  aborted = false;
  response: ChatResponse | undefined;
  error: AiLibError | undefined;
  readonly wrong: string[] = [];
  endedAt = Number.POSITIVE_INFINITY;

  constructor(private readonly clock: VirtualClock) {}

  event(event: ChatEvent): void {
    this.check(`a ${event.type}`);
    this.events.push(event);
  }
  finish(response: ChatResponse): void {
    this.check("a finish");
    this.endings++;
    this.endedAt = this.clock.now();
    this.response = response;
  }
  fail(error: AiLibError): void {
    this.check("a failure");
    this.endings++;
    this.endedAt = this.clock.now();
    this.error = error;
  }
  get text(): string {
    const restart = this.events.findLastIndex((event) => event.type === "restart");
    return this.events
      .slice(restart + 1)
      .map((event) => (event.type === "text-delta" ? event.text : ""))
      .join("");
  }
  private check(what: string): void {
    if (this.endings > 0) this.wrong.push(`${what} after the ending`);
    if (this.aborted) this.wrong.push(`${what} after the abort`);
  }
}

function open(provider: ChatProvider, clock: VirtualClock, mode: "unary" | "stream" = "stream") {
  const caller = new Caller(clock);
  const context = contextOf({ clock, random: seededRandom(5) });
  const flow = provider.open?.(callOf(chatLaws, request, mode, context), caller as Sink);
  if (flow === undefined) throw new Error("no open");
  if (caller.events.length + caller.endings > 0) caller.wrong.push("called before open returned");
  return { caller, flow };
}

function twins(replies: readonly ScriptedReply[]): [ScriptedProvider, ScriptedProvider] {
  return [scripted({ name: "a", replies }), scripted({ name: "b", replies })];
}

const sum = (members: readonly ScriptedProvider[], what: "running" | "calls" | "aborted") =>
  members.reduce((total, member) => total + member[what], 0);

describe.each(named)("%s", (_, make) => {
  it("passes an answer on, with one start and one ending", async () => {
    const clock = new VirtualClock();
    const members = twins([{ text: ["Hello, ", "world."], everyMs: 10 }]);
    const { caller } = open(make(members), clock);
    await clock.advance(1_000);
    expect(caller.events.map((event) => event.type)).toEqual([
      "start",
      "part-start",
      "text-delta",
      "text-delta",
      "part-end",
    ]);
    expect([caller.endings, caller.response?.text]).toEqual([1, "Hello, world."]);
    expect([caller.wrong, sum(members, "running"), clock.pending]).toEqual([[], 0, 0]);
  });

  it("passes on a unary answer and nothing besides", async () => {
    const clock = new VirtualClock();
    const { caller } = open(make(twins([{}])), clock, "unary");
    await clock.advance(1_000);
    expect([caller.events, caller.endings, caller.wrong]).toEqual([[], 1, []]);
    expect(caller.response?.text).toMatch(/^I am [ab]\.$/);
  });

  it("fails once, with a classified error, if every member fails", async () => {
    const clock = new VirtualClock();
    const { caller } = open(make(twins([{ error: { code: "OVERLOADED", message: "no" } }])), clock);
    await clock.drain();
    expect([caller.endings, caller.error?.code, caller.wrong, clock.pending]).toEqual([
      1,
      "OVERLOADED",
      [],
      0,
    ]);
  });

  it("is silent after an abort, closes what runs, and returns the content so far", async () => {
    for (const [at, text] of [
      [5, undefined],
      [15, "Hello, "],
      [25, "Hello, world"],
    ] as const) {
      const clock = new VirtualClock();
      const members = twins([{ delayMs: 10, text: ["Hello, ", "world", "."], everyMs: 10 }]);
      const { caller, flow } = open(make(members), clock);
      await clock.advance(at);
      caller.aborted = true;
      expect((flow.abort() as ChatResponse | undefined)?.text).toBe(text);
      expect([sum(members, "running"), clock.pending]).toEqual([0, 0]);
      await clock.advance(1_000);
      expect([caller.wrong, caller.endings]).toEqual([[], 0]);
      flow.pause();
      flow.resume();
      expect(flow.abort()).toBeUndefined();
    }
  });

  it("is silent after an abort in the turn in which it was opened", async () => {
    const clock = new VirtualClock();
    const members = twins([{ error: { code: "OVERLOADED", message: "no" } }]);
    const { caller, flow } = open(make(members), clock);
    caller.aborted = true;
    flow.abort();
    await clock.drain();
    expect([caller.wrong, caller.endings, sum(members, "running"), clock.pending]).toEqual([[], 0, 0, 0]);
  });

  it("holds the source back while it is paused, and no longer", async () => {
    const clock = new VirtualClock();
    const members = twins([{ text: ["a", "b", "c"], everyMs: 10 }]);
    const { caller, flow } = open(make(members), clock);
    await clock.advance(5);
    flow.pause();
    await clock.advance(200);
    expect(caller.text).toBe("a");
    flow.resume();
    await clock.advance(200);
    expect([caller.text, caller.endings, caller.wrong]).toEqual(["abc", 1, []]);
  });

  it("applies a pause to the member that it opens next", async () => {
    const clock = new VirtualClock();
    const reply = (before: number): ScriptedReply =>
      before === 0 ? { delayMs: 10, error: { code: "NETWORK_ERROR", message: "no" } } : { text: ["a", "b"] };
    const a = scripted({ name: "a", replies: reply });
    const b = scripted({ name: "b", replies: [{ text: ["a", "b"] }] });
    const { caller, flow } = open(make([a, b]), clock);
    flow.pause();
    await clock.advance(5_000);
    expect(caller.events.filter((event) => event.type === "text-delta")).toEqual([]);
    flow.resume();
    await clock.advance(5_000);
    expect([caller.endings, caller.wrong]).toEqual([1, []]);
  });

  it("ends with the member's error if that throws immediately", async () => {
    const clock = new VirtualClock();
    const throwing: ChatProvider = {
      name: "a",
      members: [],
      chat: () => Promise.reject(new Error("boom")),
      stream: () => ({}) as never,
      open() {
        throw new Error("boom");
      },
    };
    const { caller } = open(make([throwing, { ...throwing, name: "b" }]), clock);
    await clock.drain();
    expect([caller.endings, caller.error?.message.includes("boom")]).toEqual([1, true]);
  });
});

const CODES: readonly ErrorCode[] = [
  "NETWORK_ERROR",
  "PROVIDER_ERROR",
  "OVERLOADED",
  "TIMEOUT",
  "RATE_LIMIT",
  "QUOTA_EXHAUSTED",
  "AUTH_FAILED",
  "PERMISSION_DENIED",
  "MODEL_NOT_FOUND",
  "CONTEXT_TOO_LONG",
  "UNSUPPORTED_FEATURE",
  "CONTENT_FILTERED",
  "INVALID_REQUEST",
  "INVALID_RESPONSE",
];

/** The answers that a member may give, piece by piece. */
const ANSWERS = [
  ["The ", "answer ", "is ", "forty-two."],
  ["The answer", " is ", "not known", "."],
  ["The answer", " is"],
];
const WHOLE: readonly string[] = ANSWERS.map((pieces) => pieces.join(""));

/** A reply drawn from what goes wrong. */
const anyScene: fc.Arbitrary<ScriptedReply> = fc
  .record({
    delayMs: fc.integer({ min: 0, max: 3_000 }),
    everyMs: fc.constantFrom(0, 5, 500),
    answer: fc.constantFrom(...ANSWERS),
    pieces: fc.constantFrom(0, 0, 0, 1, 2, 3, 4),
    end: fc.oneof(
      { weight: 3, arbitrary: fc.constant("whole" as const) },
      { weight: 2, arbitrary: fc.constantFrom("cut" as const, "silent" as const) },
      {
        weight: 5,
        arbitrary: fc.record({
          code: fc.constantFrom(...CODES),
          message: fc.constant("no"),
          retryAt: fc.option(fc.integer({ min: 0, max: 40_000 }), { nil: undefined }),
          local: fc.constantFrom(false, false, false, true),
        }),
      },
    ),
  })
  .map(({ delayMs, everyMs, answer, pieces, end }): ScriptedReply => {
    const base = { delayMs, everyMs };
    if (end === "whole") return { ...base, text: answer };
    const text = answer.slice(0, pieces);
    if (end === "cut") return { ...base, text, cut: true };
    if (end === "silent") return { ...base, text, silent: true };
    return { ...base, text, error: end as AiLibErrorInit };
  });

/** A nest of layers, as a recipe: leaves by number, layers by name. */
type Nest = { leaf: number } | { layer: string; members: Nest[] };

const anyNest: fc.Arbitrary<Nest> = fc.letrec<{ nest: Nest }>((tie) => ({
  nest: fc.oneof(
    { maxDepth: 5, depthSize: "max" },
    { weight: 1, arbitrary: fc.record({ leaf: fc.nat({ max: 3 }) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        layer: fc.constantFrom(...Object.keys(layers)),
        members: fc.array(tie("nest"), { minLength: 2, maxLength: 2 }),
      }),
    },
  ),
})).nest;

/** Calls that the layers of a nest still hold something for. */
function held(provider: ChatProvider): number {
  const { running, waiting, reserved, load } = provider as unknown as Record<string, unknown>;
  const own = [running, waiting, reserved].filter((count) => typeof count === "number");
  const loads = Array.isArray(load) ? (load as number[]) : [];
  const inner = (provider.members ?? []).map(held);
  return [...(own as number[]), ...loads, ...inner].reduce((total, count) => total + count, 0);
}

function build(nest: Nest, leaves: ScriptedProvider[], replies: readonly ScriptedReply[]): ChatProvider {
  if ("leaf" in nest) {
    const { length } = leaves;
    const leaf = scripted({
      name: `leaf ${length}`,
      replies: (before) => replies[(nest.leaf * 7 + before * 3 + length) % replies.length] as ScriptedReply,
    });
    leaves.push(leaf);
    return leaf;
  }
  return (layers[nest.layer] as Make)(nest.members.map((member) => build(member, leaves, replies)));
}

describe("any nest of layers", () => {
  it("ends each call once, whole or failed, within its budget and deadline, and leaves nothing behind", async () => {
    await fc.assert(
      fc.asyncProperty(
        anyNest,
        fc.array(anyScene, { minLength: 1, maxLength: 12 }),
        fc.array(
          fc.record({
            atMs: fc.integer({ min: 0, max: 5_000 }),
            mode: fc.constantFrom("unary" as const, "stream" as const),
            abortAfterMs: fc.option(fc.integer({ min: 0, max: 20_000 }), { freq: 3, nil: undefined }),
            midStream: fc.constantFrom("fail" as const, "restart" as const, "splice" as const),
            maxAttempts: fc.integer({ min: 1, max: 8 }),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        async (nest, replies, calls) => {
          const clock = new VirtualClock(1_000);
          const leaves: ScriptedProvider[] = [];
          const provider = build(nest, leaves, replies);
          const random = seededRandom(replies.length);
          const running = calls.map(({ atMs, mode, abortAfterMs, midStream, maxAttempts }) => {
            const caller = new Caller(clock);
            const abort = new AbortController();
            const timeouts = { totalMs: 60_000, firstContentMs: 10_000, idleMs: 5_000 };
            clock.after(atMs, () => {
              if (abortAfterMs !== undefined) clock.after(abortAfterMs, () => abort.abort());
              const options = {
                clock,
                random,
                midStream,
                maxAttempts,
                timeouts,
                signal: abort.signal,
              };
              void drive(provider, mode, options, caller);
            });
            return { caller, maxAttempts, mode, midStream };
          });
          await clock.advance(70_000);
          await clock.drain();
          for (const { caller, maxAttempts, mode, midStream } of running) {
            expect(caller.wrong).toEqual([]);
            expect(caller.endings).toBe(1);
            const attempts = caller.response?.attempts ?? caller.error?.attempts ?? [];
            const made = attempts.filter(({ outcome }) => outcome !== "skipped");
            expect(made.length).toBeLessThanOrEqual(maxAttempts);
            expect(made.filter(({ outcome }) => outcome === "running")).toEqual([]);
            expect(made.filter(({ startedAt }) => startedAt > caller.endedAt)).toEqual([]);
            expect(againsAmiss(made)).toEqual([]);
            const types = caller.events.map((event) => event.type);
            expect(types.lastIndexOf("start")).toBeLessThanOrEqual(0);
            if (midStream !== "restart") expect(types).not.toContain("restart");
            if (caller.response !== undefined) {
              expect(WHOLE).toContain(caller.response.text);
              if (mode === "stream") expect(caller.text).toBe(caller.response.text);
            }
            expect(WHOLE.some((whole) => whole.startsWith(caller.text))).toBe(true);
          }
          expect(held(provider)).toBe(0);
          expect(clock.pending).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Attempts on a target that its error before, within the same call, forbids. */
function againsAmiss(made: readonly Attempt[]): string[] {
  const amiss: string[] = [];
  made.forEach((attempt, i) => {
    const before = made.slice(0, i).filter((each) => each.target.provider === attempt.target.provider);
    const last = before.at(-1);
    if (last === undefined || last.code === undefined || last.outcome !== "error") return;
    const { sameTarget } = REACTIONS[last.code];
    const overloads = before.filter((each) => each.code === "OVERLOADED").length;
    const forbidden =
      sameTarget === "never" ||
      (sameTarget === "once" && overloads > 1) ||
      // A limit that names no time is waited for with back-off.
      (sameTarget === "retry-at" && attempt.startedAt <= (last.endedAt ?? 0)) ||
      attempt.startedAt < (last.retryAt ?? 0);
    if (forbidden) amiss.push(`${attempt.target.provider} again after ${last.code}`);
  });
  return amiss;
}

async function drive(
  provider: ChatProvider,
  mode: "unary" | "stream",
  options: Parameters<ChatProvider["chat"]>[1],
  caller: Caller,
): Promise<void> {
  try {
    if (mode === "unary") {
      caller.finish(await provider.chat(request, options));
      return;
    }
    for await (const event of provider.stream(request, options)) {
      if (event.type === "finish") caller.finish(event.response);
      else if (event.type !== "ping") caller.event(event);
    }
  } catch (error) {
    if (!AiLibError.is(error)) caller.wrong.push(`a foreign error: ${String(error)}`);
    else caller.fail(error);
  }
}
