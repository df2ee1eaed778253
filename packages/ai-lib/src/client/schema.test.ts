import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { errorOf } from "../../test/support/calls.js";
import { type AnySchema, prepareSchema } from "./schema.js";

describe("a schema made ready", () => {
  it.each([
    ["zod", z.object({ a: z.string() })],
    ["valibot", v.object({ a: v.string() })],
    ["arktype", type({ a: "string" })],
  ] as [string, AnySchema][])("is told in JSON Schema, of %s", async (_, schema) => {
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

  it("gives what the schema makes of a value", async () => {
    const { check } = await prepareSchema(z.object({ n: z.coerce.number().default(0) }));
    expect(await check({ n: "5" })).toEqual({ value: { n: 5 } });
    expect(await check({})).toEqual({ value: { n: 0 } });
  });

  it("waits for a check that takes its time", async () => {
    const { check } = await prepareSchema(
      z.string().refine((text) => Promise.resolve(text === "yes"), "say yes"),
    );
    expect(await check("yes")).toEqual({ value: "yes" });
    expect(await check("no")).toEqual({ problem: "(root): say yes" });
  });

  it("takes a check that throws for one that fails", async () => {
    const schema = z.object({
      a: z.string().transform(() => {
        throw new Error("mine");
      }),
    });
    expect(await (await prepareSchema(schema)).check({ a: "" })).toEqual({ problem: "(root): mine" });
  });

  it.each([
    ["a/b", "a/b"],
    ["a~b", "a~b"],
    ["größe", "größe"],
    ["50%", "50%"],
    ["a b", "a b"],
  ])("names the key %j as it is written", async (key, path) => {
    const { check } = await prepareSchema({ type: "object", properties: { [key]: { type: "number" } } });
    expect(await check({ [key]: "x" })).toEqual({ problem: expect.stringMatching(/^[^:]+: /) });
    const result = await check({ [key]: "x" });
    expect("problem" in result && result.problem.startsWith(`${path}: `)).toBe(true);
  });

  it("names the deepest place, and the root where that is it", async () => {
    const { check } = await prepareSchema({
      type: "object",
      properties: {
        list: { type: "array", items: { type: "object", properties: { n: { type: "number" } } } },
      },
    });
    expect(await check({ list: [{ n: 1 }, { n: "2" }] })).toMatchObject({
      problem: expect.stringMatching(/^list\.1\.n: /),
    });
    expect(await check(7)).toMatchObject({ problem: expect.stringMatching(/^\(root\): /) });
  });

  it("does not change the schema that it was given", async () => {
    const schema = Object.freeze({ $schema: "https://json-schema.org/draft/2020-12/schema", type: "object" });
    expect((await prepareSchema(schema)).json["type"]).toBe("object");
    expect(schema.$schema).toContain("2020-12");
  });

  const refused: [string, unknown][] = [
    ["a type of zod that JSON lacks", z.object({ when: z.date() })],
    ["a type of valibot that JSON lacks", v.object({ when: v.date() })],
    ["a text", "object"],
    ["nothing", undefined],
    ["a list", []],
    [
      "a library that tells nothing",
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
