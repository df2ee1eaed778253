import { createHash } from "node:crypto";
import { type Attempt, type Price, type PriceSource, type TokenPrice, tierFactor } from "ai-lib";
import type { Meters } from "../store/call-record.js";
import { cleanText } from "../store/clean-text.js";
import { dollarsOf } from "../store/meters.js";
import type { Rate } from "../store/rates.js";

/** What prices an attempt: a rate, or dollars that no rate expresses. */
export interface Pricing {
  readonly rate?: Rate;
  /** US dollars. */
  readonly billed?: number;
}

/** The variant of attempts that used something whose price is unknown, such as a tool. */
const INCOMPLETE = "incomplete";

/** The variant of attempts whose provider reports nothing that has a price. */
const UNREPORTED = "unreported";

/** Characters of the name of a model, and of a variant. */
const MAX_NAME = 256;

/** Rates that are remembered. */
const MAX_KNOWN = 5_000;

/** Milliseconds after which a price is looked up again: some change by the hour. */
const FRESH_MS = 60_000;

interface Known {
  readonly until: number;
  readonly price: Price | undefined;
  /** By variant. */
  readonly rates: Map<string, Priced>;
}

/** A rate as attempts refer to it: the same object for all of them. */
interface Priced {
  readonly rate: Rate;
}

/** Finds the rates of attempts. */
export class CallRates {
  private readonly known = new Map<string, Known>();
  private last: { readonly provider: string; readonly model: string; readonly known: Known } | undefined;

  /** @param priceId the id of a provider in price catalogues */
  constructor(
    private readonly prices: PriceSource,
    private readonly priceId: (provider: string) => string | undefined,
  ) {}

  /** @param tier the service tier of the answer, in the provider's words */
  of(attempt: Attempt, meters: Meters, tier: string | undefined): Pricing {
    const { provider, model = "" } = attempt.target;
    const known = this.lookup(provider, model, attempt.startedAt);
    const { price } = known;
    const long = price?.longContext !== undefined && meters.input > price.longContext.above;
    const factor = price === undefined ? 1 : tierFactor(price, tier);
    const named = tier === undefined || (price !== undefined && factor === 1) ? "" : tier.slice(0, 100);
    const variant = long ? variantOf("long", named) : named;
    const priced = this.priced(known, variant, attempt, { long, factor });
    const { cost } = attempt;
    const { price: each } = priced.rate;
    const derived = each === undefined ? undefined : dollarsOf(meters, 1, each);
    if (cost !== undefined) return isClose(cost, derived) ? priced : { billed: cost };
    if (each === undefined) return priced;
    // A rate of its own leaves the sums of the others priced.
    if (derived === undefined)
      return this.priced(known, variantOf(variant, INCOMPLETE), attempt, { long, factor });
    return isUnreported(attempt, derived, each)
      ? this.priced(known, variantOf(variant, UNREPORTED), attempt, { long, factor: undefined })
      : priced;
  }

  /** The rate of a variant of a price. */
  private priced(
    known: Known,
    variant: string,
    attempt: Attempt,
    { long, factor }: { readonly long: boolean; readonly factor: number | undefined },
  ): Priced {
    let priced = known.rates.get(variant);
    if (priced === undefined) {
      const { provider, model = "" } = attempt.target;
      const { price } = known;
      const each = price === undefined || factor === undefined ? undefined : linear(price, long, factor);
      const id = idOf(provider, model, variant, each);
      const about = { provider: cleanText(provider, MAX_NAME), model: cleanText(model, MAX_NAME) };
      const name = cleanText(variant, MAX_NAME);
      priced = { rate: { id, ...about, variant: name, price: each, ...noted(attempt) } };
      known.rates.set(variant, priced);
    }
    return priced;
  }

  private lookup(provider: string, model: string, at: number): Known {
    const { last } = this;
    // Most calls are for the model of the call before.
    if (last !== undefined && last.provider === provider && last.model === model && isFresh(last.known, at))
      return last.known;
    const known = this.find(provider, model, at);
    this.last = { provider, model, known };
    return known;
  }

  private find(provider: string, model: string, at: number): Known {
    const name = `${provider}\n${model}`;
    const known = this.known.get(name);
    if (known !== undefined && isFresh(known, at)) return known;
    const price = this.prices.price(provider, model, at, this.priceId(provider));
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    const same = known !== undefined && JSON.stringify(known.price) === JSON.stringify(price);
    const found: Known = { until: at + FRESH_MS, price, rates: same ? known.rates : new Map() };
    this.known.set(name, found);
    return found;
  }
}

function isFresh({ until }: Known, at: number): boolean {
  return at < until && at >= until - FRESH_MS;
}

function noted({ startedAt }: Attempt): Pick<Rate, "since" | "edited"> {
  return { since: Math.round(startedAt), edited: false };
}

function idOf(provider: string, model: string, variant: string, price: Price | undefined): string {
  const text = JSON.stringify([provider, model, variant, price ?? null]);
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

/** A price without thresholds and tiers: that of prompts above the threshold, or below it, in one tier. */
function linear(price: Price, long: boolean, factor: number): Price {
  const { longContext, tiers: _, ...base } = price;
  const rest: Price =
    long && longContext !== undefined ? { ...withoutAbove(longContext), ...otherThanTokens(base) } : base;
  return factor === 1 ? rest : { ...rest, ...scaled(rest, factor) };
}

function withoutAbove({ above: _, ...rates }: NonNullable<Price["longContext"]>): TokenPrice {
  return rates;
}

function otherThanTokens({ toolUses, units, request }: Price): Partial<Price> {
  return {
    ...(toolUses !== undefined && { toolUses }),
    ...(units !== undefined && { units }),
    ...(request !== undefined && { request }),
  };
}

function scaled(price: Price, factor: number): TokenPrice & Partial<Price> {
  const { input, output, cachedInput, cacheWriteInput, cacheWrites, inputByModality, outputByModality } =
    price;
  const all = (table: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(table).map(([name, each]) => [name, each * factor]));
  return {
    input: input * factor,
    output: output * factor,
    ...(cachedInput !== undefined && { cachedInput: cachedInput * factor }),
    ...(cacheWriteInput !== undefined && { cacheWriteInput: cacheWriteInput * factor }),
    ...(cacheWrites !== undefined && { cacheWrites: all(cacheWrites) }),
    ...(inputByModality !== undefined && { inputByModality: all(inputByModality) }),
    ...(outputByModality !== undefined && { outputByModality: all(outputByModality) }),
  };
}

function variantOf(first: string, second: string): string {
  return first === "" || second === "" ? first + second : `${first} ${second}`;
}

/** Whether an attempt costs something, and nothing of what is billed is known: such as a picture priced by its tokens. */
function isUnreported({ usageStatus }: Attempt, derived: number, price: Price): boolean {
  return usageStatus === "unsupported" && derived === 0 && !isFree(price);
}

/** Whether all parts of a price are 0. */
function isFree(part: unknown): boolean {
  return typeof part === "object" && part !== null ? Object.values(part).every(isFree) : !part;
}

/** Whether a rate expresses a cost, but for the rounding of sums. */
function isClose(cost: number, derived: number | undefined): boolean {
  return derived !== undefined && Math.abs(cost - derived) <= 1e-12 + 1e-6 * cost;
}
