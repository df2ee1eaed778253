import { isObject, type Json, type JsonObject } from "../../../core/values/json.js";

/** A schema without some keywords, at every depth. Properties with the name of a keyword are kept. */
export function stripKeywords(schema: JsonObject, keywords: readonly string[] | undefined): JsonObject {
  if (keywords === undefined || keywords.length === 0) return schema;
  return strip(schema, new Set(keywords)) as JsonObject;
}

/** Keywords whose members have names that the author of the schema chooses. */
const NAMING: ReadonlySet<string> = new Set(["properties", "$defs", "definitions", "patternProperties"]);

function strip(value: Json, keywords: ReadonlySet<string>): Json {
  if (Array.isArray(value)) return value.map((item: Json) => strip(item, keywords));
  if (!isObject(value)) return value;
  const kept: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (keywords.has(key) || inner === undefined) continue;
    kept[key] =
      NAMING.has(key) && isObject(inner)
        ? Object.fromEntries(
            Object.entries(inner).map(([name, one]) => [name, strip(one ?? null, keywords)] as const),
          )
        : strip(inner, keywords);
  }
  return kept;
}
