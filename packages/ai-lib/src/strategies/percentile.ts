/** The last samples of a measure, for its percentiles. */
export class RecentSamples {
  private readonly samples: number[] = [];
  private next = 0;
  /** Sorted as they were a few samples ago: a percentile of many hardly moves by one. */
  private sorted: readonly number[] = [];
  private stale = 0;

  /** @param size samples that are kept */
  constructor(private readonly size: number) {}

  get count(): number {
    return this.samples.length;
  }

  add(sample: number): void {
    if (this.samples.length < this.size) this.samples.push(sample);
    else this.samples[this.next] = sample;
    this.next = (this.next + 1) % this.size;
    this.stale++;
  }

  /** The smallest sample that a share of all samples does not exceed; undefined while there are none. */
  percentile(share: number): number | undefined {
    if (this.samples.length === 0) return undefined;
    if (this.stale * 20 > this.sorted.length) {
      this.sorted = [...this.samples].sort((a, b) => a - b);
      this.stale = 0;
    }
    const { sorted } = this;
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  }
}
