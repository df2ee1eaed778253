import { base64OfBytes, bytesOfBase64 } from "../../core/values/base64.js";
import { readDataUri } from "../../core/values/data-uri.js";
import { SNIFFED_BYTES, sniffMediaType } from "../../core/values/media-type.js";
import type { AudioPart, FilePart, ImagePart, MediaPart } from "../../core/values/message.js";
import type { SpecFileData } from "./spec.js";

/** A file of a prompt as a part: a picture, sound, or another file. */
export function mediaPart(
  data: SpecFileData,
  mediaType: string,
  name?: string,
): ImagePart | AudioPart | FilePart {
  const media = readFileData(data, mediaType);
  const type = media.mediaType ?? mediaType;
  if (type.startsWith("image/")) return { ...media, type: "image" };
  if (type.startsWith("audio/")) return { ...media, type: "audio" };
  return { ...media, type: "file", ...(name !== undefined && { name }) };
}

function readFileData(data: SpecFileData, given: string): MediaPart {
  // `image/*` and `image` say that the type is not known.
  const known = given.includes("/") && !given.endsWith("/*") ? given : undefined;
  const at = (url: string): MediaPart => {
    const inline = readDataUri(url);
    return inline === undefined ? { url, mediaType: known } : inline;
  };
  const whole = (bytes: Uint8Array | string): MediaPart => {
    const base64 = typeof bytes === "string" ? bytes : base64OfBytes(bytes);
    const head =
      typeof bytes === "string" ? bytesOfBase64(bytes.slice(0, Math.ceil(SNIFFED_BYTES / 3) * 4)) : bytes;
    return { data: base64, mediaType: known ?? sniffMediaType(head.subarray(0, SNIFFED_BYTES)) ?? given };
  };
  if (data instanceof URL) return at(data.href);
  if (typeof data === "string") return /^(https?|data):/i.test(data) ? at(data) : whole(data);
  if (data instanceof Uint8Array) return whole(data);
  switch (data.type) {
    case "data":
      return whole(data.data);
    case "url":
      return at(String(data.url));
    case "text":
      return { data: base64OfBytes(new TextEncoder().encode(data.text)), mediaType: known ?? "text/plain" };
    case "reference": {
      const [provider = "", id = ""] = Object.entries(data.reference)[0] ?? [];
      return { uploaded: { provider, id }, mediaType: known };
    }
    default: {
      const never: never = data;
      throw new TypeError(`Unknown data of a file: ${JSON.stringify(never)}`);
    }
  }
}
