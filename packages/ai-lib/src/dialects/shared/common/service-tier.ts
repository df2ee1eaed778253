import type { EncodeWarnings } from "./encode-warnings.js";

/** The tiers that the contract names, in a vendor's words. Default: the same word. `null`: the vendor has no such tier. */
export interface TierWords {
  readonly flex?: string | null;
  readonly standard?: string | null;
  readonly priority?: string | null;
  readonly fast?: string | null;
}

/** https://platform.openai.com/docs/api-reference/responses/create#responses-create-service_tier */
export const OPENAI_TIERS: TierWords = { standard: "default" };

/** A request's tier in a vendor's words; undefined, with a warning, for one that the vendor does not have. */
export function encodeTier(
  tier: string | undefined,
  words: TierWords,
  context: EncodeWarnings,
): string | undefined {
  if (tier === undefined || !isNamed(tier, words)) return tier;
  const word = words[tier];
  if (word !== null) return word;
  context.unsupported("serviceTier", { reason: `there is no tier "${tier}" here` });
  return undefined;
}

function isNamed(tier: string, words: TierWords): tier is keyof TierWords {
  return Object.hasOwn(words, tier);
}

/** A tier that a vendor's word means; the word itself for one that the contract has no name for. */
export function decodeTier(word: string, words: TierWords): string {
  for (const [tier, own] of Object.entries(words)) if (own === word) return tier;
  return word;
}
