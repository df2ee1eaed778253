import type { EncodeWarnings } from "../../../core/contract/dialect.js";
import { asString, type JsonObject } from "../../../core/values/json.js";
import type { AudioPart, FilePart, ImagePart } from "../../../core/values/message.js";
import { objectField, stringField } from "./family.js";

/** A part whose bytes stand somewhere. */
export type MediaLike = ImagePart | AudioPart | FilePart;

/**
 * A picture, sound or file on the wire: bytes as `inlineData`, anything else by its URI as `fileData`
 * (https://ai.google.dev/gemini-api/docs/file-input-methods).
 */
export function encodeMedia(part: MediaLike): JsonObject {
  if (part.data !== undefined) return { inlineData: { mimeType: part.mediaType, data: part.data } };
  const fileUri = part.uploaded === undefined ? part.url : (part.uploaded.uri ?? part.uploaded.id);
  return { fileData: { mimeType: part.mediaType, fileUri } };
}

/** Notes what a medium tells that has no place beside it. */
export function noteMediaLosses(part: MediaLike, at: string, losses: EncodeWarnings): void {
  if (part.type === "image" && part.detail !== undefined && part.detail !== "auto")
    losses.unsupported(`${at}.detail`, "set generationConfig.mediaResolution through extensions");
  if (part.type === "file" && part.name !== undefined)
    losses.unsupported(`${at}.name`, "files have no names");
  if (part.type === "audio" && part.transcript !== undefined)
    losses.unsupported(`${at}.transcript`, "a transcript has no place beside its sound");
}

/** The part that `inlineData` or `fileData` stands for; undefined where it is neither. */
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

/** Endings of pictures and sounds, for URLs that come without a media type. */
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
  return ENDINGS[ending] ?? "file";
}

/** Which part a media type belongs to. */
function kindOf(mediaType: string | undefined): "image" | "audio" | "file" {
  if (mediaType?.startsWith("image/") === true) return "image";
  return mediaType?.startsWith("audio/") === true ? "audio" : "file";
}
