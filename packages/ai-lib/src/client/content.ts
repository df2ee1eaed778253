import type { AudioPart, FilePart, ImagePart, MediaPart } from "../core/values/message.js";
import { type MediaHints, type MediaSource, openMedia, readMedia } from "./media-source.js";

/** Bytes of one medium within a message; more belongs into a provider's store. Vendors take 20 to 50 MB a request. */
const MAX_INLINE_BYTES = 50 * 1024 * 1024;

/** A URL that the provider fetches itself, or bytes from somewhere. */
export type ContentSource = URL | MediaSource;

/**
 * A picture for a message. A `URL`, or a text that begins with `http://`, `https://` or `data:`, goes as it is; any
 * other text is a path on this machine.
 * @throws {AiLibError} `FILE_ERROR` for what cannot be read, recognised or is larger than 50 MB.
 */
export async function image(
  source: ContentSource,
  options: MediaHints & Pick<ImagePart, "detail"> = {},
): Promise<ImagePart> {
  const { detail, ...hints } = options;
  return { type: "image", ...(await placed(source, hints)), ...(detail === undefined ? {} : { detail }) };
}

/** Sound for a message; as {@link image}. */
export async function audio(source: ContentSource, options: MediaHints = {}): Promise<AudioPart> {
  return { type: "audio", ...(await placed(source, options)) };
}

/** A document, a video or any other file for a message; as {@link image}. */
export async function file(source: ContentSource, options: MediaHints = {}): Promise<FilePart> {
  const { name, ...part } = await placed(source, options);
  return { type: "file", ...part, ...(name === undefined ? {} : { name }) };
}

async function placed(
  source: ContentSource,
  hints: MediaHints,
): Promise<Pick<MediaPart, "url" | "data" | "mediaType"> & { readonly name?: string }> {
  const url = source instanceof URL ? source.href : source;
  if (typeof url === "string" && /^https?:\/\//i.test(url))
    return { url, ...(hints.mediaType === undefined ? {} : { mediaType: hints.mediaType }) };
  if (typeof url === "string" && url.startsWith("data:")) {
    const [, mediaType = "text/plain", data = ""] = /^data:([^;,]*)(?:;[^,]*)?,(.*)$/s.exec(url) ?? [];
    return { data, mediaType: hints.mediaType ?? mediaType };
  }
  const media = await openMedia(url as MediaSource, hints);
  const bytes = await readMedia(media, MAX_INLINE_BYTES);
  return { data: base64(bytes), mediaType: media.mediaType, name: media.name };
}

/** Characters that one call may be given as arguments without a stack's overflow. */
const STEP = 0x8000;

function base64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += STEP)
    text += String.fromCharCode(...bytes.subarray(at, at + STEP));
  return btoa(text);
}
