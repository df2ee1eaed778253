import { asObject, asString, type JsonObject } from "../../../core/values/json.js";
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

/** The tier of a request; undefined if it has none. */
export function decodeServiceTier(body: JsonObject): string | undefined {
  const word = asString(asObject(body["serviceTier"])?.["type"]);
  if (word !== undefined) return decodeTier(word, WORDS);
  return isFast(body) ? "fast" : undefined;
}

/** Whether the optimized latency is the only field of a body's `performanceConfig`. */
function isFast(body: JsonObject): boolean {
  const config = asObject(body["performanceConfig"]) ?? {};
  return config["latency"] === "optimized" && Object.keys(config).length === 1;
}

/** Whether `performanceConfig` of a body is its tier alone, and not a vendor field as well. */
export function isTierOnly(body: JsonObject): boolean {
  return isFast(body) && body["serviceTier"] === undefined;
}
