/** Text as base64 of its UTF-8 bytes. */
export function base64OfText(text: string): string {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}

/** The text whose UTF-8 bytes are encoded in base64; undefined for invalid base64 and invalid UTF-8. */
export function textOfBase64(data: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(data), (byte) => byte.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Types beside `text/*` whose bytes are text that a model can read. */
const READABLE = /^(text\/|application\/(json|xml|x-yaml|yaml|javascript|x-ndjson|sql)\b)|\+(json|xml)$/;

/** The text of a file whose bytes are encoded in base64; undefined if its type or its bytes are not text. */
export function textOfFile(mediaType: string, data: string): string | undefined {
  return READABLE.test(mediaType) ? textOfBase64(data) : undefined;
}
