import type { ContentPart, SourcePart } from "../../../core/values/message.js";

/**
 * The position of the text that a source supports: the one that it names, else the closest one before it.
 * @param last the position of the closest text before the source.
 */
function citedText(
  parts: readonly ContentPart[],
  source: SourcePart,
  last: number | undefined,
): number | undefined {
  const named = source.cites?.index;
  return named !== undefined && parts[named]?.type === "text" ? named : last;
}

/**
 * The citations of each text of a message, by the text's position.
 * @param encode encodes one source; undefined for one that is left out. `cited` is undefined if no text precedes the
 *   source.
 */
export function citationsByText<Citation>(
  parts: readonly ContentPart[],
  encode: (source: SourcePart, position: number, cited: number | undefined) => Citation | undefined,
): ReadonlyMap<number, readonly Citation[]> {
  const found = new Map<number, Citation[]>();
  let last: number | undefined;
  parts.forEach((part, position) => {
    if (part.type === "text") last = position;
    if (part.type !== "source") return;
    const cited = citedText(parts, part, last);
    const citation = encode(part, position, cited);
    if (citation === undefined || cited === undefined) return;
    const list = found.get(cited);
    if (list === undefined) found.set(cited, [citation]);
    else list.push(citation);
  });
  return found;
}
