import { bytesOfBase64 } from "../../../core/values/base64.js";
import { SNIFFED_BYTES, sniffMediaType } from "../../../core/values/media-type.js";
import type { ContentPart, MediaPart, Message, ToolResultContent } from "../../../core/values/message.js";
import { parseDataUri } from "./data-uri.js";

/**
 * Wrong or old names of media types by the registered name. Vendors compare names as text: Anthropic takes
 * `image/jpeg` and refuses `image/jpg` (https://docs.claude.com/en/docs/build-with-claude/vision).
 * https://www.iana.org/assignments/media-types/media-types.xhtml
 */
const REGISTERED: ReadonlyMap<string, string> = new Map([
  ["image/jpg", "image/jpeg"],
  ["image/pjpeg", "image/jpeg"],
  ["image/jfif", "image/jpeg"],
  ["image/x-png", "image/png"],
  ["image/x-webp", "image/webp"],
  ["image/x-gif", "image/gif"],
  ["application/x-pdf", "application/pdf"],
  ["text/x-markdown", "text/markdown"],
  ["audio/x-wav", "audio/wav"],
  ["audio/wave", "audio/wav"],
  ["audio/vnd.wave", "audio/wav"],
  ["audio/x-flac", "audio/flac"],
  ["audio/x-aiff", "audio/aiff"],
  ["audio/x-m4a", "audio/mp4"],
]);

/** The encoding of text that vendors assume. */
const ASSUMED_CHARSET = /^charset="?(utf-?8|us-ascii)"?$/i;

/**
 * A media type by its registered name: that of an image in lower case and without parameters, as vendors compare it, and
 * that of text without the encoding that they assume. Any other type as it is.
 */
export function registeredMediaType(mediaType: string): string {
  const end = mediaType.indexOf(";");
  const type = (end < 0 ? mediaType : mediaType.slice(0, end)).trim().toLowerCase();
  const known = REGISTERED.get(type) ?? (type.startsWith("image/") ? type : undefined);
  if (known !== undefined) return known;
  return end >= 0 && ASSUMED_CHARSET.test(mediaType.slice(end + 1).trim()) ? type : mediaType;
}

/** Types that say nothing about the bytes. */
const VAGUE: ReadonlySet<string> = new Set([
  "",
  "*/*",
  "image/*",
  "application/octet-stream",
  "binary/octet-stream",
]);

/** Base64 of the bytes that identify a type. */
const HEAD = Math.ceil(SNIFFED_BYTES / 3) * 4;

/**
 * The type of a medium by its first bytes, if the given type is vague or an image part has a type that is not an
 * image's. The given type if the bytes identify none.
 */
function identified(type: string, given: string, data: string): string {
  const wrong = type === "image" && !given.startsWith("image/");
  if (!wrong && !VAGUE.has(given)) return given;
  return sniffMediaType(bytesOfBase64(data.slice(0, HEAD))) ?? given;
}

/**
 * Images that most vendors accept: OpenAI (https://platform.openai.com/docs/guides/images-vision), Anthropic
 * (https://platform.claude.com/docs/en/build-with-claude/vision), Mistral (https://docs.mistral.ai/capabilities/vision),
 * Cohere (https://docs.cohere.com/docs/image-inputs).
 */
export const COMMON_IMAGES: readonly string[] = ["image/png", "image/jpeg", "image/webp", "image/gif"];

/** https://ai.google.dev/gemini-api/docs/image-understanding#supported-formats */
export const GEMINI_IMAGES: readonly string[] = [
  "image/png",
  "image/jpeg",
  "image/webp",
  "image/heic",
  "image/heif",
];

/** Addresses within the storage of one cloud. */
const CLOUD = /^(s3|gs|az|abfss):\/\//i;

/** The first medium within the storage of a cloud that a target does not read. */
export function findCloudMedium(messages: readonly Message[], read: string | undefined): string | undefined {
  const within = (parts: readonly (ContentPart | ToolResultContent)[], at: string): string | undefined => {
    for (const [j, part] of parts.entries()) {
      const where = `${at}.${j}`;
      if (part.type === "tool-result") {
        const found = typeof part.content === "string" ? undefined : within(part.content, `${where}.content`);
        if (found !== undefined) return found;
      } else if (part.type === "image" || part.type === "audio" || part.type === "file") {
        const scheme = CLOUD.exec(part.url ?? "")?.[1]?.toLowerCase();
        if (scheme !== undefined && scheme !== read) return where;
      }
    }
    return undefined;
  };
  for (const [i, { role, content }] of messages.entries()) {
    if (role === "assistant" || typeof content === "string") continue;
    const found = within(content, `messages.${i}.content`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A medium of a type that is not accepted, by its path. */
export interface ForeignMedium {
  readonly at: string;
  readonly mediaType: string;
}

/** The first file, at a URL or as bytes, whose media type begins as one of those that a target refuses. */
export function findFileOf(
  messages: readonly Message[],
  refused: readonly string[],
): ForeignMedium | undefined {
  for (const [i, { role, content }] of messages.entries()) {
    if (role === "assistant" || typeof content === "string") continue;
    const found = fileIn(content, refused, `messages.${i}.content`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function fileIn(
  parts: readonly ContentPart[],
  refused: readonly string[],
  at: string,
): ForeignMedium | undefined {
  for (const [j, part] of parts.entries()) {
    if (part.type === "tool-result" && typeof part.content !== "string") {
      const found = fileIn(part.content, refused, `${at}.${j}.content`);
      if (found !== undefined) return found;
    }
    if (part.type !== "file" || part.uploaded !== undefined) continue;
    const mediaType = part.mediaType?.toLowerCase() ?? "";
    if (refused.some((start) => mediaType.startsWith(start))) return { at: `${at}.${j}`, mediaType };
  }
  return undefined;
}

/** The first image, sent as bytes, whose type is not among those that a target accepts. */
export function findForeignImage(
  messages: readonly Message[],
  accepted: readonly string[],
): ForeignMedium | undefined {
  for (const [i, { role, content }] of messages.entries()) {
    if (role === "assistant" || typeof content === "string") continue;
    const found = foreignIn(content, accepted, `messages.${i}.content`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function foreignIn(
  parts: readonly (ContentPart | ToolResultContent)[],
  accepted: readonly string[],
  at: string,
): ForeignMedium | undefined {
  for (const [j, part] of parts.entries()) {
    const where = `${at}.${j}`;
    if (part.type === "tool-result") {
      const inner = typeof part.content === "string" ? [] : part.content;
      const found = foreignIn(inner, accepted, `${where}.content`);
      if (found !== undefined) return found;
    } else if (part.type === "image" || part.type === "file") {
      const mediaType =
        part.data === undefined ? undefined : part.mediaType?.split(";", 1)[0]?.trim().toLowerCase();
      const isImage = part.type === "image" || mediaType?.startsWith("image/") === true;
      if (mediaType !== undefined && isImage && !accepted.includes(mediaType))
        return { at: where, mediaType };
    }
  }
  return undefined;
}

/**
 * Messages whose media are in one form: a `data:` URI in `url` becomes `data` and `mediaType`, and a media type has its
 * registered name. Positions stay. Returns the same array if nothing changes.
 */
export function normalizeMedia(messages: readonly Message[]): readonly Message[] {
  return mapChanged(messages, (message) => {
    if (typeof message.content === "string") return message;
    const content = mapChanged<ContentPart>(message.content, normalizePart);
    return content === message.content ? message : ({ ...message, content } as Message);
  });
}

function normalizePart<P extends ContentPart | ToolResultContent>(part: P): P {
  if (part.type === "image" || part.type === "audio" || part.type === "file") return normalizeMedium(part);
  if (part.type !== "tool-result" || typeof part.content === "string") return part;
  const content = mapChanged<ToolResultContent>(part.content, normalizePart);
  return content === part.content ? part : { ...part, content };
}

function normalizeMedium<P extends MediaPart & { readonly type: string }>(part: P): P {
  const source = part.data === undefined ? part.url : dataUriIn(part.data);
  const inline = source === undefined ? undefined : parseDataUri(source);
  const given = part.mediaType ?? inline?.mediaType;
  const registered = given === undefined ? undefined : registeredMediaType(given);
  const data = inline?.data ?? (part.data === undefined ? undefined : plainBase64(part.data));
  const mediaType =
    registered === undefined || data === undefined ? registered : identified(part.type, registered, data);
  if (inline === undefined)
    return mediaType === part.mediaType && data === part.data ? part : ({ ...part, data, mediaType } as P);
  const { url: _url, ...rest } = part;
  return { ...rest, data, mediaType } as P;
}

/** Bytes that are written as a `data:` URI, as browsers give them; undefined for base64. */
function dataUriIn(data: string): string | undefined {
  return data.startsWith("data:") ? data : undefined;
}

/** Base64 of the standard alphabet, padded and without white space: vendors refuse that of URLs and of MIME. */
function plainBase64(data: string): string {
  const spaced = data.includes("\n") || data.includes(" ") || data.includes("\r");
  const ofUrls = data.includes("-") || data.includes("_");
  const unpadded = data.length % 4 !== 0;
  if ((!spaced && !ofUrls && !unpadded) || !/^[A-Za-z0-9+/_=\s-]+$/.test(data)) return data;
  const dense = data.replace(/\s+/g, "");
  const standard = ofUrls ? dense.replaceAll("-", "+").replaceAll("_", "/") : dense;
  return standard + PADDING[standard.length % 4];
}

/** The padding that base64 lacks, by the length of its last group. A last group never has one character. */
const PADDING = ["", "", "==", "="] as const;

/** Like `map`, but returns the array itself if no item changes. */
function mapChanged<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  items.forEach((item, i) => {
    const next = change(item);
    if (next !== item) changed ??= items.slice(0, i);
    changed?.push(next);
  });
  return changed ?? items;
}
