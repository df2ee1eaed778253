import type { Attempt, Usage } from "ai-lib";
import type { RelayEnd } from "ai-lib/serve";
import type { CallEnd } from "./admission.js";

/** How a call ended, with the usage of all of its attempts. */
export function callEnd({ response, error, attempts }: RelayEnd): CallEnd {
  const used = attempts.filter(({ usage }) => usage !== undefined);
  return {
    status: response !== undefined ? "success" : error?.code === "CANCELLED" ? "cancelled" : "error",
    usage: used.length === 0 ? undefined : used.map(({ usage }) => usage).reduce(sum),
    estimated: used.some(({ usageStatus }) => usageStatus !== undefined && usageStatus !== "final"),
    attempts,
  };
}

/** When the first content of the attempt that answered came, in milliseconds from the start of the call. */
export function firstContentMs(attempts: readonly Attempt[], startedAt: number): number | undefined {
  const answered = attempts.findLast((attempt) => attempt.firstContentMs !== undefined);
  return answered?.firstContentMs === undefined
    ? undefined
    : answered.startedAt + answered.firstContentMs - startedAt;
}

function sum(first: Usage | undefined, second: Usage | undefined): Usage {
  const [a, b] = [first ?? NONE, second ?? NONE];
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    ...added("cachedInputTokens", a, b),
    ...added("cacheWriteInputTokens", a, b),
    ...added("reasoningTokens", a, b),
  };
}

const NONE: Usage = { inputTokens: 0, outputTokens: 0 };

function added(
  name: "cachedInputTokens" | "cacheWriteInputTokens" | "reasoningTokens",
  a: Usage,
  b: Usage,
): Partial<Usage> {
  return a[name] === undefined && b[name] === undefined ? {} : { [name]: (a[name] ?? 0) + (b[name] ?? 0) };
}
