import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import * as mini from "zod/mini";
import { z as z3 } from "zod/v3";
import { errorOf } from "../../test/support/calls.js";
import { prepareSchema } from "./schema.js";
import type { AnySchema } from "./standard-schema.js";

describe("a prepared schema", () => {
  it.each([
    ["zod", z.object({ a: z.string() })],
    ["valibot", v.object({ a: v.string() })],
    ["arktype", type({ a: "string" })],
  ] as [string, AnySchema][])("is converted to JSON Schema, from %s", async (_, schema) => {
    const { json } = await prepareSchema(schema);
    expect(json).toMatchObject({ type: "object", properties: { a: { type: "string" } }, required: ["a"] });
    expect(json).not.toHaveProperty("$schema");
  });

  it("is refused with more than 256 levels, before a check is made of it", async () => {
    let deep: object = { type: "string" };
    for (let i = 0; i < 20_000; i++) deep = { type: "array", items: deep };
    const error = await errorOf(prepareSchema(deep as AnySchema));
    expect(error).toMatchObject({ code: "INVALID_REQUEST", local: true });
    expect(error.message).toContain("256 levels");
  });

  it("returns the converted value", async () => {
    const { check } = await prepareSchema(z.object({ n: z.coerce.number().default(0) }));
    expect(await check({ n: "5" })).toEqual({ value: { n: 5 } });
    expect(await check({})).toEqual({ value: { n: 0 } });
  });

  it("waits for an asynchronous check", async () => {
    const { check } = await prepareSchema(
      z.string().refine((text) => Promise.resolve(text === "yes"), "say yes"),
    );
    expect(await check("yes")).toEqual({ value: "yes" });
    expect(await check("no")).toEqual({ issues: [{ path: [], message: "say yes", value: "no" }] });
  });

  it("treats a check that throws as failed", async () => {
    const schema = z.object({
      a: z.string().transform(() => {
        throw new Error("mine");
      }),
    });
    expect(await (await prepareSchema(schema)).check({ a: "" })).toEqual({
      issues: [{ path: [], message: "mine", value: { a: "" } }],
    });
  });

  it.each([
    ["a/b", "a/b"],
    ["a~b", "a~b"],
    ["größe", "größe"],
    ["50%", "50%"],
    ["a b", "a b"],
  ])("names the key %j as it is written", async (key, path) => {
    const { check } = await prepareSchema({ type: "object", properties: { [key]: { type: "number" } } });
    expect(await check({ [key]: "x" })).toMatchObject({ issues: [{ path: [path], value: "x" }] });
  });

  it("names the deepest place, and the root if that is it", async () => {
    const { check } = await prepareSchema({
      type: "object",
      properties: {
        list: { type: "array", items: { type: "object", properties: { n: { type: "number" } } } },
      },
    });
    expect(await check({ list: [{ n: 1 }, { n: "2" }] })).toMatchObject({
      issues: [{ path: ["list", 1, "n"], value: "2" }],
    });
    expect(await check(7)).toMatchObject({ issues: [{ path: [], value: 7 }] });
  });

  it("does not change the schema that it was given", async () => {
    const schema = Object.freeze({ $schema: "https://json-schema.org/draft/2020-12/schema", type: "object" });
    expect((await prepareSchema(schema)).json["type"]).toBe("object");
    expect(schema.$schema).toContain("2020-12");
  });

  const refused: [string, unknown][] = [
    ["a type of zod that JSON lacks", z.object({ count: z.bigint() })],
    ["a type of zod 3 that JSON lacks", z3.object({ count: z3.bigint() })],
    ["a type of zod mini that JSON lacks", mini.object({ count: mini.bigint() })],
    ["a type of valibot that JSON lacks", v.object({ count: v.bigint() })],
    ["a text", "object"],
    ["nothing", undefined],
    ["a list", []],
    [
      "a library without JSON Schema",
      { "~standard": { version: 1, vendor: "mine", validate: (value: unknown) => ({ value }) } },
    ],
  ];
  it.each(refused)("refuses %s as a mistake of the program", async (_, schema) => {
    expect(await errorOf(prepareSchema(schema as AnySchema))).toMatchObject({ code: "CONFIG_ERROR" });
  });

  it("refuses a reference to nothing", async () => {
    const checked = prepareSchema({ type: "object", properties: { a: { $ref: "#/$defs/none" } } }).then(
      ({ check }) => check({ a: 1 }),
    );
    expect(await errorOf(checked)).toMatchObject({ code: "CONFIG_ERROR" });
  });
});

/** One nested schema in several languages, each with what generators of objects use most. */
const nested: [string, AnySchema][] = [
  [
    "zod",
    z.object({
      title: z.string().min(1).describe("Of the event"),
      place: z.string().optional(),
      host: z.string().nullable(),
      fee: z.union([z.number(), z.literal("free")]),
      kind: z.enum(["talk", "walk"]),
      tags: z.record(z.string(), z.number().int()),
      when: z.date(),
      seats: z.number().default(10),
      guests: z.array(z.object({ name: z.string() })),
    }),
  ],
  [
    "zod mini",
    mini.object({
      title: mini.string().check(mini.minLength(1), mini.describe("Of the event")),
      place: mini.optional(mini.string()),
      host: mini.nullable(mini.string()),
      fee: mini.union([mini.number(), mini.literal("free")]),
      kind: mini.enum(["talk", "walk"]),
      tags: mini.record(mini.string(), mini.int()),
      when: mini.date(),
      seats: mini._default(mini.number(), 10),
      guests: mini.array(mini.object({ name: mini.string() })),
    }),
  ],
  [
    "zod 3",
    z3.object({
      title: z3.string().min(1).describe("Of the event"),
      place: z3.string().optional(),
      host: z3.string().nullable(),
      fee: z3.union([z3.number(), z3.literal("free")]),
      kind: z3.enum(["talk", "walk"]),
      tags: z3.record(z3.number().int()),
      when: z3.date(),
      seats: z3.number().default(10),
      guests: z3.array(z3.object({ name: z3.string() })),
    }),
  ],
  [
    "valibot",
    v.object({
      title: v.pipe(v.string(), v.minLength(1), v.description("Of the event")),
      place: v.optional(v.string()),
      host: v.nullable(v.string()),
      fee: v.union([v.number(), v.literal("free")]),
      kind: v.picklist(["talk", "walk"]),
      tags: v.record(v.string(), v.pipe(v.number(), v.integer())),
      when: v.date(),
      seats: v.optional(v.number(), 10),
      guests: v.array(v.object({ name: v.string() })),
    }),
  ],
];

describe.each(nested)("a nested schema of %s", (_, schema) => {
  const value = {
    title: "Jazz",
    host: null,
    fee: "free",
    kind: "talk",
    tags: { music: 3 },
    when: "2026-05-01T18:00:00Z",
    guests: [{ name: "Ada" }],
  };

  it("becomes complete JSON Schema", async () => {
    const { json } = await prepareSchema(schema);
    const { properties, required } = json as {
      properties: Record<string, object>;
      required: string[];
    };
    expect([...required].sort()).toEqual(["fee", "guests", "host", "kind", "tags", "title", "when"]);
    expect(properties).toMatchObject({
      title: { type: "string", minLength: 1, description: "Of the event" },
      place: { type: "string" },
      kind: { enum: ["talk", "walk"] },
      tags: { type: "object", additionalProperties: { type: "integer" } },
      when: { type: "string", format: "date-time" },
      seats: { type: "number", default: 10 },
      guests: { type: "array", items: { type: "object", required: ["name"] } },
    });
    expect(JSON.stringify(properties["host"])).toContain('"null"');
    expect(JSON.stringify(properties["fee"])).toContain('"free"');
  });

  it("reads a value, with its dates and defaults", async () => {
    const { check } = await prepareSchema(schema);
    expect(await check(value)).toEqual({
      value: { ...value, when: new Date("2026-05-01T18:00:00Z"), seats: 10 },
    });
  });

  it("names each place that does not fit, with the value there", async () => {
    const { check } = await prepareSchema(schema);
    const wrong = { ...value, kind: "run", when: "soon", guests: [{ name: "Ada" }, { name: 7 }] };
    const checked = await check(wrong);
    const issues = "issues" in checked ? checked.issues : [];
    expect(issues.map(({ path, value: found }) => [path.join("."), found])).toEqual(
      expect.arrayContaining([
        ["kind", "run"],
        ["when", "soon"],
        ["guests.1.name", 7],
      ]),
    );
  });
});

describe("a schema of zod 3", () => {
  it.each<[string, z3.ZodTypeAny, object]>([
    ["a literal", z3.literal(5), { const: 5 }],
    ["a native enum", z3.nativeEnum({ A: "a", B: "b" }), { enum: ["a", "b"] }],
    ["a numeric enum", z3.nativeEnum({ A: 0, 0: "A" } as const), { enum: [0] }],
    ["bounds", z3.number().int().gt(1).lte(5), { type: "integer", exclusiveMinimum: 1, maximum: 5 }],
    ["formats", z3.string().email().max(9), { type: "string", format: "email", maxLength: 9 }],
    ["a pattern", z3.string().regex(/^a+$/), { pattern: "^a+$" }],
    [
      "a tuple",
      z3.tuple([z3.string(), z3.number()]),
      { prefixItems: [{ type: "string" }, { type: "number" }] },
    ],
    ["a length", z3.array(z3.null()).length(2), { minItems: 2, maxItems: 2, items: { type: "null" } }],
    ["a set", z3.set(z3.boolean()), { type: "array", uniqueItems: true }],
    ["a refinement", z3.string().refine(() => true), { type: "string" }],
    ["a transform", z3.string().transform(Number), { type: "string" }],
    ["a pipeline", z3.string().pipe(z3.coerce.number()), { type: "string" }],
    ["a brand", z3.string().brand("id"), { type: "string" }],
    ["an intersection", z3.intersection(z3.object({}), z3.object({})), { allOf: [{}, {}] }],
    ["others of a kind", z3.object({}).catchall(z3.number()), { additionalProperties: { type: "number" } }],
    ["a readonly value", z3.string().readonly(), { type: "string" }],
    [
      "choices by a key",
      z3.discriminatedUnion("t", [z3.object({ t: z3.literal("a") }), z3.object({ t: z3.literal("b") })]),
      { anyOf: [{ properties: { t: { const: "a" } } }, { properties: { t: { const: "b" } } }] },
    ],
  ])("tells %s", async (_, schema, json) => {
    expect((await prepareSchema(schema as AnySchema)).json).toMatchObject(json);
  });

  it("that contains itself has a name for itself", async () => {
    interface Node {
      children: Node[];
    }
    const node: z3.ZodType<Node> = z3.object({ children: z3.array(z3.lazy(() => node)) });
    const { json, check } = await prepareSchema(node as AnySchema);
    expect(json).toMatchObject({
      properties: { children: { items: { $ref: "#/$defs/schema0" } } },
      $defs: { schema0: { properties: { children: { items: { $ref: "#/$defs/schema0" } } } } },
    });
    expect(await check({ children: [{ children: [] }] })).toHaveProperty("value");
  });
});
