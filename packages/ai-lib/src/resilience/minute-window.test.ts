import { describe, expect, it } from "vitest";
import { MinuteWindow } from "./minute-window.js";

const NONE = Number.POSITIVE_INFINITY;
const MINUTE = 60_000;

describe("the window of a minute", () => {
  it("admits up to its limits, and again when a minute has passed", () => {
    const window = new MinuteWindow(2, 100);
    window.take(0, 60);
    expect([window.admits(0, 40), window.admits(0, 41)]).toEqual([true, false]);
    window.take(10, 40);
    expect([window.admits(10, 0), window.taken(10)]).toEqual([false, { requests: 2, tokens: 100 }]);
    expect([window.admits(MINUTE - 1, 0), window.admits(MINUTE, 60), window.admits(MINUTE, 61)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(window.taken(MINUTE + 10)).toEqual({ requests: 0, tokens: 0 });
  });

  it("admits a call that is larger than its limit if nothing else was taken", () => {
    const window = new MinuteWindow(NONE, 100);
    expect(window.admits(0, 500)).toBe(true);
    window.take(0, 1);
    expect([window.admits(0, 500), window.when(0, [500])]).toEqual([false, MINUTE]);
  });

  it("knows when the last of several calls can go", () => {
    const window = new MinuteWindow(2, 100);
    expect(window.when(5, [10])).toBe(5);
    window.take(0, 50);
    window.take(20, 30);
    expect(window.when(30, [20])).toBe(MINUTE);
    expect(window.when(30, [50, 50])).toBe(MINUTE + 20);
    // The third waits for the first of them.
    expect(window.when(30, [50, 40, 20])).toBe(2 * MINUTE);
    expect(window.when(30, [])).toBe(30);
    // Asking changes nothing.
    expect(window.taken(30)).toEqual({ requests: 2, tokens: 80 });
  });

  it("corrects what a call took while it is inside, and says so", () => {
    const window = new MinuteWindow(5, 100);
    const notified: number[] = [];
    const end = window.subscribe(
      (now) => notified.push(now),
      () => 3,
    );
    const share = window.take(0, 60);
    expect(window.demand(0)).toBe(4);
    window.correct(1, share, 1, 10);
    expect(window.taken(1)).toEqual({ requests: 1, tokens: 10 });
    window.correct(2, share, 0, 0);
    expect(window.taken(2)).toEqual({ requests: 0, tokens: 0 });
    const gone = window.take(3, 60);
    window.take(MINUTE, 1);
    window.taken(MINUTE + 3);
    window.correct(MINUTE + 4, gone, 1, 99);
    expect(window.taken(MINUTE + 4)).toEqual({ requests: 1, tokens: 1 });
    expect(notified).toEqual([1, 2, MINUTE + 4]);
    end();
    window.correct(MINUTE + 5, gone, 1, 9);
    expect([notified.length, window.demand(MINUTE + 5)]).toEqual([3, 1]);
  });

  it("follows a lease of a share: never nothing, and no limit stays none", () => {
    const window = new MinuteWindow(10, NONE);
    const notified: number[] = [];
    window.subscribe(
      (now) => notified.push(now),
      () => 0,
    );
    window.lease(0.25, 5);
    for (let i = 0; i < 2; i++) window.take(5, 1_000);
    expect([window.admits(5, 1e9), notified]).toEqual([false, [5]]);
    window.lease(0.39, 6);
    expect(window.admits(6, 1e9)).toBe(true);
    const small = new MinuteWindow(NONE, 10);
    small.lease(Number.MIN_VALUE, 0);
    expect(small.admits(0, 1)).toBe(true);
    small.take(0, 1);
    expect(small.admits(0, 1)).toBe(false);
  });

  it("comes back from a snapshot of seconds, in which it holds as well", () => {
    const window = new MinuteWindow(NONE, NONE);
    expect(window.snapshot(0)).toBeUndefined();
    window.take(1_000, 1);
    window.take(1_500, 2);
    window.take(1_999, 3);
    window.take(2_000, 4);
    const saved = window.snapshot(3_000);
    expect(saved).toEqual([
      { at: 1_999, requests: 3, tokens: 6 },
      { at: 2_000, requests: 1, tokens: 4 },
    ]);
    const after = new MinuteWindow(NONE, NONE);
    const notified: number[] = [];
    after.subscribe(
      (now) => notified.push(now),
      () => 0,
    );
    const before = after.take(2_500, 7);
    after.restore(JSON.parse(JSON.stringify(saved)), 3_000);
    after.correct(3_000, before, 1, 100);
    expect([after.taken(3_000), notified]).toEqual([{ requests: 4, tokens: 10 }, [3_000, 3_000]]);
    expect(after.taken(MINUTE + 1_999)).toEqual({ requests: 1, tokens: 4 });
  });

  it("takes from a snapshot only what it can use, in the order of time", () => {
    const window = new MinuteWindow(NONE, NONE);
    window.restore(
      [
        { at: 9_000, requests: 1, tokens: 1 },
        { at: 5_000, tokens: 2 },
        { at: 6_000, requests: 1 },
        { at: 10_001, requests: 1, tokens: 1 },
        { at: 7_000, requests: -1, tokens: 1 },
        { at: 7_000, requests: 1, tokens: -1 },
        { requests: 1, tokens: 1 },
        "none",
      ],
      10_000,
    );
    expect(window.snapshot(10_000)).toEqual([
      { at: 5_000, requests: 0, tokens: 2 },
      { at: 6_000, requests: 1, tokens: 0 },
      { at: 9_000, requests: 1, tokens: 1 },
    ]);
    const many = Array.from({ length: 70 }, (_one, index) => ({ at: 1_000 * index, requests: 1, tokens: 0 }));
    window.restore(many, 69_000);
    // The latest 61, of which two have left.
    expect(window.taken(69_000)).toEqual({ requests: 60, tokens: 0 });
    window.restore("none", 69_000);
    expect(window.taken(69_000)).toEqual({ requests: 0, tokens: 0 });
  });

  it("counts right after thousands of calls", () => {
    const window = new MinuteWindow(NONE, NONE);
    for (let i = 0; i < 5_000; i++) {
      window.take(i * 100, 1);
      expect(window.taken(i * 100).requests).toBe(Math.min(i + 1, 600));
    }
  });
});
