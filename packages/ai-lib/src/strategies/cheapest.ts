import type { Call } from "../core/contract/call.js";
import { estimate } from "../core/contract/call-facts.js";
import { priceFor } from "../core/run/member.js";
import { costOf } from "../core/values/price.js";
import type { Entry, Member } from "./member.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/**
 * Asks the member first whose price makes the call cheapest, by an estimate of its tokens, and the dearer ones if
 * an error moves on. Members whose price is unknown come last, in their order.
 */
export class CheapestProvider extends Strategy {
  /** @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice or an unknown option. */
  constructor(members: readonly Member[], options: StrategyOptions = {}) {
    super("cheapest", ",", members, options);
  }

  protected order(call: Call, members: readonly Entry[]): readonly Entry[] {
    const tokens = estimate(call);
    const priced = members.map((entry) => {
      const price = priceFor(entry.provider, entry.callFor(call));
      return { entry, cost: costOf(tokens, price) ?? Number.POSITIVE_INFINITY };
    });
    priced.sort((a, b) => (a.cost === b.cost ? 0 : a.cost - b.cost));
    return priced.map(({ entry }) => entry);
  }
}

/** @see CheapestProvider */
export function cheapest(members: readonly Member[], options?: StrategyOptions): CheapestProvider {
  return new CheapestProvider(members, options);
}
