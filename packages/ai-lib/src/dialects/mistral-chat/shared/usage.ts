import { asObject, isObject, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import { filled } from "../../shared/common/body-fields.js";

/**
 * Usage from Mistral's `usage` object; undefined if it has no counts. Tokens of sound are not part of `prompt_tokens`:
 * only the total includes them (recordings `*-agent-sends-audio`: 11 + 375 + 15 = 401).
 */
export function decodeUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const prompt = tokenCount(value["prompt_tokens"]);
  const completion = tokenCount(value["completion_tokens"]);
  if (prompt === undefined && completion === undefined) return undefined;
  const usage: Usage = { inputTokens: prompt ?? 0, outputTokens: completion ?? 0 };
  const details = asObject(value["prompt_tokens_details"]);
  const audio = tokenCount(details?.["audio_tokens"]) ?? 0;
  if (tokenCount(value["total_tokens"]) === usage.inputTokens + usage.outputTokens + audio)
    usage.inputTokens += audio;
  const cached = tokenCount(details?.["cached_tokens"]) ?? tokenCount(value["num_cached_tokens"]);
  if (cached !== undefined) usage.cachedInputTokens = cached;
  const reasoning = tokenCount(asObject(value["completion_tokens_details"])?.["reasoning_tokens"]);
  if (reasoning !== undefined) usage.reasoningTokens = reasoning;
  if (audio > 0) usage.inputByModality = { audio };
  usage.raw = value;
  return usage;
}

/** Usage in the form of Mistral, with the tier that served the call. */
export function encodeUsage(usage: Usage, serviceTier: string | undefined): JsonObject {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = usage;
  const written: MutableJson = {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
  };
  const details = filled({
    cached_tokens: cachedInputTokens,
    audio_tokens: usage.inputByModality?.audio,
  });
  if (details !== undefined) written["prompt_tokens_details"] = details;
  if (reasoningTokens !== undefined)
    written["completion_tokens_details"] = { reasoning_tokens: reasoningTokens };
  if (serviceTier !== undefined) written["service_tier"] = serviceTier;
  return written;
}
