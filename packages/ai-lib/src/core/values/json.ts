import { LIMITS } from "./limits.js";

/** Any JSON value. Objects may carry `undefined`, which `JSON.stringify` leaves out. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A plain JSON object. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** A JSON object that is still being built. */
export type MutableJson = { [key: string]: Json | undefined };

/** Keys which would reach an object's prototype if they were assigned. */
const UNSAFE_KEYS = new Set(["__proto__", "constructor", "prototype"]);

/**
 * The entry of a table under a word from the network; undefined where there is none. Every object inherits entries under
 * words such as `constructor`, which are no entries of the table.
 */
export function entryOf<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

/** Narrows an unknown value to a JSON object: no array, no null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as an object, or undefined. */
export function asObject(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

/** The value as an array, or an empty one. */
export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value as a string, or undefined. */
export function asString(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** The value as a finite number, or undefined. */
export function asNumber(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/**
 * The most levels of objects and lists in JSON, from the network and in requests. Deeper JSON counts as malformed:
 * `JSON.stringify` and every other recursion over it could overflow the stack.
 */
export const MAX_DEPTH = LIMITS.depth;

/** Whether a value has more than `limit` objects and lists within each other. A cycle does. */
export function isTooDeep(value: unknown, limit = MAX_DEPTH): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (limit === 0) return true;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object" && isTooDeep(item, limit - 1)) return true;
    return false;
  }
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (typeof item === "object" && isTooDeep(item, limit - 1)) return true;
  }
  return false;
}

/** Characters of the shortest JSON that is too deep: each level has an opening and a closing bracket. */
const SHORTEST_TOO_DEEP = 2 * (MAX_DEPTH + 1);

/** Characters of a document that may have too many objects and lists to be counted first. */
const LARGE = 2 * LIMITS.jsonNodes;

/**
 * Whether a document may have more than `limit` objects and lists, each of which takes far more memory than its two
 * brackets.
 */
function mayHaveMoreNodes(text: string, limit: number): boolean {
  let left = limit;
  // Brackets within texts count, too. The platform searches for one many times faster than a loop over characters.
  for (const bracket of ["[", "{"])
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1))
      if (--left < 0) return true;
  return false;
}

/**
 * Parses JSON.
 * @throws {SyntaxError} for text that is no JSON, and for JSON beyond {@link LIMITS}.
 */
export function parseJson(text: string): unknown {
  if (text.length >= LARGE && mayHaveMoreNodes(text, LIMITS.jsonNodes))
    throw new SyntaxError(`The JSON has more than ${LIMITS.jsonNodes} objects and lists`);
  const value: unknown = JSON.parse(text);
  // Few documents have so many brackets. A visit of each value takes as long as parsing.
  if (text.length >= SHORTEST_TOO_DEEP && mayHaveMoreNodes(text, MAX_DEPTH) && isTooDeep(value))
    throw new SyntaxError(`The JSON has more than ${MAX_DEPTH} levels`);
  return value;
}

/** Parses JSON as {@link parseJson} does; undefined where that throws. */
export function tryParse(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** Characters of a value as JSON; 0 where JSON cannot express it. */
export function jsonLength(value: unknown): number {
  try {
    return JSON.stringify(value)?.length ?? 0;
  } catch {
    // A cycle, a BigInt, a `toJSON` that throws, or too many levels.
    return 0;
  }
}

/**
 * Merges `from` into a copy of `into`: objects merge deeply, arrays and scalars replace.
 * Keys that would reach a prototype are left out. Beyond {@link MAX_DEPTH} levels objects replace, too.
 */
export function mergeDeep(into: JsonObject, from: JsonObject): MutableJson {
  return merge(into, from, MAX_DEPTH);
}

function merge(into: JsonObject, from: JsonObject, levels: number): MutableJson {
  const merged: MutableJson = { ...into };
  for (const key of Object.keys(from)) {
    if (UNSAFE_KEYS.has(key)) continue;
    const value = from[key];
    const old = merged[key];
    merged[key] = isObject(value) && isObject(old) && levels > 1 ? merge(old, value, levels - 1) : value;
  }
  return merged;
}

/**
 * How much memory a value takes, roughly and with a bound: its characters, and 32 for each object, list and text.
 * Levels beyond {@link MAX_DEPTH} do not count.
 */
export function sizeOfJson(value: unknown, levels = MAX_DEPTH): number {
  if (typeof value === "string") return 32 + value.length;
  if (typeof value !== "object" || value === null || levels === 0) return 8;
  let size = 32;
  if (Array.isArray(value)) {
    for (const item of value) size += sizeOfJson(item, levels - 1);
    return size;
  }
  for (const key in value)
    size += key.length + sizeOfJson((value as Record<string, unknown>)[key], levels - 1);
  return size;
}
