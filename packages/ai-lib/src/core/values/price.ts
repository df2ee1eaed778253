import type { Price } from "./model.js";
import type { Usage } from "./usage.js";

/**
 * Knows what models cost: own prices, or a catalogue's. Asked synchronously at the end of every attempt, so that
 * whatever it needs is loaded before.
 */
export interface PriceSource {
  /**
   * US dollars for some usage; undefined where the price is unknown, never 0 for that reason.
   * @param provider provider id
   * @param at epoch milliseconds of the call: prices change by date and by time of day.
   * @param priceId the id of the provider in price catalogues, where its data names one.
   */
  cost(provider: string, model: string, usage: Usage, at: number, priceId?: string): number | undefined;
  /**
   * The price per token, for choosing between models; without tiers and rebates.
   * @param at epoch milliseconds. Default: now, by the source's own clock.
   * @param priceId as for `cost`.
   */
  price(provider: string, model: string, at?: number, priceId?: string): Price | undefined;
}

/** US dollars for some usage; undefined where the price is unknown, never 0 for that reason. */
export function costOf(usage: Usage, price: Price | undefined): number | undefined {
  if (price === undefined) return undefined;
  const cached = usage.cachedInputTokens ?? 0;
  const written = usage.cacheWriteInputTokens ?? 0;
  const fresh = Math.max(0, usage.inputTokens - cached - written);
  return (
    (fresh * price.input +
      cached * (price.cachedInput ?? price.input) +
      written * (price.cacheWriteInput ?? price.input) +
      usage.outputTokens * price.output) /
    1_000_000
  );
}
