import { asArray, asObject, asString, entryOf, isObject } from "../../../core/values/json.js";
import type { ImagePart } from "../../../core/values/message.js";
import { parseDataUri } from "../../shared/common/data-uri.js";

/** The image of an `image_url` entry; undefined if it has none. */
export function decodeImage(entry: unknown): ImagePart | undefined {
  if (!isObject(entry)) return undefined;
  const field = entry["image_url"];
  const url = asString(asObject(field)?.["url"]) ?? asString(field) ?? asString(entry["url"]);
  if (url === undefined || url === "") return undefined;
  const bytes = parseDataUri(url);
  return bytes === undefined ? { type: "image", url } : { type: "image", ...bytes };
}

/** The images of an answer: OpenRouter's `images` (https://openrouter.ai/docs/features/multimodal/image-generation). */
export function decodeImages(value: unknown): ImagePart[] {
  const images: ImagePart[] = [];
  for (const entry of asArray(value)) {
    const image = decodeImage(entry);
    if (image !== undefined) images.push(image);
  }
  return images;
}

/** The names of media types in `input_audio.format` and `audio.format`. */
const AUDIO_FORMATS: Readonly<Record<string, string>> = {
  "audio/mpeg": "mp3",
  "audio/mp3": "mp3",
  "audio/wav": "wav",
  "audio/x-wav": "wav",
  "audio/wave": "wav",
  "audio/mp4": "m4a",
  "audio/x-m4a": "m4a",
  "audio/pcm": "pcm16",
};

const AUDIO_TYPES: Readonly<Record<string, string>> = {
  mp3: "audio/mpeg",
  wav: "audio/wav",
  m4a: "audio/mp4",
  pcm16: "audio/pcm",
};

/** The dialect's name for a media type of sound. */
export function audioFormatOf(mediaType: string): string {
  const plain = mediaType.split(";")[0]?.trim().toLowerCase() ?? "";
  return entryOf(AUDIO_FORMATS, plain) ?? plain.replace(/^audio\/(x-)?/, "");
}

/** The media type for a name of the dialect. */
export function audioTypeOf(format: string): string {
  return entryOf(AUDIO_TYPES, format) ?? `audio/${format}`;
}

/** How base64 of each container begins. */
const AUDIO_HEADS: readonly (readonly [string, string])[] = [
  ["UklGR", "audio/wav"],
  ["SUQz", "audio/mpeg"],
  ["//", "audio/mpeg"],
  ["T2dnU", "audio/ogg"],
  ["ZkxhQ", "audio/flac"],
];

/** The media type of an answer's sound, which replies do not name. Raw samples have no header. */
export function audioTypeOfBytes(base64: string): string {
  return AUDIO_HEADS.find(([head]) => base64.startsWith(head))?.[1] ?? "audio/pcm";
}
