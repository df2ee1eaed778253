/** A moving average; undefined until the first sample. */
class MovingAverage {
  value: number | undefined;

  constructor(private readonly weight: number) {}

  add(sample: number): void {
    this.value = this.value === undefined ? sample : this.value + this.weight * (sample - this.value);
  }
}

/**
 * How fast a member has lately been: moving averages of its time to first content and its time for each token after
 * that, of whole unary calls, and of how often it answers at all.
 */
export class Speed {
  private readonly firstContentMs: MovingAverage;
  private readonly msPerToken: MovingAverage;
  private readonly wholeMs: MovingAverage;
  private readonly success: MovingAverage;

  /** @param weight of the newest sample in the average, more than 0 and at most 1 */
  constructor(weight: number) {
    this.firstContentMs = new MovingAverage(weight);
    this.msPerToken = new MovingAverage(weight);
    this.wholeMs = new MovingAverage(weight);
    this.success = new MovingAverage(weight);
  }

  /** The first content of a stream came. */
  began(afterMs: number): void {
    this.firstContentMs.add(afterMs);
  }

  /** A call was answered. `firstContentMs` is undefined for a unary one. */
  answered(tookMs: number, firstContentMs: number | undefined, outputTokens: number): void {
    this.success.add(1);
    if (firstContentMs === undefined) this.wholeMs.add(tookMs);
    else if (outputTokens > 1) this.msPerToken.add((tookMs - firstContentMs) / (outputTokens - 1));
  }

  /** A call failed for a reason that lies with the member. */
  failed(): void {
    this.success.add(0);
  }

  /**
   * Milliseconds that an answer of so many tokens is expected to take, the chance of having to ask again included;
   * undefined while nothing is known.
   */
  expectedMs(unary: boolean, outputTokens: number): number | undefined {
    const success = this.success.value;
    // One that has failed each time is not expected ever to answer, but is compared with others of its kind.
    const ask = success === undefined ? 1 : 1 / Math.max(success, 0.01);
    const streamed =
      this.firstContentMs.value === undefined
        ? undefined
        : this.firstContentMs.value + outputTokens * (this.msPerToken.value ?? 0);
    const answer = unary ? (this.wholeMs.value ?? streamed) : (streamed ?? this.wholeMs.value);
    if (answer === undefined) return success === 0 ? Number.POSITIVE_INFINITY : undefined;
    return answer * ask;
  }
}
