import type { Modality, Price, TokenPrice, UsageUnit } from "./model.js";
import type { TokenCounts, TokensByModality, Usage } from "./usage.js";

/**
 * A source of prices: your own, or a catalogue. It is called synchronously at the end of every attempt, so it must have
 * loaded everything that it needs.
 */
export interface PriceSource {
  /**
   * US dollars for some usage; undefined where the price is unknown, never 0 for that reason.
   * @param provider provider id
   * @param at epoch milliseconds of the call: prices change by date and by time of day.
   * @param priceId the id of the provider in price catalogues, where its data names one.
   * @param tier the service tier of the answer, in the provider's words. Default: the standard one.
   */
  cost(
    provider: string,
    model: string,
    usage: Usage,
    at: number,
    priceId?: string,
    tier?: string,
  ): number | undefined;
  /**
   * The price per token, for choosing between models; without tiers and rebates.
   * @param at epoch milliseconds. Default: now, by the source's own clock.
   * @param priceId as for `cost`.
   */
  price(provider: string, model: string, at?: number, priceId?: string): Price | undefined;
}

/** Vendors' names for the tier of their list prices. */
const STANDARD: ReadonlySet<string> = new Set(["", "default", "standard", "auto", "on_demand", "on-demand"]);

/** Whether a tier is the one that list prices are for. @param tier in the provider's words; undefined if it named none. */
export function isStandardTier(tier: string | undefined): boolean {
  return STANDARD.has(tierName(tier));
}

/** A tier without the prefix that Google's enums have. */
function tierName(tier: string | undefined): string {
  return (tier ?? "").toLowerCase().replace(/^(service_)?tier_/, "");
}

/** Facts for the computation of a cost, besides the usage and the price. */
export interface CostFacts {
  /** The service tier of the answer, in the provider's words. Default: the standard one. */
  readonly tier?: string | undefined;
  /** The price of another model, for passes of a call that another model made. Default: unknown. */
  readonly priceOf?: (model: string) => Price | undefined;
}

/**
 * US dollars for some usage; undefined where a part of the price is unknown, never 0 for that reason: that of a service
 * tier, a lifetime of cache writes, a modality, a tool of the provider, or a model within the call.
 */
export function costOf(usage: Usage, price: Price | undefined, facts: CostFacts = {}): number | undefined {
  if (price === undefined) return undefined;
  const factor = tierFactor(price, facts.tier);
  const tools = toolCost(usage, price);
  const tokens = tokenCost(usage, price, facts);
  const units = unitCost(usage, price);
  return factor === undefined || tools === undefined || tokens === undefined || units === undefined
    ? undefined
    : (tokens * factor) / 1_000_000 + tools + units + (price.request ?? 0);
}

/**
 * The factor of a service tier on the prices of tokens; undefined where it is unknown.
 * @param tier in the provider's words; undefined for the standard one
 */
export function tierFactor({ tiers }: Pick<Price, "tiers">, tier: string | undefined): number | undefined {
  if (tier === undefined) return 1;
  const name = tierName(tier);
  if (tiers !== undefined && Object.hasOwn(tiers, name)) return tiers[name];
  return isStandardTier(tier) ? 1 : undefined;
}

function toolCost({ toolUses }: Usage, price: Price): number | undefined {
  if (toolUses === undefined) return 0;
  let cost = 0;
  for (const [name, uses] of Object.entries(toolUses)) {
    if (uses === 0) continue;
    const each =
      price.toolUses !== undefined && Object.hasOwn(price.toolUses, name) ? price.toolUses[name] : undefined;
    if (each === undefined) return undefined;
    cost += uses * each;
  }
  return cost;
}

/** US dollars for what is billed besides tokens; undefined where the price has a unit that the answer does not count. */
function unitCost({ units = {} }: Usage, price: Price): number | undefined {
  if (price.units === undefined) return 0;
  let cost = 0;
  for (const [name, each] of Object.entries(price.units)) {
    const used = units[name as UsageUnit];
    if (used === undefined) return undefined;
    cost += used * each;
  }
  return cost;
}

/** Millionths of a dollar for tokens. Each pass is a request of its own: a threshold of the context is one of its prompt. */
function tokenCost(usage: Usage, price: Price, { priceOf }: CostFacts): number | undefined {
  const { passes } = usage;
  if (passes === undefined || passes.length < 2) {
    const model = passes?.[0]?.model;
    const own = model === undefined ? price : (priceOf?.(model) ?? price);
    return countsCost(usage, own, usage.inputByModality, usage.outputByModality);
  }
  let cost = 0;
  for (const pass of passes) {
    const own = pass.model === undefined ? price : priceOf?.(pass.model);
    const part = own === undefined ? undefined : countsCost(pass, own, undefined, undefined);
    if (part === undefined) return undefined;
    cost += part;
  }
  return cost;
}

function countsCost(
  counts: TokenCounts,
  price: Price,
  input: TokensByModality | undefined,
  output: TokensByModality | undefined,
): number | undefined {
  const { longContext } = price;
  const rates: TokenPrice =
    longContext !== undefined && counts.inputTokens > longContext.above ? longContext : price;
  const cached = counts.cachedInputTokens ?? 0;
  const written = counts.cacheWriteInputTokens ?? 0;
  const writes = writeCost(counts, rates);
  const surcharge = rates === price ? 0 : undefined;
  const sounds = differenceOf(input, price.inputByModality, rates.input, IN_TEXT, surcharge);
  const pictures = differenceOf(output, price.outputByModality, rates.output, OUT_TEXT, surcharge);
  if (writes === undefined || sounds === undefined || pictures === undefined) return undefined;
  return (
    Math.max(0, counts.inputTokens - cached - written) * rates.input +
    cached * (rates.cachedInput ?? rates.input) +
    writes +
    sounds +
    counts.outputTokens * rates.output +
    pictures
  );
}

function writeCost(counts: TokenCounts, rates: TokenPrice): number | undefined {
  const base = rates.cacheWriteInput ?? rates.input;
  const { cacheWrites } = rates;
  const written = counts.cacheWriteInputTokens ?? 0;
  if (cacheWrites === undefined || counts.cacheWrites === undefined) return written * base;
  let cost = 0;
  let counted = 0;
  for (const { ttl, tokens } of counts.cacheWrites) {
    const rate = Object.hasOwn(cacheWrites, ttl) ? cacheWrites[ttl] : undefined;
    if (rate === undefined) return undefined;
    cost += tokens * rate;
    counted += tokens;
  }
  return cost + Math.max(0, written - counted) * base;
}

/** Modalities whose input vendors price as text unless they say otherwise. */
const IN_TEXT: ReadonlySet<Modality> = new Set(["text", "image", "video", "pdf"]);
const OUT_TEXT: ReadonlySet<Modality> = new Set(["text"]);

/**
 * The additional cost of tokens of other modalities over the price of text; undefined if it is unknown.
 * @param otherwise the difference where the base price is that of a long context, for which no modality has one.
 */
function differenceOf(
  tokens: TokensByModality | undefined,
  prices: Price["inputByModality"],
  base: number,
  asText: ReadonlySet<Modality>,
  otherwise: number | undefined,
): number | undefined {
  if (tokens === undefined) return 0;
  let cost = 0;
  for (const [name, count] of Object.entries(tokens)) {
    if (count === 0) continue;
    const modality = name as Modality;
    const own = prices?.[modality];
    if (own === undefined && asText.has(modality)) continue;
    if (own === undefined || otherwise === undefined) return undefined;
    cost += count * (own - base);
  }
  return cost;
}
