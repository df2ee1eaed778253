import type { Attempt } from "ai-lib";
import { settled, VirtualClock } from "ai-lib/testing";
import { describe, expect, it } from "vitest";
import type { LedgerRow } from "../admission.js";
import { CELL, callIdOf, endOfCall, type PackedCalls } from "../store/packed-calls.js";
import type { LedgerBatch } from "../store/store.js";
import { CallRates } from "./call-rates.js";
import { ContentWriter } from "./content.js";
import { LedgerQueue } from "./queue.js";

const rates = new CallRates(
  { price: () => ({ input: 1, output: 1 }), cost: () => undefined },
  () => undefined,
);

let made = 0;

/** The id of a call that no store takes. */
const BAD = "bad";

/** Some of what packed calls are. */
function callsOf(calls: PackedCalls) {
  const { cells, texts } = calls;
  const found = [];
  for (let at = 0; at < cells.length; at = endOfCall(calls, at)) {
    const startedAt = cells[at + CELL.startedAt] ?? 0;
    const serial = cells[at + CELL.serial] ?? 0;
    found.push({
      id: Number.isNaN(serial) ? BAD : callIdOf(startedAt, serial),
      ...{ startedAt, endedAt: cells[at + CELL.endedAt], firstContentMs: cells[at + CELL.firstContentMs] },
      ...{ key: texts[cells[at + CELL.key] ?? 0], model: texts[cells[at + CELL.model] ?? 0] },
      tags: JSON.parse(texts[cells[at + CELL.tags] ?? 0] ?? ""),
    });
  }
  return found;
}

function row(given: Partial<LedgerRow> = {}): LedgerRow {
  const attempt = {
    ...{ target: { provider: "p", model: "m" }, outcome: "success", startedAt: 1, endedAt: 2 },
    usage: { inputTokens: 5, outputTokens: 1 },
  } as Attempt;
  return {
    ...{ id: callIdOf(1, ++made), startedAt: 1.2, endedAt: 2.9, firstContentMs: 0.6, principal: { id: "k" } },
    ...{ session: undefined, user: undefined, tags: [], route: "r", kind: "chat", mode: "unary" },
    ...{ dialect: "openai-chat", model: "m", code: undefined },
    end: { status: "success", usage: attempt.usage, estimated: false, attempts: [attempt] },
    ...given,
  };
}

/** A queue on a clock of the test, and a store that does as it is told. */
function setUp({ maxBytes }: { maxBytes?: number } = {}) {
  const clock = new VirtualClock();
  const batches: {
    batch: Omit<LedgerBatch, "calls"> & { calls: ReturnType<typeof callsOf> };
    packed: PackedCalls;
    again: boolean | undefined;
  }[] = [];
  const lines: string[] = [];
  /** What happens to the next writes; afterwards they succeed. */
  const outcomes: (Error | Promise<void>)[] = [];
  const transient = new Error("lost");
  const queue = new LedgerQueue({
    clock,
    maxBytes,
    report: (line) => lines.push(line),
    store: {
      write: async (given, again) => {
        const { calls: packed } = given;
        const batch = { ...given, calls: callsOf(packed) };
        const outcome = outcomes.shift();
        if (outcome instanceof Error) throw outcome;
        await outcome;
        if (batch.calls.some(({ id }) => id === BAD)) throw new Error("refused");
        batches.push({ batch, packed, again });
      },
      isTransient: (error) => error === transient,
    },
  });
  queue.serve({ rates });
  const pass = async (ms: number) => {
    await settled();
    clock.advance(ms);
    await settled();
  };
  const ids = () => batches.flatMap(({ batch }) => batch.calls.map(({ id }) => id));
  return { queue, batches, lines, outcomes, transient, pass, ids };
}

describe("the ledger's queue", () => {
  it("writes what came within 100 ms together, in order, with whole milliseconds", async () => {
    const { queue, batches, pass } = setUp();
    const rows = [row(), row(), row()];
    for (const one of rows) queue.record(one);
    await pass(99);
    expect(batches).toEqual([]);
    await pass(1);
    expect(batches.map(({ batch }) => batch.calls.map(({ id }) => id))).toEqual([rows.map(({ id }) => id)]);
    expect(batches[0]?.batch.calls[0]).toMatchObject({
      startedAt: 1,
      endedAt: 2,
      firstContentMs: 1,
      key: "k",
    });
    expect(queue.numbers()).toEqual({
      queued: 0,
      written: 3,
      droppedCalls: 0,
      droppedContents: 0,
      failures: 0,
    });
  });

  it("gives later batches later times, so that a tail that stands behind one misses no call", async () => {
    const { queue, batches, pass } = setUp();
    for (let i = 0; i < 600; i++) queue.record(row({ endedAt: 5.5 }));
    await pass(0);
    queue.record(row({ endedAt: 5.9 }));
    await pass(100);
    const times = batches.map(({ batch }) => [...new Set(batch.calls.map(({ endedAt }) => endedAt))]);
    expect(times).toEqual([[5], [6]]);
  });

  it("sends a rate with the first call that names it, and again only where that was not written", async () => {
    const { queue, batches, outcomes, transient, pass } = setUp();
    outcomes.push(transient);
    queue.record(row());
    await pass(100);
    await pass(100);
    queue.record(row());
    await pass(100);
    expect(batches.map(({ batch }) => batch.rates.length)).toEqual([1, 0]);
  });

  it("does not wait where many calls wait already, and bounds a batch", async () => {
    const { queue, batches, pass } = setUp();
    for (let i = 0; i < 1_100; i++) queue.record(row());
    await pass(0);
    expect(batches.map(({ batch }) => batch.calls.length)).toEqual([512, 512]);
    await pass(100);
    expect(batches.map(({ batch }) => batch.calls.length)).toEqual([512, 512, 76]);
  });

  it("tries again with longer pauses while the store is lost, and reports it seldom", async () => {
    const { queue, batches, lines, outcomes, transient, pass } = setUp();
    for (let i = 0; i < 6; i++) outcomes.push(transient);
    queue.record(row());
    await pass(100);
    for (let i = 0; i < 10; i++) await pass(10);
    expect(queue.numbers().failures).toBe(2);
    for (let i = 0; i < 600 && batches.length === 0; i++) {
      // Many calls that come meanwhile cut no pause short.
      if (i === 0) for (let more = 0; more < 600; more++) queue.record(row());
      await pass(20);
    }
    expect(queue.numbers()).toMatchObject({ failures: 6, written: 513 });
    expect(batches[0]?.again).toBe(true);
    expect(lines).toEqual(["The ledger cannot be written: lost. 1 calls wait"]);
  });

  it("finds the call that the store refuses, and writes all others", async () => {
    const { queue, pass, ids } = setUp();
    const rows = Array.from({ length: 20 }, (_, index) => row(index === 7 ? { id: BAD } : {}));
    for (const one of rows) queue.record(one);
    await pass(100);
    await pass(100);
    expect(ids()).toEqual(rows.map(({ id }) => id).filter((id) => id !== BAD));
    expect(queue.numbers()).toMatchObject({ queued: 0, written: 19, droppedCalls: 1 });
  });

  it("drops contents before calls where it is full, and counts both", async () => {
    const { queue, batches, outcomes, pass } = setUp({ maxBytes: 67_000 });
    queue.serve({ rates, content: new ContentWriter([]) });
    let release = () => {};
    outcomes.push(new Promise((resolve) => (release = resolve)));
    const content = { request: { text: "a".repeat(5_000) }, response: undefined };
    for (let i = 0; i < 5; i++) queue.record(row({ content }));
    // All five are written from here on, and stay as they are.
    await pass(100);
    for (let i = 0; i < 10; i++) queue.record(row({ content }));
    expect(queue.numbers()).toMatchObject({ queued: 15, droppedCalls: 0, droppedContents: 10 });
    for (let i = 0; i < 10; i++) queue.record(row());
    expect(queue.numbers()).toMatchObject({ queued: 15, droppedCalls: 10 });
    release();
    await pass(100);
    await pass(100);
    expect(batches.map(({ batch }) => [batch.calls.length, batch.contents.length])).toEqual([
      [5, 5],
      [10, 0],
    ]);
    expect(queue.numbers()).toMatchObject({ queued: 0, written: 15 });
    queue.record(row({ content }));
    await pass(100);
    expect(batches.at(-1)?.batch.contents).toHaveLength(1);
  });

  it("counts the texts of calls towards its bound", async () => {
    const { queue, outcomes, transient, pass } = setUp({ maxBytes: 1_000_000 });
    outcomes.push(...Array.from({ length: 10 }, () => transient));
    for (let i = 0; i < 1_000; i++) {
      const tags = Array.from({ length: 10 }, (_, n) => `${i} ${n} ${"x".repeat(190)}`);
      queue.record(row({ tags, user: `${i} ${"y".repeat(190)}` }));
      if (i % 100 === 0) await pass(100);
    }
    const { queued, droppedCalls } = queue.numbers();
    // A call has about 5,000 bytes of texts.
    expect(queued).toBeLessThan(200);
    expect(queued + droppedCalls).toBe(1_000);
  });

  it("writes a call whose content cannot be written", async () => {
    const { queue, batches, pass } = setUp();
    queue.serve({ rates, content: new ContentWriter([]) });
    const circular: { self?: object } = {};
    circular.self = circular;
    queue.record(row({ content: { request: circular, response: undefined } }));
    await pass(100);
    expect(batches.map(({ batch }) => [batch.calls.length, batch.contents.length])).toEqual([[1, 0]]);
    expect(queue.numbers()).toMatchObject({ written: 1, droppedContents: 1 });
  });

  it("sends rates with the calls that name them alone", async () => {
    const { queue, batches, outcomes, pass } = setUp();
    const model = (name: string) =>
      row({
        end: {
          ...{ status: "success", usage: undefined, estimated: false },
          attempts: [
            {
              ...{ target: { provider: "p", model: name }, outcome: "success", startedAt: 1, endedAt: 2 },
              usage: { inputTokens: 5, outputTokens: 1 },
            } as Attempt,
          ],
        },
      });
    outcomes.push(new Error("refused"));
    queue.record(model("a"));
    await pass(100);
    queue.record(model("b\0c"));
    await pass(100);
    await pass(100);
    expect(batches.map(({ batch }) => batch.rates.map((rate) => rate.model))).toEqual([["b\ufffdc"]]);
    expect(queue.numbers()).toMatchObject({ written: 1, droppedCalls: 1 });
  });

  it("counts a call that comes after it was closed as dropped", async () => {
    const { queue } = setUp();
    await queue.close();
    queue.record(row());
    expect(queue.numbers()).toMatchObject({ queued: 0, droppedCalls: 1 });
  });

  it("keeps no content, and no message of an error, unless it is asked to", async () => {
    const { queue, batches, pass } = setUp();
    expect(queue.keepsContent).toBe(false);
    const [made] = row().end.attempts;
    const failed = { ...made, outcome: "error", message: "No credit left" } as Attempt;
    const end = { status: "error", usage: undefined, estimated: false, attempts: [failed] } as const;
    const record = () => queue.record(row({ content: { request: { a: 1 }, response: undefined }, end }));
    record();
    await pass(100);
    expect(batches[0]?.batch.contents).toEqual([]);
    expect(batches[0]?.packed.texts.join()).not.toContain("credit");
    queue.serve({ rates, content: new ContentWriter([]) });
    record();
    await pass(100);
    expect(batches[1]?.batch.contents).toMatchObject([
      { request: '{"a":1}', errors: '[{"attempt":0,"message":"No credit left"}]' },
    ]);
    expect(batches[1]?.packed.texts.join()).not.toContain("credit");
  });

  it("writes what waits when it is closed", async () => {
    const { queue, batches, pass } = setUp();
    queue.record(row());
    await settled();
    const closed = queue.close();
    await pass(0);
    await closed;
    expect(batches).toHaveLength(1);
    await queue.close();
  });

  it("gives up after ten seconds of a store that does not answer, and counts what is lost", async () => {
    const { queue, outcomes, pass } = setUp();
    outcomes.push(new Promise(() => undefined));
    queue.record(row());
    await pass(100);
    const closed = queue.close();
    await pass(9_999);
    expect(queue.numbers().droppedCalls).toBe(0);
    await pass(1);
    await closed;
    expect(queue.numbers().droppedCalls).toBe(1);
  });

  it("takes numbers that no store takes", async () => {
    const { queue, batches, pass } = setUp();
    const usage = {
      ...{ inputTokens: 1e300, outputTokens: 1.5, cachedInputTokens: -3, reasoningTokens: Number.NaN },
      toolUses: { "a\0b": 2, ...Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`t${i}`, 1])) },
      units: { seconds: 0.25, characters: Number.POSITIVE_INFINITY },
    };
    const [attempt] = row().end.attempts;
    queue.record(
      row({
        end: {
          ...{ status: "success", usage, estimated: false },
          attempts: [{ ...attempt, usage } as Attempt],
        },
      }),
    );
    await pass(100);
    const { cells = [], texts = [] } = batches[0]?.packed ?? {};
    expect([CELL.input, CELL.output, CELL.cached, CELL.reasoning].map((cell) => cells[cell])).toEqual([
      ...[1e9, 2, 0, 0],
    ]);
    const others = JSON.parse(texts[cells[CELL.others] ?? 0] ?? "");
    expect(Object.keys(others)).toHaveLength(50);
    expect(others["tool:a\ufffdb"]).toBe(2);
  });

  it("takes texts that no store takes", async () => {
    const { queue, batches, pass } = setUp();
    queue.record(row({ model: `a\0${"b".repeat(1_000)}`, tags: ["b", "a", "b"] }));
    await pass(100);
    const [call] = batches[0]?.batch.calls ?? [];
    expect([call?.model?.length, call?.model?.slice(0, 3), call?.tags]).toEqual([
      256,
      "a\ufffdb",
      ["a", "b"],
    ]);
  });
});
