import { asString, type JsonObject } from "../../../core/values/json.js";
import type { EncodeWarnings } from "../../shared/common/encode-warnings.js";
import { decodeTier, encodeTier, type TierWords } from "../../shared/common/service-tier.js";

/** https://platform.claude.com/docs/en/api/service-tiers */
const WORDS: TierWords = { standard: "standard_only", flex: null };

/** A tier as `service_tier` and `speed`. */
export function encodeServiceTier(tier: string | undefined, context: EncodeWarnings): JsonObject {
  if (tier === "fast") return { speed: "fast" };
  if (tier === "priority") {
    context.changed("serviceTier", { reason: '"auto" uses the priority tier where the organization has it' });
    return { service_tier: "auto" };
  }
  return { service_tier: encodeTier(tier, WORDS, context) };
}

/** The tier of a request; undefined if it has none. */
export function decodeServiceTier(body: JsonObject): string | undefined {
  if (body["speed"] === "fast") return "fast";
  const word = asString(body["service_tier"]);
  return word === undefined ? undefined : decodeTier(word, WORDS);
}
