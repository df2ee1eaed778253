import { configError } from "./error.js";

/**
 * An option that is a number of at least `least`; `Infinity` only with `unbounded`.
 * @throws {AiLibError} `CONFIG_ERROR` naming the option.
 */
export function atLeast(what: string, value: number, least: number, unbounded = false): number {
  if (typeof value !== "number" || !(value >= least) || (!unbounded && value === Number.POSITIVE_INFINITY))
    throw configError(
      `${what} must be ${least} or more${unbounded ? "" : " and finite"}, not ${String(value)}`,
    );
  return value;
}

/**
 * An option that is a whole number of at least `least`.
 * @throws {AiLibError} `CONFIG_ERROR` naming the option.
 */
export function wholeAtLeast(what: string, value: number, least: number, unbounded = false): number {
  atLeast(what, value, least, unbounded);
  if (value !== Number.POSITIVE_INFINITY && !Number.isInteger(value))
    throw configError(`${what} must be a whole number, not ${value}`);
  return value;
}

/**
 * An option that is more than 0 and at most 1.
 * @throws {AiLibError} `CONFIG_ERROR` naming the option.
 */
export function fraction(what: string, value: number): number {
  if (typeof value !== "number" || !(value > 0 && value <= 1))
    throw configError(`${what} must be more than 0 and at most 1, not ${String(value)}`);
  return value;
}

/** Options laid over defaults: an option whose value is `undefined` counts as absent, so that the default applies. */
export function overlay<T extends object>(defaults: T | undefined, given: T | undefined): T {
  const merged = { ...defaults } as T;
  for (const name of Object.keys(given ?? {}) as (keyof T)[]) {
    const value = given?.[name];
    if (value !== undefined) merged[name] = value;
  }
  return merged;
}

/**
 * Refuses an option that does not exist.
 * @throws {AiLibError} `CONFIG_ERROR` naming the option and those that exist.
 */
export function refuseUnknown(what: string, given: object, known: ReadonlySet<string>): void {
  // Not `Object.keys`, which makes a list for each call.
  for (const name in given) {
    if (!known.has(name) && Object.hasOwn(given, name))
      throw configError(`Unknown ${what} "${name}"; known are: ${[...known].join(", ")}`);
  }
}
