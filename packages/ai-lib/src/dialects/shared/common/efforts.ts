import type { Reasoning } from "../../../core/values/chat-request.js";
import type { EncodeWarnings } from "./encode-warnings.js";

/** A word of effort. Each endpoint accepts some of them. */
export type EffortWord = NonNullable<Reasoning["effort"]>;

/** The words of effort that vendors use, from the least effort to the most. */
export const EFFORTS: readonly EffortWord[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/** A word of effort; undefined for anything else. */
export function asEffort(value: unknown): EffortWord | undefined {
  return EFFORTS.find((word) => word === value);
}

/**
 * The accepted word that is closest to the wanted one: the higher of two that are as close, as DeepSeek maps `medium`.
 * `none` turns thinking off, so it replaces another word only if it is the only one accepted.
 */
export function closestEffort(wanted: EffortWord, accepted: readonly EffortWord[]): EffortWord {
  const place = EFFORTS.indexOf(wanted);
  let best: EffortWord | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const word of accepted) {
    const at = EFFORTS.indexOf(word);
    const turnsOff = word === "none" && wanted !== "none";
    const distance = Math.abs(at - place) - (at > place ? 0.5 : 0) + (turnsOff ? EFFORTS.length : 0);
    if (distance >= least) continue;
    least = distance;
    best = word;
  }
  return best ?? wanted;
}

/** The effort for each budget of tokens, up to a limit. */
const BUDGETS: readonly (readonly [limit: number, effort: EffortWord])[] = [
  [0, "none"],
  [1_024, "minimal"],
  [4_096, "low"],
  [16_384, "medium"],
  [Number.POSITIVE_INFINITY, "high"],
];

/** The effort of a request that asks for thinking and gives no measure of it. */
const DEFAULT_EFFORT: EffortWord = "medium";

/** The effort that corresponds to a budget of tokens. */
export function effortOfBudget(budgetTokens: number): EffortWord {
  return BUDGETS.find(([limit]) => budgetTokens <= limit)?.[1] ?? "high";
}

/**
 * The effort of a request for endpoints that accept no budget of tokens and think only if an effort is sent. A budget
 * becomes an effort, and thinking without a measure becomes `medium`, both with a warning. If there is an effort, the
 * budget is left out.
 */
export function effortOf({ effort, budgetTokens }: Reasoning, warnings: EncodeWarnings): EffortWord {
  if (effort !== undefined) {
    if (budgetTokens !== undefined) warnings.unsupported("reasoning.budgetTokens");
    return effort;
  }
  if (budgetTokens === undefined) {
    warnings.changed("reasoning", { reason: `it has no effort: it became "${DEFAULT_EFFORT}"` });
    return DEFAULT_EFFORT;
  }
  const word = effortOfBudget(budgetTokens);
  warnings.changed("reasoning.budgetTokens", `it became "${word}"`);
  return word;
}

/** Whether a request turns thinking off: by its effort, or by a budget of 0 without an effort. */
export function turnsThinkingOff({ effort, budgetTokens }: Reasoning): boolean {
  return effort === "none" || (effort === undefined && budgetTokens === 0);
}
