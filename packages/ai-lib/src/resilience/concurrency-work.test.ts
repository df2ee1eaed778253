import { describe, expect, it } from "vitest";
import { errorOf, outcomeOf, request } from "../../test/support/calls.js";
import { defineChatProvider } from "../providers/own/adapter.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { concurrencyLimit } from "./concurrency.js";

/** A limit of one place around a generator that ignores its abort, and what lets the generator go on. */
function stubborn() {
  const clock = new VirtualClock();
  const waiting: (() => void)[] = [];
  const provider = defineChatProvider({
    name: "own",
    async *stream() {
      await new Promise<void>((resolve) => waiting.push(resolve));
      yield "done";
    },
  });
  return { clock, waiting, limited: concurrencyLimit(provider, { limit: 1 }) };
}

describe("the place of a generator of the user", () => {
  /** Calls, aborts, and calls again. */
  async function abandoned() {
    const { clock, waiting, limited } = stubborn();
    const abort = new AbortController();
    const left = errorOf(limited.chat(request, { clock, signal: abort.signal }));
    await clock.advance(1);
    abort.abort();
    expect((await left).code).toBe("CANCELLED");
    const next = outcomeOf(limited.chat(request, { clock }));
    await clock.advance(0);
    expect([limited.running, limited.waiting]).toEqual([1, 1]);
    return { clock, waiting, limited, next };
  }

  it("is taken after an abort until the generator stops", async () => {
    const { clock, waiting, limited, next } = await abandoned();
    waiting[0]?.();
    await clock.advance(1);
    expect([limited.running, limited.waiting, waiting.length]).toEqual([1, 0, 2]);
    waiting[1]?.();
    await clock.advance(1);
    expect([next.value, limited.running]).toEqual(["own", 0]);
    expect(clock.pending).toBe(0);
  });

  it("is taken for ten seconds at most, and given back once", async () => {
    const { clock, waiting, limited, next } = await abandoned();
    await clock.advance(9_998);
    expect(limited.waiting).toBe(1);
    await clock.advance(2);
    expect([limited.running, limited.waiting, waiting.length]).toEqual([1, 0, 2]);
    waiting[0]?.();
    await clock.advance(1);
    expect(limited.running).toBe(1);
    waiting[1]?.();
    await clock.advance(1);
    expect([next.value, limited.running]).toEqual(["own", 0]);
  });

  it("is free as soon as a call ends by itself", async () => {
    const { clock, waiting, limited } = stubborn();
    const call = outcomeOf(limited.chat(request, { clock }));
    await clock.advance(1);
    expect(limited.running).toBe(1);
    waiting[0]?.();
    await clock.advance(1);
    expect([call.value, limited.running, clock.pending]).toEqual(["own", 0, 0]);
  });
});
