import { describe, expect, it } from "vitest";
import type { Period } from "../keys/record.js";
import { Window, windowStart } from "./window.js";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Inside of a minute, an hour, a day and a month, and of the slices of all windows that roll. */
const NOW = Date.UTC(2026, 10, 28, 13, 7, 5, 400);

describe("a window", () => {
  it.each<readonly [Period, rolling: boolean, leavesAt: number | undefined]>([
    ["minute", false, Date.UTC(2026, 10, 28, 13, 8)],
    ["hour", false, Date.UTC(2026, 10, 28, 14)],
    ["day", false, Date.UTC(2026, 10, 29)],
    ["month", false, Date.UTC(2026, 11)],
    ["minute", true, Date.UTC(2026, 10, 28, 13, 8, 6)],
    ["hour", true, Date.UTC(2026, 10, 28, 14, 8)],
    ["day", true, Date.UTC(2026, 10, 29, 13, 15)],
    ["month", true, Date.UTC(2026, 11, 28, 18)],
    ["total", false, undefined],
  ])(
    "of a %s (rolling: %s) counts a call until its slice leaves, whole and not earlier",
    (per, rolling, leavesAt) => {
      const window = new Window(per, rolling);
      window.hold(NOW, 5);
      expect(window.nextLeave(NOW)).toBe(leavesAt);
      expect(window.roomAt(NOW, 1, 5)).toBe(leavesAt);
      const end = leavesAt ?? NOW + 400 * DAY;
      expect(window.taken(end - 1)).toBe(5);
      expect(window.taken(end)).toBe(leavesAt === undefined ? 5 : 0);
      expect(window.nextLeave(end)).toBeUndefined();
    },
  );

  it("distinguishes what is used from what is held", () => {
    const window = new Window("minute", true);
    const slice = window.hold(NOW, 5);
    expect([window.used(NOW), window.held(NOW), window.taken(NOW)]).toEqual([0, 5, 5]);
    window.change(slice, 3, -5);
    expect([window.used(NOW), window.held(NOW), window.taken(NOW)]).toEqual([3, 0, 3]);
    window.hold(NOW, 7);
    expect([window.used(NOW), window.held(NOW), window.taken(NOW)]).toEqual([3, 7, 10]);
    // Each of them drops what has left by itself.
    expect(window.used(NOW + 2 * MINUTE)).toBe(0);
    const other = new Window("minute", true);
    other.hold(NOW, 7);
    expect(other.held(NOW + 2 * MINUTE)).toBe(0);
  });

  it("does not count what a call uses after its slice has left", () => {
    const window = new Window("minute", false);
    const slice = window.hold(NOW, 5);
    window.hold(NOW + MINUTE, 1);
    window.change(slice, 4, -5);
    expect([window.used(NOW + MINUTE), window.held(NOW + MINUTE)]).toEqual([0, 1]);
  });

  it("has one slice for calls of the same time, and continues in it when the clock is set back", () => {
    const window = new Window("minute", true);
    const slice = window.hold(NOW, 1);
    expect(window.hold(NOW + 599, 1)).toBe(slice);
    expect(window.hold(NOW - 10 * SECOND, 1)).toBe(slice);
    expect(window.hold(NOW + 600, 1)).not.toBe(slice);
    const aligned = new Window("hour", false);
    const hour = aligned.hold(NOW, 1);
    expect(aligned.hold(NOW + MINUTE, 1)).toBe(hour);
    expect(aligned.hold(NOW + HOUR, 1)).not.toBe(hour);
    // What is held is no history.
    expect(aligned.history(NOW + HOUR)).toEqual([]);
  });

  it("has room as soon as enough slices have left", () => {
    const window = new Window("minute", true);
    const slice = window.hold(NOW, 2);
    window.change(slice, 1, -1);
    window.hold(NOW + SECOND, 3);
    window.hold(NOW + 2 * SECOND, 4);
    const leave = Math.floor(NOW / SECOND) * SECOND + SECOND + MINUTE;
    const at = NOW + 2 * SECOND;
    expect(window.roomAt(at, 1, 10)).toBe(at);
    expect(window.roomAt(at, 2, 10)).toBe(leave);
    expect(window.roomAt(at, 3, 10)).toBe(leave);
    expect(window.roomAt(at, 4, 10)).toBe(leave + SECOND);
    expect(window.roomAt(at, 7, 10)).toBe(leave + 2 * SECOND);
    expect(window.roomAt(at, 10, 10)).toBe(leave + 2 * SECOND);
    expect(window.roomAt(at, 11, 10)).toBeUndefined();
    // What has left makes room.
    expect(window.roomAt(leave + 2 * SECOND, 10, 10)).toBe(leave + 2 * SECOND);
  });

  it("restores earlier uses in their order, without those that have left", () => {
    const window = new Window("minute", true);
    const at = Math.floor(NOW / SECOND) * SECOND;
    window.restore(NOW, at - 10 * SECOND, 3);
    window.restore(NOW, at - 30 * SECOND, 2);
    window.restore(NOW, at - 10 * SECOND + 1, 4);
    window.restore(NOW, at - 61 * SECOND, 100);
    window.restore(NOW, NOW + HOUR, 1);
    window.hold(NOW, 50);
    expect(window.history(NOW)).toEqual([
      { at: at - 30 * SECOND, used: 2 },
      { at: at - 10 * SECOND, used: 7 },
      { at, used: 1 },
    ]);
    expect(window.nextLeave(NOW)).toBe(at + 31 * SECOND);
    // The slice that leaves first is the earliest one, whatever the order of restoring was.
    expect(window.used(at + 31 * SECOND)).toBe(8);
    expect(window.history(at + 31 * SECOND)).toHaveLength(2);
  });

  it("restores the last slice that is still inside", () => {
    const window = new Window("minute", true);
    const at = Math.floor(NOW / SECOND) * SECOND;
    expect(window.sliceAt(at, at - 60 * SECOND)).toMatchObject({ leavesAt: at + SECOND });
    expect(window.sliceAt(at, at - 60 * SECOND - 1)).toBeUndefined();
  });

  it.each<readonly [Exclude<Period, "total">, rolling: boolean, from: number]>([
    ["hour", false, Date.UTC(2026, 10, 28, 13)],
    ["day", false, Date.UTC(2026, 10, 28)],
    ["month", false, Date.UTC(2026, 10)],
    ["hour", true, NOW - 61 * MINUTE],
    ["day", true, NOW - 24.25 * HOUR],
    ["month", true, NOW - 30.25 * DAY],
  ])("of a %s (rolling: %s) needs a history from its beginning", (per, rolling, from) => {
    expect(windowStart(per, rolling, NOW)).toBe(from);
  });
});
