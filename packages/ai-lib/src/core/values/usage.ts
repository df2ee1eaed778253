import { isObject, type Json } from "./json.js";

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

/** The largest number of tokens that one call can plausibly use; a report of more is no count. */
export const MAX_TOKENS = 1_000_000_000;

/**
 * A token count as a whole number from 0 to {@link MAX_TOKENS}; undefined where a value is none: a negative number,
 * `NaN`, a text, or a number that no call reaches. Fractions are rounded up.
 */
export function tokenCount(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value <= MAX_TOKENS ? Math.ceil(value) : undefined;
}

/**
 * The same usage where all of its counts are valid, else one with valid counts: totals that are no counts become 0,
 * other counts that are none are left out, and a subset is at most its total. Limits, costs and metrics add these
 * numbers up, so that one wrong number would spoil them for good.
 */
export function validUsage(usage: Usage): Usage {
  return isValid(usage) ? usage : repairUsage(usage);
}

function isValid(usage: Usage): boolean {
  if (!isObject(usage)) return false;
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteInputTokens, reasoningTokens } = usage;
  return (
    tokenCount(inputTokens) === inputTokens &&
    tokenCount(outputTokens) === outputTokens &&
    isSubset(cachedInputTokens, inputTokens) &&
    isSubset(cacheWriteInputTokens, inputTokens) &&
    isSubset(reasoningTokens, outputTokens)
  );
}

function isSubset(count: number | undefined, total: number): boolean {
  return count === undefined || (tokenCount(count) === count && count <= total);
}

function repairUsage(given: unknown): Usage {
  const { raw, ...counts }: Partial<Usage> = isObject(given) ? given : {};
  const inputTokens = tokenCount(counts.inputTokens) ?? 0;
  const outputTokens = tokenCount(counts.outputTokens) ?? 0;
  const usage: Usage = { inputTokens, outputTokens };
  const cached = tokenCount(counts.cachedInputTokens);
  const written = tokenCount(counts.cacheWriteInputTokens);
  const reasoning = tokenCount(counts.reasoningTokens);
  if (cached !== undefined) usage.cachedInputTokens = Math.min(cached, inputTokens);
  if (written !== undefined) usage.cacheWriteInputTokens = Math.min(written, inputTokens);
  if (reasoning !== undefined) usage.reasoningTokens = Math.min(reasoning, outputTokens);
  if (raw !== undefined) usage.raw = raw;
  return usage;
}
