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

/** Parses JSON, or answers undefined where the text is none. */
export function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * Merges `from` into a copy of `into`: objects merge deeply, arrays and scalars replace.
 * Keys that would reach a prototype are left out.
 */
export function mergeDeep(into: JsonObject, from: JsonObject): MutableJson {
  const merged: MutableJson = { ...into };
  for (const key of Object.keys(from)) {
    if (UNSAFE_KEYS.has(key)) continue;
    const value = from[key];
    const old = merged[key];
    merged[key] = isObject(value) && isObject(old) ? mergeDeep(old, value) : value;
  }
  return merged;
}
