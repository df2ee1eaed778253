import { asObject, isObject, type JsonObject } from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";

/** Usage from a response's `usage`; undefined if it has no counts. Some gateways name them as chat completions do. */
export function decodeUsage(value: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const input = count(value["input_tokens"]) ?? count(value["prompt_tokens"]);
  const output = count(value["output_tokens"]) ?? count(value["completion_tokens"]);
  if (input === undefined && output === undefined) return undefined;
  const inputDetails = asObject(value["input_tokens_details"]) ?? asObject(value["prompt_tokens_details"]);
  const cached = count(inputDetails?.["cached_tokens"]);
  const written = count(inputDetails?.["cache_write_tokens"]);
  const outputDetails =
    asObject(value["output_tokens_details"]) ?? asObject(value["completion_tokens_details"]);
  const reasoning = count(outputDetails?.["reasoning_tokens"]);
  const usage: Usage = {
    inputTokens: input ?? 0,
    // Reasoning is part of the output. An endpoint with more of it than output counts it apart.
    outputTokens: Math.max(output ?? 0, reasoning ?? 0),
  };
  if (cached !== undefined) usage.cachedInputTokens = cached;
  if (written !== undefined) usage.cacheWriteInputTokens = written;
  if (reasoning !== undefined) usage.reasoningTokens = reasoning;
  usage.raw = value;
  return usage;
}

/** A count of tokens. A negative one is no count (-9 in the recording `o4-mini-deep-research-usage`). */
function count(value: unknown): number | undefined {
  const number = tokenCount(value);
  return number === undefined || number < 0 ? undefined : number;
}

/** Usage as OpenAI writes it. Clients such as Codex need every count, so that one that is not known is 0. */
export function encodeUsage(usage: Usage): JsonObject {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cachedInputTokens ?? 0,
      cache_write_tokens: usage.cacheWriteInputTokens,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
