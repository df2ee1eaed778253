import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { AiClient } from "../../src/client/ai-client.js";
import { prepareSchema } from "../../src/client/schema.js";
import { provider } from "../../src/providers/spec.js";
import { REPLIES, recorder } from "../sent/ask.js";
import { errorOf } from "../support/calls.js";
import { LIBRARIES, WRITTEN } from "./libraries.js";

const ajv = new Ajv({ strict: false, validateFormats: false });

describe.each(LIBRARIES.map((library) => [library.name, library] as const))(
  "a schema of %s",
  (_, { schema, dates = false, defaults = false }) => {
    const when = dates ? new Date(WRITTEN.when) : WRITTEN.when;
    const read = { ...WRITTEN, when, ...(defaults ? { seats: 10 } : {}) };

    it("becomes JSON Schema that accepts what fits and refuses what does not", async () => {
      const { json } = await prepareSchema(schema);
      expect(json).not.toHaveProperty("$schema");
      const validate = ajv.compile(json);
      expect(validate(WRITTEN) ? [] : validate.errors).toEqual([]);
      for (const wrong of [
        { kind: "run" },
        { host: 7 },
        { fee: "cheap" },
        { tags: { a: 1.5 } },
        { guests: [{}] },
        { title: "" },
        { seats: "ten" },
      ])
        expect(validate({ ...WRITTEN, ...wrong }), JSON.stringify(wrong)).toBe(false);
    });

    it("has what the caller may leave out as optional, and no more", async () => {
      const { required } = (await prepareSchema(schema)).json as { required: string[] };
      expect([...required].sort()).toEqual(["fee", "guests", "host", "kind", "tags", "title", "when"]);
    });

    it("reads what a model wrote", async () => {
      expect(await (await prepareSchema(schema)).check(WRITTEN)).toEqual({ value: read });
    });

    it("names each place that does not fit", async () => {
      const { check } = await prepareSchema(schema);
      const checked = await check({ ...WRITTEN, kind: "run", guests: [{ name: "Ada" }, { name: 7 }] });
      const places = "issues" in checked ? checked.issues.map(({ path }) => path.join(".")) : [];
      expect(places).toEqual(expect.arrayContaining(["guests.1.name"]));
      expect(places.some((place) => place.startsWith("kind"))).toBe(true);
    });

    it("is an object of a strict vendor, whose nulls for absent properties are left out", async () => {
      const answer = JSON.stringify({ ...WRITTEN, tags: {}, place: null, seats: null });
      const reply = structuredClone(REPLIES["openai-chat"]?.() ?? {}) as any;
      reply.choices[0].message.content = answer;
      const { transport, sent } = recorder([reply]);
      const client = new AiClient(provider("openai/gpt-4.1", { apiKey: "key", transport }));
      const messages = [{ role: "user" as const, content: "q" }];
      const { object } = await client.object(schema, { messages }, { mode: "json" });
      expect(object).toEqual({ ...read, tags: {} });
      expect(sent).toHaveLength(1);
    });
  },
);

it.each(LIBRARIES.flatMap(({ name, unfit }) => (unfit === undefined ? [] : [[name, unfit] as const])))(
  "a schema of %s that JSON has no form for is a mistake of the program",
  async (_, unfit) => {
    expect(await errorOf(prepareSchema(unfit))).toMatchObject({ code: "CONFIG_ERROR" });
  },
);
