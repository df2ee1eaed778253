import { type DialectId, extensionsFor } from "../../../core/contract/dialect.js";
import { type JsonObject, type MutableJson, mergeDeep } from "../../../core/values/json.js";
import type { Extensions } from "../../../core/values/message.js";

/** Merges what `extensions` hold for a target into an object: the dialect's fields, then the provider's over them. */
export function extended(
  object: JsonObject,
  extensions: Extensions | undefined,
  dialect: DialectId,
  provider: string,
): JsonObject {
  let merged = object;
  for (const extension of extensionsFor(extensions, dialect, provider)) merged = mergeDeep(merged, extension);
  return merged;
}

/** The fields of an object that are neither null nor in a set; undefined where there are none. */
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

/** Fields that a server half does not know, as the extensions of its dialect. */
export function extensionsOf(
  dialect: DialectId,
  fields: JsonObject | undefined,
): { readonly extensions?: Extensions } {
  return fields === undefined ? {} : { extensions: { [dialect]: fields } };
}
