/** Replaces every value beyond the limit. */
export const OTHER = "other";

/** Limits the values of one label: further values become "other". */
export class BoundedLabel {
  private readonly seen = new Set<string>();

  /** @param limit how many distinct values to keep */
  constructor(private readonly limit: number) {}

  of(value: string): string {
    if (this.seen.has(value)) return value;
    if (this.seen.size >= this.limit) return OTHER;
    this.seen.add(value);
    return value;
  }
}
