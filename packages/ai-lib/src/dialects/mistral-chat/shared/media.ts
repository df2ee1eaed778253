import { asString, entryOf, isObject, type Json } from "../../../core/values/json.js";
import type { AudioPart } from "../../../core/values/message.js";
import { parseDataUri } from "../../shared/common/data-uri.js";

/**
 * The value of `input_audio`. The object has the media type and was accepted (recording
 * `chat-audio-models-mistral-voxtral-small-latest-can-understan`); the schema has a bare string, a URL or
 * base64.
 */
export function encodeAudio(part: AudioPart): Json {
  return part.url ?? { data: part.data ?? "", format: audioFormat(part.mediaType ?? "audio/mpeg") };
}

/** Sound of an `input_audio`. A bare string is a URL or base64, whose first bytes show the format. */
export function decodeAudio(value: unknown): AudioPart {
  if (isObject(value)) {
    const format = asString(value["format"]) ?? "mp3";
    return { type: "audio", data: asString(value["data"]) ?? "", mediaType: audioType(format) };
  }
  const text = asString(value) ?? "";
  if (/^https?:/i.test(text.slice(0, 6))) return { type: "audio", url: text };
  return { type: "audio", ...(parseDataUri(text) ?? { data: text, mediaType: sniffAudio(text) }) };
}

/** Base64 of the magic numbers of common sound formats. */
const AUDIO_MAGIC: readonly (readonly [string, string])[] = [
  ["UklGR", "audio/wav"],
  ["T2dnU", "audio/ogg"],
  ["ZkxhQ", "audio/flac"],
];

function sniffAudio(base64: string): string {
  return AUDIO_MAGIC.find(([magic]) => base64.startsWith(magic))?.[1] ?? "audio/mpeg";
}

/** Media types whose format has another name. */
const AUDIO_FORMATS: Readonly<Record<string, string>> = {
  "audio/mpeg": "mp3",
  "audio/x-wav": "wav",
  "audio/wave": "wav",
  "audio/x-flac": "flac",
  "audio/mp4": "m4a",
  "audio/x-m4a": "m4a",
};

function audioFormat(mediaType: string): string {
  return entryOf(AUDIO_FORMATS, mediaType) ?? mediaType.replace(/^audio\//, "");
}

function audioType(format: string): string {
  if (format === "mp3") return "audio/mpeg";
  return format === "m4a" ? "audio/mp4" : `audio/${format}`;
}
