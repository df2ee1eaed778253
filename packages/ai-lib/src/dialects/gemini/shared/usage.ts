import { asArray, isObject, type JsonObject } from "../../../core/values/json.js";
import type { Modality } from "../../../core/values/model.js";
import { type TokensByModality, tokenCount, type Usage } from "../../../core/values/usage.js";
import { nonEmpty } from "../../shared/common/body-fields.js";

/** The most entries that are read from one list of a usage object. */
const MAX_DETAILS = 64;

/**
 * Usage in the contract's terms; undefined if no tokens are counted, as in the first chunks on Vertex, which hold
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
  const inputTokens = (prompt ?? 0) + (tokenCount(metadata["toolUsePromptTokenCount"]) ?? 0);
  const counted = (candidates ?? 0) + (thoughts ?? 0);
  const usage: Usage = {
    inputTokens,
    // Some answers count thoughts, or all of their output, in the total alone.
    outputTokens: Math.max(counted, (tokenCount(metadata["totalTokenCount"]) ?? 0) - inputTokens),
    raw: metadata,
  };
  if (cached !== undefined) usage.cachedInputTokens = cached;
  if (thoughts !== undefined) usage.reasoningTokens = thoughts;
  const input = decodeDetails(metadata["promptTokensDetails"], metadata["toolUsePromptTokensDetails"]);
  if (input !== undefined) usage.inputByModality = input;
  const output = decodeDetails(metadata["candidatesTokensDetails"]);
  if (output !== undefined) usage.outputByModality = output;
  return usage;
}

/** https://ai.google.dev/api/generate-content#Modality */
const MODALITIES: readonly (readonly [name: string, modality: Modality])[] = [
  ["TEXT", "text"],
  ["IMAGE", "image"],
  ["AUDIO", "audio"],
  ["VIDEO", "video"],
  ["DOCUMENT", "pdf"],
];

/** Tokens by modality, the sum of several lists; undefined if none is above 0. */
function decodeDetails(...lists: readonly unknown[]): TokensByModality | undefined {
  let found: TokensByModality | undefined;
  for (const list of lists)
    for (const one of asArray(list).slice(0, MAX_DETAILS)) {
      if (!isObject(one)) continue;
      const modality = MODALITIES.find(([name]) => name === one["modality"])?.[1];
      const tokens = tokenCount(one["tokenCount"]) ?? 0;
      if (modality === undefined || tokens <= 0) continue;
      found ??= {};
      found[modality] = (found[modality] ?? 0) + tokens;
    }
  return found;
}

function encodeDetails(tokens: TokensByModality | undefined): readonly JsonObject[] | undefined {
  if (tokens === undefined) return undefined;
  return MODALITIES.flatMap(([name, modality]) => {
    const tokenCount = tokens[modality];
    return tokenCount === undefined ? [] : [{ modality: name, tokenCount }];
  });
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
    promptTokensDetails: encodeDetails(usage.inputByModality),
    candidatesTokensDetails: encodeDetails(usage.outputByModality),
    serviceTier,
  };
}
