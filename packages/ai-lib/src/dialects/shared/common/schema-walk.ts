import { isObject, type Json, type JsonObject, type MutableJson } from "../../../core/values/json.js";

/** Levels of nesting that are followed; deeper schemas stay as they are. */
export const MAX_SCHEMA_DEPTH = 64;

/** Keywords whose value is an object of schemas, under names that the author of the schema chooses. */
const TABLES: ReadonlySet<string> = new Set([
  "properties",
  "$defs",
  "definitions",
  "patternProperties",
  "dependentSchemas",
]);

/** Keywords whose value is a list of schemas. */
const LISTS: ReadonlySet<string> = new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);

/** Keywords whose value is a schema, or a list of them in old drafts. */
const SINGLES: ReadonlySet<string> = new Set([
  "items",
  "additionalProperties",
  "propertyNames",
  "not",
  "contains",
  "if",
  "then",
  "else",
  "unevaluatedProperties",
  "unevaluatedItems",
]);

/**
 * Applies a change to a schema and to every schema within it, innermost first. Properties with the name of a keyword are
 * properties.
 * @param change receives a copy that it may change. `depth` is 0 for the root.
 */
export function mapSchema(
  schema: JsonObject,
  change: (node: MutableJson, depth: number) => JsonObject,
  depth = 0,
): JsonObject {
  if (depth > MAX_SCHEMA_DEPTH) return schema;
  const node: MutableJson = {};
  const below = (child: Json | undefined): Json | undefined =>
    isObject(child) ? mapSchema(child, change, depth + 1) : child;
  for (const key of Object.keys(schema)) {
    const value = schema[key];
    if (key === "__proto__" || value === undefined) continue;
    if (TABLES.has(key) && isObject(value)) node[key] = mapTable(value, below);
    else if (LISTS.has(key) || SINGLES.has(key))
      node[key] = Array.isArray(value) ? value.map((child: Json) => below(child) ?? null) : below(value);
    else node[key] = value;
  }
  return change(node, depth);
}

function mapTable(table: JsonObject, change: (child: Json | undefined) => Json | undefined): JsonObject {
  const mapped: MutableJson = {};
  for (const name of Object.keys(table)) if (name !== "__proto__") mapped[name] = change(table[name]);
  return mapped;
}

/** The schemas directly within a schema. */
export function childSchemas(schema: JsonObject): JsonObject[] {
  const found: JsonObject[] = [];
  for (const key of Object.keys(schema)) {
    const value = schema[key];
    if (TABLES.has(key) && isObject(value)) found.push(...Object.values(value).filter(isObject));
    else if (LISTS.has(key) || SINGLES.has(key))
      found.push(...(Array.isArray(value) ? (value as Json[]) : [value]).filter(isObject));
  }
  return found;
}
