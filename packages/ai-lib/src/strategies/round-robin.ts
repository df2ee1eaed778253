import type { Call } from "../core/contract/call.js";
import type { Entry, Member } from "./member.js";
import { SmoothWeightedRoundRobin } from "./smooth-weighted-round-robin.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/** See {@link roundRobin}. */
export class RoundRobinProvider extends Strategy {
  private turn = 0;
  /** Only where weights differ. */
  private readonly deal: SmoothWeightedRoundRobin | undefined;

  /** @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice or an unknown option. */
  constructor(members: readonly Member[], options: StrategyOptions = {}) {
    super("round-robin", ",", members, options);
    const [first] = this.entries;
    const even = this.entries.every(({ weight }) => weight === first?.weight);
    this.deal = even ? undefined : new SmoothWeightedRoundRobin(this.entries.length);
  }

  protected order(_call: Call, members: readonly Entry[]): readonly Entry[] {
    if (this.deal !== undefined) return this.deal.next(members);
    const first = this.turn++ % members.length;
    return first === 0 ? members : [...members.slice(first), ...members.slice(0, first)];
  }
}

/**
 * Starts each call with the next member in turn. After an error it asks the members that follow. The turn advances when
 * a call is opened, so N concurrent calls go to N members. If members have different weights, each gets its share of the
 * calls, evenly distributed.
 *
 * @example
 * const client = new AiClient(roundRobin([provider("groq"), { provider: provider("together"), weight: 2 }]));
 * @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice or an unknown option.
 */
export function roundRobin(members: readonly Member[], options?: StrategyOptions): RoundRobinProvider {
  return new RoundRobinProvider(members, options);
}
