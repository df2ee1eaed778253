import { describe, expect, it } from "vitest";
import { z } from "zod/v3";
import { isZod3, zod3ToJsonSchema } from "./schema-zod3.js";

const text = { type: "string" } as const;
const number = { type: "number" } as const;
const closed = (properties: object, required: readonly string[]) => ({
  ...{ type: "object", properties, required, additionalProperties: false },
});

describe("JSON Schema of zod 3", () => {
  it.each<readonly [string, z.ZodTypeAny, object]>([
    ["a text", z.string(), text],
    ["a text of a length", z.string().length(3), { ...text, minLength: 3, maxLength: 3 }],
    ["a text with bounds", z.string().min(1).max(2), { ...text, minLength: 1, maxLength: 2 }],
    ["a text with a pattern", z.string().regex(/^a+$/), { ...text, pattern: "^a+$" }],
    ["a trimmed text", z.string().trim(), text],
    ["an address", z.string().url(), { ...text, format: "uri" }],
    ["an e-mail address", z.string().email(), { ...text, format: "email" }],
    ["an id", z.string().uuid(), { ...text, format: "uuid" }],
    ["a time with its date", z.string().datetime(), { ...text, format: "date-time" }],
    ["a day", z.string().date(), { ...text, format: "date" }],
    ["a time", z.string().time(), { ...text, format: "time" }],
    ["a duration", z.string().duration(), { ...text, format: "duration" }],
    ["a number", z.number(), number],
    ["a whole number", z.number().int(), { type: "integer" }],
    ["a number with bounds", z.number().min(1).max(5), { ...number, minimum: 1, maximum: 5 }],
    [
      "a number between bounds",
      z.number().gt(1).lt(5),
      { ...number, exclusiveMinimum: 1, exclusiveMaximum: 5 },
    ],
    ["a multiple", z.number().multipleOf(5), { ...number, multipleOf: 5 }],
    ["a choice", z.boolean(), { type: "boolean" }],
    ["null", z.null(), { type: "null" }],
    ["a date", z.date(), { ...text, format: "date-time" }],
    ["anything", z.any(), {}],
    ["something unknown", z.unknown(), {}],
    ["a literal", z.literal("a"), { const: "a" }],
    ["an enum", z.enum(["a", "b"]), { ...text, enum: ["a", "b"] }],
    ["an enum of TypeScript", z.nativeEnum({ A: 0, B: "b", 0: "A" } as const), { enum: [0, "b"] }],
    ["a list", z.array(z.string()), { type: "array", items: text }],
    [
      "a list with bounds",
      z.array(z.string()).min(1).max(2),
      { type: "array", items: text, minItems: 1, maxItems: 2 },
    ],
    [
      "a list of a length",
      z.array(z.string()).length(2),
      { type: "array", items: text, minItems: 2, maxItems: 2 },
    ],
    ["a set", z.set(z.string()), { type: "array", uniqueItems: true, items: text }],
    ["a tuple", z.tuple([z.string()]), { type: "array", prefixItems: [text], minItems: 1, items: false }],
    [
      "a tuple with a rest",
      z.tuple([z.string()]).rest(z.number()),
      { type: "array", prefixItems: [text], minItems: 1, items: number },
    ],
    ["a record", z.record(z.number()), { type: "object", additionalProperties: number }],
    [
      "a record with keys",
      z.record(z.enum(["a"]), z.number()),
      { type: "object", additionalProperties: number, propertyNames: { enum: ["a"] } },
    ],
    ["a union", z.union([z.string(), z.number()]), { anyOf: [text, number] }],
    ["an intersection", z.intersection(z.string(), z.number()), { allOf: [text, number] }],
    ["a value or null", z.string().nullable(), { anyOf: [text, { type: "null" }] }],
    ["a value or nothing", z.string().optional(), text],
    ["a default", z.string().default("a"), { ...text, default: "a" }],
    ["a fallback", z.string().catch("a"), text],
    ["a readonly value", z.string().readonly(), text],
    ["a brand", z.string().brand("id"), text],
    ["a transform", z.string().transform(Number), text],
    ["a pipeline", z.string().pipe(z.coerce.number()), text],
    ["a description", z.string().describe("Of it"), { ...text, description: "Of it" }],
    ["an object", z.object({ a: z.string() }), closed({ a: text }, ["a"])],
    ["a strict object", z.object({ a: z.string() }).strict(), closed({ a: text }, ["a"])],
    [
      "an open object",
      z.object({ a: z.string() }).passthrough(),
      { type: "object", properties: { a: text }, required: ["a"] },
    ],
    [
      "an object with others of a kind",
      z.object({}).catchall(z.number()),
      { ...closed({}, []), additionalProperties: number },
    ],
    ["an object without others", z.object({}).catchall(z.never()), closed({}, [])],
  ])("of %s", (_what, schema, json) => {
    expect(zod3ToJsonSchema(schema)).toEqual(json);
    expect(isZod3(schema)).toBe(true);
  });

  it.each<readonly [string, z.ZodTypeAny, boolean]>([
    ["optional", z.string().optional(), true],
    ["with a default", z.string().default("a"), true],
    ["with a fallback", z.string().catch("a"), true],
    ["any", z.any(), true],
    ["unknown", z.unknown(), true],
    ["a text", z.string(), false],
    ["nullable", z.string().nullable(), false],
    ["nullable and optional", z.string().optional().nullable(), true],
    ["readonly", z.string().readonly(), false],
    ["readonly and optional", z.string().optional().readonly(), true],
    ["refined", z.string().refine(() => true), false],
    [
      "refined and optional",
      z
        .string()
        .optional()
        .refine(() => true),
      true,
    ],
    ["branded", z.string().brand("id"), false],
    ["branded and optional", z.string().optional().brand("id"), true],
    ["piped", z.string().pipe(z.string()), false],
    ["piped and optional", z.string().optional().pipe(z.any()), true],
  ])("of a property that is %s lets it be absent: %s", (_what, schema, absent) => {
    expect(zod3ToJsonSchema(z.object({ a: schema }))["required"]).toEqual(absent ? [] : ["a"]);
  });

  it("of schemas that contain themselves has a name for each", () => {
    const one: z.ZodTypeAny = z.lazy(() => z.object({ one, other }).partial());
    const other: z.ZodTypeAny = z.lazy(() => leaf);
    const leaf = z.string();
    const json = zod3ToJsonSchema(z.array(other.describe("Its own")));
    expect(json).toEqual({
      type: "array",
      items: { $ref: "#/$defs/schema0" },
      $defs: { schema0: text },
    });
    expect(zod3ToJsonSchema(z.tuple([other, z.lazy(() => z.number()), other]))).toMatchObject({
      prefixItems: [{ $ref: "#/$defs/schema0" }, { $ref: "#/$defs/schema1" }, { $ref: "#/$defs/schema0" }],
      $defs: { schema0: text, schema1: number },
    });
  });

  it("is refused for what JSON lacks, and for too many levels", () => {
    expect(() => zod3ToJsonSchema(z.bigint())).toThrow("JSON has no BigInt");
    let deep: z.ZodTypeAny = z.string();
    for (let i = 0; i < 128; i++) deep = z.array(deep);
    expect(zod3ToJsonSchema(deep)).toMatchObject({ type: "array" });
    for (let i = 0; i < 200; i++) deep = z.array(deep);
    expect(() => zod3ToJsonSchema(deep)).toThrow(/more than \d+ levels/);
    expect([isZod3({}), isZod3({ _def: {} }), isZod3({ _def: { typeName: "ZodAny" }, _zod: {} })]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
