import {
  asNumber,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { Origin, SourcePart } from "../../../core/values/message.js";
import { defined } from "../../shared/common/body-fields.js";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * An annotation as a source: `url_citation`, `file_citation`, `container_file_citation`, `file_path`
 * (https://platform.openai.com/docs/api-reference/responses/object). Fields that the contract has no name for
 * (the id of a container, the place of a file in the list) become state.
 * @param text the index of the part that it supports; undefined if that part is empty.
 */
export function decodeAnnotation(
  value: unknown,
  text: number | undefined,
  origin: (data: JsonObject) => Origin,
): SourcePart | undefined {
  if (!isObject(value)) return undefined;
  const url = asString(value["url"]);
  const documentId = asString(value["file_id"]);
  if (url === undefined && documentId === undefined) return undefined;
  const title = asString(value["title"]) ?? asString(value["filename"]);
  const source: Writable<SourcePart> = { type: "source" };
  if (url !== undefined) source.url = url;
  if (documentId !== undefined) source.documentId = documentId;
  if (title !== undefined) source.title = title;
  if (text !== undefined) {
    source.cites = {
      index: text,
      ...defined({ start: asNumber(value["start_index"]), end: asNumber(value["end_index"]) }),
    };
  }
  const kind = asString(value["type"]) ?? "";
  const containerId = asString(value["container_id"]);
  const place = asNumber(value["index"]);
  if (kind !== "url_citation" || containerId !== undefined || place !== undefined) {
    const data: MutableJson = { type: kind };
    if (containerId !== undefined) data["container_id"] = containerId;
    if (place !== undefined) data["index"] = place;
    source.origin = origin(data);
  }
  return source;
}

/** A source as an annotation; undefined for one that names neither a URL nor a document. */
export function encodeAnnotation(source: SourcePart): JsonObject | undefined {
  const { url, documentId, title, cites, origin } = source;
  const place = { start_index: cites?.start, end_index: cites?.end };
  const known = asString(origin?.data["type"]);
  if (documentId !== undefined) {
    const containerId = asString(origin?.data["container_id"]);
    const index = asNumber(origin?.data["index"]);
    const file = { file_id: documentId, filename: title };
    if (containerId !== undefined)
      return { type: "container_file_citation", container_id: containerId, ...file, ...place };
    if (known === "file_path") return { type: known, file_id: documentId, index };
    return { type: "file_citation", ...file, index, ...place };
  }
  return url === undefined ? undefined : { type: "url_citation", url, title, ...place };
}

/** Whether an annotation has every field that OpenAI demands in a request. */
export function isWhole(annotation: JsonObject): boolean {
  switch (annotation["type"]) {
    case "url_citation":
      return ["title", "start_index", "end_index"].every((field) => annotation[field] !== undefined);
    case "container_file_citation":
      return ["filename", "start_index", "end_index"].every((field) => annotation[field] !== undefined);
    case "file_citation":
      return annotation["filename"] !== undefined && annotation["index"] !== undefined;
    default:
      return annotation["index"] !== undefined;
  }
}
