import type { ChatResponse } from "../core/values/chat-response.js";
import { sumStatus, sumUsage } from "../core/values/sum-usage.js";
import type { Usage, UsageStatus } from "../core/values/usage.js";

/** What of an answer is added up. */
export type Totaled = Pick<ChatResponse, "usage" | "usageStatus" | "cost">;

/** The usage and the cost of several answers. */
export class Totals {
  private usage: Usage = { inputTokens: 0, outputTokens: 0 };
  private usageStatus: UsageStatus = "final";
  /** Undefined once the cost of an answer is unknown. */
  private cost: number | undefined = 0;

  constructor(first?: Totaled) {
    if (first === undefined) return;
    this.usage = first.usage;
    this.usageStatus = first.usageStatus;
    this.cost = first.cost;
  }

  add({ usage, usageStatus, cost }: Totaled): void {
    this.usage = sumUsage(this.usage, usage);
    this.usageStatus = sumStatus(this.usageStatus, usageStatus);
    this.cost = this.cost === undefined || cost === undefined ? undefined : this.cost + cost;
  }

  facts(): { readonly usage: Usage; readonly usageStatus: UsageStatus; readonly cost?: number } {
    const { usage, usageStatus, cost } = this;
    return { usage, usageStatus, ...(cost === undefined ? {} : { cost }) };
  }
}
