import { isObject, type Json, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import { allowsNull, branchesOf, pointedAt } from "../../../core/values/json-schema.js";
import type { SchemaRules } from "./schema-rules.js";
import { childSchemas, MAX_SCHEMA_DEPTH, mapSchema } from "./schema-walk.js";

/** A schema as a vendor accepts it, and the changes that it needed. */
export interface FittedSchema {
  readonly schema: JsonObject;
  /** Keywords that were left out or replaced, in order, for a warning. */
  readonly changes: readonly string[];
  /** Why it cannot be fitted, if it cannot: the end of the sentence "the schema ...". */
  readonly unfit?: string;
}

/**
 * Fits a schema to the rules of a vendor: objects are closed, optional properties become nullable where all must be
 * required, `oneOf` becomes `anyOf`, an `allOf` of objects becomes one object, and keywords that are refused are left
 * out. What would mean something else without a keyword cannot be fitted: a map of any keys, or a schema that contains
 * itself where that is refused.
 */
export function fitSchema(schema: JsonObject, rules: SchemaRules): FittedSchema {
  const fitter = new Fitter(schema, rules);
  const fitted = mapSchema(schema, (node, depth) => fitter.fit(node, depth));
  const unfit = fitter.unfit ?? exceeded(fitted, rules) ?? recursion(schema, rules);
  const changes = [...fitter.changes].sort();
  return unfit === undefined ? { schema: fitted, changes } : { schema: fitted, changes, unfit };
}

class Fitter {
  readonly changes = new Set<string>();
  unfit: string | undefined;

  constructor(
    private readonly root: JsonObject,
    private readonly rules: SchemaRules,
  ) {}

  fit(node: MutableJson, depth: number): JsonObject {
    const { rules } = this;
    if (node["nullable"] !== undefined) withNullType(node);
    if (rules.noConst === true && node["const"] !== undefined) constAsEnum(node);
    if (rules.unfit.has("anyOf")) nullableUnion(node);
    for (const key of rules.unfit)
      if (node[key] !== undefined) this.unfit ??= `has \`${key}\`, which ${rules.of} has no place for`;
    const { $ref: reference } = node;
    if (typeof reference === "string" && pointedAt(this.root, reference) === undefined)
      this.unfit ??= `refers to "${reference}", which it does not contain`;
    const merges = rules.closed !== undefined || rules.known?.has("allOf") === false;
    if (node["allOf"] !== undefined && merges) this.mergeAll(node);
    if (node["oneOf"] !== undefined && rules.oneOf !== true) {
      this.changes.add("oneOf");
      node["anyOf"] = [...branchesOf(node, "anyOf"), ...branchesOf(node, "oneOf")];
      delete node["oneOf"];
    }
    for (const key of Object.keys(node))
      if (rules.refused.has(key) || rules.known?.has(key) === false) this.drop(node, key);
    const { format, minItems, pattern, enum: values } = node;
    if (typeof format === "string" && rules.formats?.has(format) === false) this.drop(node, "format");
    if (typeof pattern === "string" && rules.noPatternsWith?.some((text) => pattern.includes(text)))
      this.drop(node, "pattern");
    if (rules.plainEnums === true && Array.isArray(values) && (values as readonly Json[]).some(isNested))
      this.unfit ??= `has an enum of objects or lists, which ${rules.of} has no place for`;
    if (rules.shortMinItems === true && typeof minItems === "number" && minItems > 1)
      this.drop(node, "minItems");
    if (isObjectSchema(node)) this.fitObject(node, depth);
    if (rules.typed === true && depth > 0) this.checkType(node);
    return rules.bareReferences === true && depth > 0 ? withBareReference(node) : node;
  }

  private drop(node: MutableJson, key: string): void {
    delete node[key];
    if (!DEMANDS_NOTHING.has(key)) this.changes.add(key);
  }

  /** An object's `allOf` merged into it, since closed objects cannot extend each other. */
  private mergeAll(node: MutableJson): void {
    const all = branchesOf(node, "allOf");
    const parts = all.map((each) =>
      typeof each["$ref"] === "string" ? { ...pointedAt(this.root, each["$ref"]) } : each,
    );
    if (all.length === 1 && Object.keys(node).every((key) => key === "allOf" || ANNOTATIONS.has(key))) {
      const { allOf: _all, ...own } = node;
      delete node["allOf"];
      Object.assign(node, all[0], own);
      return;
    }
    if (!parts.every((each) => isObjectSchema(each) && !hasUnion(each)) || hasUnion(node)) {
      this.unfit ??= "has an `allOf` that is not a list of plain objects";
      return;
    }
    this.changes.add("allOf");
    Object.assign(node, mergeObjects([...parts, node]));
    delete node["allOf"];
  }

  private fitObject(node: MutableJson, depth: number): void {
    const { rules } = this;
    if (rules.knownRequired === true || rules.closed !== undefined) this.dropUnknownRequired(node);
    if (rules.requireOne === true && !((node["required"] as readonly Json[] | undefined)?.length ?? 0))
      this.unfit ??= `has an object that requires no property, and every object of ${rules.of} must require one`;
    if (rules.closed === undefined) return;
    const properties = isObject(node["properties"]) ? node["properties"] : undefined;
    const others = node["additionalProperties"];
    const anything = others === true || (isObject(others) && Object.keys(others).length === 0);
    const named = properties !== undefined && Object.keys(properties).length > 0;
    if (others !== undefined && others !== false) {
      if (named && anything) this.changes.add("additionalProperties");
      else this.unfit ??= `has a map of any keys, and every object of ${rules.of} must name its properties`;
    } else if (properties === undefined && others !== false && depth > 0)
      this.unfit ??= `has an object without properties, and every object of ${rules.of} must name its own`;
    node["type"] ??= "object";
    node["properties"] ??= {};
    if (rules.closed === "stated") node["additionalProperties"] = false;
    else if (others !== false) delete node["additionalProperties"];
    if (rules.requireAll === true) this.requireAll(node, properties ?? {});
  }

  private dropUnknownRequired(node: MutableJson): void {
    const { properties, required, patternProperties, additionalProperties: others } = node;
    if (!Array.isArray(required) || !isObject(properties)) return;
    if (patternProperties !== undefined || (others !== undefined && others !== false)) return;
    const kept = (required as readonly Json[]).filter(
      (name) => typeof name === "string" && Object.hasOwn(properties, name),
    );
    if (kept.length === required.length) return;
    node["required"] = kept;
    this.changes.add("required");
  }

  private requireAll(node: MutableJson, properties: JsonObject): void {
    const required = Array.isArray(node["required"]) ? (node["required"] as readonly Json[]) : [];
    const all: MutableJson = {};
    for (const name of Object.keys(properties)) {
      const property = properties[name];
      if (this.rules.typed === true && !isObject(property)) this.unfit ??= "has a place of any type";
      all[name] = required.includes(name) ? property : nullable(property ?? {}, this.root);
    }
    node["properties"] = all;
    node["required"] = [
      ...required.filter((name) => typeof name === "string" && Object.hasOwn(all, name)),
      ...Object.keys(all).filter((name) => !required.includes(name)),
    ];
  }

  /** Strict schemas must say a type: a constant's is that of the value. */
  private checkType(node: MutableJson): void {
    if (node["type"] !== undefined || node["$ref"] !== undefined || node["anyOf"] !== undefined) {
      const types = Array.isArray(node["type"]) ? node["type"] : [node["type"]];
      if (types.includes("array") && !isObject(node["items"]))
        this.unfit ??= "has a list that does not say what its items are";
      return;
    }
    const values = "const" in node ? [node["const"]] : node["enum"];
    if (!Array.isArray(values)) {
      this.unfit ??= "has a place of any type";
      return;
    }
    const types = [...new Set(values.map((value) => typeOf(value as Json)))];
    node["type"] = types.length === 1 ? types[0] : types;
  }
}

/** Keywords that only describe a schema. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  "title",
  "description",
  "examples",
  "deprecated",
  "$comment",
  "$defs",
  "definitions",
  "$schema",
  "$id",
]);

/**
 * Further keywords that constrain no value and can be dropped without a warning. `default` may be a promise of the
 * caller.
 */
const DEMANDS_NOTHING: ReadonlySet<string> = new Set([
  ...ANNOTATIONS,
  "readOnly",
  "writeOnly",
  "$vocabulary",
  "$anchor",
]);

function isNested(value: Json): boolean {
  return typeof value === "object" && value !== null;
}

function constAsEnum(node: MutableJson): void {
  const { const: constant = null } = node;
  delete node["const"];
  node["enum"] = [constant];
  if (!isNested(constant)) node["type"] ??= typeOf(constant);
}

/** A type that is nullable, as OpenAPI 3.0 writes it, as a type and null. */
function withNullType(node: MutableJson): void {
  const { nullable: accepts, ...rest } = node;
  delete node["nullable"];
  if (accepts === true && rest["type"] !== undefined) Object.assign(node, nullable(rest, rest));
}

/** A union of one type and null as that type and null. */
function nullableUnion(node: MutableJson): void {
  const branches = [...branchesOf(node, "anyOf"), ...branchesOf(node, "oneOf")];
  const [only, ...others] = branches.filter(({ type }) => type !== "null");
  if (only === undefined || others.length > 0 || typeof only["type"] !== "string") return;
  const { anyOf: _any, oneOf: _one, ...own } = node;
  const plain = branches.length === 1 ? only : (nullable(only, only) as JsonObject);
  for (const key of Object.keys(node)) delete node[key];
  Object.assign(node, plain, own);
}

/** A reference without other keywords, within a union that has them. */
function withBareReference(node: MutableJson): JsonObject {
  const { $ref: reference, ...rest } = node;
  const beside = Object.keys(rest).some((key) => !key.startsWith("$"));
  if (reference === undefined || !beside || rest["anyOf"] !== undefined) return node;
  return { ...rest, anyOf: [{ $ref: reference }] };
}

function isObjectSchema(node: JsonObject): boolean {
  const { type } = node;
  return (
    type === "object" || (Array.isArray(type) && type.includes("object")) || isObject(node["properties"])
  );
}

function hasUnion(node: JsonObject): boolean {
  return node["anyOf"] !== undefined || node["oneOf"] !== undefined || node["$ref"] !== undefined;
}

/** Several object schemas as one that follows all of them; later ones override earlier ones. */
export function mergeObjects(objects: readonly JsonObject[]): MutableJson {
  const merged: MutableJson = {};
  const properties: MutableJson = {};
  const required = new Set<Json>();
  for (const one of objects) {
    Object.assign(merged, one);
    if (isObject(one["properties"])) Object.assign(properties, one["properties"]);
    if (Array.isArray(one["required"]))
      for (const name of one["required"] as readonly Json[]) required.add(name);
  }
  merged["type"] = "object";
  merged["properties"] = properties;
  if (required.size > 0) merged["required"] = [...required];
  return merged;
}

/** A schema that accepts null besides. */
function nullable(schema: Json, root: JsonObject): Json {
  if (!isObject(schema) || allowsNull(schema, root)) return schema;
  const { type, enum: values } = schema;
  if (
    schema["$ref"] !== undefined ||
    "const" in schema ||
    schema["anyOf"] !== undefined ||
    type === undefined
  ) {
    const { description, ...rest } = schema;
    const some = schema["anyOf"] === undefined ? [rest] : branchesOf(schema, "anyOf");
    const { anyOf: _some, ...others } = schema["anyOf"] === undefined ? { description } : schema;
    return { ...others, anyOf: [...some, { type: "null" }] };
  }
  const types: readonly Json[] = Array.isArray(type) ? (type as readonly Json[]) : [type];
  return {
    ...schema,
    type: [...types, "null"],
    ...(Array.isArray(values) ? { enum: [...(values as readonly Json[]), null] } : {}),
  };
}

/** The JSON Schema type of a value. */
export function typeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** Which limit a schema exceeds, as the end of "the schema ...". */
function exceeded(schema: JsonObject, { limits }: SchemaRules): string | undefined {
  if (limits === undefined) return undefined;
  const size = { depth: 0, properties: 0, optional: 0, enumValues: 0, characters: 0 };
  measure(schema, size, 0);
  for (const key of ["depth", "properties", "optional", "enumValues", "characters"] as const) {
    const most = limits[key];
    if (most !== undefined && size[key] > most)
      return `${TOO_MUCH[key]}: ${size[key]}, and ${most} is the most`;
  }
  return undefined;
}

const TOO_MUCH = {
  depth: "is nested too deeply",
  properties: "has too many properties",
  optional: "has too many optional properties",
  enumValues: "has too many values in enums",
  characters: "has too many characters in names and values",
} as const;

function measure(node: JsonObject, size: Record<keyof typeof TOO_MUCH, number>, depth: number): void {
  if (depth > MAX_SCHEMA_DEPTH) return;
  const properties = isObject(node["properties"]) ? Object.keys(node["properties"]) : [];
  const required = Array.isArray(node["required"]) ? (node["required"] as readonly Json[]) : [];
  const values = Array.isArray(node["enum"]) ? (node["enum"] as readonly Json[]) : [];
  if (properties.length > 0) size.depth = Math.max(size.depth, depth + 1);
  size.properties += properties.length;
  size.optional += properties.filter((name) => !required.includes(name)).length;
  size.enumValues += values.length;
  for (const text of [...properties, ...values, node["const"]])
    if (typeof text === "string") size.characters += text.length;
  const deeper = properties.length > 0 ? depth + 1 : depth;
  for (const child of childSchemas(node)) measure(child, size, deeper);
}

/** Says where a schema contains itself although it may not; undefined if it does not. */
function recursion(root: JsonObject, { recursion: where, of }: SchemaRules): string | undefined {
  if (where === undefined) return undefined;
  const done = new Set<string>();
  const visit = (node: JsonObject, above: readonly string[], depth: number): string | undefined => {
    if (depth > MAX_SCHEMA_DEPTH) return undefined;
    const { $ref: reference } = node;
    if (typeof reference === "string") {
      if (reference === "#" || above.includes(reference))
        return where === "nowhere"
          ? `contains itself, at "${reference}"`
          : `contains itself, at "${reference}", which ${of} accepts only in a property that is not required`;
      const found = done.has(reference) ? undefined : pointedAt(root, reference);
      done.add(reference);
      const deeper = found === undefined ? undefined : visit(found, [...above, reference], depth + 1);
      if (deeper !== undefined) return deeper;
    }
    for (const child of where === "nowhere" ? childSchemas(node) : requiredSchemas(node)) {
      const deeper = visit(child, above, depth + 1);
      if (deeper !== undefined) return deeper;
    }
    return undefined;
  };
  return visit(root, [], 0);
}

/** The schemas within a schema, without those of optional properties and without definitions. */
function requiredSchemas(node: JsonObject): JsonObject[] {
  const { properties, $defs: _defs, definitions: _definitions, ...rest } = node;
  const required = Array.isArray(node["required"]) ? (node["required"] as readonly Json[]) : [];
  const named = isObject(properties) ? Object.entries(properties) : [];
  return [
    ...childSchemas(rest),
    ...named.flatMap(([name, child]) => (required.includes(name) && isObject(child) ? [child] : [])),
  ];
}
