import { describe, expect, it } from "vitest";
import { Slots } from "./slots.js";

/** Slots with calls that wait, and the numbers of those that started. */
function waiting(slots: Slots, count: number) {
  const started: number[] = [];
  const leave = Array.from({ length: count }, (_one, index) => slots.wait(() => started.push(index)));
  return { started, leave };
}

describe("slots", () => {
  it("are taken up to the limit", () => {
    const slots = new Slots(2);
    expect([slots.take(), slots.take(), slots.take()]).toEqual([true, true, false]);
    expect([slots.running, slots.waiting, slots.demand(), slots.snapshot()]).toEqual([2, 0, 2, undefined]);
    slots.release();
    expect([slots.running, slots.take()]).toEqual([1, true]);
  });

  it("go to those that wait, in their order, without becoming free", () => {
    const slots = new Slots(1);
    slots.take();
    const { started, leave } = waiting(slots, 3);
    expect([slots.waiting, slots.demand()]).toEqual([3, 4]);
    leave[1]?.();
    slots.release();
    expect([started, slots.running, slots.waiting]).toEqual([[0], 1, 1]);
    slots.release();
    expect([started, slots.running, slots.waiting]).toEqual([[0, 2], 1, 0]);
    slots.release();
    expect([started, slots.running]).toEqual([[0, 2], 0]);
  });

  it("follow a lease of a share of them: never none, and those that wait start with a larger one", () => {
    const slots = new Slots(4);
    slots.lease(0.1);
    expect([slots.take(), slots.take()]).toEqual([true, false]);
    const { started } = waiting(slots, 5);
    slots.lease(0.75);
    expect([started, slots.running]).toEqual([[0, 1], 3]);
    slots.lease(0.5);
    // One slot too many is in use: no call gets it.
    slots.release();
    expect([started, slots.running]).toEqual([[0, 1], 2]);
    slots.release();
    expect([started, slots.running]).toEqual([[0, 1, 2], 2]);
    slots.lease(1);
    expect([started, slots.running, slots.waiting]).toEqual([[0, 1, 2, 3, 4], 4, 0]);
    slots.release();
    slots.lease(1);
    expect(slots.running).toBe(3);
  });
});
