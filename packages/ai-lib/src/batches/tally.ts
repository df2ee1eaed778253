import type { BatchJobCounts } from "../core/contract/batch-job.js";
import { sumUsage } from "../core/values/sum-usage.js";
import type { Usage } from "../core/values/usage.js";
import { NO_COUNTS, NO_USAGE, type PartRecord } from "./record.js";
import { billOf, type RowResult } from "./result-line.js";

/** Counts the results of one part. */
export class Tally {
  private readonly counts: { -readonly [K in keyof typeof NO_COUNTS]: number } = { ...NO_COUNTS };
  private usage: Usage = NO_USAGE;
  private cost: number | undefined = 0;

  add(result: RowResult): void {
    this.counts[result.outcome]++;
    if (result.outcome !== "succeeded") return;
    const { usage, cost } = billOf(result.response);
    this.usage = sumUsage(this.usage, usage);
    this.cost = this.cost === undefined || cost === undefined ? undefined : this.cost + cost;
  }

  get rows(): number {
    const { succeeded, failed, cancelled, expired } = this.counts;
    return succeeded + failed + cancelled + expired;
  }

  /** Marks a part as collected. */
  close(part: PartRecord): void {
    part.state = "collected";
    part.done = part.rows;
    part.counts = { ...this.counts } satisfies Omit<BatchJobCounts, "open">;
    part.usage = this.usage;
    delete part.problem;
    if (this.cost !== undefined) part.cost = this.cost;
  }
}
