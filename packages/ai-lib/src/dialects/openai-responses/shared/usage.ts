import { asObject, isObject, type JsonObject } from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import {
  countsBeside,
  decodeCacheWrites,
  decodeModalities,
  decodeToolUses,
  encodeCacheWrites,
  encodeModalities,
  encodeToolUses,
} from "../../shared/common/usage-details.js";

/** The lifetimes of caches: https://platform.openai.com/docs/guides/prompt-caching. */
const LIFETIMES = [
  ["30m", "ttl_30m_tokens"],
  ["12h", "ttl_12h_tokens"],
] as const;

/**
 * Usage from a response's `usage`; undefined if it has no counts. Some gateways name them as chat completions do.
 * @param toolUsage the `tool_usage` of the response, where OpenAI counts searches.
 */
export function decodeUsage(value: unknown, toolUsage?: unknown): Usage | undefined {
  if (!isObject(value)) return undefined;
  const total = count(value["total_tokens"]);
  const [input, output] = countsBeside(
    total,
    count(value["input_tokens"]) ?? count(value["prompt_tokens"]),
    count(value["output_tokens"]) ?? count(value["completion_tokens"]),
  );
  if (input === undefined && output === undefined) return undefined;
  const inputDetails = asObject(value["input_tokens_details"]) ?? asObject(value["prompt_tokens_details"]);
  const cached = count(inputDetails?.["cached_tokens"]);
  const written = count(inputDetails?.["cache_write_tokens"]);
  const outputDetails =
    asObject(value["output_tokens_details"]) ?? asObject(value["completion_tokens_details"]);
  const reasoning = count(outputDetails?.["reasoning_tokens"]);
  const usage: Usage = {
    inputTokens: input ?? 0,
    // Reasoning is part of the output. An endpoint with more of it than output counts it apart, or in the total alone.
    outputTokens: Math.max(output ?? 0, reasoning ?? 0, (total ?? 0) - (input ?? 0)),
  };
  if (cached !== undefined) usage.cachedInputTokens = cached;
  if (written !== undefined) usage.cacheWriteInputTokens = written;
  const writes = decodeCacheWrites(inputDetails?.["cache_write_tokens_details"], LIFETIMES);
  if (writes !== undefined) usage.cacheWrites = writes;
  if (reasoning !== undefined) usage.reasoningTokens = reasoning;
  const inputByModality = decodeModalities(inputDetails);
  if (inputByModality !== undefined) usage.inputByModality = inputByModality;
  const outputByModality = decodeModalities(outputDetails);
  if (outputByModality !== undefined) usage.outputByModality = outputByModality;
  // xAI: https://docs.x.ai/docs/guides/tools/advanced-usage.
  const searches = tokenCount(asObject(asObject(toolUsage)?.["web_search"])?.["num_requests"]) ?? 0;
  const toolUses =
    decodeToolUses(value["server_side_tool_usage_details"], "_calls") ??
    (searches > 0 ? { web_search: searches } : undefined);
  if (toolUses !== undefined) usage.toolUses = toolUses;
  usage.raw = value;
  return usage;
}

/** A count of tokens. A negative one does not count (-9 in the recording `o4-mini-deep-research-usage`). */
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
      cache_write_tokens: usage.cacheWriteInputTokens ?? 0,
      cache_write_tokens_details: encodeCacheWrites(usage.cacheWrites, LIFETIMES),
      ...encodeModalities(usage.inputByModality),
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: {
      reasoning_tokens: usage.reasoningTokens ?? 0,
      ...encodeModalities(usage.outputByModality),
    },
    server_side_tool_usage_details: encodeToolUses(usage.toolUses, "_calls"),
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
