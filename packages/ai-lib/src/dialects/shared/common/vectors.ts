import { bytesOfBase64 } from "../../../core/values/base64.js";
import type { EmbedFormat, Vector } from "../../../core/values/embedding.js";

/** A vector from base64 of little-endian 32-bit floats; of bytes for the other formats. */
export function vectorOfBase64(base64: string, format: EmbedFormat = "float"): Vector {
  const bytes = bytesOfBase64(base64);
  if (format === "uint8" || format === "ubinary") return Array.from(bytes);
  if (format !== "float") return Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length));
  // A copy, since a view of floats must begin at a multiple of four.
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const vector = new Array<number>(Math.floor(bytes.length / 4));
  for (let i = 0; i < vector.length; i++) vector[i] = view.getFloat32(i * 4, true);
  return vector;
}

/** A vector as base64 of little-endian 32-bit floats. */
export function base64OfVector(vector: Vector): string {
  const bytes = new Uint8Array(vector.length * 4);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < vector.length; i++) view.setFloat32(i * 4, vector[i] as number, true);
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** A list of numbers from the wire; undefined for anything else. */
export function numbersOf(value: unknown): Vector | undefined {
  return Array.isArray(value) && value.every((each) => typeof each === "number" && Number.isFinite(each))
    ? (value as Vector)
    : undefined;
}
