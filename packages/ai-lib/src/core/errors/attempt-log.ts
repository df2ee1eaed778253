import type { Attempt } from "../values/attempt.js";
import type { Target } from "../values/target.js";
import type { AiLibError } from "./error.js";

/** The most characters of one attempt's message in a summary of all attempts. */
const MESSAGE_LIMIT = 200;

/** Attempts that are listed one by one; an attempt log is longer only with a high `maxRepeats`. */
const MAX_FORMATTED = 20;

/** A target in words: `"groq/llama-3.3-70b (key work)"`. */
export function formatTarget(target: Target): string {
  const model = target.model === undefined || target.model === "" ? "" : `/${target.model}`;
  const places: string[] = [];
  if (target.key !== undefined) places.push(`key ${target.key}`);
  if (target.account !== undefined) places.push(`account ${target.account}`);
  if (target.region !== undefined) places.push(`region ${target.region}`);
  return `${target.provider}${model}${places.length === 0 ? "" : ` (${places.join(", ")})`}`;
}

/** Every attempt that failed and every member that was skipped, in order, one sentence each. */
export function formatAttempts(attempts: readonly Attempt[]): string {
  const sentences: string[] = [];
  let number = 0;
  for (const attempt of attempts) {
    if (attempt.outcome !== "skipped") number++;
    const sentence = sentenceOf(attempt, number);
    if (sentence !== undefined) sentences.push(sentence);
  }
  const untold = sentences.length - MAX_FORMATTED;
  return untold <= 0
    ? sentences.join(" ")
    : `${sentences.slice(0, MAX_FORMATTED).join(" ")} And ${untold} more, in the error's attempts.`;
}

function sentenceOf(attempt: Attempt, number: number): string | undefined {
  const who = formatTarget(attempt.target);
  const message = (attempt.message ?? "").slice(0, MESSAGE_LIMIT).replace(/(?<![.\s])[.\s]+$/, "");
  switch (attempt.outcome) {
    case "skipped":
      return `Passed over ${who}: ${message}.`;
    case "error":
      return `Attempt ${number}, ${who}: ${attempt.code}, ${message}.`;
    case "cancelled":
      return `Attempt ${number}, ${who}: cancelled.`;
    case "running":
    case "success":
      return undefined;
    default: {
      const never: never = attempt.outcome;
      throw new TypeError(`Unknown outcome ${String(never)}`);
    }
  }
}

/** The earlier of two times, where there are any. */
export function soonest(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Math.min(a, b);
}

/**
 * The last error, with all attempts in its message and the earliest time at which one of the members may be asked
 * again. An error after a single attempt does not change.
 */
export function allFailed(
  name: string,
  attempts: readonly Attempt[],
  last: AiLibError,
  retryAt: number | undefined,
): AiLibError {
  const soon = soonest(retryAt, last.retryAt);
  const told = attempts.filter(({ outcome }) => outcome !== "running" && outcome !== "success");
  if (last.code === "CANCELLED" || told.length < 2)
    return soon === last.retryAt ? last : last.with({ retryAt: soon });
  const message = `${name}: no attempt succeeded. ${formatAttempts(attempts)}`;
  return last.with({ message, retryAt: soon, attempts });
}
