import type { ToolRound, ToolRunProgress } from "../core/values/tool-run.js";

/** What a condition sees after each round of tools. */
export interface RunSoFar extends Omit<ToolRunProgress, "state"> {
  /** The round that has just ended. */
  readonly last: ToolRound;
}

/**
 * Whether a run of tools stops after a round. Conditions compose as functions do:
 * `(run) => toolCalled("search")(run) && run.usage.outputTokens > 1_000`. A list stops when one of its conditions holds.
 */
export type StopCondition = (run: RunSoFar) => boolean | Promise<boolean>;

/** Holds once a run has had this many rounds of tools, those of earlier processes included. */
export function roundsReach(rounds: number): StopCondition {
  return ({ last }) => last.round >= rounds;
}

/** Holds once a round called one of these tools. */
export function toolCalled(...names: readonly string[]): StopCondition {
  return ({ last }) => last.response.toolCalls.some((call) => names.includes(call.name));
}

/** Holds once a run has cost this many US dollars. A run whose cost is unknown stops, too: it cannot be bounded. */
export function costReaches(usd: number): StopCondition {
  return ({ cost }) => cost === undefined || cost >= usd;
}
