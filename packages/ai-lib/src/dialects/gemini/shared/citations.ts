import type { JoinedText } from "../../../core/values/joined-text.js";
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
import { ByteOffsets } from "../../shared/common/byte-offsets.js";

/** A text part of the answer and its position. */
export interface PlacedText {
  readonly index: number;
  readonly joined: JoinedText;
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
  const supports = supportsOf(grounding);
  const places = new Places(texts);
  asArray(grounding?.["groundingChunks"]).forEach((chunk, position) => {
    if (!isObject(chunk)) return;
    const cites = places.find(asObject(supports.get(position)?.["segment"]));
    sources.push({ ...sourceOf(chunk), ...defined({ cites }) });
  });
  // The Gemini API calls them `citationSources`, Vertex `citations`.
  for (const one of [...asArray(citation?.["citationSources"]), ...asArray(citation?.["citations"])]) {
    if (!isObject(one)) continue;
    const cites = places.find(one);
    sources.push({
      type: "source",
      ...defined({ url: asString(one["uri"]), title: asString(one["title"]), cites }),
    });
  }
  return sources;
}

/** The first support of each chunk, by the chunk's position. */
function supportsOf(grounding: JsonObject | undefined): ReadonlyMap<unknown, JsonObject> {
  const first = new Map<unknown, JsonObject>();
  for (const support of asArray(grounding?.["groundingSupports"])) {
    if (!isObject(support)) continue;
    for (const position of asArray(support["groundingChunkIndices"]))
      if (!first.has(position)) first.set(position, support);
  }
  return first;
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
 * The work for finding the segments of any answer: each text that is looked at and each character searched counts 1.
 */
const LEAST_WORK = 1_000_000;
/** Further work for each character of the answer. */
const WORK_PER_CHARACTER = 16;

/**
 * Finds the places of segments. Their offsets count bytes of UTF-8 in one part. `partIndex` may be missing, and offsets
 * may be ahead of the text (recording `test-google-vertex-tool-combination-*`), so the text of the segment decides: at
 * the offsets if it is there, else at its first occurrence. The work for all segments is bounded; segments beyond the
 * bound have no place.
 */
class Places {
  private readonly texts: readonly { readonly index: number; readonly text: string }[];
  private readonly offsets = new Map<number, ByteOffsets>();
  private work: number;

  constructor(texts: readonly PlacedText[]) {
    this.texts = texts.map(({ index, joined }) => ({ index, text: joined.text }));
    this.work = LEAST_WORK;
    for (const { text } of this.texts) this.work += text.length * WORK_PER_CHARACTER;
  }

  find(segment: JsonObject | undefined): SourcePart["cites"] {
    const endByte = asNumber(segment?.["endIndex"]);
    if (segment === undefined || endByte === undefined) return undefined;
    const startByte = asNumber(segment["startIndex"]) ?? 0;
    const words = asString(segment["text"]);
    for (const { index, text } of this.texts) {
      if (this.work <= 0) return undefined;
      this.work--;
      // A character has three bytes per unit at most.
      if (endByte > text.length * 3) continue;
      const offsets = this.offsetsOf(index, text);
      const start = offsets.positionOf(startByte);
      const end = offsets.positionOf(endByte);
      if (start === undefined || end === undefined) continue;
      if (words === undefined || (end - start === words.length && text.startsWith(words, start)))
        return { index, start, end };
    }
    return words === undefined || words === "" ? undefined : this.search(words);
  }

  private search(words: string): SourcePart["cites"] {
    for (const { index, text } of this.texts) {
      if (this.work <= 0) return undefined;
      this.work -= text.length + 1;
      const start = text.indexOf(words);
      if (start >= 0) return { index, start, end: start + words.length };
    }
    return undefined;
  }

  private offsetsOf(index: number, text: string): ByteOffsets {
    let offsets = this.offsets.get(index);
    if (offsets === undefined) {
      offsets = new ByteOffsets(text);
      this.offsets.set(index, offsets);
    }
    return offsets;
  }
}

/** The sources of an answer as grounding: the inverse of {@link sourcesOf}. Undefined if there are none. */
export function groundingOf(content: readonly ContentPart[]): JsonObject | undefined {
  const chunks: JsonObject[] = [];
  const supports: JsonObject[] = [];
  const offsets = new Map<number, ByteOffsets>();
  for (const part of content) {
    if (part.type !== "source") continue;
    const position = chunks.length;
    chunks.push(chunkOf(part));
    const segment = segmentOf(part.cites, content, offsets);
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

function segmentOf(
  cites: SourcePart["cites"],
  content: readonly ContentPart[],
  known: Map<number, ByteOffsets>,
): JsonObject | undefined {
  if (cites === undefined) return undefined;
  const part = content[cites.index];
  if (part?.type !== "text") return undefined;
  const offsets = known.get(cites.index) ?? new ByteOffsets(part.text);
  known.set(cites.index, offsets);
  const start = cites.start ?? 0;
  const end = cites.end ?? part.text.length;
  return {
    partIndex: cites.index,
    startIndex: offsets.offsetOf(start),
    endIndex: offsets.offsetOf(end),
    text: part.text.slice(start, end),
  };
}
