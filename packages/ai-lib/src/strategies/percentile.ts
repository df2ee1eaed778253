/** The latest samples of a measure, for its percentiles. */
export class RecentSamples {
  private readonly samples: number[] = [];
  private next = 0;
  /** Sorted a few samples ago: one sample hardly moves a percentile of many. */
  private sorted: readonly number[] = [];
  private stale = 0;

  /** @param size how many samples to keep */
  constructor(private readonly size: number) {}

  get count(): number {
    return this.samples.length;
  }

  add(sample: number): void {
    this.samples[this.next] = sample;
    this.next = (this.next + 1) % this.size;
    this.stale++;
  }

  /** The smallest sample that a share of all samples does not exceed; undefined without samples. */
  percentile(share: number): number | undefined {
    if (this.stale * 20 > this.sorted.length) {
      this.sorted = [...this.samples].sort((a, b) => a - b);
      this.stale = 0;
    }
    const { sorted } = this;
    return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  }
}
