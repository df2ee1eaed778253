/** What stands for every value past the limit. */
export const OTHER = "other";

/** The values of one label: the first so many as they are, whatever comes after them as "other". */
export class BoundedLabel {
  private readonly seen = new Set<string>();

  /** @param limit distinct values that are told apart */
  constructor(private readonly limit: number) {}

  of(value: string): string {
    if (this.seen.has(value)) return value;
    if (this.seen.size >= this.limit) return OTHER;
    this.seen.add(value);
    return value;
  }
}
