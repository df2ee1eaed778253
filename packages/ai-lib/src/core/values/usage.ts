import type { Json } from "./json.js";

/**
 * Tokens of one call. `inputTokens` and `outputTokens` are totals; the other counts are subsets of them,
 * whatever a provider's own accounting is (Anthropic reports cache reads beside the input, Gemini thoughts
 * beside the candidates: decoders add them up).
 */
export interface Usage {
  /** All prompt tokens, cache reads and writes and tool-use prompts included. */
  inputTokens: number;
  /** All generated tokens, reasoning included. */
  outputTokens: number;
  /** Prompt tokens read from the provider's cache; a subset of `inputTokens`. */
  cachedInputTokens?: number;
  /** Prompt tokens written to the provider's cache; a subset of `inputTokens`. */
  cacheWriteInputTokens?: number;
  /** Generated tokens of reasoning; a subset of `outputTokens`. */
  reasoningTokens?: number;
  /** The provider's own usage object, as it came. */
  raw?: Json;
}

/**
 * How far a usage can be trusted: `final` was reported by the provider; `estimated` was counted here from the
 * text, since the provider reported none or the call did not end; `pending` may still change; `unsupported`
 * means that not even an estimate makes sense.
 */
export type UsageStatus = "final" | "estimated" | "pending" | "unsupported";

/** Characters per token assumed by every estimate: English prose, the common rule of thumb. */
export const CHARACTERS_PER_TOKEN = 4;

/** Tokens estimated for a number of characters, rounded up. */
export function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
