import { expect, it } from "vitest";
import { settled } from "../../testing/virtual-clock.js";
import { type PumpSink, pump } from "./member.js";

function collector(): PumpSink<number> & { readonly got: number[]; ends: number } {
  return {
    got: [],
    ends: 0,
    next(value) {
      this.got.push(value);
      return false;
    },
    end() {
      this.ends++;
    },
    fail() {
      this.ends++;
    },
  };
}

async function* count(limit = 1_000): AsyncGenerator<number, undefined> {
  for (let i = 0; i < limit; i++) yield i;
  return undefined;
}

it("pulls everything and ends once", async () => {
  const sink = collector();
  pump<number, undefined>(count(5), new AbortController(), sink);
  expect(sink.got).toEqual([]);
  await settled();
  expect(sink.got).toEqual([0, 1, 2, 3, 4]);
  expect(sink.ends).toBe(1);
});

it("pulls nothing while it is paused, also if it was resumed and paused in one turn", async () => {
  const sink = collector();
  const flow = pump<number, undefined>(count(), new AbortController(), sink);
  flow.pause();
  await settled();
  expect(sink.got).toEqual([]);
  for (let i = 0; i < 5; i++) {
    flow.resume();
    flow.pause();
    await settled();
  }
  expect(sink.got).toEqual([]);
  flow.resume();
  await settled();
  expect(sink.ends).toBe(1);
});

it("closes an iterator whose `return` throws or gives no promise", async () => {
  for (const close of [
    () => {
      throw new Error("no");
    },
    () => ({ done: true, value: undefined }),
  ]) {
    const source = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}), return: close }),
    } as unknown as AsyncIterable<number>;
    const flow = pump<number, undefined>(source, new AbortController(), collector());
    await settled();
    expect(() => flow.abort()).not.toThrow();
  }
});

it("aborted while it is paused, it is silent for good", async () => {
  const sink = collector();
  const abort = new AbortController();
  const flow = pump<number, undefined>(count(), abort, sink);
  flow.pause();
  await settled();
  flow.abort("enough");
  flow.resume();
  await settled();
  expect(sink.got).toEqual([]);
  expect(sink.ends).toBe(0);
  expect(abort.signal.reason).toBe("enough");
});
