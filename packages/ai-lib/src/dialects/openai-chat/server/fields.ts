import { asObject, asString, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import type { CacheMark, Extensions } from "../../../core/values/message.js";

/** The remaining fields, as extensions of the dialect. Null counts as absent. */
export function extensionsOf(left: JsonObject): { extensions?: Extensions } {
  const fields: MutableJson = {};
  for (const key of Object.keys(left)) {
    if (key !== "__proto__" && left[key] != null) fields[key] = left[key];
  }
  return Object.keys(fields).length === 0 ? {} : { extensions: { "openai-chat": fields } };
}

/** A `cache_control` as a cache mark. */
export function decodeCacheMark(value: unknown): CacheMark | undefined {
  const control = asObject(value);
  if (control === undefined) return undefined;
  const ttl = asString(control["ttl"]);
  return ttl === undefined ? {} : { ttl };
}
