import {
  asArray,
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import { dereferenced } from "../../../core/values/json-schema.js";
import { mapSchema } from "../../shared/common/schema-walk.js";

/** Levels of nesting that are followed when references are resolved. */
const MAX_DEPTH = 32;

/** The most schemas that one schema may expand to. */
const MAX_NODES = 2_000;

/** Keywords that the OpenAPI subset knows. https://ai.google.dev/api/caching#Schema */
const OPENAPI_KEYWORDS: ReadonlySet<string> = new Set([
  "type",
  "format",
  "title",
  "description",
  "nullable",
  "enum",
  "maxItems",
  "minItems",
  "properties",
  "required",
  "minProperties",
  "maxProperties",
  "minLength",
  "maxLength",
  "pattern",
  "example",
  "anyOf",
  "propertyOrdering",
  "default",
  "items",
  "minimum",
  "maximum",
]);

/** Keywords that are expressed in another way, or that constrain nothing. */
const REWRITTEN: ReadonlySet<string> = new Set([
  "$ref",
  "$defs",
  "definitions",
  "$schema",
  "$id",
  "$anchor",
  "$comment",
  "const",
  "oneOf",
  "allOf",
  "prefixItems",
  "examples",
  "deprecated",
  "readOnly",
  "writeOnly",
]);

/** Formats that the OpenAPI subset accepts for strings; any other is a 400 that names these two. */
const STRING_FORMATS: ReadonlySet<string> = new Set(["enum", "date-time"]);

/**
 * A schema for `parameters` and `responseSchema`, which accept a subset of OpenAPI 3.0: references are resolved, null
 * types become `nullable`, numeric enums become strings, unknown keywords are left out.
 * @param lost receives the keywords that are left out although they constrain values.
 * @returns undefined for an object without properties, which is refused at the root ("should be non-empty for OBJECT
 *   type"): the caller leaves the field out.
 */
export function toOpenApiSchema(schema: JsonObject, lost = new Set<string>()): JsonObject | undefined {
  const root = openApi(schema, { root: schema, left: MAX_NODES, lost }, []);
  const properties = asObject(root["properties"]);
  const empty = properties === undefined || Object.keys(properties).length === 0;
  return root["type"] === "OBJECT" && empty ? undefined : root;
}

/** State of the resolution of one schema. */
interface Resolution {
  readonly root: JsonObject;
  /** How many more schemas may be written: references can expand a few definitions into very many schemas. */
  left: number;
  readonly lost: Set<string>;
}

function openApi(schema: JsonObject, resolution: Resolution, above: readonly string[]): JsonObject {
  const reference = asString(schema["$ref"]);
  const again = reference !== undefined && above.includes(reference);
  if (again || above.length > MAX_DEPTH || resolution.left-- <= 0)
    return { type: "OBJECT", description: "Nested as above" };
  const node = merged(dereferenced(schema, resolution.root));
  const path = [...above, reference ?? ""];
  const out: MutableJson = {};
  for (const key of Object.keys(node)) {
    if (OPENAPI_KEYWORDS.has(key)) out[key] = node[key];
    // The subset reads every object as closed.
    else if (!REWRITTEN.has(key) && node[key] !== false) resolution.lost.add(key);
  }
  const below = (child: unknown): JsonObject => openApi(asObject(child) ?? {}, resolution, path);

  const types = (Array.isArray(node["type"]) ? node["type"] : [node["type"]]).filter(
    (type): type is string => typeof type === "string",
  );
  const plain = types.filter((type) => type.toLowerCase() !== "null");
  if (plain.length < types.length) out["nullable"] = true;
  if (plain.length === 1) out["type"] = plain[0]?.toUpperCase();
  else delete out["type"];

  const { const: constant } = node;
  const values = constant === undefined ? node["enum"] : [constant];
  if (Array.isArray(values)) {
    const kept = values.filter((value) => value !== null);
    if (kept.length < values.length) out["nullable"] = true;
    if (kept.length === 0) delete out["enum"];
    else {
      out["enum"] = kept.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
      out["type"] = "STRING";
      out["format"] = "enum";
    }
  }

  const choices = [...asArray(node["anyOf"]), ...asArray(node["oneOf"])];
  const several: unknown[] = plain.length > 1 ? plain.map((type) => ({ type })) : choices;
  const kept = several.filter((one) => asObject(one)?.["type"] !== "null");
  if (kept.length < several.length) out["nullable"] = true;
  delete out["anyOf"];
  if (kept.length === 1) Object.assign(out, { ...below(kept[0]), ...withoutEmpty(out) });
  else if (kept.length > 1) out["anyOf"] = kept.map(below);

  const properties = asObject(node["properties"]);
  if (properties !== undefined) {
    out["properties"] = Object.fromEntries(
      Object.entries(properties).map(([name, child]) => [name, below(child)]),
    );
    out["type"] ??= "OBJECT";
  }
  const positions = asArray(node["prefixItems"]);
  if (isObject(node["items"])) out["items"] = below(node["items"]);
  else if (positions.length === 1) out["items"] = below(positions[0]);
  else if (positions.length > 1) out["items"] = { anyOf: positions.map(below) };
  else delete out["items"];
  if (out["type"] === "ARRAY" && out["items"] === undefined) out["items"] = { type: "STRING" };
  if (out["type"] === "STRING" && out["format"] !== undefined && !STRING_FORMATS.has(String(out["format"]))) {
    delete out["format"];
    resolution.lost.add("format");
  }
  if (!asArray(node["required"]).length) delete out["required"];
  return out;
}

/** A schema with its `allOf` merged into it: the subset has no such keyword. */
function merged(node: JsonObject): JsonObject {
  const all = asArray(node["allOf"]).filter(isObject);
  if (all.length === 0) return node;
  const { allOf: _all, ...own } = node;
  const out: MutableJson = {};
  for (const one of [...all, own]) {
    const properties = { ...asObject(out["properties"]), ...asObject(one["properties"]) };
    const required = [...new Set([...asArray(out["required"]), ...asArray(one["required"])])] as Json[];
    Object.assign(out, one);
    if (Object.keys(properties).length > 0) out["properties"] = properties;
    if (required.length > 0) out["required"] = required;
  }
  return out;
}

function withoutEmpty(out: MutableJson): MutableJson {
  return Object.fromEntries(Object.entries(out).filter(([, value]) => value !== undefined));
}

/**
 * The inverse for a server half: the forms of the OpenAPI subset (`STRING`, `nullable`, types as numbers) become those
 * of JSON Schema.
 */
export function fromOpenApiSchema(schema: JsonObject): JsonObject {
  return mapSchema(schema, (node) => {
    const { nullable, type, ...rest } = node;
    const name = typeof type === "number" ? TYPE_NUMBERS[type] : asString(type)?.toLowerCase();
    if (name === undefined) return rest;
    if (nullable !== true) return { ...rest, type: name };
    return { ...rest, type: [name, "null"] };
  });
}

/** Types by number, for clients that request `enum-encoding=int`. https://ai.google.dev/api/caching#Type */
const TYPE_NUMBERS: readonly (string | undefined)[] = [
  undefined,
  "string",
  "number",
  "integer",
  "boolean",
  "array",
  "object",
  "null",
];
