import { isObject, type Json, type JsonObject } from "./json.js";

/** Levels of nesting, and references in a row, that are followed. */
const MAX_DEPTH = 64;

/** The place that a local reference (`#`, `#/$defs/Node`) names; undefined for an external one and for none. */
export function pointedAt(root: JsonObject, reference: string): JsonObject | undefined {
  if (!reference.startsWith("#")) return undefined;
  let at: Json | undefined = root;
  for (const step of reference.slice(1).split("/").slice(1)) {
    const key = decodeStep(step);
    at = Array.isArray(at)
      ? (at[Number(key)] as Json | undefined)
      : isObject(at) && Object.hasOwn(at, key)
        ? at[key]
        : undefined;
  }
  return isObject(at) ? at : undefined;
}

function decodeStep(step: string): string {
  let decoded = step;
  try {
    decoded = decodeURIComponent(step);
  } catch {
    // A bare percent sign is literal.
  }
  return decoded.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** A schema in place of a reference to it, with the siblings of the reference over it. */
export function dereferenced(schema: JsonObject, root: JsonObject): JsonObject {
  let node = schema;
  for (let hops = 0; hops < MAX_DEPTH; hops++) {
    const { $ref: reference, ...siblings } = node;
    const found = typeof reference === "string" ? pointedAt(root, reference) : undefined;
    if (found === undefined) return node;
    node = { ...found, ...siblings };
  }
  return {};
}

/** The schemas that a keyword such as `anyOf` lists. */
export function branchesOf(schema: JsonObject, ...keywords: readonly string[]): readonly JsonObject[] {
  return keywords.flatMap((keyword) => {
    const list = schema[keyword];
    return Array.isArray(list) ? (list as readonly Json[]).filter(isObject) : [];
  });
}

/** The most schemas that one value is compared with: references can expand few definitions into very many. */
const MAX_STEPS = 20_000;

/**
 * A value without the properties that are null although their schema forbids null and does not require them. Vendors
 * that demand every property of a strict schema get optional ones as nullable, so null then means absent. Returns the
 * same value if nothing changes.
 */
export function withoutForbiddenNulls(value: Json, schema: JsonObject): Json {
  return new NullStripper(schema).strip(value, schema, 0);
}

/** Whether a schema within `root` accepts null. */
export function allowsNull(schema: Json | undefined, root: JsonObject): boolean {
  return new NullStripper(root).allowsNull(schema, 0);
}

class NullStripper {
  private left = MAX_STEPS;

  constructor(private readonly root: JsonObject) {}

  allowsNull(schema: Json | undefined, depth: number): boolean {
    if (!isObject(schema) || depth > MAX_DEPTH || this.left-- <= 0) return schema !== false;
    const node = dereferenced(schema, this.root);
    const { type, nullable, enum: values } = node;
    if (nullable === true) return true;
    if ("const" in node && node["const"] !== null) return false;
    if (Array.isArray(values) && !values.includes(null)) return false;
    if (type !== undefined && type !== "null" && !(Array.isArray(type) && type.includes("null")))
      return false;
    const some = branchesOf(node, "anyOf", "oneOf");
    if (some.length > 0 && !some.some((each) => this.allowsNull(each, depth + 1))) return false;
    return branchesOf(node, "allOf").every((each) => this.allowsNull(each, depth + 1));
  }

  strip(value: Json, schema: JsonObject, depth: number): Json {
    if (typeof value !== "object" || value === null || depth > MAX_DEPTH || this.left-- <= 0) return value;
    const node = dereferenced(schema, this.root);
    let stripped: Json = Array.isArray(value)
      ? this.stripItems(value as readonly Json[], node, depth)
      : this.stripProperties(value as JsonObject, node, depth);
    for (const each of branchesOf(node, "allOf")) stripped = this.strip(stripped, each, depth + 1);
    const branch = branchesOf(node, "anyOf", "oneOf").find((each) => this.isMeant(stripped, each));
    return branch === undefined ? stripped : this.strip(stripped, branch, depth + 1);
  }

  private stripItems(items: readonly Json[], node: JsonObject, depth: number): Json {
    const first = Array.isArray(node["prefixItems"]) ? (node["prefixItems"] as readonly Json[]) : [];
    const rest = node["items"];
    let changed = false;
    const stripped = items.map((item, i) => {
      const schema = first[i] ?? rest;
      const next = isObject(schema) ? this.strip(item, schema, depth + 1) : item;
      changed ||= next !== item;
      return next;
    });
    return changed ? stripped : items;
  }

  private stripProperties(value: JsonObject, node: JsonObject, depth: number): JsonObject {
    const properties = isObject(node["properties"]) ? node["properties"] : {};
    const required = Array.isArray(node["required"]) ? (node["required"] as readonly unknown[]) : [];
    const others = node["additionalProperties"];
    const kept: [string, Json][] = [];
    let changed = false;
    for (const [key, inner] of Object.entries(value)) {
      if (inner === undefined) continue;
      const known = Object.hasOwn(properties, key);
      const schema = known ? properties[key] : others;
      const absent = inner === null && known && !required.includes(key) && !this.allowsNull(schema, depth);
      const next = !absent && isObject(schema) ? this.strip(inner, schema, depth + 1) : inner;
      if (absent || next !== inner) changed = true;
      if (!absent) kept.push([key, next]);
    }
    return changed ? Object.fromEntries(kept) : value;
  }

  /** Whether a value matches one schema of a union: it has the required properties and the constants of the schema. */
  private isMeant(value: Json, schema: JsonObject): boolean {
    const node = dereferenced(schema, this.root);
    if (Array.isArray(value)) return node["type"] === "array";
    if (!isObject(value) || !isObject(node["properties"])) return false;
    const required = Array.isArray(node["required"]) ? (node["required"] as readonly unknown[]) : [];
    if (required.some((key) => typeof key === "string" && value[key] === undefined)) return false;
    return Object.entries(node["properties"]).every(([key, property]) => {
      if (!isObject(property) || value[key] === undefined || value[key] === null) return true;
      const values = "const" in property ? [property["const"]] : property["enum"];
      return !Array.isArray(values) || values.includes(value[key]);
    });
  }
}

/** The name of the property that holds an answer whose schema is no object. */
export const WRAPPER = "value";

const ROOT_UNIONS = ["anyOf", "oneOf", "allOf", "$ref", "enum", "const", "not", "if"];

/**
 * Whether the root of a schema is an object and nothing else. Most vendors accept no other root for answers and
 * arguments: "schema must be a JSON Schema of 'type: \"object\"'".
 */
export function hasObjectRoot(schema: JsonObject): boolean {
  return (
    (schema["type"] === "object" || (schema["type"] === undefined && isObject(schema["properties"]))) &&
    !ROOT_UNIONS.some((keyword) => schema[keyword] !== undefined)
  );
}

/** A schema as the one property of an object, with its definitions at the root and its references moved along. */
export function wrapSchema(schema: JsonObject): JsonObject {
  const { $defs, definitions, ...rest } = schema;
  const moved = (value: Json | undefined) => (value === undefined ? undefined : moveReferences(value, 0));
  return {
    type: "object",
    properties: { [WRAPPER]: moveReferences(rest, 0) },
    required: [WRAPPER],
    additionalProperties: false,
    ...($defs === undefined ? {} : { $defs: moved($defs) }),
    ...(definitions === undefined ? {} : { definitions: moved(definitions) }),
  };
}

function moveReferences(value: Json, depth: number): Json {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH * 2) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => moveReferences(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, inner]) => [
      key,
      key === "$ref" && typeof inner === "string" && /^#(?!\/(?:\$defs|definitions)\/)/.test(inner)
        ? `#/properties/${WRAPPER}${inner.slice(1)}`
        : moveReferences(inner ?? null, depth + 1),
    ]),
  );
}
