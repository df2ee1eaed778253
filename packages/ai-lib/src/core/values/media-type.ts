/** The bytes at the head of a file that {@link sniffMediaType} needs at most: an Office file names its kind in them. */
export const SNIFFED_BYTES = 4_100;

/** Bytes at an offset that identify a type. Text is read as its Latin-1 bytes. */
interface Signature {
  readonly type: string;
  readonly bytes: string;
  readonly at?: number;
}

/**
 * Types by their first bytes, from the sections "magic number" of the IANA registrations, the WHATWG MIME Sniffing
 * Standard (https://mimesniff.spec.whatwg.org/#matching-a-mime-type-pattern) and the specifications of the formats.
 */
const SIGNATURES: readonly Signature[] = [
  { type: "image/png", bytes: "\x89PNG\r\n\x1a\n" },
  { type: "image/jpeg", bytes: "\xff\xd8\xff" },
  { type: "image/gif", bytes: "GIF87a" },
  { type: "image/gif", bytes: "GIF89a" },
  { type: "image/tiff", bytes: "II*\0" },
  { type: "image/tiff", bytes: "MM\0*" },
  { type: "image/bmp", bytes: "BM" },
  { type: "image/x-icon", bytes: "\0\0\x01\0" },
  { type: "image/jxl", bytes: "\xff\x0a" },
  { type: "image/vnd.adobe.photoshop", bytes: "8BPS" },
  { type: "application/pdf", bytes: "%PDF-" },
  { type: "application/rtf", bytes: "{\\rtf" },
  { type: "application/gzip", bytes: "\x1f\x8b" },
  { type: "application/x-7z-compressed", bytes: "7z\xbc\xaf\x27\x1c" },
  { type: "application/x-tar", bytes: "ustar", at: 257 },
  { type: "application/vnd.sqlite3", bytes: "SQLite format 3\0" },
  { type: "application/x-cfb", bytes: "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" },
  { type: "audio/flac", bytes: "fLaC" },
  { type: "audio/midi", bytes: "MThd" },
  { type: "audio/amr", bytes: "#!AMR" },
  { type: "audio/aiff", bytes: "AIFF", at: 8 },
  { type: "audio/mpeg", bytes: "ID3" },
  { type: "video/x-flv", bytes: "FLV\x01" },
  { type: "video/mpeg", bytes: "\0\0\x01\xba" },
];

/** Types within a RIFF file, by its second word. */
const RIFF: Readonly<Record<string, string>> = {
  WAVE: "audio/wav",
  WEBP: "image/webp",
  "AVI ": "video/vnd.avi",
};

/** Types within an ISO media file (`ftyp`), by the start of its brand; others are `video/mp4`. */
const BRANDS: readonly (readonly [brand: string, type: string])[] = [
  ["avif", "image/avif"],
  ["avis", "image/avif"],
  ["heic", "image/heic"],
  ["heix", "image/heic"],
  ["mif1", "image/heif"],
  ["msf1", "image/heif"],
  ["M4A", "audio/mp4"],
  ["M4B", "audio/mp4"],
  ["qt", "video/quicktime"],
  ["3g", "video/3gpp"],
];

const OFFICE = "application/vnd.openxmlformats-officedocument.";

/** Types within a ZIP file, by the name of a file in it. */
const ZIPPED: readonly (readonly [name: string, type: string])[] = [
  ["word/", `${OFFICE}wordprocessingml.document`],
  ["xl/", `${OFFICE}spreadsheetml.sheet`],
  ["ppt/", `${OFFICE}presentationml.presentation`],
];

/**
 * The IANA media type of a file, recognized by its first bytes; undefined if they identify none, as with text.
 * @param head the start of the file; bytes past {@link SNIFFED_BYTES} are not looked at.
 */
export function sniffMediaType(head: Uint8Array): string | undefined {
  const found = SIGNATURES.find(({ bytes, at = 0 }) => hasBytes(head, bytes, at));
  if (found !== undefined) return found.type;
  if (hasBytes(head, "RIFF", 0)) return RIFF[latin1(head, 8, 12)];
  if (hasBytes(head, "ftyp", 4)) {
    const brand = latin1(head, 8, 12);
    return BRANDS.find(([start]) => brand.startsWith(start))?.[1] ?? "video/mp4";
  }
  if (hasBytes(head, "OggS", 0)) return oggType(latin1(head, 28, 36));
  if (hasBytes(head, "\x1aE\xdf\xa3", 0))
    return latin1(head, 0, 64).includes("webm") ? "video/webm" : "video/matroska";
  if (hasBytes(head, "PK\x03\x04", 0)) return zipType(latin1(head, 0, SNIFFED_BYTES));
  return frameType(head) ?? svgType(latin1(head, 0, 512));
}

function hasBytes(head: Uint8Array, bytes: string, at: number): boolean {
  if (head.length < at + bytes.length) return false;
  for (let i = 0; i < bytes.length; i++) if (head[at + i] !== bytes.charCodeAt(i)) return false;
  return true;
}

function latin1(head: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...head.subarray(from, to));
}

function oggType(codec: string): string {
  if (codec.startsWith("OpusHead")) return "audio/opus";
  return codec.startsWith("\x80theora") ? "video/ogg" : "audio/ogg";
}

/** EPUB and OpenDocument put their media type, uncompressed, into the first file, which is called `mimetype`. */
function zipType(head: string): string {
  if (head.startsWith("mimetype", 30)) {
    const type = /^[a-z]+\/[a-z0-9.+-]+/.exec(head.slice(38))?.[0];
    // The header of the next file follows the type without a gap.
    if (type !== undefined) return type;
  }
  return ZIPPED.find(([name]) => head.includes(name))?.[1] ?? "application/zip";
}

/** Sound that begins with a frame: 11 or 12 set bits, then version and layer (ISO 11172-3, 13818-7). */
function frameType([first = 0, second = 0, third = 0]: Uint8Array): string | undefined {
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  if ((second & 0xf6) === 0xf0) return "audio/aac";
  const isValid = (second & 0x18) !== 0x08 && (second & 0x06) !== 0 && (third & 0xf0) !== 0xf0;
  return isValid ? "audio/mpeg" : undefined;
}

function svgType(head: string): string | undefined {
  const text = head.trimStart();
  return text.startsWith("<svg") || (text.startsWith("<?xml") && text.includes("<svg"))
    ? "image/svg+xml"
    : undefined;
}
