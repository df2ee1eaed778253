/** Slices that a window is counted in: it slides in tenths. */
const SLICES = 10;

/** Successes and failures over a window that slides, in bounded memory. Times are epoch milliseconds. */
export class SlidingCounts {
  private readonly good = new Int32Array(SLICES);
  private readonly bad = new Int32Array(SLICES);
  private slice = Number.NEGATIVE_INFINITY;

  /** @param windowMs how far back it counts; it may forget up to a tenth of that too early */
  constructor(private readonly windowMs: number) {}

  success(now: number): void {
    const at = this.slot(now);
    this.good[at] = (this.good[at] ?? 0) + 1;
  }

  failure(now: number): void {
    const at = this.slot(now);
    this.bad[at] = (this.bad[at] ?? 0) + 1;
  }

  /** What there was within the window. */
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

  /** The slice of a time, with those that slid out since the last one emptied. */
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
