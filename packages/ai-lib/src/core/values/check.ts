import { isObject, type JsonObject } from "./json.js";

/** A {@link Check} of which the type does not matter. */
export type AnyCheck = (value: unknown) => string | undefined;

/**
 * Checks a value that came from a file or from untyped code. Returns what the value must be if it is not, as the end of
 * the sentence "x must be ...", and undefined if the value is right. The sentence never quotes the value, which may be
 * a secret in the wrong place.
 */
export interface Check<T> extends AnyCheck {
  /** Never present. It makes checks of different types incompatible: `Check<"a">` is no `Check<"a" | "b">`. */
  readonly checked?: (value: T) => T;
}

/** One check for each field of `T`, so that names, types and checks cannot differ. */
export type Shape<T> = { readonly [K in keyof T & string]-?: Check<Exclude<T[K], undefined>> };

/** A text that is not empty. */
export const text: Check<string> = (value) =>
  typeof value === "string" && value !== "" ? undefined : "a text";

/** True or false. */
export const flag: Check<boolean> = (value) => (typeof value === "boolean" ? undefined : "true or false");

/** A finite number above 0. */
export const positive: Check<number> = (value) =>
  isFiniteNumber(value) && value > 0 ? undefined : "a number above 0";

/** A finite number, 0 or more. */
export const amount: Check<number> = (value) =>
  isFiniteNumber(value) && value >= 0 ? undefined : "a number, 0 or more";

/** A whole number of at least 1. */
export const count: Check<number> = (value) =>
  Number.isInteger(value) && (value as number) >= 1 ? undefined : "a whole number above 0";

/** A JSON object, whatever its fields. */
export const object: Check<JsonObject> = (value) => (isObject(value) ? undefined : "an object");

/** One of some texts. */
export function oneOf<const T extends string>(...known: readonly T[]): Check<T> {
  const texts: readonly string[] = known;
  return (value) =>
    typeof value === "string" && texts.includes(value) ? undefined : `one of ${texts.join(", ")}`;
}

/** Null, or what another check allows. */
export function orNull<T>(check: Check<T>): Check<T | null> {
  return (value) => {
    const wrong = value === null ? undefined : check(value);
    return wrong === undefined ? undefined : `${wrong}, or null`;
  };
}

/** A list of which each item is right. */
export function listOf<T>(item: Check<T>): Check<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) return "a list";
    for (const [index, each] of value.entries()) {
      const wrong = item(each);
      if (wrong !== undefined) return `a list in which item ${index + 1} is ${wrong}`;
    }
    return undefined;
  };
}

/** An object with any keys, of which each value is right. */
export function mapOf<T>(item: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value) => {
    if (!isObject(value)) return "an object";
    for (const [key, each] of Object.entries(value)) {
      const wrong = item(each);
      if (wrong !== undefined) return `an object in which "${key}" is ${wrong}`;
    }
    return undefined;
  };
}

/**
 * An object with the fields of a shape and no others. A field that is undefined counts as absent.
 * @param required fields that must be present. Default: none.
 */
export function shapeOf<T>(shape: Shape<T>, required: readonly (keyof T & string)[] = []): Check<T> {
  const checks = new Map<string, AnyCheck>(Object.entries(shape));
  return (value) => {
    if (!isObject(value)) return `an object of ${[...checks.keys()].join(", ")}`;
    for (const [key, each] of Object.entries(value)) {
      const check = checks.get(key);
      if (check === undefined) return `an object without "${key}", which is unknown`;
      const wrong = each === undefined ? undefined : check(each);
      if (wrong !== undefined) return `an object in which "${key}" is ${wrong}`;
    }
    const absent = required.find((key) => value[key] === undefined);
    return absent === undefined ? undefined : `an object with "${absent}"`;
  };
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
