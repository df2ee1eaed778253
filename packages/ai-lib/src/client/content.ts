import { AiLibError, messageOf } from "../core/errors/error.js";
import { encodeBase64, readDataUri } from "../core/values/data-uri.js";
import type { AudioPart, FilePart, ImagePart, MediaPart } from "../core/values/message.js";
import { type MediaHints, type MediaSource, openMedia, readMedia } from "./media-source.js";

/** Bytes of one medium within a message; more belongs into a provider's store. Vendors take 20 to 50 MB a request. */
const MAX_INLINE_BYTES = 50 * 1024 * 1024;

/** A URL that the provider fetches itself, or bytes from somewhere. */
export type ContentSource = URL | MediaSource;

/**
 * Makes a picture part for a message. A `URL`, or a string that begins with `http://` or `https://`, is sent unchanged. A
 * `data:` URI is converted to bytes. A `file:` URL, and any other string, names a file on this machine.
 * @throws {AiLibError} `FILE_ERROR` for a source that cannot be read or recognised, or is larger than 50 MB.
 */
export async function image(
  source: ContentSource,
  options: MediaHints & Pick<ImagePart, "detail"> = {},
): Promise<ImagePart> {
  const { detail, ...hints } = options;
  return { type: "image", ...(await placed(source, hints)), ...(detail === undefined ? {} : { detail }) };
}

/** Makes an audio part for a message; takes the same sources as {@link image}. */
export async function audio(source: ContentSource, options: MediaHints = {}): Promise<AudioPart> {
  return { type: "audio", ...(await placed(source, options)) };
}

/** Makes a part of a document, a video or any other file for a message; takes the same sources as {@link image}. */
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
  if (typeof url === "string" && /^data:/i.test(url)) return inlined(url, hints);
  const path = typeof url === "string" && /^file:/i.test(url) ? await filePath(url) : url;
  const media = await openMedia(path, hints);
  const bytes = await readMedia(media, MAX_INLINE_BYTES);
  return { data: encodeBase64(bytes), mediaType: media.mediaType, name: media.name };
}

function inlined(uri: string, { mediaType }: MediaHints): Pick<MediaPart, "data" | "mediaType"> {
  const found = readDataUri(uri);
  if (found !== undefined) return { data: found.data, mediaType: mediaType ?? found.mediaType };
  throw new AiLibError({
    code: "FILE_ERROR",
    message:
      "The data: URI is malformed; it looks like data:image/png;base64,iVBORw0K or data:text/plain,some%20text",
    local: true,
  });
}

async function filePath(url: string): Promise<string> {
  const { pathOfFileUrl } = await import("#files");
  try {
    return pathOfFileUrl(url);
  } catch (error) {
    throw new AiLibError({
      code: "FILE_ERROR",
      message: `"${url}" names no file of this machine: ${messageOf(error)}`,
      local: true,
    });
  }
}
