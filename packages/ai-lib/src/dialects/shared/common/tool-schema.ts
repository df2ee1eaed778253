import { isObject, type Json, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import { branchesOf, dereferenced } from "../../../core/values/json-schema.js";
import type { FunctionTool } from "../../../core/values/tool.js";
import type { EncodeContext } from "./encode-context.js";
import { fitSchema, mergeObjects } from "./fit-schema.js";
import type { SchemaRules } from "./schema-rules.js";
import { mapSchema } from "./schema-walk.js";

/** The arguments of a tool as a vendor accepts them. */
export interface EncodedArguments {
  readonly parameters: JsonObject;
  /** Absent where the tool asks for nothing, or where the schema cannot be strict. */
  readonly strict: boolean | undefined;
}

/**
 * The schema of a tool's arguments. Its root becomes one object, since vendors accept no union there: "schema must have
 * type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level". A strict tool is fitted to the
 * vendor's rules; where that cannot be, the tool is sent without `strict`, with a warning.
 * @param rules what the vendor demands of strict tools. Default: nothing.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a root that may be something else than an object.
 */
export function encodeArguments(
  tool: FunctionTool,
  at: string,
  context: EncodeContext,
  rules?: SchemaRules,
): EncodedArguments {
  const open = objectRoot(tool.parameters, `${at}.parameters`, context);
  if (tool.strict !== true || rules === undefined) return { parameters: open, strict: tool.strict };
  const { schema, changes, unfit } = fitSchema(open, rules);
  if (unfit !== undefined) {
    context.changed(`${at}.strict`, { reason: `the schema ${unfit}; the tool is sent without \`strict\`` });
    return { parameters: open, strict: undefined };
  }
  if (changes.length > 0) warnKeywords(`${at}.parameters`, changes, rules, context);
  return { parameters: schema, strict: true };
}

/**
 * The schema of an answer, fitted to a vendor's rules.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a schema that cannot be fitted: `client.object()` then asks for a call
 *   of a tool instead.
 */
export function fitAnswer(
  schema: JsonObject,
  at: string,
  rules: SchemaRules,
  context: EncodeContext,
): JsonObject {
  const { schema: fitted, changes, unfit } = fitSchema(schema, rules);
  if (unfit !== undefined) context.refuse(at, { reason: `the schema ${unfit}; use a tool instead` });
  if (changes.length > 0) warnKeywords(at, changes, rules, context);
  return fitted;
}

/**
 * A schema that is not enforced, fitted to a vendor's rules as far as possible, with a warning about what was left out.
 */
export function fitOpen(
  schema: JsonObject,
  at: string,
  rules: SchemaRules,
  context: EncodeContext,
): JsonObject {
  const { schema: fitted, changes } = fitSchema(schema, rules);
  if (changes.length > 0) warnKeywords(at, changes, rules, context);
  return fitted;
}

function warnKeywords(
  at: string,
  changes: readonly string[],
  rules: SchemaRules,
  context: EncodeContext,
): void {
  context.changed(at, { reason: `${rules.of} accepts no ${changes.join(", ")}` });
}

const UNIONS = ["anyOf", "oneOf"] as const;
const FORBIDDEN = ["allOf", "not", "if", "then", "else", "enum", "const"] as const;

/** A schema whose root is one object. */
function objectRoot(schema: JsonObject, at: string, context: EncodeContext): JsonObject {
  if (!isPlainObject(schema)) return mergedRoot(schema, at, context);
  return schema["type"] === undefined ? { type: "object", properties: {}, ...schema } : schema;
}

function isPlainObject(schema: JsonObject): boolean {
  return [...UNIONS, ...FORBIDDEN, "$ref"].every((keyword) => schema[keyword] === undefined);
}

function mergedRoot(given: JsonObject, at: string, context: EncodeContext): JsonObject {
  const { $ref: _reference, ...root } = dereferenced(given, given);
  const own = without(root, [...UNIONS, ...FORBIDDEN]);
  const parts = branchesOf(root, "allOf").map((each) => objectOf(each, given));
  const alternatives = UNIONS.flatMap((keyword) => branchesOf(root, keyword)).map((each) =>
    objectOf(each, given),
  );
  if (
    [...parts, ...alternatives].includes(undefined) ||
    root["enum"] !== undefined ||
    root["const"] !== undefined
  )
    context.refuse(at, { reason: "arguments are one object: the root cannot be anything else" });
  const base = mergeObjects([...(parts as JsonObject[]), own]);
  const merged = alternatives.length === 0 ? base : oneObject(base, alternatives as JsonObject[]);
  const definitions = Object.fromEntries(
    ["$defs", "definitions"].flatMap((key) => (given[key] === undefined ? [] : [[key, given[key]] as const])),
  );
  const lost = ["not", "if"].filter((keyword) => root[keyword] !== undefined);
  if (alternatives.length > 0)
    context.changed(at, {
      reason:
        "the root cannot be a union: its properties are in one object, whose description names those that belong together",
    });
  if (lost.length > 0) context.changed(at, { reason: `the root accepts no ${lost.join(", ")}` });
  return { ...merged, ...definitions };
}

/** A schema that is an object, with its `allOf` merged into it; undefined for any other. */
function objectOf(schema: JsonObject, root: JsonObject): JsonObject | undefined {
  const node = dereferenced(schema, root);
  const parts = branchesOf(node, "allOf").map((each) => dereferenced(each, root));
  const whole = parts.length === 0 ? node : mergeObjects([...parts, without(node, ["allOf"])]);
  const { type } = whole;
  const isObjectSchema = type === "object" || (type === undefined && isObject(whole["properties"]));
  return isObjectSchema && UNIONS.every((keyword) => whole[keyword] === undefined) ? whole : undefined;
}

/** Alternatives as one object, with every property that one of them has, and what all of them require. */
function oneObject(base: MutableJson, alternatives: readonly JsonObject[]): MutableJson {
  const own = isObject(base["properties"]) ? base["properties"] : {};
  const properties: MutableJson = { ...own };
  for (const one of alternatives) {
    const some = isObject(one["properties"]) ? one["properties"] : {};
    for (const name of Object.keys(some)) {
      if (name === "__proto__") continue;
      const before = Object.hasOwn(properties, name) ? properties[name] : undefined;
      properties[name] = before === undefined ? some[name] : eitherOf(before, some[name] ?? {});
    }
  }
  const required = new Set<Json>(requiredOf(base));
  for (const name of requiredOf(alternatives[0] ?? {}))
    if (alternatives.every((one) => requiredOf(one).includes(name))) required.add(name);
  const hint = `The properties of one of these: ${alternatives.map(describe).join("; or ")}.`;
  const { description } = base;
  return {
    ...without(base, ["additionalProperties"]),
    type: "object",
    description: typeof description === "string" ? `${description}\n${hint}` : hint,
    properties,
    required: required.size === 0 ? undefined : [...required],
  };
}

/** A property that two alternatives have: one of their constants, or either schema. */
function eitherOf(one: Json, other: Json): Json {
  if (JSON.stringify(one) === JSON.stringify(other)) return one;
  const [first, second] = [constantsOf(one), constantsOf(other)];
  if (first !== undefined && second !== undefined && isObject(one)) {
    const values = [...new Set([...first, ...second])];
    const { const: _constant, ...rest } = one;
    return { ...rest, enum: values };
  }
  const some = isObject(one) && Object.keys(one).length === 1 ? branchesOf(one, "anyOf") : [];
  return { anyOf: [...(some.length > 0 ? some : [one]), other] };
}

function constantsOf(schema: Json): readonly Json[] | undefined {
  if (!isObject(schema)) return undefined;
  if (schema["const"] !== undefined) return [schema["const"]];
  return Array.isArray(schema["enum"]) ? (schema["enum"] as readonly Json[]) : undefined;
}

function requiredOf(schema: JsonObject): readonly Json[] {
  return Array.isArray(schema["required"]) ? (schema["required"] as readonly Json[]) : [];
}

/** An alternative in words: its properties, with constants, optional ones with a question mark. */
function describe(schema: JsonObject): string {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const required = requiredOf(schema);
  return Object.entries(properties)
    .map(([name, property]) => {
      const constants = constantsOf(property ?? {});
      const values =
        constants === undefined ? "" : ` (${constants.map((value) => JSON.stringify(value)).join(", ")})`;
      return `${name}${required.includes(name) ? "" : "?"}${values}`;
    })
    .join(", ");
}

function without(object: JsonObject, keys: readonly string[]): MutableJson {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}

/** A schema whose lists say what their items are: OpenAI answers "array schema missing items" otherwise. */
export function withItems(schema: JsonObject): JsonObject {
  return mapSchema(schema, (node) => {
    const { type } = node;
    const isArray = type === "array" || (Array.isArray(type) && type.includes("array"));
    return isArray && node["items"] === undefined && node["prefixItems"] === undefined
      ? { ...node, items: {} }
      : node;
  });
}
