import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../core/values/json.js";
import { fitSchema } from "../../shared/common/fit-schema.js";
import { GEMINI_ARGUMENTS } from "../../shared/common/schema-rules.js";
import { fromOpenApiSchema, toOpenApiSchema } from "./schema.js";

const wrap = (a: JsonObject): JsonObject => ({ type: "object", properties: { a } });
const inside = (schema: JsonObject): unknown =>
  (toOpenApiSchema(schema)?.["properties"] as { a: unknown } | undefined)?.a;

describe("a schema in the OpenAPI subset", () => {
  const cases: [rule: string, from: JsonObject, to: JsonObject][] = [
    ["has types in capitals", { type: "string" }, { type: "STRING" }],
    ["says null as nullable", { type: ["string", "null"] }, { type: "STRING", nullable: true }],
    [
      "says null among choices as nullable",
      { anyOf: [{ type: "integer" }, { type: "null" }] },
      { type: "INTEGER", nullable: true },
    ],
    [
      "says several types as choices",
      { type: ["string", "number"] },
      { anyOf: [{ type: "STRING" }, { type: "NUMBER" }] },
    ],
    [
      "has enums of strings",
      { type: "integer", enum: [1, 2] },
      { type: "STRING", format: "enum", enum: ["1", "2"] },
    ],
    ["says a constant as an enum", { const: "x" }, { type: "STRING", format: "enum", enum: ["x"] }],
    [
      "takes null out of enums",
      { enum: ["a", null] },
      { type: "STRING", format: "enum", enum: ["a"], nullable: true },
    ],
    [
      "says oneOf as anyOf",
      { oneOf: [{ type: "string" }, { type: "number" }] },
      { anyOf: [{ type: "STRING" }, { type: "NUMBER" }] },
    ],
    [
      "folds allOf",
      { allOf: [wrap({ type: "string" }), { required: ["a"] }] },
      { type: "OBJECT", properties: { a: { type: "STRING" } }, required: ["a"] },
    ],
    [
      "drops what it does not know",
      { type: "number", exclusiveMinimum: 0, multipleOf: 2, $comment: "x" },
      { type: "NUMBER" },
    ],
    ["drops formats it does not know", { type: "string", format: "uri" }, { type: "STRING" }],
    [
      "keeps formats it knows",
      { type: "string", format: "date-time" },
      { type: "STRING", format: "date-time" },
    ],
    ["keeps formats of numbers", { type: "integer", format: "int32" }, { type: "INTEGER", format: "int32" }],
    ["has items in every array", { type: "array" }, { type: "ARRAY", items: { type: "STRING" } }],
    [
      "widens tuples",
      { type: "array", prefixItems: [{ type: "string" }, { type: "number" }] },
      { type: "ARRAY", items: { anyOf: [{ type: "STRING" }, { type: "NUMBER" }] } },
    ],
    [
      "keeps descriptions and limits",
      { type: "string", description: "d", maxLength: 3 },
      { type: "STRING", description: "d", maxLength: 3 },
    ],
    ["keeps an object within", { type: "object", properties: {} }, { type: "OBJECT", properties: {} }],
  ];
  it.each(cases)("%s", (_, from, to) => {
    expect(inside(wrap(from))).toEqual(to);
  });

  it("has references put in place, siblings over them", () => {
    const schema = {
      ...wrap({ $ref: "#/$defs/T", description: "mine" }),
      $defs: { T: { type: "string", description: "theirs" } },
    };
    expect(toOpenApiSchema(schema)).toEqual({
      type: "OBJECT",
      properties: { a: { type: "STRING", description: "mine" } },
    });
  });

  it("ends if a reference is a ring", () => {
    const tree = {
      $ref: "#/$defs/T",
      $defs: { T: { type: "object", properties: { kids: { type: "array", items: { $ref: "#/$defs/T" } } } } },
    };
    const written = JSON.stringify(toOpenApiSchema(tree));
    expect(written.length).toBeLessThan(10_000);
    expect(written).not.toContain("$ref");
    expect(toOpenApiSchema({ $ref: "#/$defs/A", $defs: { A: { $ref: "#/$defs/A" } } })).toEqual({});
  });

  it("stays small if references multiply", () => {
    const twice = (to: string): JsonObject => ({
      type: "object",
      properties: { l: { $ref: `#/$defs/${to}` }, r: { $ref: `#/$defs/${to}` } },
    });
    const $defs = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`T${n}`, twice(`T${n + 1}`)]));
    expect(JSON.stringify(toOpenApiSchema({ ...twice("T0"), $defs })).length).toBeLessThan(500_000);
  });

  it("is left out if the root has nothing", () => {
    expect(toOpenApiSchema({ type: "object", properties: {} })).toBeUndefined();
    expect(toOpenApiSchema({ type: "object" })).toBeUndefined();
  });

  it("does not reach a prototype", () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"a":{"$ref":"#/__proto__/polluted"}},"__proto__":{"x":1}}',
    ) as JsonObject;
    expect(toOpenApiSchema(schema)).toEqual({ type: "OBJECT", properties: { a: {} } });
  });
});

describe("a JSON Schema", () => {
  it("goes as it is, but for $schema and constants", () => {
    const schema = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: {
        a: { const: 3 },
        b: { type: ["string", "null"] },
        c: { anyOf: [{ const: "x" }, { $ref: "#/$defs/T" }] },
      },
      $defs: { T: { const: true } },
    };
    expect(fitSchema(schema, GEMINI_ARGUMENTS).schema).toEqual({
      type: "object",
      properties: {
        a: { enum: [3], type: "integer" },
        b: { type: ["string", "null"] },
        c: { anyOf: [{ enum: ["x"], type: "string" }, { $ref: "#/$defs/T" }] },
      },
      $defs: { T: { enum: [true], type: "boolean" } },
    });
  });

  it("may have a property that is called like a keyword", () => {
    const schema = { type: "object", properties: { const: { type: "string" }, $schema: { type: "string" } } };
    expect(fitSchema(schema, GEMINI_ARGUMENTS).schema).toEqual(schema);
  });
});

describe("the subset, read back", () => {
  it("is JSON Schema", () => {
    expect(
      fromOpenApiSchema({
        type: "OBJECT",
        properties: { a: { type: "STRING", nullable: true }, b: { type: 3 } },
      }),
    ).toEqual({
      type: "object",
      properties: { a: { type: ["string", "null"] }, b: { type: "integer" } },
    });
  });
});
