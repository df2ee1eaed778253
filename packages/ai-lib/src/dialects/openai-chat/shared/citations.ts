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

/** The most sources of one answer. */
const MAX_SOURCES = 10_000;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Collects the sources of an answer. A stream repeats the lists of the top level, or sends them late: the last of each
 * counts. Annotations add up.
 */
export class SourceList {
  private annotations: SourcePart[] | undefined;
  private results: readonly unknown[] | undefined;
  private citations: readonly unknown[] | undefined;

  /** Adds the lists beside `choices`: Perplexity's `citations` and `search_results`, xAI's `citations`. */
  addTop(body: JsonObject): void {
    const citations = body["citations"];
    if (Array.isArray(citations)) this.citations = citations;
    const results = body["search_results"];
    if (Array.isArray(results)) this.results = results;
  }

  /**
   * Adds `annotations` of a message or delta: OpenAI's web search, OpenRouter's `web` plugin.
   * @param textIndex the part of the answer that character positions refer to.
   */
  addAnnotations(value: unknown, textIndex: number): void {
    for (const entry of asArray(value)) {
      const source = decodeAnnotation(entry, textIndex);
      if (source === undefined) continue;
      this.annotations ??= [];
      if (this.annotations.length < MAX_SOURCES) this.annotations.push(source);
    }
  }

  /** All sources: the annotations, then further ones of the top level. */
  parts(): readonly SourcePart[] {
    if (this.annotations === undefined && this.results === undefined && this.citations === undefined)
      return [];
    const parts: SourcePart[] = [...(this.annotations ?? [])];
    const known = new Set(parts.map((part) => part.url));
    for (const list of [this.results, this.citations]) {
      for (const entry of list ?? []) {
        const source =
          typeof entry === "string" ? { type: "source" as const, url: entry } : decodeResult(entry);
        if (source?.url === undefined || known.has(source.url) || parts.length >= MAX_SOURCES) continue;
        known.add(source.url);
        parts.push(source);
      }
    }
    return parts;
  }
}

function decodeAnnotation(entry: unknown, textIndex: number): SourcePart | undefined {
  if (!isObject(entry)) return undefined;
  const citation = asObject(entry["url_citation"]);
  if (citation === undefined) return undefined;
  const source: Writable<SourcePart> = { type: "source" };
  const url = asString(citation["url"]);
  const title = asString(citation["title"]);
  const quote = asString(citation["content"]);
  if (url !== undefined && url !== "") source.url = url;
  if (title !== undefined && title !== "") source.title = title;
  if (quote !== undefined && quote !== "") source.quote = quote;
  const start = asNumber(citation["start_index"]);
  const end = asNumber(citation["end_index"]);
  // OpenRouter's `web` plugin writes 0 and 0 for an unknown place.
  if (start !== undefined && end !== undefined && end > start)
    source.cites = { index: textIndex, start, end };
  return source;
}

function decodeResult(entry: unknown): SourcePart | undefined {
  if (!isObject(entry)) return undefined;
  const url = asString(entry["url"]) ?? asString(entry["link"]);
  if (url === undefined) return undefined;
  const title = asString(entry["title"]);
  const quote = nonEmpty(asString(entry["snippet"]) ?? entry["content"]);
  return { type: "source", url, ...defined({ title, quote }) };
}

/** A source as an annotation of the message. */
export function encodeAnnotation(source: SourcePart): JsonObject {
  return {
    type: "url_citation",
    url_citation: {
      url: source.url ?? "",
      title: source.title ?? "",
      start_index: source.cites?.start ?? 0,
      end_index: source.cites?.end ?? 0,
      content: source.quote,
    },
  };
}
