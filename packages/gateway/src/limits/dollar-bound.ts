import type { Price } from "ai-lib";
import { NANO } from "./bucket.js";
import type { CallBound } from "./upper-bound.js";

/** The most of everything that is billed. */
export type PricedBound = CallBound & { readonly output: number };

/** What vendors call the tier of list prices. */
const STANDARD: ReadonlySet<string> = new Set(["default", "standard", "auto", "on_demand", "on-demand"]);

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
  const factor = factorOf(price, tier);
  const others = unitCost(price, bound.units);
  if (factor === undefined || others === undefined) return undefined;
  const { longContext } = price;
  const long = longContext !== undefined && bound.input > longContext.above ? longContext : undefined;
  const tokens = bound.input * inputRate(price, long, bound.media) + bound.output * outputRate(price, long);
  return Math.ceil(((tokens * factor) / PER + others + (price.request ?? 0)) * NANO);
}

function factorOf({ tiers = {} }: Price, tier: string | undefined): number | undefined {
  const name = tier?.toLowerCase();
  if (name !== undefined && Object.hasOwn(tiers, name)) return tiers[name];
  return name === undefined || STANDARD.has(name) ? 1 : undefined;
}

function inputRate(price: Price, long: Price["longContext"], media: boolean): number {
  return Math.max(
    ...[price, long ?? price].flatMap(({ input, cacheWriteInput = 0, cacheWrites = {} }) => [
      input,
      cacheWriteInput,
      ...Object.values(cacheWrites),
    ]),
    ...(media ? Object.values(price.inputByModality ?? {}) : []),
  );
}

function outputRate(price: Price, long: Price["longContext"]): number {
  return Math.max(price.output, long?.output ?? 0, ...Object.values(price.outputByModality ?? {}));
}

function unitCost(price: Price, units: CallBound["units"]): number | undefined {
  let cost = 0;
  for (const [name, each] of Object.entries(price.units ?? {})) {
    const count = units[name as keyof typeof units];
    if (count === undefined) return undefined;
    cost += count * each;
  }
  return cost;
}
