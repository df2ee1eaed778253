import {
  asNumber,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { Origin, SourcePart } from "../../../core/values/message.js";
import type { OriginFacts } from "./parts.js";

/**
 * A citation as a source part. Its own fields (positions in a document, the encrypted index of a search result)
 * are kept as origin, since a citation is echoed whole; where the part says all there is, no state is kept.
 * https://platform.claude.com/docs/en/build-with-claude/citations
 */
export function sourceOf(citation: unknown, index: number, facts: OriginFacts): SourcePart | undefined {
  if (!isObject(citation)) return undefined;
  const url = filled(citation["url"]) ?? filled(citation["source"]);
  const title = asString(citation["title"]) ?? asString(citation["document_title"]);
  const quote = filled(citation["cited_text"]);
  const position = asNumber(citation["document_index"]);
  const documentId = asString(citation["file_id"]) ?? (position === undefined ? undefined : String(position));
  const part: SourcePart = {
    type: "source",
    ...(url === undefined ? {} : { url }),
    ...(documentId === undefined ? {} : { documentId }),
    ...(title === undefined ? {} : { title }),
    ...(quote === undefined ? {} : { quote }),
    cites: { index },
  };
  if (sameFields(citationOf(part), citation)) return part;
  return { ...part, origin: facts.origin(citation) };
}

/** A citation from a source part: the one it came from, or what can be said without. */
export function citationOf(part: SourcePart, origin?: Origin): JsonObject {
  if (origin !== undefined) return origin.data;
  const quote = part.quote ?? "";
  const position = Number(part.documentId ?? Number.NaN);
  if (part.url === undefined && part.documentId !== undefined) {
    return {
      type: "char_location",
      cited_text: quote,
      document_index: Number.isInteger(position) ? position : 0,
      document_title: part.title ?? null,
      start_char_index: 0,
      end_char_index: quote.length,
      ...(Number.isInteger(position) ? {} : { file_id: part.documentId }),
    };
  }
  const citation: MutableJson = { type: "web_search_result_location", url: part.url ?? "" };
  citation["title"] = part.title ?? null;
  citation["cited_text"] = quote;
  citation["encrypted_index"] = "";
  return citation;
}

function filled(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function sameFields(a: JsonObject, b: JsonObject): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
