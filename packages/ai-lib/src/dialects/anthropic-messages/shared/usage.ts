import {
  asNumber,
  asObject,
  isObject,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { Usage } from "../../../core/values/usage.js";
import { defined } from "../../shared/common/body-fields.js";

/**
 * Totals of a `usage` object; undefined where it counts nothing. Anthropic counts cache reads and writes beside
 * `input_tokens`: https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance.
 */
export function usageOf(raw: JsonObject | undefined): Usage | undefined {
  if (raw === undefined) return undefined;
  const input = asNumber(raw["input_tokens"]);
  const output = asNumber(raw["output_tokens"]);
  if (input === undefined && output === undefined) return undefined;
  const read = asNumber(raw["cache_read_input_tokens"]);
  const written = asNumber(raw["cache_creation_input_tokens"]);
  return {
    inputTokens: (input ?? 0) + (read ?? 0) + (written ?? 0),
    outputTokens: output ?? 0,
    ...defined({
      cachedInputTokens: read,
      cacheWriteInputTokens: written,
      reasoningTokens: asNumber(asObject(raw["output_tokens_details"])?.["thinking_tokens"]),
    }),
    raw,
  };
}

/** `message_delta.usage` is cumulative and overrides that of `message_start`; null fields leave what is known. */
export function mergeUsage(before: JsonObject | undefined, delta: unknown): JsonObject | undefined {
  if (!isObject(delta)) return before;
  if (before === undefined) return delta;
  const merged: MutableJson = { ...before };
  for (const [key, value] of Object.entries(delta)) {
    if (value !== null || !(key in merged)) merged[key] = value;
  }
  return merged;
}

/** A `usage` object from totals; with the raw fields if the provider spoke this dialect. */
export function rawUsageOf(usage: Usage, serviceTier: string | undefined): MutableJson {
  const own =
    isObject(usage.raw) && ("cache_read_input_tokens" in usage.raw || "cache_creation" in usage.raw)
      ? usage.raw
      : {};
  const read = usage.cachedInputTokens;
  const written = usage.cacheWriteInputTokens;
  const details = asObject(own["output_tokens_details"]) ?? {};
  return {
    ...own,
    input_tokens: Math.max(0, usage.inputTokens - (read ?? 0) - (written ?? 0)),
    output_tokens: usage.outputTokens,
    ...(read === undefined ? {} : { cache_read_input_tokens: read }),
    ...(written === undefined ? {} : { cache_creation_input_tokens: written }),
    ...(usage.reasoningTokens === undefined
      ? {}
      : { output_tokens_details: { ...details, thinking_tokens: usage.reasoningTokens } }),
    ...(serviceTier === undefined ? {} : { service_tier: serviceTier }),
  };
}
