/** Bytes that are part of a URL. */
export interface DataUri {
  /** Base64, without line ends. */
  readonly data: string;
  readonly mediaType: string;
}

/** The most characters of a media type with its parameters; the data of a URI may be megabytes. */
const HEAD_LIMIT = 256;

/**
 * The parts of a `data:` URI, base64 or percent-encoded (RFC 2397); undefined for any other URL and a malformed one.
 * Parameters of the media type are left out.
 */
export function readDataUri(uri: string): DataUri | undefined {
  if (!/^data:/i.test(uri.slice(0, 5))) return undefined;
  const comma = uri.slice(0, HEAD_LIMIT).indexOf(",");
  if (comma < 0) return undefined;
  const [type = "", ...parameters] = uri.slice(5, comma).split(";");
  // A URI that names no type is plain text.
  const mediaType = type.trim() === "" ? "text/plain" : type.trim();
  const rest = uri.slice(comma + 1);
  const isBase64 = parameters.at(-1)?.trim().toLowerCase() === "base64";
  return { data: isBase64 ? plainBase64(rest) : encodeBase64(percentDecode(rest)), mediaType };
}

/** Base64 without percent-encoding, line ends and the alphabet of URLs; any other text as it is. */
function plainBase64(text: string): string {
  if (BASE64.test(text)) return text;
  const bare = latin1(percentDecode(text)).replace(/\s+/g, "").replaceAll("-", "+").replaceAll("_", "/");
  return BASE64.test(bare) ? bare : text;
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Bytes of percent-encoded text; a `%` that begins no byte is literal. */
function percentDecode(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const decoded = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const value = bytes[at] === 0x25 ? hexValue(bytes[at + 1], bytes[at + 2]) : undefined;
    decoded[length++] = value ?? bytes[at] ?? 0;
    if (value !== undefined) at += 2;
  }
  return decoded.subarray(0, length);
}

function hexValue(high: number | undefined, low: number | undefined): number | undefined {
  const digits = String.fromCharCode(high ?? 0, low ?? 0);
  return /^[0-9A-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

/** The most arguments of one call that cannot overflow the stack. */
const STEP = 0x8000;

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += STEP)
    text += String.fromCharCode(...bytes.subarray(at, at + STEP));
  return text;
}

/** Bytes as base64. */
export function encodeBase64(bytes: Uint8Array): string {
  return btoa(latin1(bytes));
}
