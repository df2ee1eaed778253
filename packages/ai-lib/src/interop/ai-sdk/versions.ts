import type {
  SpecContent,
  SpecFinishReason,
  SpecStreamPart,
  SpecUsage,
  SpecVersion,
  SpecWarning,
} from "./spec.js";

/* Answers have the form of version 4. These functions convert them to an older version. */

/** The finish reason in the words of a version. */
export function finishReasonFor<V extends SpecVersion>(
  version: V,
  reason: SpecFinishReason<"v4">,
): SpecFinishReason<V> {
  return (version === "v2" ? reason.unified : reason) as SpecFinishReason<V>;
}

/** The usage in the words of a version. */
export function usageFor<V extends SpecVersion>(version: V, usage: SpecUsage<"v4">): SpecUsage<V> {
  if (version !== "v2") return usage as SpecUsage<V>;
  const { inputTokens: input, outputTokens: output } = usage;
  return {
    inputTokens: input.total,
    outputTokens: output.total,
    totalTokens: (input.total ?? 0) + (output.total ?? 0),
    reasoningTokens: output.reasoning,
    cachedInputTokens: input.cacheRead,
  } as SpecUsage<V>;
}

/** Warnings in the words of a version: those of version 2 name a setting of the AI SDK, which not every field is. */
export function warningsFor<V extends SpecVersion>(
  version: V,
  warnings: readonly SpecWarning<"v4">[],
): SpecWarning<V>[] {
  if (version !== "v2") return [...warnings] as SpecWarning<V>[];
  return warnings.map((warning) => ({
    type: "other",
    message:
      warning.type === "other" ? warning.message : `${warning.feature}: ${warning.details ?? "unsupported"}`,
  })) as SpecWarning<V>[];
}

/** A part of an answer in the words of a version. */
export function contentFor<V extends SpecVersion>(version: V, part: SpecContent<"v4">): SpecContent<V> {
  if (version === "v4") return part as SpecContent<V>;
  if (part.type === "file") {
    const { data, ...rest } = part;
    return { ...rest, data: data.type === "data" ? data.data : data.url.href } as SpecContent<V>;
  }
  if (version === "v2" && part.type === "tool-result")
    return { ...part, providerExecuted: true } as SpecContent<V>;
  return part as SpecContent<V>;
}

/** A part of a stream in the words of a version. */
export function streamPartFor<V extends SpecVersion>(
  version: V,
  part: SpecStreamPart<"v4">,
): SpecStreamPart<V> {
  if (version === "v4") return part as SpecStreamPart<V>;
  switch (part.type) {
    case "file":
    case "tool-result":
      return contentFor(version, part) as SpecStreamPart<V>;
    case "stream-start":
      return { type: "stream-start", warnings: warningsFor(version, part.warnings) };
    case "finish":
      return {
        ...part,
        usage: usageFor(version, part.usage),
        finishReason: finishReasonFor(version, part.finishReason),
      } as SpecStreamPart<V>;
    default:
      return part as SpecStreamPart<V>;
  }
}
