import type { ChainLimit } from "./chain.js";
import type { LimitedWay } from "./limited-call.js";
import type { Use } from "./usual-use.js";

/** A route that a call may take, and what it needs there. */
export interface Way extends LimitedWay {
  /** In the order of the limits. */
  readonly amounts: number[];
}

/** What a call needs of each limit. @param usual for soft limits, where it is known */
export function amountsOf(limits: readonly ChainLimit[], most: Use, usual: Use | undefined): number[] {
  const amounts: number[] = [];
  for (const { limit } of limits) {
    const { tokens, dollars } = limit.soft === true ? (usual ?? most) : most;
    amounts.push(limit.tokens !== undefined ? tokens : limit.dollars === undefined ? 1 : dollars);
  }
  return amounts;
}
