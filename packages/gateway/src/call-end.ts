import type { Attempt, Usage } from "ai-lib";
import type { RelayEnd } from "ai-lib/serve";
import type { CallEnd } from "./admission.js";

/** How a call ended, with the usage of all of its attempts. */
export function callEnd({ error, attempts }: Pick<RelayEnd, "error" | "attempts">): CallEnd {
  let all: Usage | undefined;
  let estimated = false;
  for (const { usage, usageStatus } of attempts) {
    if (usage === undefined) continue;
    all = all === undefined ? usage : sum(all, usage);
    if (usageStatus !== undefined && usageStatus !== "final") estimated = true;
  }
  const status = error === undefined ? "success" : error.code === "CANCELLED" ? "cancelled" : "error";
  return { status, usage: all, estimated, attempts };
}

/** Whether any attempt was made: those that were skipped sent nothing. */
export function isMade(attempts: readonly Attempt[]): boolean {
  return attempts.some(({ outcome }) => outcome !== "skipped");
}

/** Whether a provider reported no tokens of an attempt that it answered, so that none are known. */
export function reportsNoTokens({ usage, usageStatus }: Attempt): boolean {
  return usageStatus === "unsupported" && usage !== undefined && usage.inputTokens + usage.outputTokens === 0;
}

/** Whether an attempt that ended used something of unknown cost. */
export function hasUnknownCost({ outcome, usage, cost }: Attempt): boolean {
  return outcome !== "running" && usage !== undefined && cost === undefined;
}

/** The time of the first content of the answering attempt, in milliseconds from the start of the call. */
export function firstContentMs(attempts: readonly Attempt[], startedAt: number): number | undefined {
  const answered = attempts.findLast((attempt) => attempt.firstContentMs !== undefined);
  return answered?.firstContentMs === undefined
    ? undefined
    : answered.startedAt + answered.firstContentMs - startedAt;
}

function sum(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    ...added("cachedInputTokens", a, b),
    ...added("cacheWriteInputTokens", a, b),
    ...added("reasoningTokens", a, b),
  };
}

function added(
  name: "cachedInputTokens" | "cacheWriteInputTokens" | "reasoningTokens",
  a: Usage,
  b: Usage,
): Partial<Usage> {
  return a[name] === undefined && b[name] === undefined ? {} : { [name]: (a[name] ?? 0) + (b[name] ?? 0) };
}
