import { type Clock, systemClock } from "../core/contract/clock.js";
import { AiLibError } from "../core/errors/error.js";
import { refuseUnknown } from "../core/errors/options.js";
import type { Price } from "../core/values/model.js";
import { costOf, type PriceSource } from "../core/values/price.js";
import { type Catalogue, CataloguePrices } from "./catalogue-prices.js";
import { knownPrices } from "./known-prices.js";

export type { Catalogue } from "./catalogue-prices.js";
export { knownPrices } from "./known-prices.js";
export { PRICES_DATE } from "./prices.generated.js";

/** Options of {@link loadPrices}. */
export interface PricesOptions {
  /** The clock for a price that is requested without a time. Default: the system clock. */
  readonly clock?: Clock | undefined;
  /**
   * Returns the module `@pydantic/genai-prices`. It is called once, for the first price that the module may have, so
   * that a program that starts often does not wait for it:
   * `() => createRequire(import.meta.url)("@pydantic/genai-prices")`. Default: the module is imported before
   * `loadPrices` resolves.
   */
  readonly catalogue?: (() => Catalogue) | undefined;
}

const OPTION_NAMES: ReadonlySet<string> = new Set(["clock", "catalogue"] satisfies (keyof PricesOptions)[]);

/**
 * Loads prices: those that come with this package ({@link knownPrices}), and for all other models those of the package
 * `@pydantic/genai-prices`. This takes no network and about 50 ms, once. Pass the result to a provider, a builder or a
 * client (`prices`, `withPrices`), and every answer has its `cost`.
 *
 * An amount that the provider reports as billed takes precedence, then `prices` of a call, then a provider's own
 * `ModelFacts.price`. If a part of the cost is unknown, such as that of a service tier or of a search, the cost is
 * undefined.
 *
 * @example
 * const client = new AiClientBuilder("groq").withPrices(await loadPrices()).build();
 * const { cost } = await client.chat("Why is the sky blue?"); // US dollars; undefined where unknown
 * @throws {AiLibError} `CONFIG_ERROR` where the package is not installed, or for an unknown option.
 */
export async function loadPrices(options: PricesOptions = {}): Promise<PriceSource> {
  refuseUnknown("option of loadPrices", options, OPTION_NAMES);
  const clock = options.clock ?? systemClock;
  const load = options.catalogue ?? (await importCatalogue());
  let catalogue: Catalogue | undefined;
  const others = new CataloguePrices(() => {
    catalogue ??= load();
    return catalogue;
  }, clock);
  const known = knownPrices();
  return {
    // A model of the package has the price of its page, or none: the catalogue must not replace it.
    cost: (provider, model, usage, at, priceId, tier) =>
      known.price(provider, model) === undefined
        ? others.cost(provider, model, usage, at, priceId, tier)
        : known.cost(provider, model, usage, at, priceId, tier),
    price: (provider, model, at = clock.now(), priceId?: string) =>
      known.price(provider, model, at) ?? others.price(provider, model, at, priceId),
  };
}

async function importCatalogue(): Promise<() => Catalogue> {
  try {
    const catalogue = await import("@pydantic/genai-prices");
    return () => catalogue;
  } catch (cause) {
    throw new AiLibError({
      code: "CONFIG_ERROR",
      message: "Prices need the package @pydantic/genai-prices: npm install @pydantic/genai-prices",
      local: true,
      cause,
    });
  }
}

/**
 * Makes prices of a list of yours, by `provider/model` or by `provider/*`, in US dollars per million tokens.
 *
 * @example
 * const prices = priceList({ "labs/gpt-x": { input: 1, output: 4 } }, await loadPrices());
 * @param otherwise gives the prices that the list does not name.
 */
export function priceList(list: Readonly<Record<string, Price>>, otherwise?: PriceSource): PriceSource {
  const prices = new Map(Object.entries(list));
  const find = (provider: string, model: string) =>
    prices.get(`${provider}/${model}`) ?? prices.get(`${provider}/*`);
  return {
    cost(provider, model, usage, at, priceId, tier) {
      const priceOf = (name: string) => find(provider, name) ?? otherwise?.price(provider, name, at, priceId);
      return (
        costOf(usage, find(provider, model), { tier, priceOf }) ??
        otherwise?.cost(provider, model, usage, at, priceId, tier)
      );
    },
    price: (provider, model, at, priceId) =>
      find(provider, model) ?? otherwise?.price(provider, model, at, priceId),
  };
}
