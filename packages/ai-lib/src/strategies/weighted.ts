import type { Call } from "../core/contract/call.js";
import { configError } from "../core/errors/error.js";
import type { Entry, Member } from "./member.js";
import { SmoothWeightedRoundRobin } from "./smooth-weighted-round-robin.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/** Options of {@link weighted}. */
export interface WeightedOptions extends StrategyOptions {
  /**
   * `smooth` distributes the calls evenly, like round robin with weights: weights 5, 1, 1 give a a b a c a a. `random`
   * chooses a random member for each call, so that many processes do not act in step. Default `smooth`.
   */
  readonly pick?: "smooth" | "random" | undefined;
}

/** See {@link weighted}. */
export class WeightedProvider extends Strategy {
  private readonly pick: "smooth" | "random";
  private readonly deal: SmoothWeightedRoundRobin;

  /** @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice, or an option that is unknown or wrong. */
  constructor(members: readonly Member[], options: WeightedOptions = {}) {
    super("weighted", ",", members, options, ["pick"]);
    this.pick = options.pick ?? "smooth";
    if (this.pick !== "smooth" && this.pick !== "random")
      throw configError(`pick must be "smooth" or "random", not "${String(options.pick)}"`);
    this.deal = new SmoothWeightedRoundRobin(this.entries.length);
  }

  protected order(call: Call, members: readonly Entry[]): readonly Entry[] {
    return this.pick === "random" ? draw(call, members) : this.deal.next(members);
  }
}

/** A random order in which heavier members tend to come first: each position is drawn by the remaining weights. */
function draw(call: Call, members: readonly Entry[]): readonly Entry[] {
  const left = [...members];
  const order: Entry[] = [];
  let weight = members.reduce((sum, entry) => sum + entry.weight, 0);
  while (left.length > 0) {
    let at = call.context.random() * weight;
    let index = 0;
    while (index < left.length - 1 && at >= (left[index] as Entry).weight) {
      at -= (left[index] as Entry).weight;
      index++;
    }
    const [entry] = left.splice(index, 1) as [Entry];
    weight -= entry.weight;
    order.push(entry);
  }
  return order;
}

/**
 * Distributes calls over its members by their weights. After an error it asks the other members, those with a higher
 * weight first.
 *
 * @example
 * const client = new AiClient(weighted([{ provider: provider("groq"), weight: 3 }, provider("openai")]));
 * @throws {AiLibError} `CONFIG_ERROR` for no members, a member twice, or an option that is unknown or wrong.
 */
export function weighted(members: readonly Member[], options?: WeightedOptions): WeightedProvider {
  return new WeightedProvider(members, options);
}
