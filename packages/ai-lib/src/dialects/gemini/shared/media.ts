import { asNumber, asString, entryOf, type JsonObject } from "../../../core/values/json.js";
import type { AudioPart, FilePart, ImagePart, VideoClip } from "../../../core/values/message.js";
import { defined } from "../../shared/common/body-fields.js";
import { field, objectField, stringField } from "./family.js";

/** A part with bytes. */
export type MediaLike = ImagePart | AudioPart | FilePart;

/**
 * An image, sound or file on the wire: bytes as `inlineData`, anything else by its URI as `fileData`
 * (https://ai.google.dev/gemini-api/docs/file-input-methods).
 */
export function encodeMedia(part: MediaLike): JsonObject {
  const videoMetadata = part.type === "file" && hasClip(part) ? encodeClip(part.clip) : undefined;
  if (part.data !== undefined)
    return { inlineData: { mimeType: part.mediaType, data: part.data }, videoMetadata };
  const fileUri = part.uploaded === undefined ? part.url : (part.uploaded.uri ?? part.uploaded.id);
  return { fileData: { mimeType: part.mediaType, fileUri }, videoMetadata };
}

/** Whether a file may be a video, so that its clip is sent. */
export function hasClip({ clip, mediaType }: FilePart): boolean {
  return clip !== undefined && (mediaType === undefined || mediaType.startsWith("video/"));
}

/** https://ai.google.dev/api/caching#VideoMetadata */
function encodeClip({ fps, start, end }: VideoClip = {}): JsonObject {
  return { fps, startOffset: secondsOf(start), endOffset: secondsOf(end) };
}

function secondsOf(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : `${seconds}s`;
}

/** The clip of a part; undefined if it has none. */
function decodeClip(wire: JsonObject): VideoClip | undefined {
  const metadata = objectField(wire, "videoMetadata");
  if (metadata === undefined) return undefined;
  return defined({
    fps: asNumber(field(metadata, "fps")),
    start: readSeconds(stringField(metadata, "startOffset")),
    end: readSeconds(stringField(metadata, "endOffset")),
  });
}

function readSeconds(text: string | undefined): number | undefined {
  const seconds = text?.endsWith("s") === true ? Number(text.slice(0, -1)) : Number.NaN;
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** The part for an `inlineData` or `fileData`; undefined for any other object. */
export function decodeMedia(wire: JsonObject): MediaLike | undefined {
  const part = decodeBytes(wire);
  const clip = part?.type === "file" ? decodeClip(wire) : undefined;
  return part?.type === "file" && clip !== undefined ? { ...part, clip } : part;
}

function decodeBytes(wire: JsonObject): MediaLike | undefined {
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
