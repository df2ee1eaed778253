import type { Usage } from "../../core/values/usage.js";
import type { AgentUsageData } from "./spec.js";

/** Usage in the form of the SDK's class, whose totals of a run add up such objects. */
export class AgentUsage implements AgentUsageData {
  requests = 1;
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  inputTokensDetails: Record<string, number>[];
  outputTokensDetails: Record<string, number>[];
  requestUsageEntries: undefined = undefined;

  constructor({
    inputTokens,
    outputTokens,
    cachedInputTokens,
    cacheWriteInputTokens,
    reasoningTokens,
  }: Usage) {
    this.inputTokens = inputTokens;
    this.outputTokens = outputTokens;
    this.totalTokens = inputTokens + outputTokens;
    this.inputTokensDetails = details({
      cached_tokens: cachedInputTokens,
      cache_write_tokens: cacheWriteInputTokens,
    });
    this.outputTokensDetails = details({ reasoning_tokens: reasoningTokens });
  }

  /** Adds the usage of another request. */
  add(other: AgentUsageData): void {
    this.requests += other.requests;
    this.inputTokens += other.inputTokens;
    this.outputTokens += other.outputTokens;
    this.totalTokens += other.totalTokens;
    this.inputTokensDetails.push(...other.inputTokensDetails);
    this.outputTokensDetails.push(...other.outputTokensDetails);
  }
}

function details(counts: Readonly<Record<string, number | undefined>>): Record<string, number>[] {
  const known = Object.entries(counts).filter((entry): entry is [string, number] => entry[1] !== undefined);
  return known.length === 0 ? [] : [Object.fromEntries(known)];
}
