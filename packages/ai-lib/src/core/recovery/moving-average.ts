/** An exponential moving average; undefined until the first sample. */
export class MovingAverage {
  /** @param weight of the newest sample; more than 0, at most 1 */
  constructor(
    private readonly weight: number,
    public value?: number | undefined,
  ) {}

  add(sample: number): void {
    this.value = this.value === undefined ? sample : this.value + this.weight * (sample - this.value);
  }
}
