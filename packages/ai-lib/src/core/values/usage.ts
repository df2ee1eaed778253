import { isObject, type Json } from "./json.js";
import { LIMITS } from "./limits.js";
import type { Modality, UsageUnit } from "./model.js";

/** Prompt tokens that were written to the provider's cache to live for one time. */
export interface CacheWrite {
  /** How long they live, in the provider's words: `"5m"` or `"1h"` (Anthropic), `"30m"` or `"12h"` (OpenAI). */
  ttl: string;
  tokens: number;
}

/** Tokens by what they represent. Kinds of which there are none are absent. */
export type TokensByModality = Partial<Record<Modality, number>>;

/**
 * Counts of tokens. `inputTokens` and `outputTokens` are totals; the other counts are subsets of them, whatever a
 * provider's own accounting is (Anthropic reports cache reads beside the input, Gemini thoughts beside the candidates:
 * decoders add them up).
 */
export interface TokenCounts {
  /** All prompt tokens, cache reads and writes and tool-use prompts included. */
  inputTokens: number;
  /** All generated tokens, reasoning included. */
  outputTokens: number;
  /** Prompt tokens read from the provider's cache; a subset of `inputTokens`. */
  cachedInputTokens?: number;
  /** Prompt tokens written to the provider's cache; a subset of `inputTokens`. */
  cacheWriteInputTokens?: number;
  /** `cacheWriteInputTokens` by lifetime, if the provider reports it: lifetimes have different prices. */
  cacheWrites?: readonly CacheWrite[];
}

/**
 * One pass of a model within a call: Anthropic counts each message, and what the vendor adds, such as a compaction or
 * the advice of another model.
 */
export interface UsagePass extends TokenCounts {
  /** The provider's name of the pass: `"message"`, `"compaction"`. */
  type: string;
  /** The model of the pass, where it is named: another model has another price. */
  model?: string;
}

/** What one call used. */
export interface Usage extends TokenCounts {
  /** Generated tokens of reasoning; a subset of `outputTokens`. */
  reasoningTokens?: number;
  /** `inputTokens` by modality, if the provider reports it. */
  inputByModality?: TokensByModality;
  /** `outputTokens` by modality, if the provider reports it. */
  outputByModality?: TokensByModality;
  /** How often tools that the provider runs were used, by their names (`web_search`), if reported: it bills them. */
  toolUses?: Readonly<Record<string, number>>;
  /** What the vendor may bill in place of tokens or besides them: seconds of sound, characters, images, searches, pages. */
  units?: Readonly<Partial<Record<UsageUnit, number>>>;
  /** The passes of which the totals are the sum, if the provider reports more than one. */
  passes?: readonly UsagePass[];
  /** The provider's own usage object, unchanged. */
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

/** Whether another server of this library estimated a usage: it marks the usage object of every dialect. */
export function isMarkedEstimate({ raw }: Usage): boolean {
  return isObject(raw) && raw["estimated"] === true;
}

/** Tokens estimated for a number of characters, rounded up. */
export function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

/**
 * A token count as a whole number from 0 to `LIMITS.tokens`; undefined where a value is none: a negative number,
 * `NaN`, a text, or a number that no call reaches. Fractions are rounded up.
 */
export function tokenCount(value: unknown): number | undefined {
  return typeof value === "number" && value >= 0 && value <= LIMITS.tokens ? Math.ceil(value) : undefined;
}

/**
 * The same usage where all of its counts are valid, else one with valid counts: totals that are no counts become 0,
 * other counts that are none are left out, its lists as well, and a subset is at most its total. Limits, costs and
 * metrics add these numbers up, so that one wrong number would spoil them for good.
 */
export function validUsage(usage: Usage): Usage {
  return isValid(usage) ? usage : repairUsage(usage);
}

function isValid(usage: Usage): boolean {
  if (!isObject(usage)) return false;
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteInputTokens, reasoningTokens } = usage;
  try {
    return (
      tokenCount(inputTokens) === inputTokens &&
      tokenCount(outputTokens) === outputTokens &&
      isSubset(cachedInputTokens, inputTokens) &&
      isSubset(cacheWriteInputTokens, inputTokens) &&
      isSubset(reasoningTokens, outputTokens) &&
      areValidDetails(usage)
    );
  } catch {
    // A provider of the user wrote something else where a list was due.
    return false;
  }
}

/** Whether the counts behind the totals are counts; they need not add up, since vendors leave some out. */
function areValidDetails({
  cacheWrites,
  inputByModality,
  outputByModality,
  toolUses,
  units,
  passes,
}: TokenCounts & Partial<Usage>): boolean {
  return (
    (cacheWrites === undefined || cacheWrites.every(({ tokens }) => isCount(tokens))) &&
    areCounts(inputByModality) &&
    areCounts(outputByModality) &&
    areCounts(toolUses) &&
    (units === undefined || Object.values(units).every(isAmount)) &&
    (passes === undefined ||
      passes.every(
        (pass) => isCount(pass.inputTokens) && isCount(pass.outputTokens) && areValidDetails(pass),
      ))
  );
}

function areCounts(counts: object | undefined): boolean {
  return counts === undefined || Object.values(counts).every(isCount);
}

function isCount(value: unknown): boolean {
  return tokenCount(value) === value;
}

/** Seconds may be fractions. */
function isAmount(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= LIMITS.tokens;
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
