import { asString, entryOf, type JsonObject } from "../../../core/values/json.js";
import type { AudioPart, FilePart, ImagePart } from "../../../core/values/message.js";
import { objectField, stringField } from "./family.js";

/** A part with bytes. */
export type MediaLike = ImagePart | AudioPart | FilePart;

/**
 * An image, sound or file on the wire: bytes as `inlineData`, anything else by its URI as `fileData`
 * (https://ai.google.dev/gemini-api/docs/file-input-methods).
 */
export function encodeMedia(part: MediaLike): JsonObject {
  if (part.data !== undefined) return { inlineData: { mimeType: part.mediaType, data: part.data } };
  const fileUri = part.uploaded === undefined ? part.url : (part.uploaded.uri ?? part.uploaded.id);
  return { fileData: { mimeType: part.mediaType, fileUri } };
}

/** The part for an `inlineData` or `fileData`; undefined for any other object. */
export function decodeMedia(wire: JsonObject): MediaLike | undefined {
  const inline = objectField(wire, "inlineData");
  if (inline !== undefined) {
    const mediaType = stringField(inline, "mimeType") ?? "application/octet-stream";
    return { type: kindOf(mediaType), mediaType, data: asString(inline["data"]) ?? "" };
  }
  const file = objectField(wire, "fileData");
  const url = stringField(file, "fileUri");
  if (url === undefined) return undefined;
  const mediaType = stringField(file, "mimeType");
  return {
    type: mediaType === undefined ? kindOfUrl(url) : kindOf(mediaType),
    ...(mediaType === undefined ? {} : { mediaType }),
    url,
  };
}

/** Endings of images and sounds, for URLs without a media type. */
const ENDINGS: Readonly<Record<string, "image" | "audio">> = {
  png: "image",
  jpg: "image",
  jpeg: "image",
  gif: "image",
  webp: "image",
  heic: "image",
  heif: "image",
  wav: "audio",
  mp3: "audio",
  aiff: "audio",
  aac: "audio",
  ogg: "audio",
  flac: "audio",
};

function kindOfUrl(url: string): "image" | "audio" | "file" {
  const ending = /\.([a-z0-9]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? "";
  return entryOf(ENDINGS, ending) ?? "file";
}

/** The type of the part for a media type. */
function kindOf(mediaType: string | undefined): "image" | "audio" | "file" {
  if (mediaType?.startsWith("image/") === true) return "image";
  return mediaType?.startsWith("audio/") === true ? "audio" : "file";
}
