import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { errorOf, request } from "../../../test/support/calls.js";
import { type ScriptedProvider, scripted } from "../../testing/scripted.js";
import { VirtualClock } from "../../testing/virtual-clock.js";
import type { BatchItem } from "../contract/batch.js";
import type { AiLibError } from "../errors/error.js";
import type { ChatRequest } from "../values/chat-request.js";
import { textOf } from "../values/message.js";
import { runBatch } from "./batch.js";

/** Questions 0 to `count` - 1. */
const asked = (count: number): ChatRequest[] =>
  Array.from({ length: count }, (_, i) => ({ messages: [{ role: "user", content: `${i}` }] }));

/** Answers with the question; how long it takes, or which questions fail, is told by the question. */
function echo(
  plan: { readonly takesMs?: (n: number) => number; readonly fails?: (n: number) => boolean } = {},
) {
  return scripted({
    name: "echo",
    replies: (_, call) => {
      const text = textOf((call.request as ChatRequest).messages[0]?.content ?? "");
      const n = Number(text);
      if (plan.fails?.(n) === true) return { error: { code: "AUTH_FAILED", message: `no ${n}` } };
      return { text, delayMs: plan.takesMs?.(n) ?? 0 };
    },
  });
}

async function run(provider: ScriptedProvider, count: number, options: Parameters<typeof runBatch>[2] = {}) {
  const clock = new VirtualClock();
  const items = runBatch(provider, asked(count), { clock, ...options });
  await clock.drain();
  return items;
}

describe("a batch", () => {
  it("is in the order of its requests, whichever ends first", async () => {
    const finished: number[] = [];
    const items = await run(echo({ takesMs: (n) => 100 - n * 10 }), 10, {
      onItem: ({ index }) => finished.push(index),
    });
    expect(items.map(({ index }) => index)).toEqual([...asked(10).keys()]);
    expect(items.map(({ response }) => response?.text)).toEqual([...asked(10).keys()].map(String));
    expect(finished).not.toEqual(items.map(({ index }) => index));
  });

  it("keeps each failure to its item", async () => {
    const items = await run(echo({ fails: (n) => n % 2 === 0 }), 4);
    expect(items.map(({ error, response }) => error?.code ?? response?.text)).toEqual([
      "AUTH_FAILED",
      "1",
      "AUTH_FAILED",
      "3",
    ]);
  });

  it.each([
    [undefined, 8],
    [1, 1],
    [3, 3],
    [2.9, 2],
    [Number.POSITIVE_INFINITY, 20],
  ])("runs at a concurrency of %s at most %s at once", async (concurrency, peak) => {
    const provider = echo({ takesMs: () => 10 });
    const items = await run(provider, 20, { concurrency });
    expect(items).toHaveLength(20);
    expect(provider.peak).toBe(peak);
  });

  it.each([0, -1, Number.NaN])("refuses a concurrency of %s", async (concurrency) => {
    const provider = echo();
    expect(await errorOf(runBatch(provider, asked(2), { concurrency }))).toMatchObject({
      code: "CONFIG_ERROR",
    });
    expect(provider.calls).toBe(0);
  });

  it("of nothing is nothing", async () => {
    expect(await runBatch(echo(), [])).toEqual([]);
  });

  it("reports after each item how many are done", async () => {
    const told: [number, number][] = [];
    await run(echo(), 3, { concurrency: 1, onItem: (_, done, total) => told.push([done, total]) });
    expect(told).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
    ]);
  });

  it("after an abort closes what runs and begins nothing more", async () => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const provider = echo({ takesMs: (n) => (n === 0 ? 5 : 1_000) });
    const batch = runBatch(provider, asked(6), { clock, concurrency: 2, signal: abort.signal });
    await clock.advance(10);
    abort.abort("enough");
    const items = await batch;
    const outcomes = items.map(({ error }) => error?.code ?? "answered");
    expect(outcomes).toEqual(["answered", ...Array.from({ length: 5 }, () => "CANCELLED")]);
    expect(provider.calls).toBe(3);
    expect(provider.aborted).toBe(2);
    expect(items[5]?.error?.cause).toBe("enough");
    expect(getEventListeners(abort.signal, "abort")).toHaveLength(0);
    expect(clock.pending).toBe(0);
  });

  it("sends no more requests after its callback has thrown", async () => {
    const provider = echo({ takesMs: () => 10 });
    const clock = new VirtualClock();
    const seen: BatchItem[] = [];
    const batch = runBatch(provider, asked(10), {
      clock,
      concurrency: 2,
      onItem(item) {
        seen.push(item);
        throw new Error("mine");
      },
    }).then(
      () => "resolved",
      (error: AiLibError) => [error.code, error.message],
    );
    await clock.drain();
    expect(await batch).toEqual(["CONFIG_ERROR", "`onItem` failed: mine"]);
    expect(provider.calls).toBe(2);
    expect(seen.length).toBeLessThanOrEqual(2);
  });

  it("reports an invalid request as its item's error", async () => {
    const items = await runBatch(echo(), [request, { messages: [] }]);
    expect(items.map(({ error }) => error?.code)).toEqual([undefined, "INVALID_REQUEST"]);
  });
});
