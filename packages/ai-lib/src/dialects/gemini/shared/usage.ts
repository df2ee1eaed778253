import type { JsonObject } from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import { nonEmpty } from "../../shared/common/body-fields.js";

/**
 * Usage in the contract's terms; undefined where no tokens are counted, as in the first chunks on Vertex, which hold
 * only a `trafficType`. `candidatesTokenCount` does not include thoughts and `promptTokenCount` does not include tool
 * prompts: `totalTokenCount` is the sum of the four (https://ai.google.dev/api/generate-content#UsageMetadata).
 */
export function usageOf(metadata: JsonObject | undefined): Usage | undefined {
  if (metadata === undefined) return undefined;
  const prompt = tokenCount(metadata["promptTokenCount"]);
  const candidates = tokenCount(metadata["candidatesTokenCount"]);
  if (prompt === undefined && candidates === undefined) return undefined;
  const thoughts = tokenCount(metadata["thoughtsTokenCount"]);
  const cached = tokenCount(metadata["cachedContentTokenCount"]);
  const usage: Usage = {
    inputTokens: (prompt ?? 0) + (tokenCount(metadata["toolUsePromptTokenCount"]) ?? 0),
    outputTokens: (candidates ?? 0) + (thoughts ?? 0),
    raw: metadata,
  };
  if (cached !== undefined) usage.cachedInputTokens = cached;
  if (thoughts !== undefined) usage.reasoningTokens = thoughts;
  return usage;
}

/** The tier that served the call, if the usage names it. */
export function serviceTierOf(metadata: JsonObject | undefined): string | undefined {
  return nonEmpty(metadata?.["serviceTier"]);
}

/** Usage on the wire: the inverse of {@link usageOf}. */
export function encodeUsage(usage: Usage, serviceTier: string | undefined): JsonObject {
  const thoughts = usage.reasoningTokens;
  return {
    promptTokenCount: usage.inputTokens,
    candidatesTokenCount: usage.outputTokens - (thoughts ?? 0),
    totalTokenCount: usage.inputTokens + usage.outputTokens,
    cachedContentTokenCount: usage.cachedInputTokens,
    thoughtsTokenCount: thoughts,
    serviceTier,
  };
}
