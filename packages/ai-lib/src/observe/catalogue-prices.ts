import type { ModelPrice } from "@pydantic/genai-prices";
import type { Clock } from "../core/contract/clock.js";
import type { Price } from "../core/values/model.js";
import { costOf, type PriceSource } from "../core/values/price.js";
import type { Usage } from "../core/values/usage.js";
import { PRICE_IDS } from "./provider-names.generated.js";

/** The module `@pydantic/genai-prices`. */
export type Catalogue = typeof import("@pydantic/genai-prices");

/** The most prices in the cache, so that a strategy can ask before every call. */
const CACHE_LIMIT = 2_000;

/** Time in milliseconds after which a price is looked up again: some prices change by the hour. */
const CACHE_MS = 60_000;

/** Prices that the catalogue lacks, by the catalogue's id of the vendor. */
const VENDORS: Readonly<Record<string, Pick<Price, "tiers" | "toolUses">>> = {
  // https://platform.claude.com/docs/en/about-claude/pricing: fetching has no price of its own.
  anthropic: { tiers: { batch: 0.5 }, toolUses: { web_fetch: 0 } },
  // https://platform.openai.com/docs/guides/flex-processing: at the prices of the batch API, which are half.
  openai: { tiers: { flex: 0.5, batch: 0.5 } },
  // https://ai.google.dev/gemini-api/docs/optimization
  google: { tiers: { flex: 0.5, batch: 0.5 } },
  // https://console.groq.com/docs/flex-processing: at the price of on-demand processing.
  groq: { tiers: { flex: 1 } },
};

/**
 * Prices of the catalogue. Only its own ids are looked up: with any other name it would guess from a part of the name
 * or from the model, and your own server would get a vendor's price.
 */
export class CataloguePrices implements PriceSource {
  private readonly cache = new Map<string, { readonly until: number; readonly price: Price | undefined }>();
  private readonly known = new Map<string, boolean>();

  /** @param catalogue returns the catalogue; called when the price of a vendor is asked for that it may have */
  constructor(
    private readonly catalogue: () => Catalogue,
    private readonly clock: Clock,
  ) {}

  cost(
    provider: string,
    model: string,
    usage: Usage,
    at: number,
    priceId?: string,
    tier?: string,
  ): number | undefined {
    const id = priceId ?? PRICE_IDS.get(provider);
    if (contradicts(usage)) return undefined;
    // Thresholds count the prompt of a pass, and the largest is the one that can pass them.
    const prompt = Math.max(usage.passes === undefined ? usage.inputTokens : 0, ...promptsOf(usage));
    const priceOf = (name: string) => this.lookup(id, name, at, prompt);
    return costOf(usage, priceOf(model), { tier, priceOf });
  }

  price(provider: string, model: string, at = this.clock.now(), priceId?: string): Price | undefined {
    const id = priceId ?? PRICE_IDS.get(provider);
    const key = `${id}/${model}`;
    const cached = this.cache.get(key);
    if (cached !== undefined && at < cached.until && at >= cached.until - CACHE_MS) return cached.price;
    const price = this.lookup(id, model, at, 0);
    if (this.cache.size >= CACHE_LIMIT) this.cache.clear();
    this.cache.set(key, { until: at + CACHE_MS, price });
    return price;
  }

  /** The price of a model. @param prompt tokens of the prompt, for prices with thresholds */
  private lookup(id: string | undefined, model: string, at: number, prompt: number): Price | undefined {
    if (id === undefined || !this.knows(id)) return undefined;
    try {
      const counts = { input_tokens: 0, output_tokens: 0 };
      const found = this.catalogue().calcPrice(counts, model, { providerId: id, timestamp: new Date(at) });
      return found === null ? undefined : priceFrom(found.model_price, prompt, VENDORS[id]);
    } catch {
      return undefined;
    }
  }

  /** Whether the catalogue has a provider of exactly this id. */
  private knows(id: string): boolean {
    const known = this.known.get(id) ?? this.catalogue().findProvider({ providerId: id })?.id === id;
    this.known.set(id, known);
    return known;
  }
}

/** The prompts of the passes of a call. */
function promptsOf({ passes }: Usage): number[] {
  return passes?.map(({ inputTokens }) => inputTokens) ?? [];
}

/** Whether counts contradict each other: they have no price. */
function contradicts({ inputTokens, cachedInputTokens = 0, cacheWriteInputTokens = 0 }: Usage): boolean {
  return cachedInputTokens + cacheWriteInputTokens > inputTokens;
}

/** A price of the catalogue; undefined if it has no price per token, because text would then seem to be free. */
function priceFrom(
  found: ModelPrice,
  prompt: number,
  vendor: Pick<Price, "tiers" | "toolUses"> | undefined,
): Price | undefined {
  const amount = (name: string): number | undefined => amountAt(found[name], prompt);
  const input = amount("input_mtok");
  const output = amount("output_mtok");
  if (input === undefined || output === undefined) return undefined;
  const cachedInput = amount("cache_read_mtok");
  const cacheWriteInput = amount("cache_write_mtok");
  const hourlong = amount("cache_write_1h_mtok");
  const inputAudio = amount("input_audio_mtok");
  const outputAudio = amount("output_audio_mtok");
  const searches = amount("web_searches_kcount");
  const requests = amount("requests_kcount");
  return {
    input,
    output,
    ...(cachedInput === undefined ? {} : { cachedInput }),
    ...(cacheWriteInput === undefined ? {} : { cacheWriteInput }),
    ...(cacheWriteInput === undefined || hourlong === undefined
      ? {}
      : { cacheWrites: { "5m": cacheWriteInput, "1h": hourlong } }),
    ...(inputAudio === undefined ? {} : { inputByModality: { audio: inputAudio } }),
    ...(outputAudio === undefined ? {} : { outputByModality: { audio: outputAudio } }),
    ...(requests === undefined ? {} : { request: requests / 1_000 }),
    ...vendor,
    ...(searches === undefined ? {} : { toolUses: { ...vendor?.toolUses, web_search: searches / 1_000 } }),
  };
}

function amountAt(price: ModelPrice[string], prompt: number): number | undefined {
  if (typeof price !== "object") return price;
  let { base } = price;
  for (const tier of price.tiers) if (prompt > tier.start) base = tier.price;
  return base;
}
