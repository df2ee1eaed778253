import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
} from "../../../core/values/json.js";
import type { SourcePart } from "../../../core/values/message.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { FAMILY } from "./family.js";

type Cites = NonNullable<SourcePart["cites"]>;

/**
 * A citation as source parts, one for each source: an answer's words and where they come from.
 * https://docs.cohere.com/v2/docs/rag-citations
 * @param index the part of the answer that holds the cited words.
 */
export function decodeCitation(value: unknown, index: number): SourcePart[] {
  if (!isObject(value)) return [];
  const cites: Cites = {
    index,
    ...defined({ start: asNumber(value["start"]), end: asNumber(value["end"]) }),
  };
  const sources = asArray(value["sources"]).filter(isObject);
  if (sources.length === 0) return [{ type: "source", cites }];
  return sources.map((source) => decodeSource(source, cites));
}

function decodeSource(source: JsonObject, cites: Cites): SourcePart {
  const tool = source["type"] === "tool";
  const found = asObject(source["document"]) ?? asObject(source["tool_output"]);
  const documentId = asString(source["id"]) ?? asString(found?.["id"]);
  const title = nonEmpty(found?.["title"]);
  const url = asString(found?.["url"]);
  const quote = nonEmpty(found?.["text"]) ?? nonEmpty(found?.["snippet"]) ?? nonEmpty(found?.["content"]);
  return {
    type: "source",
    ...defined({ url, documentId, title, quote }),
    cites,
    // A citation of a tool's output is sent back as one.
    ...(tool ? { origin: { family: FAMILY, data: { type: "tool" } } } : {}),
  };
}

/** What a citation supports: a kind of content and, if Cohere names it, the block. */
export function citedBy(value: unknown): { readonly kind: CitedKind; readonly block: number | undefined } {
  const citation = asObject(value);
  const type = citation?.["type"];
  const kind = type === "THINKING_CONTENT" || type === "PLAN" ? type : "TEXT_CONTENT";
  return { kind, block: asNumber(citation?.["content_index"]) };
}

/** The kinds of content that a citation can support. */
export type CitedKind = "TEXT_CONTENT" | "THINKING_CONTENT" | "PLAN";

/** Where a part of an answer is on the wire: its content block (a plan has none) and its text. */
export interface Cited {
  readonly kind: CitedKind;
  readonly block?: number | undefined;
  readonly text: string;
}

/**
 * Sources as citations; those that support the same words are one.
 * @param parts the place of each part of the answer, by its index.
 * @param filled gives every field a value, as clients expect in answers.
 */
export function encodeCitations(
  sources: readonly SourcePart[],
  parts: ReadonlyMap<number, Cited>,
  filled = false,
): JsonObject[] {
  const citations: JsonObject[] = [];
  let last: Cites | undefined;
  let group: JsonObject[] = [];
  for (const source of sources) {
    const { cites } = source;
    const same =
      last !== undefined &&
      cites?.index === last.index &&
      cites.start === last.start &&
      cites.end === last.end;
    if (same) {
      group.push(encodeSource(source, filled));
      continue;
    }
    last = cites;
    group = [encodeSource(source, filled)];
    const cited = cites === undefined ? undefined : parts.get(cites.index);
    citations.push(encodeCitation(cites, cited, group, filled));
  }
  return citations;
}

function encodeCitation(
  cites: Cites | undefined,
  cited: Cited | undefined,
  sources: readonly JsonObject[],
  filled: boolean,
): JsonObject {
  const text = cited?.text ?? "";
  const { start, end } = cites ?? {};
  return {
    // Without a place it covers the whole text.
    start: start ?? (filled ? 0 : undefined),
    end: end ?? (filled ? text.length : undefined),
    text: text.slice(start, end),
    sources,
    type: cited?.kind ?? "TEXT_CONTENT",
    content_index: cited?.block,
  };
}

function encodeSource(source: SourcePart, filled: boolean): JsonObject {
  const { documentId, title, url, quote, origin } = source;
  const found = { title: title ?? (filled ? "" : undefined), url, text: quote ?? (filled ? "" : undefined) };
  return origin?.family === FAMILY && origin.data["type"] === "tool"
    ? { type: "tool", id: documentId, tool_output: found }
    : { type: "document", id: documentId, document: { id: documentId, ...found } };
}
