import {
  asArray,
  asObject,
  isObject,
  type Json,
  type JsonObject,
  type MutableJson,
} from "../core/values/json.js";

/** Depth at which a schema that contains itself is cut. */
const MAX_DEPTH = 6;

/** One value that follows a JSON Schema, always the same for the same schema. Only what schemas commonly say is read. */
export function sampleOf(schema: unknown, root: JsonObject = asObject(schema) ?? {}, depth = 0): Json {
  if (!isObject(schema) || depth > MAX_DEPTH) return null;
  const reference = schema["$ref"];
  if (typeof reference === "string") return sampleOf(resolve(root, reference), root, depth + 1);
  if (schema["const"] !== undefined) return schema["const"];
  const [first] = asArray(schema["enum"]);
  if (first !== undefined) return first as Json;
  const [choice] = [...asArray(schema["anyOf"]), ...asArray(schema["oneOf"])];
  if (choice !== undefined) return sampleOf(choice, root, depth + 1);
  const type: unknown = Array.isArray(schema["type"]) ? (schema["type"] as unknown[])[0] : schema["type"];
  switch (type) {
    case "string":
      return stringOf(schema);
    case "number":
    case "integer":
      return typeof schema["minimum"] === "number" ? schema["minimum"] : 1;
    case "boolean":
      return true;
    case "null":
      return null;
    case "array":
      return [sampleOf(schema["items"], root, depth + 1)];
    default:
      return objectOf(schema, root, depth);
  }
}

function stringOf(schema: JsonObject): string {
  switch (schema["format"]) {
    case "date":
      return "2026-01-31";
    case "date-time":
      return "2026-01-31T12:00:00Z";
    case "email":
      return "ada@example.org";
    case "uri":
      return "https://example.org/";
    default:
      return "sample";
  }
}

function objectOf(schema: JsonObject, root: JsonObject, depth: number): JsonObject {
  const value: MutableJson = {};
  for (const [name, property] of Object.entries(asObject(schema["properties"]) ?? {}))
    value[name] = sampleOf(property, root, depth + 1);
  return value;
}

function resolve(root: JsonObject, reference: string): unknown {
  let at: unknown = root;
  for (const step of reference.replace(/^#\/?/, "").split("/"))
    if (step !== "")
      at = asObject(at)?.[decodeURIComponent(step.replaceAll("~1", "/").replaceAll("~0", "~"))];
  return at;
}
