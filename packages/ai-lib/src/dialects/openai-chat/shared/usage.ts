import { asObject, isObject, type JsonObject } from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import { filled } from "../../shared/common/body-fields.js";
import {
  countsBeside,
  decodeModalities,
  decodeToolUses,
  encodeModalities,
  encodeToolUses,
} from "../../shared/common/usage-details.js";

/**
 * Usage from any endpoint's `usage` object; undefined if it has no counts.
 *
 * The output must include reasoning. xAI counts it beside `completion_tokens`, as its `total_tokens` shows.
 * @param excludesReasoning the endpoint counts it beside `completion_tokens`, and its total leaves it out.
 */
export function decodeUsage(value: unknown, excludesReasoning: boolean): Usage | undefined {
  if (!isObject(value)) return undefined;
  const total = tokenCount(value["total_tokens"]);
  const [prompt, completion] = countsBeside(
    total,
    tokenCount(value["prompt_tokens"]) ?? tokenCount(value["input_tokens"]),
    tokenCount(value["completion_tokens"]) ?? tokenCount(value["output_tokens"]),
  );
  if (prompt === undefined && completion === undefined) return undefined;
  const inputDetails = asObject(value["prompt_tokens_details"]) ?? asObject(value["input_tokens_details"]);
  const outputDetails =
    asObject(value["completion_tokens_details"]) ?? asObject(value["output_tokens_details"]);
  const cached =
    tokenCount(inputDetails?.["cached_tokens"]) ??
    tokenCount(value["cached_tokens"]) ??
    tokenCount(value["num_cached_tokens"]) ??
    tokenCount(value["prompt_cache_hit_tokens"]) ??
    tokenCount(value["cache_read_input_tokens"]);
  const written =
    tokenCount(inputDetails?.["cache_write_tokens"]) ??
    tokenCount(inputDetails?.["cache_creation_tokens"]) ??
    tokenCount(inputDetails?.["cache_creation_input_tokens"]) ??
    tokenCount(value["cache_creation_input_tokens"]);
  const reasoning = tokenCount(outputDetails?.["reasoning_tokens"]) ?? tokenCount(value["reasoning_tokens"]);
  let input = prompt ?? 0;
  let output = completion ?? 0;
  if (reasoning !== undefined && reasoning > 0) {
    const beside = total !== undefined && total === input + output + reasoning;
    if (beside || excludesReasoning || reasoning > output) output += reasoning;
  }
  const rest = (total ?? 0) - input - output;
  if (rest > 0) {
    // Gateways that pass on Anthropic's counts have the cache beside the prompt; elsewhere the rest is thinking that only
    // the total counts (Gemini's compatible endpoint).
    if (rest === (cached ?? 0) + (written ?? 0)) input += rest;
    else output += rest;
  }
  const usage: Usage = { inputTokens: input, outputTokens: output };
  if (cached !== undefined) usage.cachedInputTokens = cached;
  if (written !== undefined) usage.cacheWriteInputTokens = written;
  if (reasoning !== undefined) usage.reasoningTokens = reasoning;
  const inputByModality = decodeModalities(inputDetails);
  if (inputByModality !== undefined) usage.inputByModality = inputByModality;
  const outputByModality = decodeModalities(outputDetails);
  if (outputByModality !== undefined) usage.outputByModality = outputByModality;
  // Gateways pass on Anthropic's count: https://openrouter.ai/docs/guides/administration/usage-accounting.
  const toolUses = decodeToolUses(value["server_tool_use"], "_requests");
  if (toolUses !== undefined) usage.toolUses = toolUses;
  usage.raw = value;
  return usage;
}

/** Usage in the form of OpenAI. */
export function encodeUsage(usage: Usage): JsonObject {
  const { inputTokens, outputTokens, cachedInputTokens, cacheWriteInputTokens, reasoningTokens } = usage;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: filled({
      cached_tokens: cachedInputTokens,
      cache_write_tokens: cacheWriteInputTokens,
      ...encodeModalities(usage.inputByModality),
    }),
    completion_tokens_details: filled({
      reasoning_tokens: reasoningTokens,
      ...encodeModalities(usage.outputByModality),
    }),
    server_tool_use: encodeToolUses(usage.toolUses, "_requests"),
  };
}
