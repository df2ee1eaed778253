import type { ContentPart, SourcePart } from "../../../core/values/message.js";

/** The position of the text that a source supports: the one it names, else the one before it. */
export function citedText(
  parts: readonly ContentPart[],
  source: SourcePart,
  position: number,
): number | undefined {
  const named = source.cites?.index;
  if (named !== undefined && parts[named]?.type === "text") return named;
  for (let i = position - 1; i >= 0; i--) if (parts[i]?.type === "text") return i;
  return undefined;
}
