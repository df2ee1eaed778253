import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallOptions } from "../core/contract/call.js";
import type { JobHandle, JobReport, JobSource } from "../core/contract/job.js";
import { AiLibError } from "../core/errors/error.js";
import { sleep } from "../core/run/sleep.js";
import { settled, VirtualClock } from "../testing/virtual-clock.js";
import { Run } from "./run.js";
import { WaitingRuns } from "./waiting-runs.js";

const HANDLE: JobHandle = { provider: "v", kind: "image", model: "m", startedAt: 0, job: { id: "j1" } };

/** A vendor whose job ends at a time. Its questions take a while, are answered by what is true when they arrive, and may fail. */
class Vendor implements JobSource<string> {
  asked = 0;
  askedAfterEnd = 0;
  private open = 0;
  overlaps = 0;
  private told = false;

  constructor(
    private readonly clock: VirtualClock,
    private readonly endsAt: number,
    private readonly ending: "done" | "failed",
    private readonly latencies: readonly number[] = [0],
    private readonly failures: readonly boolean[] = [false],
  ) {}

  async poll(handle: JobHandle, options?: CallOptions): Promise<JobReport<string>> {
    if (this.told) this.askedAfterEnd++;
    if (++this.open > 1) this.overlaps++;
    const number = this.asked++;
    const over = this.clock.now() >= this.endsAt;
    const latency = this.latencies[number % this.latencies.length] ?? 0;
    await sleep(latency, this.clock, options?.signal).finally(() => {
      this.open--;
    });
    if (this.failures[number % this.failures.length] === true && number < 3)
      throw new AiLibError({ code: "NETWORK_ERROR", message: "reset" });
    if (!over) return { state: "running", handle };
    this.told = true;
    return this.ending === "done"
      ? { state: "done", handle, result: "the result" }
      : { state: "failed", handle, error: new AiLibError({ code: "PROVIDER_ERROR", message: "broke" }) };
  }

  cancel(): Promise<void> {
    return Promise.resolve();
  }
}

const pending = { state: "pending", handle: HANDLE } as const;

describe("a run", () => {
  it("ends once, whatever webhooks come twice, early, late or out of order beside polls", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          endsAt: fc.integer({ min: 0, max: 60_000 }),
          ending: fc.constantFrom("done" as const, "failed" as const),
          latencies: fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 1, maxLength: 5 }),
          failures: fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }),
          webhooks: fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 8 }),
          waits: fc.array(fc.integer({ min: 0, max: 90_000 }), { minLength: 1, maxLength: 4 }),
          questions: fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 4 }),
          addedAt: fc.integer({ min: 0, max: 30_000 }),
        }),
        async ({ endsAt, ending, latencies, failures, webhooks, waits, questions, addedAt }) => {
          const clock = new VirtualClock(0);
          const vendor = new Vendor(clock, endsAt, ending, latencies, failures);
          const run = new Run(vendor, pending);
          const runs = new WaitingRuns();
          const outcomes: string[] = [];
          const endings: number[] = [];
          const states: string[] = [];
          clock.after(addedAt, () => runs.add(run));
          for (const at of webhooks) clock.after(at, () => void runs.deliver({ subject: "j1" }));
          // The vendor calls once more when the work has ended.
          clock.after(endsAt + 1, () => void runs.deliver({ subject: "j1" }));
          for (const at of questions)
            clock.after(at, () => {
              run.status({ clock }).then(
                ({ state }) => states.push(state),
                () => {},
              );
            });
          waits.forEach((at, i) => {
            endings[i] = 0;
            const onReport = ({ state }: JobReport<unknown>): void => {
              if (state === "done" || state === "failed") endings[i] = (endings[i] ?? 0) + 1;
            };
            clock.after(at, () => {
              run.result({ clock, random: () => 0.5, onReport }).then(
                (result) => outcomes.push(result),
                (error: AiLibError) => outcomes.push(error.code),
              );
            });
          });
          for (let i = 0; i < 400; i++) await clock.advance(500);
          expect(outcomes).toEqual(waits.map(() => (ending === "done" ? "the result" : "PROVIDER_ERROR")));
          expect(endings).toEqual(waits.map(() => 1));
          expect([vendor.overlaps, vendor.askedAfterEnd]).toEqual([0, 0]);
          // An ending is never taken back.
          const first = states.findIndex((state) => state !== "running");
          if (first !== -1) expect(states.slice(first).every((state) => state === states[first])).toBe(true);
          expect(run.report.state).toBe(ending);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("asks when a webhook arrives, and not by the second", async () => {
    const clock = new VirtualClock(0);
    const vendor = new Vendor(clock, 100_000, "done");
    const run = new Run(vendor, pending);
    const poll = { minMs: 60_000, maxMs: 600_000 };
    const result = run.result({ clock, random: () => 0.5, poll });
    await clock.advance(0);
    expect(vendor.asked).toBe(1);
    await clock.advance(30_000);
    run.notify();
    run.notify();
    await clock.advance(0);
    expect(vendor.asked).toBe(2);
    await clock.advance(70_500);
    run.notify();
    await clock.advance(0);
    expect(await result).toBe("the result");
    expect(vendor.asked).toBeLessThanOrEqual(4);
  });

  it("asks once more where the webhook came while a question was under way", async () => {
    const clock = new VirtualClock(0);
    const vendor = new Vendor(clock, 500, "done", [1_000, 0]);
    const run = new Run(vendor, pending);
    const result = run.result({ clock, poll: { minMs: 60_000, maxMs: 60_000 } });
    await clock.advance(600);
    run.notify();
    await clock.advance(500);
    await settled();
    expect(await result).toBe("the result");
    expect(vendor.asked).toBe(2);
  });

  it("an abort of one wait does not end another", async () => {
    const clock = new VirtualClock(0);
    const vendor = new Vendor(clock, 5_000, "done", [100]);
    const run = new Run(vendor, pending);
    const stop = new AbortController();
    const aborted = run.result({ clock, signal: stop.signal });
    const other = run.result({ clock });
    aborted.catch(() => {});
    await clock.advance(50);
    stop.abort();
    await expect(aborted).rejects.toMatchObject({ code: "CANCELLED" });
    for (let i = 0; i < 30; i++) await clock.advance(1_000);
    expect(await other).toBe("the result");
  });
});
