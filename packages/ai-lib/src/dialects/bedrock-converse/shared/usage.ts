import { isObject, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import { defined } from "../../shared/common/body-fields.js";

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
    ...defined({ cachedInputTokens: read, cacheWriteInputTokens: written }),
    raw,
  };
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
  };
}
