import type { ModelPrice } from "@pydantic/genai-prices";
import { AiLibError } from "../core/errors/error.js";
import type { Price } from "../core/values/model.js";
import { costOf, type PriceSource } from "../core/values/price.js";
import type { Usage } from "../core/values/usage.js";
import { catalogueId } from "./price-catalogue.js";

type Catalogue = typeof import("@pydantic/genai-prices");

/** Prices that are cached, so that a strategy may ask before every call. */
const MAX_CACHED = 2_000;

/** Milliseconds for which a cached price is valid: some prices change by the hour. */
const VALID_MS = 60_000;

/**
 * Loads the prices of the package `@pydantic/genai-prices`: no network, about 50 ms once. Pass the result to a
 * provider, a builder or a client (`prices`, `withPrices`), and every answer has its `cost`.
 *
 * A provider's own `ModelFacts.price` takes precedence over it, and the `prices` of a call over both.
 *
 * @example
 * const client = new AiClientBuilder("groq").withPrices(await loadPrices()).build();
 * const { cost } = await client.chat("Why is the sky blue?"); // US dollars; undefined where unknown
 * @throws {AiLibError} `CONFIG_ERROR` where the package is not installed.
 */
export async function loadPrices(): Promise<PriceSource> {
  let catalogue: Catalogue;
  try {
    catalogue = await import("@pydantic/genai-prices");
  } catch (cause) {
    throw new AiLibError({
      code: "CONFIG_ERROR",
      message: "Prices need the package @pydantic/genai-prices: npm install @pydantic/genai-prices",
      local: true,
      cause,
    });
  }
  return new CataloguePrices(catalogue);
}

/**
 * Prices from your own list, by `provider/model` or by `provider/*`, in US dollars per million tokens.
 *
 * @example
 * const prices = priceList({ "labs/gpt-x": { input: 1, output: 4 } }, await loadPrices());
 * @param otherwise has the prices that the list lacks
 */
export function priceList(list: Readonly<Record<string, Price>>, otherwise?: PriceSource): PriceSource {
  const prices = new Map(Object.entries(list));
  const find = (provider: string, model: string) =>
    prices.get(`${provider}/${model}`) ?? prices.get(`${provider}/*`);
  return {
    cost: (provider, model, usage, at) =>
      costOf(usage, find(provider, model)) ?? otherwise?.cost(provider, model, usage, at),
    price: (provider, model, at) => find(provider, model) ?? otherwise?.price(provider, model, at),
  };
}

/** Prices of the catalogue. Names the provider by the catalogue's id, so that it never guesses one from a model. */
class CataloguePrices implements PriceSource {
  private readonly cache = new Map<string, { readonly until: number; readonly price: Price | undefined }>();

  constructor(private readonly catalogue: Catalogue) {}

  cost(provider: string, model: string, usage: Usage, at: number): number | undefined {
    const found = this.calculate(provider, model, countsOf(usage), at);
    return found === undefined ? undefined : found.total_price;
  }

  price(provider: string, model: string, at: number): Price | undefined {
    const key = `${provider}/${model}`;
    const cached = this.cache.get(key);
    if (cached !== undefined && at < cached.until && at >= cached.until - VALID_MS) return cached.price;
    const found = this.calculate(provider, model, { input_tokens: 0, output_tokens: 0 }, at);
    const price = found === undefined ? undefined : flatPrice(found.model_price);
    if (this.cache.size >= MAX_CACHED) this.cache.clear();
    this.cache.set(key, { until: at + VALID_MS, price });
    return price;
  }

  private calculate(provider: string, model: string, counts: Record<string, number>, at: number) {
    const providerId = catalogueId(provider);
    if (providerId === undefined) return undefined;
    try {
      const found = this.catalogue.calcPrice(counts, model, { providerId, timestamp: new Date(at) });
      // An entry without prices by the token (a speech model) would make text free.
      return found === null || flatPrice(found.model_price) === undefined ? undefined : found;
    } catch {
      // Counts that contradict each other have no price.
      return undefined;
    }
  }
}

/** Counts under the catalogue's names, where parts are within the totals, too. */
function countsOf(usage: Usage): Record<string, number> {
  return {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    ...(usage.cachedInputTokens === undefined ? {} : { cache_read_tokens: usage.cachedInputTokens }),
    ...(usage.cacheWriteInputTokens === undefined ? {} : { cache_write_tokens: usage.cacheWriteInputTokens }),
    ...(usage.reasoningTokens === undefined ? {} : { output_reasoning_tokens: usage.reasoningTokens }),
  };
}

function flatPrice(price: ModelPrice): Price | undefined {
  const input = base(price["input_mtok"]);
  const output = base(price["output_mtok"]);
  if (input === undefined || output === undefined) return undefined;
  const cachedInput = base(price["cache_read_mtok"]);
  const cacheWriteInput = base(price["cache_write_mtok"]);
  return {
    input,
    output,
    ...(cachedInput === undefined ? {} : { cachedInput }),
    ...(cacheWriteInput === undefined ? {} : { cacheWriteInput }),
  };
}

function base(price: ModelPrice[string]): number | undefined {
  return typeof price === "object" ? price.base : price;
}
