import { asArray, asNumber, type JsonObject } from "../values/json.js";

/** Slices of a window: it slides in tenths. */
const SLICES = 10;

/** Successes and failures of a sliding window, in bounded memory. Times are epoch milliseconds. */
export class SlidingCounts {
  private readonly good = new Int32Array(SLICES);
  private readonly bad = new Int32Array(SLICES);
  private slice = Number.NEGATIVE_INFINITY;

  /** @param windowMs length of the window; counts may leave up to a tenth of it too early */
  constructor(private readonly windowMs: number) {}

  success(now: number): void {
    const at = this.slot(now);
    this.good[at] = (this.good[at] ?? 0) + 1;
  }

  failure(now: number): void {
    const at = this.slot(now);
    this.bad[at] = (this.bad[at] ?? 0) + 1;
  }

  /** Counts within the window that ends at a time. */
  within(now: number): { readonly successes: number; readonly failures: number } {
    this.slot(now);
    let [successes, failures] = [0, 0];
    for (const count of this.good) successes += count;
    for (const count of this.bad) failures += count;
    return { successes, failures };
  }

  reset(): void {
    this.good.fill(0);
    this.bad.fill(0);
  }

  /** Plain JSON; undefined where the window is empty. */
  snapshot(now: number): JsonObject | undefined {
    const { successes, failures } = this.within(now);
    if (successes + failures === 0) return undefined;
    return { windowMs: this.windowMs, slice: this.slice, good: [...this.good], bad: [...this.bad] };
  }

  /** Takes a snapshot over, unless it is of another length of window or of the future. */
  restore(snapshot: JsonObject, now: number): void {
    const slice = asNumber(snapshot["slice"]);
    if (snapshot["windowMs"] !== this.windowMs || slice === undefined) return;
    if (slice > Math.floor((now * SLICES) / this.windowMs)) return;
    for (let i = 0; i < SLICES; i++) {
      this.good[i] = Math.max(0, asNumber(asArray(snapshot["good"])[i]) ?? 0);
      this.bad[i] = Math.max(0, asNumber(asArray(snapshot["bad"])[i]) ?? 0);
    }
    this.slice = Math.floor(slice);
  }

  /** The slice of a time. Empties those that left the window since the last one. */
  private slot(now: number): number {
    const slice = Math.max(this.slice, Math.floor((now * SLICES) / this.windowMs));
    for (let passed = Math.min(SLICES, slice - this.slice); passed > 0; passed--) {
      const index = (slice - passed + 1 + SLICES) % SLICES;
      this.good[index] = 0;
      this.bad[index] = 0;
    }
    this.slice = slice;
    return slice % SLICES;
  }
}
