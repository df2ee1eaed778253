import { type Price, type TokenPrice, tierFactor } from "ai-lib";
import { NANO } from "./bucket.js";
import type { CallBound } from "./call-bound.js";

/** The most of everything that is billed. */
export type PricedBound = CallBound & { readonly output: number };

const PER = 1_000_000;

/**
 * The most that one attempt costs, in billionths of a dollar: all tokens at the highest price that they may have.
 * @param tier the service tier that the request asks for
 * @returns undefined where a part of the price is unknown
 */
export function dollarBound(
  price: Price | undefined,
  bound: PricedBound,
  tier?: string | undefined,
): number | undefined {
  if (price === undefined) return undefined;
  const asked = tierFactor(price, tier);
  const others = unitCost(price, bound.units);
  if (asked === undefined || others === undefined) return undefined;
  // A vendor may serve the request in the standard tier, and a member of the route may have no other.
  const factor = Math.max(1, asked);
  const { text, media, long } = ratesOf(price);
  const above = price.longContext?.above ?? Number.POSITIVE_INFINITY;
  const rates = bound.input > above ? long : bound.media ? media : text;
  const tokens = bound.input * rates.input + bound.output * rates.output;
  return Math.ceil(((tokens * factor) / PER + others + (price.request ?? 0)) * NANO);
}

/** The highest rates of a price. */
interface Rates {
  readonly input: number;
  readonly output: number;
}

interface PriceRates {
  readonly text: Rates;
  /** With the prices of modalities. */
  readonly media: Rates;
  /** Of prompts beyond the threshold of a long context. */
  readonly long: Rates;
}

const known = new WeakMap<Price, PriceRates>();

function ratesOf(price: Price): PriceRates {
  const found = known.get(price);
  if (found !== undefined) return found;
  const { longContext = price, inputByModality = {}, outputByModality = {} } = price;
  const text = { input: inputRate(price), output: highest(price.output, ...Object.values(outputByModality)) };
  const media = { ...text, input: highest(text.input, ...Object.values(inputByModality)) };
  const long = {
    input: highest(media.input, inputRate(longContext)),
    output: highest(text.output, longContext.output),
  };
  const rates = { text, media, long };
  known.set(price, rates);
  return rates;
}

function inputRate({ input, cacheWriteInput = 0, cacheWrites = {} }: TokenPrice): number {
  return highest(input, cacheWriteInput, ...Object.values(cacheWrites));
}

const highest = Math.max;

function unitCost(price: Price, units: CallBound["units"]): number | undefined {
  if (price.units === undefined) return 0;
  let cost = 0;
  for (const [name, each] of Object.entries(price.units)) {
    const count = units[name as keyof typeof units];
    if (count === undefined) return undefined;
    cost += count * each;
  }
  return cost;
}
