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

/** Node's codec of base64, which is several times faster than `atob`; absent elsewhere. */
const NodeBuffer = (
  globalThis as {
    readonly Buffer?: {
      from(text: string, encoding: "base64"): Uint8Array;
      from(buffer: ArrayBufferLike, offset: number, length: number): { toString(encoding: "base64"): string };
    };
  }
).Buffer;

/** The bytes that base64 stands for. @throws {Error} outside Node for invalid base64. */
export function bytesOfBase64(base64: string): Uint8Array {
  if (NodeBuffer !== undefined) return NodeBuffer.from(base64, "base64");
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Characters that one call may be given as arguments without a stack's overflow. */
const STEP = 0x8000;

/** Bytes as base64. */
export function base64OfBytes(bytes: Uint8Array): string {
  if (NodeBuffer !== undefined)
    return NodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
  let text = "";
  for (let at = 0; at < bytes.length; at += STEP)
    text += String.fromCharCode(...bytes.subarray(at, at + STEP));
  return btoa(text);
}
