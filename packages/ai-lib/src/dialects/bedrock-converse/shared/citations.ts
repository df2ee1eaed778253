import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { Origin, SourcePart } from "../../../core/values/message.js";
import { defined } from "../../shared/common/body-fields.js";
import type { MakeOrigin } from "../../shared/common/opaque-state.js";

/**
 * A citation as a source part. A citation must be sent back whole, so fields for which the part has no place are stored
 * as origin; a part that has all of them needs none.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Citation.html
 * @param index the position of the text that the citation supports; undefined if there is none.
 */
export function sourceOf(
  citation: unknown,
  index: number | undefined,
  origin: MakeOrigin,
): SourcePart | undefined {
  if (!isObject(citation)) return undefined;
  const location = asObject(citation["location"]) ?? {};
  const quote = asArray(citation["sourceContent"])
    .map((piece) => asString(asObject(piece)?.["text"]) ?? "")
    .join("");
  const position = positionOf(location);
  const part: SourcePart = {
    type: "source",
    ...defined({
      url: asString(asObject(location["web"])?.["url"]) ?? asString(citation["source"]),
      documentId: position === undefined ? undefined : String(position),
      title: asString(citation["title"]),
      quote: quote === "" ? undefined : quote,
      cites: index === undefined ? undefined : { index },
    }),
  };
  return sameJson(citationOf(part), citation) ? part : { ...part, origin: origin(citation) };
}

function positionOf(location: JsonObject): number | undefined {
  for (const key of ["documentChar", "documentPage", "documentChunk"]) {
    const position = asNumber(asObject(location[key])?.["documentIndex"]);
    if (position !== undefined) return position;
  }
  return undefined;
}

/** The citation that a source part came from, else one made from what the part holds. */
export function citationOf(part: SourcePart, origin?: Origin): JsonObject {
  if (origin !== undefined) return origin.data;
  const citation: MutableJson = {};
  if (part.title !== undefined) citation["title"] = part.title;
  if (part.quote !== undefined) citation["sourceContent"] = [{ text: part.quote }];
  const position = Number(part.documentId ?? Number.NaN);
  if (part.url !== undefined) citation["location"] = { web: { url: part.url } };
  else if (Number.isInteger(position))
    citation["location"] = {
      documentChar: { documentIndex: position, start: 0, end: part.quote?.length ?? 0 },
    };
  return citation;
}

function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((each, i) => sameJson(each, b[i]));
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => sameJson(a[key], b[key]));
}
