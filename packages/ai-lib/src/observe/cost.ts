import type { ModelPrice } from "@pydantic/genai-prices";
import { refuseUnknown } from "../core/contract/call.js";
import { type Clock, systemClock } from "../core/contract/clock.js";
import { AiLibError } from "../core/errors/error.js";
import type { Price } from "../core/values/model.js";
import { costOf, type PriceSource } from "../core/values/price.js";
import type { Usage } from "../core/values/usage.js";
import { PRICE_IDS } from "./provider-names.generated.js";

type Catalogue = typeof import("@pydantic/genai-prices");

/** The most prices in the cache, so that a strategy can ask before every call. */
const CACHE_LIMIT = 2_000;

/** Time in milliseconds after which a price is computed again: some prices change by the hour. */
const CACHE_MS = 60_000;

/** Options of {@link loadPrices}. */
export interface PricesOptions {
  /** Gives the time of a price that is asked for without one. Default: the system clock. */
  readonly clock?: Clock | undefined;
}

const OPTION_NAMES: ReadonlySet<string> = new Set(["clock"] satisfies (keyof PricesOptions)[]);

/**
 * Loads the prices of the package `@pydantic/genai-prices`. This takes no network and about 50 ms, once. Pass the
 * result to a provider, a builder or a client (`prices`, `withPrices`), and every answer has its `cost`.
 *
 * A provider's own `ModelFacts.price` takes precedence over it, and `prices` of a call over both.
 *
 * @example
 * const client = new AiClientBuilder("groq").withPrices(await loadPrices()).build();
 * const { cost } = await client.chat("Why is the sky blue?"); // US dollars; undefined where unknown
 * @throws {AiLibError} `CONFIG_ERROR` where the package is not installed, or for an unknown option.
 */
export async function loadPrices(options: PricesOptions = {}): Promise<PriceSource> {
  refuseUnknown("option of loadPrices", options, OPTION_NAMES);
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
  return new CataloguePrices(catalogue, options.clock ?? systemClock);
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
    cost: (provider, model, usage, at, priceId) =>
      costOf(usage, find(provider, model)) ?? otherwise?.cost(provider, model, usage, at, priceId),
    price: (provider, model, at, priceId) =>
      find(provider, model) ?? otherwise?.price(provider, model, at, priceId),
  };
}

/**
 * Prices of the catalogue. It is asked by its own ids alone: with any other name it would guess from a part of the name
 * or from the model, and a server of your own would seem to cost what a vendor takes.
 */
class CataloguePrices implements PriceSource {
  private readonly cache = new Map<string, { readonly until: number; readonly price: Price | undefined }>();
  private readonly known = new Map<string, boolean>();

  constructor(
    private readonly catalogue: Catalogue,
    private readonly clock: Clock,
  ) {}

  cost(provider: string, model: string, usage: Usage, at: number, priceId?: string): number | undefined {
    return this.calculate(priceId ?? PRICE_IDS.get(provider), model, countsOf(usage), at)?.total_price;
  }

  price(provider: string, model: string, at = this.clock.now(), priceId?: string): Price | undefined {
    const id = priceId ?? PRICE_IDS.get(provider);
    const key = `${id}/${model}`;
    const cached = this.cache.get(key);
    if (cached !== undefined && at < cached.until && at >= cached.until - CACHE_MS) return cached.price;
    const found = this.calculate(id, model, { input_tokens: 0, output_tokens: 0 }, at);
    const price = found === undefined ? undefined : flatPrice(found.model_price);
    if (this.cache.size >= CACHE_LIMIT) this.cache.clear();
    this.cache.set(key, { until: at + CACHE_MS, price });
    return price;
  }

  private calculate(id: string | undefined, model: string, counts: Record<string, number>, at: number) {
    if (id === undefined || !this.knows(id)) return undefined;
    try {
      const found = this.catalogue.calcPrice(counts, model, { providerId: id, timestamp: new Date(at) });
      // An entry without prices per token (a model for speech) would make text cost nothing.
      return found === null || flatPrice(found.model_price) === undefined ? undefined : found;
    } catch {
      // Counts that contradict each other have no price.
      return undefined;
    }
  }

  /** Whether the catalogue has a provider of exactly this id. */
  private knows(id: string): boolean {
    const known = this.known.get(id) ?? this.catalogue.findProvider({ providerId: id })?.id === id;
    this.known.set(id, known);
    return known;
  }
}

/** Counts by the catalogue's names. As here, the total of input and output includes the other counts. */
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
