import {
  asArray,
  isObject,
  type Json,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { EncodeWarnings } from "../common/encode-warnings.js";

/**
 * Keywords that structured output refuses, with Claude
 * (https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations) and with any
 * model of Bedrock (https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html).
 */
const REFUSED = new Set([
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minLength",
  "maxLength",
  "maxItems",
  "uniqueItems",
  "contains",
  "minContains",
  "maxContains",
  "minProperties",
  "maxProperties",
  "propertyNames",
  "patternProperties",
  "unevaluatedProperties",
  "if",
  "then",
  "else",
  "not",
]);

/** Keywords whose value is a schema or a list of them. */
const SCHEMAS = new Set(["items", "anyOf", "allOf", "oneOf", "prefixItems", "additionalProperties"]);

/** Keywords whose value is a table of schemas. */
const TABLES = new Set(["properties", "$defs", "definitions"]);

/** Levels of nesting that are followed; deeper levels stay as they are. */
const MAX_DEPTH = 64;

/**
 * A schema as structured output accepts it: objects are closed, refused keywords are left out, and `oneOf` becomes
 * `anyOf`. One warning names all keywords that were changed.
 * @param at the path of the schema in the request.
 */
export function encodeClosedSchema(schema: JsonObject, at: string, warnings: EncodeWarnings): JsonObject {
  const changes = new Set<string>();
  const closed = close(schema, changes, 0);
  if (changes.size > 0)
    warnings.changed(at, {
      key: "responseFormat.schema",
      detail: `structured output accepts no ${[...changes].sort().join(", ")}`,
    });
  return closed;
}

function close(schema: JsonObject, changes: Set<string>, depth: number): JsonObject {
  if (depth > MAX_DEPTH) return schema;
  const closed: MutableJson = {};
  for (const key of Object.keys(schema)) {
    const value = schema[key];
    if (key === "__proto__" || value === undefined) continue;
    if (REFUSED.has(key) || (key === "minItems" && value !== 0 && value !== 1)) changes.add(key);
    else if (key === "oneOf") {
      changes.add(key);
      closed["anyOf"] = inner(value, changes, depth);
    } else if (SCHEMAS.has(key)) closed[key] = inner(value, changes, depth);
    else if (TABLES.has(key) && isObject(value)) closed[key] = table(value, changes, depth);
    else closed[key] = value;
  }
  const isObjectSchema = schema["type"] === "object" || isObject(schema["properties"]);
  if (isObjectSchema && closed["additionalProperties"] !== false) {
    if (schema["additionalProperties"] !== undefined) changes.add("additionalProperties");
    closed["additionalProperties"] = false;
  }
  return closed;
}

function inner(value: Json, changes: Set<string>, depth: number): Json {
  if (isObject(value)) return close(value, changes, depth + 1);
  if (!Array.isArray(value)) return value;
  return asArray(value).map((each) => (isObject(each) ? close(each, changes, depth + 1) : (each as Json)));
}

function table(value: JsonObject, changes: Set<string>, depth: number): JsonObject {
  const closed: MutableJson = {};
  for (const key of Object.keys(value)) {
    const each = value[key];
    if (key === "__proto__") continue;
    closed[key] = isObject(each) ? close(each, changes, depth + 1) : each;
  }
  return closed;
}
