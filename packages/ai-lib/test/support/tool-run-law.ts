import fc from "fast-check";
import { expect } from "vitest";
import { AiClient } from "../../src/client/ai-client.js";
import type { Approval } from "../../src/client/run-tools-options.js";
import type { RunnableTool } from "../../src/client/tool.js";
import type { ClientHalf } from "../../src/core/contract/dialect.js";
import type { ToolRun } from "../../src/core/contract/tool-run.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { repairHistory } from "../../src/core/kinds/chat/repair-history.js";
import { checkMessages } from "../../src/core/kinds/chat/validate-messages.js";
import type { ChatEvent } from "../../src/core/values/chat-event.js";
import type { Message } from "../../src/core/values/message.js";
import type { ToolRunResult, ToolRunState } from "../../src/core/values/tool-run.js";
import type { ToolRunEvent } from "../../src/core/values/tool-run-event.js";
import { type ScriptedReply, scripted } from "../../src/testing/scripted.js";
import { settled, VirtualClock } from "../../src/testing/virtual-clock.js";

const TOOLS = ["quick", "later", "throws", "deaf", "generates", "remote", "strict", "unknown"] as const;
const CALLS = fc.array(fc.constantFrom(...TOOLS), { minLength: 1, maxLength: 4 });

/** What the model does in one round. */
const step = fc.oneof(
  { weight: 6, arbitrary: CALLS.map((calls) => ({ do: "call" as const, calls })) },
  { weight: 1, arbitrary: CALLS.map((calls) => ({ do: "cut" as const, calls })) },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...(["pause", "fail", "break", "silent", "answer"] as const).map((what) => ({ do: what, calls: [] })),
    ),
  },
);
type Step = { readonly do: string; readonly calls: readonly string[] };

const APPROVALS = {
  yes: () => true,
  no: () => false,
  reason: () => ({ approved: false, reason: "no" }),
  pause: () => "pause",
  later: () => Promise.resolve(true),
  "pause later": () => Promise.resolve("pause"),
  wrong: () => undefined,
  throws: () => {
    throw new Error("undecided");
  },
} as const;

/** One run: what the model does, what the caller decides, and when something ends it. */
export const scenario = fc.record({
  steps: fc.array(step, { maxLength: 5 }),
  approve: fc.option(fc.constantFrom(...(Object.keys(APPROVALS) as (keyof typeof APPROVALS)[]))),
  parallel: fc.constantFrom(true, false, 2),
  maxRounds: fc.nat({ max: 4 }),
  stopAfter: fc.option(fc.nat({ max: 4 })),
  reads: fc.constantFrom("await", "iterate", "both"),
  /** The caller aborts, or leaves the loop, after so many events. */
  ends: fc.option(fc.record({ after: fc.nat({ max: 30 }), by: fc.constantFrom("abort", "leave") })),
  onError: fc.option(fc.constantFrom("text", "throw")),
});
export type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

/** How often each tool ran to its end. */
type Runs = Map<string, number>;

/** Plays a scenario, checks that it ends once and with a history that every vendor takes, and goes on from its state. */
export async function playRun(given: Scenario, halves: readonly ClientHalf[]): Promise<void> {
  const runs: Runs = new Map();
  const first = await play(given, { messages: [{ role: "user", content: "go" }] }, runs);
  checkEnding(first, halves);
  const { state } = first;
  if (state === undefined) return;
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  const finished = new Set(
    [
      first.messages.flatMap((message) => (message.role === "tool" ? message.content : [])),
      state.open?.results ?? [],
    ]
      .flat()
      .flatMap((result) => (result === null ? [] : [result.id])),
  );
  for (const [i, { id }] of (state.open?.response.toolCalls ?? []).entries())
    if (state.open?.results[i] == null) finished.delete(id);
  const done = new Map([...runs].filter(([id]) => finished.has(id)));
  const results = Object.fromEntries(
    (state.open?.response.toolCalls ?? []).map(({ id }) => [id, "from elsewhere"]),
  );
  const approvals = Object.fromEntries(Object.keys(results).map((id) => [id, true]));
  const patient: Scenario = {
    ...given,
    ends: null,
    stopAfter: null,
    approve: null,
    onError: null,
    steps: [],
  };
  const second = await play(patient, { resume: JSON.parse(JSON.stringify(state)), approvals, results }, runs);
  checkEnding(second, halves);
  expect(second.error).toBeUndefined();
  expect(second.result?.outcome).toBe("answered");
  // A call that has its result does not run again.
  for (const [id, times] of done) expect(runs.get(id)).toBe(times);
}

interface Played {
  readonly events: readonly ToolRunEvent[];
  readonly read: boolean;
  readonly left: boolean;
  readonly result: ToolRunResult | undefined;
  readonly error: AiLibError | undefined;
  readonly loopError: unknown;
  readonly settledTimes: number;
  readonly messages: readonly Message[];
  readonly state: ToolRunState | undefined;
}

async function play(
  { steps, approve, parallel, maxRounds, stopAfter, reads, ends, onError }: Scenario,
  input: Parameters<AiClient["runTools"]>[0],
  runs: Runs,
): Promise<Played> {
  const clock = new VirtualClock();
  const abort = new AbortController();
  const client = new AiClient(
    scripted({ name: "m", replies: (before) => replyOf(steps[before] ?? ANSWER, before, runs.size) }),
  );
  const run = client.runTools(input, toolsOf(runs), {
    ...(approve === null ? {} : { approve: APPROVALS[approve] as () => Approval }),
    parallel,
    maxRounds,
    stopWhen: ({ rounds }) => stopAfter !== null && rounds.length >= stopAfter,
    signal: abort.signal,
    clock,
    toolTimeoutMs: 500,
    maxRepeats: 0,
    timeouts: { answerMs: 1_000, firstContentMs: 1_000, idleMs: 1_000, stallMs: 1_000, totalMs: 2_000 },
    ...(onError === null
      ? {}
      : {
          onError: ({ message }) => {
            if (onError === "throw") throw new Error(message);
            return "it failed";
          },
        }),
  });
  const events: ToolRunEvent[] = [];
  let settledTimes = 0;
  let result: ToolRunResult | undefined;
  let error: AiLibError | undefined;
  let loopError: unknown;
  let left = false;
  const await_ = async () => {
    try {
      result = await run.result();
    } catch (thrown) {
      if (!AiLibError.is(thrown)) throw thrown;
      error = thrown;
    }
    settledTimes++;
  };
  const iterate = async () => {
    try {
      for await (const event of run as ToolRun) {
        events.push(event);
        if (ends === null || events.length !== ends.after) continue;
        if (ends.by === "abort") abort.abort();
        else {
          left = true;
          break;
        }
      }
    } catch (thrown) {
      loopError = thrown;
    }
  };
  let over = false;
  const work = Promise.all([await_(), ...(reads === "await" ? [] : [iterate()])]).then(() => {
    over = true;
  });
  if (reads === "await" && ends !== null) clock.after(ends.after * 40, () => abort.abort());
  for (let turns = 0; !over; turns++) {
    if (turns > 400) throw new Error("the run does not end");
    await settled();
    if (!over) await clock.advance(50);
  }
  await work;
  const messages = result?.messages ?? error?.toolRun?.messages ?? [];
  const state = result?.state ?? error?.toolRun?.state;
  return { events, read: reads !== "await", left, result, error, loopError, settledTimes, messages, state };
}

const ANSWER: Step = { do: "answer", calls: [] };

/** A reply of the model. Ids are unique over a run and what continues it. */
function replyOf({ do: what, calls }: Step, round: number, salt: number): ScriptedReply {
  const events = calls.flatMap((name, index): ChatEvent[] => [
    { type: "part-start", index, part: { type: "tool-call", id: `${name}-${round}-${index}-${salt}`, name } },
    { type: "tool-call-delta", index, text: name === "strict" ? '{"n":"x"}' : "{}" },
  ]);
  switch (what) {
    case "call":
      return { events, finishReason: "tool-calls" };
    case "cut":
      return { events: [...events.slice(0, -1)], finishReason: "length" };
    case "pause":
      return { text: "on the way", finishReason: "paused" };
    case "fail":
      return { error: { code: "OVERLOADED", message: "busy" } };
    case "break":
      return { text: ["half ", "an answer"], cut: true };
    case "silent":
      return { text: "hm", silent: true };
    default:
      return { text: ["all ", "done"] };
  }
}

function toolsOf(runs: Runs): RunnableTool[] {
  const ran = <T>(id: string, value: T): T => {
    runs.set(id, (runs.get(id) ?? 0) + 1);
    return value;
  };
  const any = { type: "object" };
  return [
    { name: "quick", parameters: any, execute: (_, { call }) => ran(call.id, "quick") },
    {
      name: "later",
      parameters: any,
      execute: async (_, { call }) => {
        await settled();
        return ran(call.id, { late: true });
      },
    },
    {
      name: "throws",
      parameters: any,
      execute: () => {
        throw new Error("broken");
      },
    },
    { name: "deaf", parameters: any, execute: () => new Promise(() => {}) },
    {
      name: "generates",
      parameters: any,
      async *execute(_, { call }) {
        for (let i = 0; i < 3; i++) yield i;
        return ran(call.id, "generated");
      },
    },
    { name: "remote", parameters: any },
    {
      name: "strict",
      parameters: { type: "object", properties: { n: { type: "number" } } },
      execute: () => "never",
    },
  ];
}

function checkEnding(played: Played, halves: readonly ClientHalf[]): void {
  const { events, read, left, result, error, loopError, settledTimes, messages } = played;
  expect(settledTimes).toBe(1);
  expect((result === undefined) !== (error === undefined)).toBe(true);
  if (read) {
    if (!left) expect(loopError).toBe(error);
    expect(events.filter(({ type }) => type === "run-end").length).toBe(
      result !== undefined && !left ? 1 : events.some(({ type }) => type === "run-end") ? 1 : 0,
    );
    if (result !== undefined && !left) expect(events.at(-1)?.type).toBe("run-end");
    checkOrder(events);
  }
  if (error !== undefined) expect(error.toolRun).toBeDefined();
  checkMessages(messages, false);
  expect(repairHistory(messages)).toBe(messages);
  for (const half of halves) {
    const target = { provider: half.id, model: "m", quirks: {}, now: 0 };
    const tools = toolsOf(new Map()).map(({ name }) => ({
      type: "function" as const,
      name,
      parameters: { type: "object" },
    }));
    const { warnings } = half.encode({ messages, tools }, "unary", target);
    expect(warnings.filter(({ message }) => message.includes("repaired"))).toEqual([]);
  }
}

/** Rounds follow each other; each call begins and ends at most once, within its round. */
function checkOrder(events: readonly ToolRunEvent[]): void {
  let round: number | undefined;
  let latest = 0;
  const begun = new Set<string>();
  const ended = new Set<string>();
  for (const event of events) {
    switch (event.type) {
      case "round-start":
        expect(round).toBeUndefined();
        expect(latest === 0 || event.round === latest + 1).toBe(true);
        round = event.round;
        latest = round;
        break;
      case "round-end":
        expect(event.round).toBe(round);
        round = undefined;
        break;
      case "tool-start":
        expect(event.round).toBe(round);
        expect(begun.has(event.id)).toBe(false);
        begun.add(event.id);
        break;
      case "tool-progress":
        expect(begun.has(event.id) && !ended.has(event.id)).toBe(true);
        break;
      case "tool-end":
        expect(event.round).toBe(round);
        expect(ended.has(event.id)).toBe(false);
        ended.add(event.id);
        break;
      case "run-end":
        expect(event).toBe(events.at(-1));
        break;
      default:
        break;
    }
  }
}
