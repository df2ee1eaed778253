import { asArray, asObject, isObject, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import { defined } from "../../shared/common/body-fields.js";

/**
 * Totals of a `usage` object; undefined where it counts nothing. Anthropic counts cache reads and writes beside
 * `input_tokens`: https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance.
 */
export function usageOf(raw: JsonObject | undefined): Usage | undefined {
  if (raw === undefined) return undefined;
  if (tokenCount(raw["input_tokens"]) === undefined && tokenCount(raw["output_tokens"]) === undefined)
    return undefined;
  const inner = innerPasses(raw);
  const input = total("input_tokens", raw, inner);
  const output = total("output_tokens", raw, inner);
  const read = total("cache_read_input_tokens", raw, inner);
  const written = total("cache_creation_input_tokens", raw, inner);
  return {
    inputTokens: (input ?? 0) + (read ?? 0) + (written ?? 0),
    outputTokens: output ?? 0,
    ...defined({
      cachedInputTokens: read,
      cacheWriteInputTokens: written,
      reasoningTokens: tokenCount(asObject(raw["output_tokens_details"])?.["thinking_tokens"]),
    }),
    raw,
  };
}

/**
 * The passes that a call made besides its messages, such as compaction. The totals of a `usage` object count only the
 * iterations of type `message`, though all are billed:
 * https://platform.claude.com/docs/en/build-with-claude/compaction#understanding-usage.
 */
function innerPasses(raw: JsonObject): JsonObject[] {
  return asArray(raw["iterations"]).filter(
    (pass): pass is JsonObject => isObject(pass) && (pass["type"] ?? "message") !== "message",
  );
}

/** One count of a `usage` object and of its inner passes; undefined where none of them has it. */
function total(name: string, raw: JsonObject, inner: readonly JsonObject[]): number | undefined {
  let sum = tokenCount(raw[name]);
  for (const pass of inner) {
    const count = tokenCount(pass[name]);
    if (count !== undefined) sum = (sum ?? 0) + count;
  }
  return sum;
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
  const inner = innerPasses(own);
  const without = (name: string, sum: number): number => Math.max(0, sum - (total(name, {}, inner) ?? 0));
  const read = usage.cachedInputTokens;
  const written = usage.cacheWriteInputTokens;
  const details = asObject(own["output_tokens_details"]) ?? {};
  return {
    ...own,
    input_tokens: without("input_tokens", usage.inputTokens - (read ?? 0) - (written ?? 0)),
    output_tokens: without("output_tokens", usage.outputTokens),
    ...(read === undefined ? {} : { cache_read_input_tokens: without("cache_read_input_tokens", read) }),
    ...(written === undefined
      ? {}
      : { cache_creation_input_tokens: without("cache_creation_input_tokens", written) }),
    ...(usage.reasoningTokens === undefined
      ? {}
      : { output_tokens_details: { ...details, thinking_tokens: usage.reasoningTokens } }),
    ...(serviceTier === undefined ? {} : { service_tier: serviceTier }),
  };
}
