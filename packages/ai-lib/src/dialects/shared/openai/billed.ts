import { asNumber, asObject } from "../../../core/values/json.js";

/** xAI counts in these: https://docs.x.ai/docs/key-information/consumption-and-rate-limits */
const TICKS_PER_DOLLAR = 10_000_000_000;

/**
 * US dollars that a provider says it billed, from its usage object; undefined if it does not say so.
 * @param inDollars the provider's `cost` is in US dollars (OpenRouter, Vercel); elsewhere its currency is unknown.
 */
export function billedCost(usage: unknown, inDollars: boolean): number | undefined {
  const fields = asObject(usage);
  if (fields === undefined) return undefined;
  const ticks = asNumber(fields["cost_in_usd_ticks"]);
  if (ticks !== undefined) return amount(ticks / TICKS_PER_DOLLAR);
  // Perplexity: https://docs.perplexity.ai/docs/getting-started/pricing
  const total = asNumber(asObject(fields["cost"])?.["total_cost"]);
  if (total !== undefined) return amount(total);
  const cost = asNumber(fields["cost"]);
  if (!inDollars || cost === undefined) return undefined;
  // With your own key of a provider, OpenRouter bills a fee and the provider bills its price:
  // https://openrouter.ai/docs/guides/administration/usage-accounting
  const upstream = asNumber(asObject(fields["cost_details"])?.["upstream_inference_cost"]) ?? 0;
  return amount(fields["is_byok"] === true ? cost + upstream : cost);
}

function amount(dollars: number): number | undefined {
  return dollars >= 0 ? dollars : undefined;
}
