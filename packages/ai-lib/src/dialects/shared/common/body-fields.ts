import { invalidRequest } from "../../../core/errors/error.js";
import type { JsonObject } from "../../../core/values/json.js";

/** A copy of an object without the fields that are undefined: optional fields without conditional spreads. */
export function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const found: Partial<Record<keyof T, unknown>> = {};
  for (const key of Object.keys(fields) as (keyof T)[]) {
    if (fields[key] !== undefined) found[key] = fields[key];
  }
  return found as { [K in keyof T]?: Exclude<T[K], undefined> };
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
 * A truth value of a request's body; null is absent.
 * @throws {AiLibError} `INVALID_REQUEST` for anything else.
 */
export function booleanField(body: JsonObject, field: string): boolean | undefined {
  const value = body[field];
  if (value === null || value === undefined) return undefined;
  if (typeof value !== "boolean") throw invalidRequest(`\`${field}\` is neither true nor false`);
  return value;
}
