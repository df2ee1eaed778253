/** The kinds of media block, each with its own list of formats. */
export type MediaKind = "image" | "audio" | "video" | "document";

/**
 * Formats by media type. Decoding gives the first type of a format.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlock.html
 */
const FORMATS: Readonly<Record<MediaKind, readonly (readonly [mediaType: string, format: string])[]>> = {
  image: [
    ["image/png", "png"],
    ["image/jpeg", "jpeg"],
    ["image/jpg", "jpeg"],
    ["image/gif", "gif"],
    ["image/webp", "webp"],
  ],
  audio: [
    ["audio/mpeg", "mp3"],
    ["audio/mp3", "mp3"],
    ["audio/wav", "wav"],
    ["audio/x-wav", "wav"],
    ["audio/ogg", "ogg"],
    ["audio/opus", "opus"],
    ["audio/flac", "flac"],
    ["audio/aac", "aac"],
    ["audio/mp4", "m4a"],
    ["audio/x-m4a", "m4a"],
    ["audio/pcm", "pcm"],
    ["audio/webm", "webm"],
  ],
  video: [
    ["video/mp4", "mp4"],
    ["video/quicktime", "mov"],
    ["video/x-matroska", "mkv"],
    ["video/webm", "webm"],
    ["video/x-flv", "flv"],
    ["video/mpeg", "mpeg"],
    ["video/x-ms-wmv", "wmv"],
    ["video/3gpp", "three_gp"],
  ],
  document: [
    ["application/pdf", "pdf"],
    ["text/plain", "txt"],
    ["text/markdown", "md"],
    ["text/html", "html"],
    ["text/csv", "csv"],
    ["application/msword", "doc"],
    ["application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"],
    ["application/vnd.ms-excel", "xls"],
    ["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"],
  ],
};

/** The kind of block for a media type, and its format; undefined for a type that Bedrock does not accept. */
export function formatOf(
  mediaType: string,
): { readonly kind: MediaKind; readonly format: string } | undefined {
  const plain = mediaType.toLowerCase().split(";")[0]?.trim() ?? "";
  for (const kind of ["image", "audio", "video", "document"] as const) {
    const format = FORMATS[kind].find(([type]) => type === plain)?.[1];
    if (format !== undefined) return { kind, format };
  }
  return undefined;
}

/** The media type of a format. */
export function mediaTypeOf(kind: MediaKind, format: string): string {
  return FORMATS[kind].find(([, each]) => each === format)?.[0] ?? `${kind}/${format}`;
}

/** The media type that the ending of a URL represents. */
export function mediaTypeOfUrl(url: string): string | undefined {
  const ending = /\.([a-z0-9]+)$/i.exec(url)?.[1]?.toLowerCase();
  if (ending === undefined) return undefined;
  const format = ending === "jpg" ? "jpeg" : ending;
  for (const kind of ["image", "document", "video", "audio"] as const) {
    const type = FORMATS[kind].find(([, each]) => each === format)?.[0];
    if (type !== undefined) return type;
  }
  return undefined;
}
