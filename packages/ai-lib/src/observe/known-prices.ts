import type { Price } from "../core/values/model.js";
import { costOf, type PriceSource } from "../core/values/price.js";
import { KNOWN_PRICES, type KnownPrice } from "./prices.generated.js";

/** Dates that vendors append to the name of a model that answered: `-20260929`, `-2026-09-29`. */
const DATED = /^[-@]\d{4}-?\d\d-?\d\d$/;

const HOUR_MS = 3_600_000;

/**
 * The prices that come with this package: those of the prebuilt providers' default models, each from the page that
 * `docs/prices.md` names. They are looked up by the id of the provider, so a provider of your own has none.
 */
export function knownPrices(): PriceSource {
  const find = (provider: string, model: string, at: number) => priceAt(provider, model, at);
  return {
    cost: (provider, model, usage, at, _priceId, tier) =>
      costOf(usage, find(provider, model, at), { tier, priceOf: (other) => find(provider, other, at) }),
    price: (provider, model, at = Number.NaN) => find(provider, model, at),
  };
}

/** @param at epoch milliseconds; `NaN` for any time. */
function priceAt(provider: string, model: string, at: number): Price | undefined {
  for (const row of KNOWN_PRICES)
    if (row.providers.includes(provider) && row.models.some((name) => isModel(name, model)))
      return isValidAt(row, at) ? row.price : undefined;
  return undefined;
}

function isModel(name: string, model: string): boolean {
  return model === name || (model.startsWith(name) && DATED.test(model.slice(name.length)));
}

function isValidAt({ until, hours }: KnownPrice, at: number): boolean {
  if (Number.isNaN(at)) return hours === undefined;
  if (until !== undefined && at >= Date.parse(until) + 24 * HOUR_MS) return false;
  const hour = (at / HOUR_MS) % 24;
  return hours === undefined || hours.some(([from, to]) => hour >= from && hour < to);
}
