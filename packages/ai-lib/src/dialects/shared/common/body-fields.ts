import { invalidRequest } from "../../../core/errors/error.js";
import type { JsonObject } from "../../../core/values/json.js";

/** An object without the fields that are undefined: those that may be are optional, and the others stay required. */
export type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** A copy of an object without the fields that are undefined: optional fields without conditional spreads. */
export function defined<T extends object>(fields: T): Defined<T> {
  const found: Partial<Record<keyof T, unknown>> = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined) found[key] = value;
  }
  return found as unknown as Defined<T>;
}

/**
 * An object if it has a field that is not undefined, else undefined. `JSON.stringify` leaves undefined fields out, so
 * an encoder writes an object as one literal, which is many times faster than spreads.
 */
export function filled(fields: JsonObject): JsonObject | undefined {
  for (const key in fields) if (fields[key] !== undefined) return fields;
  return undefined;
}

/** A text that is not empty; undefined for anything else. */
export function nonEmpty(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A number above zero; undefined for anything else. Vendors send 0 for what they do not know. */
export function positive(value: unknown): number | undefined {
  return typeof value === "number" && value > 0 ? value : undefined;
}

/**
 * A number of a request's body; null is absent.
 * @throws {AiLibError} `INVALID_REQUEST` for anything else.
 */
export function numberField(body: JsonObject, field: string): number | undefined {
  const value = body[field];
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "number") throw invalidRequest(`\`${field}\` is not a number`);
  return value;
}

/**
 * A boolean of a request's body; null is absent.
 * @throws {AiLibError} `INVALID_REQUEST` for anything else.
 */
export function booleanField(body: JsonObject, field: string): boolean | undefined {
  const value = body[field];
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "boolean") throw invalidRequest(`\`${field}\` is neither true nor false`);
  return value;
}
