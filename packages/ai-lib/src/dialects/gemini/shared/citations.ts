import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { ContentPart, SourcePart } from "../../../core/values/message.js";
import { defined } from "../../shared/common/body-fields.js";

/** A text part of the answer and its position. */
export interface PlacedText {
  readonly index: number;
  text: string;
}

/** The kinds of a grounding chunk. The first that a chunk has counts. */
const KINDS = ["web", "retrievedContext", "maps", "image"] as const;

/** Fields of a chunk that have a place in a source; the others go into its extensions. */
const NAMED: ReadonlySet<string> = new Set(["uri", "title", "text", "documentName"]);

/**
 * The sources of an answer: one for each grounding chunk, with the first place that it supports (the extensions of
 * the reply hold all places), then the works that the answer recites.
 * https://ai.google.dev/api/generate-content#GroundingMetadata
 */
export function sourcesOf(
  grounding: JsonObject | undefined,
  citation: JsonObject | undefined,
  texts: readonly PlacedText[],
): SourcePart[] {
  const sources: SourcePart[] = [];
  const supports = asArray(grounding?.["groundingSupports"]).filter(isObject);
  asArray(grounding?.["groundingChunks"]).forEach((chunk, position) => {
    if (!isObject(chunk)) return;
    const support = supports.find((one) => asArray(one["groundingChunkIndices"]).includes(position));
    const cites = support === undefined ? undefined : placeOf(asObject(support["segment"]), texts);
    sources.push({ ...sourceOf(chunk), ...defined({ cites }) });
  });
  // The Gemini API calls them `citationSources`, Vertex `citations`.
  for (const one of [...asArray(citation?.["citationSources"]), ...asArray(citation?.["citations"])]) {
    if (!isObject(one)) continue;
    const cites = placeOf(one, texts);
    sources.push({
      type: "source",
      ...defined({ url: asString(one["uri"]), title: asString(one["title"]), cites }),
    });
  }
  return sources;
}

function sourceOf(chunk: JsonObject): SourcePart {
  const kind = KINDS.find((one) => isObject(chunk[one]));
  if (kind === undefined) return { type: "source", extensions: { gemini: chunk } };
  const facts = asObject(chunk[kind]) ?? {};
  const rest: MutableJson = {};
  for (const key of Object.keys(facts)) if (!NAMED.has(key) && key !== "__proto__") rest[key] = facts[key];
  const keep = Object.keys(rest).length > 0 || kind === "maps" || kind === "image";
  return {
    type: "source",
    ...defined({
      url: asString(facts["uri"]),
      documentId: asString(facts["documentName"]),
      title: asString(facts["title"]),
      quote: asString(facts["text"]),
      extensions: keep ? { gemini: { [kind]: rest } } : undefined,
    }),
  };
}

/**
 * The place of a segment. Its offsets count bytes of UTF-8 in one part. `partIndex` may be missing, and offsets may
 * run ahead of the text (recording `test-google-vertex-tool-combination-*`), so the text of the segment decides: at
 * the offsets if it is there, else at its first occurrence.
 */
function placeOf(segment: JsonObject | undefined, texts: readonly PlacedText[]): SourcePart["cites"] {
  const endByte = asNumber(segment?.["endIndex"]);
  if (segment === undefined || endByte === undefined) return undefined;
  const startByte = asNumber(segment["startIndex"]) ?? 0;
  const words = asString(segment["text"]);
  for (const { index, text } of texts) {
    const start = characterAt(text, startByte);
    const end = characterAt(text, endByte);
    if (start === undefined || end === undefined) continue;
    if (words === undefined || text.slice(start, end) === words) return { index, start, end };
  }
  if (words === undefined || words === "") return undefined;
  for (const { index, text } of texts) {
    const start = text.indexOf(words);
    if (start >= 0) return { index, start, end: start + words.length };
  }
  return undefined;
}

/** The position in UTF-16 units of a byte offset; undefined where the text is shorter. */
function characterAt(text: string, byte: number): number | undefined {
  let bytes = 0;
  let position = 0;
  while (bytes < byte) {
    const code = text.codePointAt(position);
    if (code === undefined) return undefined;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    position += code < 0x10000 ? 1 : 2;
  }
  return position;
}

/** The byte offset of a position: the inverse of {@link characterAt}. */
function byteAt(text: string, position: number): number {
  return new TextEncoder().encode(text.slice(0, position)).length;
}

/** The sources of an answer as grounding: the inverse of {@link sourcesOf}. Undefined where there are none. */
export function groundingOf(content: readonly ContentPart[]): JsonObject | undefined {
  const chunks: JsonObject[] = [];
  const supports: JsonObject[] = [];
  for (const part of content) {
    if (part.type !== "source") continue;
    const position = chunks.length;
    chunks.push(chunkOf(part));
    const segment = segmentOf(part.cites, content);
    if (segment !== undefined) supports.push({ segment, groundingChunkIndices: [position] });
  }
  if (chunks.length === 0) return undefined;
  return { groundingChunks: chunks, ...(supports.length === 0 ? {} : { groundingSupports: supports }) };
}

function chunkOf(part: SourcePart): JsonObject {
  const kept = part.extensions?.["gemini"];
  const kind =
    KINDS.find((one) => isObject(kept?.[one])) ??
    (part.documentId === undefined && part.quote === undefined ? "web" : "retrievedContext");
  const facts: JsonObject = {
    uri: part.url,
    title: part.title,
    text: part.quote,
    documentName: part.documentId,
    ...asObject(kept?.[kind]),
  };
  return { [kind]: facts };
}

function segmentOf(cites: SourcePart["cites"], content: readonly ContentPart[]): JsonObject | undefined {
  if (cites === undefined) return undefined;
  const part = content[cites.index];
  if (part?.type !== "text") return undefined;
  const start = cites.start ?? 0;
  const end = cites.end ?? part.text.length;
  return {
    partIndex: cites.index,
    startIndex: byteAt(part.text, start),
    endIndex: byteAt(part.text, end),
    text: part.text.slice(start, end),
  };
}
