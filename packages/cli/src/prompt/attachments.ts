import { AiLibError, type UserPart } from "ai-lib";
import { file } from "ai-lib/content";

/** Kinds of pictures and sounds by the ending of a URL. */
const ENDINGS: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  mp3: "audio/mpeg",
  wav: "audio/wav",
  ogg: "audio/ogg",
  flac: "audio/flac",
  m4a: "audio/mp4",
  pdf: "application/pdf",
};

/** The largest text file that is put into a prompt, in bytes. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

/**
 * Reads an attachment: a path, or an address that the provider fetches itself. Text files become text with the name of
 * the file above it; everything else a picture, a sound or a document.
 * @throws {AiLibError} `FILE_ERROR` for a file that cannot be read or is too large.
 */
export async function readAttachment(source: string): Promise<UserPart> {
  if (/^https?:\/\//i.test(source)) {
    const ending = /\.(\w+)$/.exec(new URL(source).pathname)?.[1]?.toLowerCase() ?? "";
    const mediaType = Object.hasOwn(ENDINGS, ending) ? ENDINGS[ending] : undefined;
    return toPart({ url: source, ...(mediaType === undefined ? {} : { mediaType }) });
  }
  const { type: _, ...part } = await file(source);
  const { data, mediaType = "", name = source } = part;
  if (data === undefined || !isText(mediaType)) return toPart(part);
  const bytes = Buffer.from(data, "base64");
  if (bytes.length > MAX_TEXT_BYTES)
    throw new AiLibError({
      code: "FILE_ERROR",
      message: `${source} has ${bytes.length} bytes of text; the limit is ${MAX_TEXT_BYTES}. Attach a part of it`,
      local: true,
    });
  return { type: "text", text: `${name}:\n\n${bytes.toString("utf8")}` };
}

function isText(mediaType: string): boolean {
  return mediaType.startsWith("text/") || /\b(json|xml|yaml|javascript|typescript|toml)$/.test(mediaType);
}

interface Media {
  readonly url?: string | undefined;
  readonly data?: string | undefined;
  readonly mediaType?: string | undefined;
  readonly name?: string | undefined;
}

function toPart({ name, ...media }: Media): UserPart {
  if (media.mediaType?.startsWith("image/") === true) return { type: "image", ...media };
  if (media.mediaType?.startsWith("audio/") === true) return { type: "audio", ...media };
  return { type: "file", ...media, ...(name === undefined ? {} : { name }) };
}
