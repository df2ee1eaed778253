import { describe, expect, it } from "vitest";
import { seededRandom } from "../../testing/random.js";
import { randomId, systemClock, systemRandom } from "./clock.js";

describe("the machine's clock", () => {
  it("returns epoch milliseconds, and never goes back", () => {
    let before = systemClock.now();
    expect(new Date(before).getFullYear()).toBeGreaterThan(2020);
    for (let i = 0; i < 1_000; i++) {
      const now = systemClock.now();
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    }
  });

  it("never runs synchronously, and not at all after it was cancelled", async () => {
    const ran: string[] = [];
    const cancel = systemClock.after(0, () => ran.push("cancelled"));
    const done = new Promise<void>((resolve) => {
      systemClock.after(-5, () => ran.push("negative"));
      systemClock.after(1, resolve);
    });
    cancel();
    expect(ran).toEqual([]);
    await done;
    expect(ran).toEqual(["negative"]);
  });

  it("does not fire immediately for a time beyond the platform's timers", async () => {
    let fired = 0;
    const cancels = [2 ** 31, 1e15, Number.POSITIVE_INFINITY].map((ms) =>
      systemClock.after(ms, () => fired++),
    );
    await new Promise<void>((resolve) => {
      systemClock.after(5, resolve);
    });
    for (const cancel of cancels) cancel();
    expect(fired).toBe(0);
  });
});

describe("an id", () => {
  it("has its length in letters and digits, and follows its randomness", () => {
    expect(randomId(systemRandom)).toMatch(/^[0-9a-z]{20}$/);
    expect(randomId(() => 0, 3)).toBe("000");
    expect(randomId(() => 1 - Number.EPSILON, 3)).toBe("zzz");
    expect(randomId(systemRandom, 0)).toBe("");
    expect(randomId(seededRandom(1))).toBe(randomId(seededRandom(1)));
    expect(randomId(seededRandom(1))).not.toBe(randomId(seededRandom(2)));
  });
});
