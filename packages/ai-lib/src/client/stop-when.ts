import type { ToolRound, ToolRunProgress } from "../core/values/tool-run.js";

/** What a condition receives after each round of tools. */
export interface RunSoFar extends Omit<ToolRunProgress, "state"> {
  /** The round that has just ended. */
  readonly last: ToolRound;
}

/**
 * Decides whether a tool run stops after a round. Conditions compose like functions:
 * `(run) => toolCalled("search")(run) && run.usage.outputTokens > 1_000`. A list stops the run if one condition is true.
 */
export type StopCondition = (run: RunSoFar) => boolean | Promise<boolean>;

/** True when a run has had this many rounds of tools, including rounds in earlier processes. */
export function roundsReach(rounds: number): StopCondition {
  return ({ last }) => last.round >= rounds;
}

/** True when a round called one of these tools. */
export function toolCalled(...names: readonly string[]): StopCondition {
  return ({ last }) => last.response.toolCalls.some((call) => names.includes(call.name));
}

/** True when a run has cost this many US dollars. Also true if the cost is unknown, because the run could not be limited. */
export function costReaches(usd: number): StopCondition {
  return ({ cost }) => cost === undefined || cost >= usd;
}
