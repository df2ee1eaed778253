/** Bytes that are part of a URL. */
export interface DataUri {
  /** Base64, without line ends. */
  readonly data: string;
  readonly mediaType: string;
}

/** A base64 `data:` URI (RFC 2397). */
export function dataUri(mediaType: string, data: string): string {
  return `data:${mediaType};base64,${data}`;
}

/** The most characters of a media type with its parameters; the data of a URI may be megabytes. */
const HEAD_LIMIT = 256;

/** The parts of a base64 `data:` URI; undefined for any other URL. Parameters of the media type are left out. */
export function parseDataUri(url: string): DataUri | undefined {
  if (!/^data:/i.test(url.slice(0, 5))) return undefined;
  const comma = url.slice(0, HEAD_LIMIT).indexOf(",");
  if (comma < 0) return undefined;
  const [mediaType, ...parameters] = url.slice(5, comma).split(";");
  if (parameters.at(-1)?.trim().toLowerCase() !== "base64") return undefined;
  // RFC 2397: a URI that names no type is plain text.
  const type = mediaType === undefined || mediaType === "" ? "text/plain" : mediaType.trim();
  return { data: url.slice(comma + 1), mediaType: type };
}
