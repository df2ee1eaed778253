import { asArray, asString, isObject, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import { type CacheWrite, tokenCount, type Usage } from "../../../core/values/usage.js";
import { defined } from "../../shared/common/body-fields.js";

/** The most lifetimes that are read from one usage object. */
const MAX_WRITES = 16;

/**
 * Totals of a `usage` object. Cache reads and writes are counted beside `inputTokens`:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html.
 */
export function usageOf(raw: JsonObject | undefined): Usage | undefined {
  if (raw === undefined) return undefined;
  const input = tokenCount(raw["inputTokens"]);
  const output = tokenCount(raw["outputTokens"]);
  if (input === undefined && output === undefined) return undefined;
  const read = tokenCount(raw["cacheReadInputTokens"]);
  const written = tokenCount(raw["cacheWriteInputTokens"]);
  return {
    inputTokens: (input ?? 0) + (read ?? 0) + (written ?? 0),
    outputTokens: output ?? 0,
    ...defined({
      cachedInputTokens: read,
      cacheWriteInputTokens: written,
      cacheWrites: decodeWrites(raw["cacheDetails"]),
    }),
    raw,
  };
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CacheDetail.html */
function decodeWrites(details: unknown): readonly CacheWrite[] | undefined {
  const writes = asArray(details)
    .slice(0, MAX_WRITES)
    .filter(isObject)
    .map(
      (one): CacheWrite => ({ ttl: asString(one["ttl"]) ?? "", tokens: tokenCount(one["inputTokens"]) ?? 0 }),
    )
    .filter(({ ttl, tokens }) => ttl !== "" && tokens > 0);
  return writes.length === 0 ? undefined : writes;
}

/** A `usage` object from totals; with the raw fields if the provider spoke this dialect. */
export function rawUsageOf(usage: Usage): MutableJson {
  const own = isObject(usage.raw) && "inputTokens" in usage.raw ? usage.raw : {};
  const read = usage.cachedInputTokens;
  const written = usage.cacheWriteInputTokens;
  return {
    ...own,
    inputTokens: Math.max(0, usage.inputTokens - (read ?? 0) - (written ?? 0)),
    outputTokens: usage.outputTokens,
    totalTokens: usage.inputTokens + usage.outputTokens,
    ...(read === undefined ? {} : { cacheReadInputTokens: read }),
    ...(written === undefined ? {} : { cacheWriteInputTokens: written }),
    ...(usage.cacheWrites === undefined
      ? {}
      : { cacheDetails: usage.cacheWrites.map(({ ttl, tokens }) => ({ ttl, inputTokens: tokens })) }),
  };
}
