import { AiLibError } from "../../core/errors/error.js";
import { isObject, type JsonObject, type MutableJson } from "../../core/values/json.js";
import { fitSchema } from "../../dialects/shared/common/fit-schema.js";
import type { SchemaRules } from "../../dialects/shared/common/schema-rules.js";
import { mapSchema } from "../../dialects/shared/common/schema-walk.js";

/**
 * What a grammar of node-llama-cpp can say: https://node-llama-cpp.withcat.ai/guide/grammar#json-schema. Every property
 * is required there, so optional ones become nullable.
 */
const RULES: SchemaRules = {
  of: "a grammar of llama.cpp",
  closed: "stated",
  requireAll: true,
  refused: new Set([
    "default",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
    "dependentRequired",
    "$schema",
    "$id",
    "title",
    "examples",
  ]),
  unfit: new Set(["patternProperties", "not", "if", "dependentSchemas"]),
  formats: new Set(["date-time", "time", "date"]),
};

/** Types whose schema has fields of its own, so that a list of types cannot name them. */
const OWN_FIELDS: ReadonlySet<unknown> = new Set(["object", "array"]);

/**
 * A JSON Schema as node-llama-cpp takes it.
 * @param what names the schema in an error, such as `the tool "weather"`.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a schema that a grammar cannot follow.
 */
export function grammarSchema(schema: JsonObject, what: string): JsonObject {
  const { schema: fitted, unfit } = fitSchema(schema, RULES);
  if (unfit !== undefined)
    throw new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `The schema of ${what} ${unfit}`,
      local: true,
    });
  return mapSchema(fitted, unionOf);
}

/** Alternatives are `oneOf` there, and a list of types names simple types only. */
function unionOf(node: MutableJson): JsonObject {
  const { anyOf, type, ...rest } = node;
  if (Array.isArray(anyOf)) return { ...withoutType(rest), oneOf: anyOf };
  if (!Array.isArray(type) || !type.some((one) => OWN_FIELDS.has(one))) return node;
  const others = type.filter((one) => !OWN_FIELDS.has(one));
  const own = type.filter((one) => OWN_FIELDS.has(one)).map((one) => ({ ...rest, type: one }));
  const simple = others.length === 0 ? [] : [{ type: others.length === 1 ? others[0] : others }];
  return { oneOf: [...own, ...simple] } as JsonObject;
}

function withoutType(node: JsonObject): JsonObject {
  const { description, $defs } = node;
  return { ...(description !== undefined && { description }), ...(isObject($defs) && { $defs }) };
}
