import { describe, expect, it } from "vitest";
import { VirtualClock } from "../../testing/virtual-clock.js";
import { CallLimits } from "./call-limits.js";

/** A clock that counts the timers which are set. */
class CountingClock extends VirtualClock {
  timers = 0;

  override after(ms: number, run: () => void): () => void {
    this.timers++;
    return super.after(ms, run);
  }
}

function limitsAt(...times: readonly number[]) {
  const clock = new CountingClock();
  const limits = new CallLimits(clock);
  const ended: string[] = [];
  const add = (at: number) => limits.add(at, () => ended.push(`${at} at ${clock.now()}`), clock.now());
  limits.hold();
  const cancel = times.map(add);
  limits.release(clock.now());
  return { clock, ended, cancel, add };
}

describe("the limits of a call", () => {
  it("share one timer, and each ends at its time", async () => {
    const { clock, ended } = limitsAt(900, 600);
    expect(clock.timers).toBe(1);
    await clock.advance(1_000);
    expect(ended).toEqual(["600 at 600", "900 at 900"]);
  });

  it("end in the order of their times where several are due", async () => {
    const { clock, ended } = limitsAt(900, 600, 900, 300);
    await clock.advance(5_000);
    expect(ended).toEqual(["300 at 300", "600 at 600", "900 at 900", "900 at 900"]);
  });

  it("leave no timer when all are cancelled", () => {
    const { clock, cancel } = limitsAt(900, 600);
    for (const one of cancel) one();
    expect(clock.pending).toBe(0);
  });

  it("end at their times after an earlier one was cancelled", async () => {
    const { clock, ended, cancel } = limitsAt(900, 600);
    cancel[1]?.();
    await clock.advance(2_000);
    expect(ended).toEqual(["900 at 900"]);
  });

  it("may be added later, before and after the timer's time", async () => {
    const { clock, ended, add } = limitsAt(900);
    await clock.advance(100);
    add(1_500);
    add(200);
    await clock.advance(2_000);
    expect(ended).toEqual(["200 at 200", "900 at 900", "1500 at 1500"]);
  });

  it("are held until they are released", async () => {
    const clock = new CountingClock();
    const limits = new CallLimits(clock);
    limits.hold();
    limits.add(10, () => {}, 0);
    expect(clock.timers).toBe(0);
    limits.release(0);
    expect(clock.timers).toBe(1);
  });
});
