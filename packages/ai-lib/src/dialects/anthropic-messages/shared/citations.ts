import { asNumber, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { Origin, SourcePart } from "../../../core/values/message.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import type { MakeOrigin } from "../../shared/common/opaque-state.js";

/**
 * A citation as a source part. A citation must be sent back whole, so its other fields (positions in a document, the
 * encrypted index of a search result) are stored as origin. The origin also says that Anthropic gave the citation: one
 * that another provider gave is not sent. https://platform.claude.com/docs/en/build-with-claude/citations
 * @param index the position of the text that the citation supports.
 */
export function sourceOf(citation: unknown, index: number, origin: MakeOrigin): SourcePart | undefined {
  if (!isObject(citation)) return undefined;
  const position = asNumber(citation["document_index"]);
  const part: SourcePart = {
    type: "source",
    ...defined({
      url: nonEmpty(citation["url"]) ?? nonEmpty(citation["source"]),
      documentId: asString(citation["file_id"]) ?? (position === undefined ? undefined : String(position)),
      title: asString(citation["title"]) ?? asString(citation["document_title"]),
      quote: nonEmpty(citation["cited_text"]),
    }),
    cites: { index },
  };
  return { ...part, origin: origin(citation) };
}

/** The citation that a source part came from, else one made from what the part holds. */
export function citationOf(part: SourcePart, origin?: Origin): JsonObject {
  if (origin !== undefined) return origin.data;
  const quote = part.quote ?? "";
  const title = part.title ?? null;
  if (part.url !== undefined || part.documentId === undefined)
    return {
      type: "web_search_result_location",
      url: part.url ?? "",
      title,
      cited_text: quote,
      encrypted_index: "",
    };
  const position = Number(part.documentId);
  return {
    type: "char_location",
    cited_text: quote,
    document_index: Number.isInteger(position) ? position : 0,
    document_title: title,
    start_char_index: 0,
    end_char_index: quote.length,
    ...(Number.isInteger(position) ? {} : { file_id: part.documentId }),
  };
}
