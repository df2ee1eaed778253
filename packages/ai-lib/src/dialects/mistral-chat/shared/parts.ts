import { asArray, asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type {
  AudioPart,
  ContentPart,
  FilePart,
  ImagePart,
  SourcePart,
} from "../../../core/values/message.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { dataUri, parseDataUri } from "../../shared/common/data-uri.js";
import { DIALECT, FAMILY } from "./family.js";
import { decodeAudio, encodeAudio } from "./media.js";

/** Who sent a chunk: the provider and the model of a reply; a request has neither. */
interface Sender {
  readonly provider?: string;
  readonly model?: string;
}

/** A chunk as parts; none for an unknown type. */
export function decodeChunk(chunk: JsonObject, from: Sender): ContentPart[] {
  switch (chunk["type"]) {
    case "text":
      return [{ type: "text", text: asString(chunk["text"]) ?? "" }];
    case "thinking":
      return decodeThinking(chunk, from);
    case "reference":
      return asArray(chunk["reference_ids"]).map((id) => ({ type: "source", documentId: String(id) }));
    case "tool_reference":
      return [decodeToolReference(chunk)];
    case "image_url": {
      const field = chunk["image_url"];
      const url = asString(field) ?? asString(asObject(field)?.["url"]) ?? "";
      const detail = asString(asObject(field)?.["detail"]);
      const image: ImagePart = { type: "image", ...(parseDataUri(url) ?? { url }) };
      return [detail === "low" || detail === "high" || detail === "auto" ? { ...image, detail } : image];
    }
    case "document_url": {
      const url = asString(chunk["document_url"]) ?? "";
      const name = asString(chunk["document_name"]);
      return [{ type: "file", ...(parseDataUri(url) ?? { url }), ...defined({ name }) }];
    }
    case "input_audio":
      return [decodeAudio(chunk["input_audio"])];
    case "file":
      return [
        {
          type: "file",
          uploaded: { provider: from.provider ?? DIALECT, id: asString(chunk["file_id"]) ?? "" },
        },
      ];
    default:
      return [];
  }
}

function decodeThinking(chunk: JsonObject, from: Sender): ContentPart[] {
  const { thinking } = chunk;
  let text = asString(thinking) ?? "";
  const sources: ContentPart[] = [];
  for (const piece of asArray(thinking)) {
    if (typeof piece === "string") text += piece;
    else if (!isObject(piece)) continue;
    else if (typeof piece["text"] === "string") text += piece["text"];
    else if (piece["type"] !== "thinking") sources.push(...decodeChunk(piece, from));
  }
  const signature = nonEmpty(chunk["signature"]);
  const { provider, model } = from;
  const part: ContentPart = { type: "reasoning", text };
  if (signature === undefined) return [part, ...sources];
  const origin = { family: FAMILY, ...defined({ provider, model }), data: { signature } };
  return [{ ...part, origin }, ...sources];
}

function decodeToolReference(chunk: JsonObject): SourcePart {
  return {
    type: "source",
    ...defined({
      url: asString(chunk["url"]),
      title: nonEmpty(chunk["title"]),
      quote: asString(chunk["description"]),
      documentId: asString(chunk["id"]),
    }),
  };
}

/** Thinking as a chunk. With `closed: false`, the default, the model would continue it. */
export function encodeThinking(text: string, signature: string | undefined): JsonObject {
  const thinking = text === "" ? [] : [{ type: "text", text }];
  return { type: "thinking", thinking, signature, closed: true };
}

/** Media as a chunk. Sound is sent without its transcript, an image and sound of a store as files. */
export function encodeMedia(part: ImagePart | AudioPart | FilePart): JsonObject {
  if (part.uploaded !== undefined) return { type: "file", file_id: part.uploaded.id };
  if (part.type === "audio") return { type: "input_audio", input_audio: encodeAudio(part) };
  const url = part.url ?? dataUri(part.mediaType ?? "", part.data ?? "");
  if (part.type === "file") return { type: "document_url", document_url: url, document_name: part.name };
  const detail = part.detail === "original" ? "high" : part.detail;
  return { type: "image_url", image_url: detail === undefined ? url : { url, detail } };
}

/** A source as a chunk: as the result of a search, or as the id of a document alone; undefined for any other. */
export function encodeSource({ url, title, quote, documentId }: SourcePart): JsonObject | undefined {
  if (url !== undefined || title !== undefined)
    return {
      type: "tool_reference",
      tool: "web_search",
      title: title ?? "",
      url,
      description: quote,
      id: documentId,
    };
  if (documentId === undefined) return undefined;
  const id = /^\d{1,9}$/.test(documentId) ? Number(documentId) : documentId;
  return { type: "reference", reference_ids: [id] };
}
