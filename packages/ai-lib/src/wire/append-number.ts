import { bytesOf, type Edit } from "./edit-bytes.js";

const CLOSE = 0x7d;
const OPEN = 0x7b;
const QUOTE = 0x22;

/**
 * The edit that appends a field to a JSON object. Nothing is parsed: the bytes must be valid JSON already.
 * @returns undefined where the name is anywhere in the bytes, since it may be a field already, and for other values
 *   than objects with fields
 */
export function appendedNumber(bytes: Uint8Array, name: string, value: number): Edit | undefined {
  if (latest?.name !== name || latest.value !== value) {
    const key = JSON.stringify(name);
    latest = { name, value, key, bytes: bytesOf(`,${key}:${value}`) };
  }
  const { key, bytes: added } = latest;
  const end = bytes.lastIndexOf(CLOSE);
  if (end === -1 || includes(bytes, key) || bytes[lastBefore(bytes, end)] === OPEN) return undefined;
  return { from: end, to: end, bytes: added };
}

/** The latest field: a server appends the same one to most requests. */
let latest:
  | { readonly name: string; readonly value: number; readonly key: string; readonly bytes: Uint8Array }
  | undefined;

/** The index of the last byte before `end` that is no space. */
function lastBefore(bytes: Uint8Array, end: number): number {
  let at = end - 1;
  while (at >= 0 && (bytes[at] ?? 0) <= 0x20) at--;
  return at;
}

/** @param part of ASCII characters, the first of which is a quote */
function includes(bytes: Uint8Array, part: string): boolean {
  for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1))
    if (isAt(bytes, part, at)) return true;
  return false;
}

function isAt(bytes: Uint8Array, part: string, at: number): boolean {
  for (let i = 1; i < part.length; i++) if (bytes[at + i] !== part.charCodeAt(i)) return false;
  return true;
}
