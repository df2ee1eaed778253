import { type ChatProvider, type ModelFacts, type Price, systemClock, type Target } from "ai-lib";
import type { ChosenRoute } from "../chosen-route.js";

/** What is known of the models that may answer a route. */
export interface RouteFacts {
  /** The largest context window; undefined where it is not known. */
  readonly contextWindow: number | undefined;
  /** The longest answer; undefined where it is not known. */
  readonly maxOutputTokens: number | undefined;
  /** The prices that are known. */
  readonly prices: readonly Price[];
  /** Every provider that may answer was asked, and none knows a price. */
  readonly unpriced: boolean;
}

/** Prices change by the time of day. */
const FRESH_MS = 60_000;

/** Models of a route that are remembered. */
const MAX_MODELS = 100;

interface Known {
  readonly at: number;
  readonly facts: RouteFacts;
}

const known = new WeakMap<ChatProvider, Map<string, Known>>();

/** What is known of the models that may answer a choice, not older than a minute. */
export function routeFacts({ provider, model }: ChosenRoute, now: number = systemClock.now()): RouteFacts {
  const models = known.get(provider) ?? new Map<string, Known>();
  known.set(provider, models);
  const name = model ?? "";
  const found = models.get(name);
  if (found !== undefined && now - found.at < FRESH_MS) return found.facts;
  if (models.size >= MAX_MODELS) models.clear();
  const { contextWindow, maxOutputTokens } = provider.facts?.(model) ?? {};
  const leaves = leavesOf(provider);
  const prices = leaves.flatMap((leaf) => priceOf(leaf, model));
  const unpriced = prices.length === 0 && leaves.every((leaf) => leaf.facts !== undefined);
  const facts = { contextWindow, maxOutputTokens, prices, unpriced };
  models.set(name, { at: now, facts });
  return facts;
}

/** Models of a provider whose prices are remembered. */
const MAX_PRICED = 1_000;

/** The prices of the targets of one configuration. */
export class TargetPrices {
  /** By provider, then by model. */
  private readonly known = new Map<string, Map<string, KnownPrice>>();

  /** The price of a target, not older than a minute. @param facts asks the target's provider */
  readonly of = (
    { provider, model = "" }: Target,
    facts: () => ModelFacts | undefined,
  ): Price | undefined => {
    let models = this.known.get(provider);
    if (models === undefined) {
      models = new Map();
      this.known.set(provider, models);
    }
    const now = systemClock.now();
    const found = models.get(model);
    if (found !== undefined && now - found.at < FRESH_MS) return found.price;
    const price = facts()?.price;
    if (models.size >= MAX_PRICED) models.clear();
    models.set(model, { at: now, price });
    return price;
  };
}

interface KnownPrice {
  readonly at: number;
  readonly price: Price | undefined;
}

/** The providers behind one, which make the attempts. */
function leavesOf(provider: ChatProvider): readonly ChatProvider[] {
  const { members = [] } = provider;
  return members.length > 0 ? members.flatMap(leavesOf) : [provider];
}

function priceOf(provider: ChatProvider, model: string | undefined): readonly Price[] {
  const price = provider.facts?.(model ?? provider.target?.model)?.price;
  return price === undefined ? [] : [price];
}
