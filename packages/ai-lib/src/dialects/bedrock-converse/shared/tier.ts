import { asObject, asString, type JsonObject } from "../../../core/values/json.js";
import { defined } from "../../shared/common/body-fields.js";
import { decodeTier, type TierWords } from "../../shared/common/service-tier.js";

/** https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html */
const WORDS: TierWords = { standard: "default" };

/**
 * A tier as `serviceTier`, and the fast one as a latency
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/latency-optimized-inference.html).
 */
export function encodeServiceTier(tier: string | undefined): JsonObject {
  if (tier === undefined) return {};
  if (tier === "fast") return { performanceConfig: { latency: "optimized" } };
  return { serviceTier: { type: tier === "standard" ? "default" : tier } };
}

/** The tier of a request, the fast one before another one; undefined if it has none. */
export function decodeServiceTier(body: JsonObject): string | undefined {
  if (isFast(body)) return "fast";
  const word = asString(asObject(body["serviceTier"])?.["type"]);
  return word === undefined ? undefined : decodeTier(word, WORDS);
}

function isFast(body: JsonObject): boolean {
  return asObject(body["performanceConfig"])?.["latency"] === "optimized";
}

/** The fields of a body that {@link decodeServiceTier} leaves, such as a tier beside the fast one. */
export function tierLeft(body: JsonObject): JsonObject {
  const { performanceConfig, serviceTier } = body;
  if (!isFast(body)) return defined({ performanceConfig: performanceConfig ?? undefined });
  const { latency: _latency, ...others } = asObject(performanceConfig) ?? {};
  return defined({
    performanceConfig: Object.keys(others).length === 0 ? undefined : others,
    serviceTier: serviceTier ?? undefined,
  });
}
