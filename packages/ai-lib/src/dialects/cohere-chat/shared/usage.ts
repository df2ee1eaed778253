import { asObject, isObject, type JsonObject } from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";

/**
 * Usage from Cohere's `usage` object; undefined if it has no counts. `tokens` counts the tokens of the model,
 * `billed_units` those that are billed: only the first includes the prompt that Cohere adds. Tokens of images are in
 * another field than `input_tokens` (recordings `chat-vision-models-cohere-*`).
 */
export function decodeUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const tokens = asObject(value["tokens"]);
  const billed = asObject(value["billed_units"]);
  const input = tokenCount(tokens?.["input_tokens"]) ?? tokenCount(billed?.["input_tokens"]);
  const output = tokenCount(tokens?.["output_tokens"]) ?? tokenCount(billed?.["output_tokens"]);
  if (input === undefined && output === undefined) return undefined;
  const pictures = tokenCount(tokens?.["image_tokens"]) ?? 0;
  const usage: Usage = { inputTokens: (input ?? 0) + pictures, outputTokens: output ?? 0 };
  const cached = tokenCount(value["cached_tokens"]);
  if (cached !== undefined) usage.cachedInputTokens = cached;
  const reasoning = tokenCount(tokens?.["reasoning_tokens"]);
  if (reasoning !== undefined) usage.reasoningTokens = reasoning;
  usage.raw = value;
  return usage;
}

/** Usage in the form of Cohere; everything counts as billed. */
export function encodeUsage(usage: Usage): JsonObject {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = usage;
  return {
    billed_units: { input_tokens: inputTokens, output_tokens: outputTokens },
    tokens: {
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      reasoning_tokens: reasoningTokens,
    },
    cached_tokens: cachedInputTokens,
  };
}
