import type { Call } from "../core/contract/call.js";
import { estimate } from "../core/contract/call-facts.js";
import { priceFor } from "../core/run/member.js";
import { costOf } from "../core/values/price.js";
import type { Entry, Member } from "./member.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/** See {@link cheapest}. */
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
    // Two unknown prices differ by NaN, which `sort` takes for 0.
    priced.sort((a, b) => a.cost - b.cost);
    return priced.map(({ entry }) => entry);
  }
}

/**
 * Asks the cheapest member for the call first, by its price and an estimate of the tokens. After an error it asks the
 * next cheapest member. Members without a known price come last, in their order.
 *
 * @example
 * const client = new AiClient(cheapest([provider("openai"), provider("groq")]));
 * @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice or an unknown option.
 */
export function cheapest(members: readonly Member[], options?: StrategyOptions): CheapestProvider {
  return new CheapestProvider(members, options);
}
