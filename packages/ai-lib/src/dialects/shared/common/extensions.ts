import type { DialectId } from "../../../core/contract/dialect.js";
import { type JsonObject, type MutableJson, mergeDeep } from "../../../core/values/json.js";
import type { Extensions } from "../../../core/values/message.js";

const NONE: readonly JsonObject[] = [];

/**
 * The extensions that concern a target: those of the dialect, if it has one, then those of the provider, which take
 * precedence.
 */
export function extensionsFor(
  extensions: Extensions | undefined,
  dialect: DialectId | undefined,
  provider: string,
): readonly JsonObject[] {
  if (extensions === undefined) return NONE;
  const forDialect = dialect === undefined ? undefined : extensions[dialect];
  const forProvider = provider === dialect ? undefined : extensions[provider];
  if (forDialect === undefined) return forProvider === undefined ? NONE : [forProvider];
  return forProvider === undefined ? [forDialect] : [forDialect, forProvider];
}

/** An object with the extensions that concern a target merged over its own fields. */
export function extended<T extends JsonObject>(
  object: T,
  extensions: Extensions | undefined,
  dialect: DialectId | undefined,
  provider: string,
): T | MutableJson {
  let merged: T | MutableJson = object;
  for (const fields of extensionsFor(extensions, dialect, provider)) merged = mergeDeep(merged, fields);
  return merged;
}

/** The fields of an object that are neither null nor in a set; undefined if there are none. */
export function unknownFields(object: JsonObject, known: ReadonlySet<string>): JsonObject | undefined {
  let rest: MutableJson | undefined;
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (known.has(key) || value === null || value === undefined || key === "__proto__") continue;
    rest ??= {};
    rest[key] = value;
  }
  return rest;
}

/** The fields that a server half does not know, as extensions of its dialect. */
export function extensionsOf(
  dialect: DialectId,
  fields: JsonObject | undefined,
): { readonly extensions?: Extensions } {
  return fields === undefined ? {} : { extensions: { [dialect]: fields } };
}
