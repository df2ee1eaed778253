import { describe, expect, it } from "vitest";
import { streamLogConformance } from "../testing/stream-log-conformance.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { memoryStreamLog } from "./memory-stream-log.js";

describe("a log of runs in memory", () => {
  for (const { name, run } of streamLogConformance(() => ({
    log: memoryStreamLog({ clock: new VirtualClock() }),
  })))
    it(name, run);

  it("forgets a run some time after its end", async () => {
    const clock = new VirtualClock();
    const log = memoryStreamLog({ clock, keepMs: 1_000 });
    await log.begin("a");
    await clock.advance(5_000);
    expect(await log.read("a", 0)).toBeDefined();
    await log.end("a");
    await clock.advance(999);
    expect(await log.read("a", 0)).toBeDefined();
    await clock.advance(1);
    expect(await log.read("a", 0)).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it("does not forget the run that replaced another one", async () => {
    const clock = new VirtualClock();
    const log = memoryStreamLog({ clock, keepMs: 1_000 });
    await log.begin("a");
    await log.end("a");
    await log.begin("a");
    await clock.advance(2_000);
    expect(await log.read("a", 0)).toMatchObject({ ended: false });
  });

  it("makes room for new runs by forgetting ended ones, and refuses more that run", async () => {
    const log = memoryStreamLog({ clock: new VirtualClock(), maxRuns: 2 });
    await log.begin("a");
    await log.end("a");
    await log.begin("b");
    await log.begin("c");
    expect(await log.read("a", 0)).toBeUndefined();
    await expect(log.begin("d")).rejects.toMatchObject({ code: "INVALID_REQUEST" });
  });

  it("bounds one run", async () => {
    const log = memoryStreamLog({ clock: new VirtualClock(), maxCharacters: 100 });
    await log.begin("a");
    await expect(log.append("a", [{ type: "x", text: "y".repeat(200) }])).rejects.toThrow(/more than 100/);
  });

  it("refuses wrong options", () => {
    expect(() => memoryStreamLog({ keepFor: 1 } as never)).toThrow(/keepFor/);
    expect(() => memoryStreamLog({ maxRuns: 0 })).toThrow(/maxRuns/);
  });
});
