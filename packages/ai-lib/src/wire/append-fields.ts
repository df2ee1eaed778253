import type { JsonObject } from "../core/values/json.js";
import type { Edit } from "./edit-bytes.js";

const CLOSE = 0x7d;
const OPEN = 0x7b;
const QUOTE = 0x22;

/** Fields to append, as the bytes that they become: a server appends the same ones to most requests. */
export interface AddedFields {
  /** Their names as JSON. */
  readonly keys: readonly string[];
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();

/** @param fields at least one; names are ASCII */
export function addedFields(fields: JsonObject): AddedFields {
  return {
    keys: Object.keys(fields).map((name) => JSON.stringify(name)),
    bytes: encoder.encode(`,${JSON.stringify(fields).slice(1, -1)}`),
  };
}

/**
 * The edit that appends fields to a JSON object. Nothing is parsed: the bytes must be valid JSON already.
 * @returns undefined where one of the names is anywhere in the bytes, since it may be a field already, and for other
 *   values than objects with fields
 */
export function appendFields(bytes: Uint8Array, { keys, bytes: added }: AddedFields): Edit | undefined {
  const end = bytes.lastIndexOf(CLOSE);
  if (end === -1 || includes(bytes, keys) || bytes[lastBefore(bytes, end)] === OPEN) return undefined;
  return { from: end, to: end, bytes: added };
}

/** The index of the last byte before `end` that is no space. */
function lastBefore(bytes: Uint8Array, end: number): number {
  let at = end - 1;
  while (at >= 0 && (bytes[at] ?? 0) <= 0x20) at--;
  return at;
}

/** @param parts of ASCII characters, the first of which is a quote */
function includes(bytes: Uint8Array, parts: readonly string[]): boolean {
  for (let at = bytes.indexOf(QUOTE); at !== -1; at = bytes.indexOf(QUOTE, at + 1))
    for (let i = 0; i < parts.length; i++) if (isAt(bytes, parts[i] as string, at)) return true;
  return false;
}

function isAt(bytes: Uint8Array, part: string, at: number): boolean {
  for (let i = 1; i < part.length; i++) if (bytes[at + i] !== part.charCodeAt(i)) return false;
  return true;
}
