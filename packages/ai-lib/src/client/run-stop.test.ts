import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/calls.js";
import { RunStop } from "./run-stop.js";

const never = new Promise<never>(() => {});

describe("the stop of a run", () => {
  it("aborts its signal with the reason, whenever that is read", () => {
    const [early, late] = [new RunStop(), new RunStop()];
    const { signal } = early;
    expect([signal.aborted, early.stopped]).toEqual([false, false]);
    early.stop("enough");
    late.stop("enough");
    for (const one of [signal, late.signal]) expect([one.aborted, one.reason]).toEqual([true, "enough"]);
    expect([early.signal, early.stopped]).toEqual([signal, true]);
  });

  it("counts once", () => {
    const stop = new RunStop();
    let runs = 0;
    stop.onStop(() => runs++);
    const cancel = stop.onStop(() => runs++);
    cancel();
    stop.stop("first");
    stop.stop("second");
    expect([runs, stop.reason]).toEqual([1, "first"]);
  });

  it("throws only after it", () => {
    const stop = new RunStop();
    expect(() => stop.throwIfStopped()).not.toThrow();
    stop.stop();
    expect(() => stop.throwIfStopped()).toThrow(expect.objectContaining({ code: "CANCELLED" }));
  });

  it("ends the wait for a promise that ignores it", async () => {
    const stop = new RunStop();
    expect(await stop.until(Promise.resolve(5))).toBe(5);
    await expect(stop.until(Promise.reject(new Error("mine")))).rejects.toThrow("mine");
    const waiting = errorOf(stop.until(never));
    stop.stop();
    expect((await waiting).code).toBe("CANCELLED");
    expect((await errorOf(stop.until(Promise.resolve(5)))).code).toBe("CANCELLED");
    // Nothing else handles this rejection.
    expect((await errorOf(stop.until(Promise.reject(new Error("late"))))).code).toBe("CANCELLED");
  });
});
