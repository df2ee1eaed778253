import { describe, expect, it } from "vitest";
import { AiClient } from "../../src/client/ai-client.js";
import { defineTool } from "../../src/client/tool.js";
import type { JsonObject } from "../../src/core/values/json.js";
import { withoutForbiddenNulls, wrapSchema } from "../../src/core/values/json-schema.js";
import { fitSchema } from "../../src/dialects/shared/common/fit-schema.js";
import { CLAUDE_STRICT, OPENAI_STRICT } from "../../src/dialects/shared/common/schema-rules.js";
import { provider } from "../../src/providers/spec.js";
import { ask, REPLIES, recorder, TARGETS } from "./ask.js";

const object = (properties: JsonObject, required: string[] = [], more: JsonObject = {}): JsonObject => ({
  type: "object",
  properties,
  required,
  ...more,
});
const text = { type: "string" };
const hello = { messages: [{ role: "user" as const, content: "q" }] };

/** The schema of the first tool in a body of any dialect. */
function toolSchema(body: any): JsonObject {
  const [tool] = body.tools ?? body.toolConfig?.tools ?? [];
  const declared = tool.functionDeclarations?.[0] ?? tool.toolSpec ?? tool.function ?? tool;
  return (
    declared.parameters ??
    declared.parametersJsonSchema ??
    declared.input_schema ??
    declared.inputSchema?.json
  );
}

const union = {
  oneOf: [
    object({ op: { const: "a" }, x: text }, ["op", "x"]),
    object({ op: { const: "b" }, y: { type: "number" } }, ["op"]),
  ],
};

describe.each(Object.entries(TARGETS))("a schema to %s", (dialect, spec) => {
  it("of a tool has one object as its root, whatever union the caller wrote", async () => {
    const tool = { type: "function" as const, name: "t", parameters: union };
    const { sent, response } = await ask(spec, { ...hello, tools: [tool] });
    const schema = toolSchema(sent[0]?.body);
    expect(schema).toMatchObject({
      type: "object",
      required: ["op"],
      properties: { op: { enum: ["a", "b"] }, x: text, y: { type: "number" } },
      description: expect.stringContaining('op ("a"), x; or op ("b"), y?'),
    });
    expect(schema["oneOf"]).toBeUndefined();
    expect(response?.warnings).toContainEqual(
      expect.objectContaining({ code: "changed", field: "tools.0.parameters" }),
    );
  });

  it.each([
    ["a reference", { $ref: "#/$defs/A", $defs: { A: object({ a: text }, ["a"]) } }],
    ["an allOf", { allOf: [object({ a: text }, ["a"]), object({ b: text })] }],
  ])("of a tool whose root is %s is one object", async (_, parameters) => {
    const { sent } = await ask(spec, { ...hello, tools: [{ type: "function", name: "t", parameters }] });
    expect(toolSchema(sent[0]?.body)).toMatchObject({
      type: "object",
      properties: { a: text },
      required: ["a"],
    });
  });

  it("of a tool whose root may be no object is refused locally", async () => {
    const parameters = { anyOf: [{ type: "string" }, object({ a: text })] };
    const { sent, error } = await ask(spec, {
      ...hello,
      tools: [{ type: "function", name: "t", parameters }],
    });
    expect(sent).toEqual([]);
    expect(error).toMatchObject({
      code: "UNSUPPORTED_FEATURE",
      local: true,
      message: expect.stringContaining("tools.0.parameters"),
    });
  });

  it.each([
    ["a list", { type: "array", items: object({ a: text }, ["a"]) }, [{ a: "x" }]],
    ["a union", { anyOf: [object({ a: text }, ["a"]), { type: "string" }] }, "x"],
    ["an enum", { type: "string", enum: ["x", "y"] }, "y"],
    ["a number", { type: "number" }, 3],
  ])("of an object whose root is %s is wrapped and unwrapped", async (root, schema, value) => {
    const reply = JSON.parse(
      JSON.stringify(REPLIES[dialect]?.()).replace('"ok"', () => JSON.stringify(JSON.stringify({ value }))),
    );
    const { transport } = recorder([reply]);
    const client = new AiClient(provider(spec, { apiKey: "k", transport }));
    const asked = await client.object(schema, hello);
    // Cohere's schemas have no unions.
    const mode = dialect === "cohere-chat" && root === "a union" ? "tool" : "native";
    expect([asked.object, asked.mode]).toEqual([value, mode]);
  });

  it("of an argument that the model gave as null counts it as absent where null is forbidden", async () => {
    const parameters = object(
      { city: text, unit: { type: "string", enum: ["c", "f"] }, note: { type: ["string", "null"] } },
      ["city"],
    );
    const reply =
      REPLIES[dialect]?.({ id: "c1", name: "t", args: { city: "X", unit: null, note: null } }) ?? {};
    const { response } = await ask(
      spec,
      { ...hello, tools: [{ type: "function", name: "t", parameters }] },
      { replies: [reply] },
    );
    expect(response?.toolCalls[0]?.arguments).toEqual({ city: "X", note: null });
    expect(response?.message.content).toEqual(response?.content);
  });
});

describe("the schema of an answer", () => {
  const format = (schema: JsonObject) => ({
    ...hello,
    responseFormat: { type: "json-schema" as const, schema, strict: true },
  });
  /** The schema in a body of Gemini or Cohere. */
  const answerSchema = (body: any) =>
    body.generationConfig?.responseJsonSchema ?? body.response_format.json_schema;

  it.each<[string, JsonObject, JsonObject, string[]]>([
    ["google/gemini-3-pro-preview", { const: 3 }, { enum: [3], type: "integer" }, []],
    [
      "google/gemini-3-pro-preview",
      { type: "string", minLength: 1, pattern: "a" },
      text,
      ["minLength, pattern"],
    ],
    ["google/gemini-3-pro-preview", { type: "string", multipleOf: 2 }, text, ["multipleOf"]],
    ["google/gemini-3-pro-preview", { type: "string", examples: ["x"] }, text, []],
    ["google/gemini-3-pro-preview", { type: "string", nullable: true }, { type: ["string", "null"] }, []],
    [
      "google/gemini-3-pro-preview",
      object({ b: text }, ["b", "z"]),
      object({ b: text }, ["b"]),
      ["required"],
    ],
    [
      "google/gemini-3-pro-preview",
      { oneOf: [text, { type: "null" }] },
      { oneOf: [text, { type: "null" }] },
      [],
    ],
    [
      "google/gemini-3-pro-preview",
      { $ref: "#/$defs/T", description: "d" },
      { anyOf: [{ $ref: "#/$defs/T" }], description: "d" },
      [],
    ],
    ["cohere/command-a-03-2025", { type: "number", minimum: 1 }, { type: "number" }, ["minimum"]],
    ["cohere/command-a-03-2025", { type: "string", format: "email" }, text, ["format"]],
    ["cohere/command-a-03-2025", { type: "string", format: "date" }, { type: "string", format: "date" }, []],
    ["cohere/command-a-03-2025", { type: "string", pattern: "^a$" }, text, ["pattern"]],
    ["cohere/command-a-03-2025", { type: "string", pattern: "a+" }, { type: "string", pattern: "a+" }, []],
    ["cohere/command-a-03-2025", { anyOf: [text, { type: "null" }] }, { type: ["string", "null"] }, []],
    [
      "cohere/command-a-03-2025",
      object({ b: text }, ["b"], { additionalProperties: true }),
      object({ b: text }, ["b"]),
      ["additionalProperties"],
    ],
  ])("of %s fits: %j becomes %j", async (spec, given, fitted, left) => {
    const schema = object({ a: given }, ["a"], { $defs: { T: text } });
    const { sent, response } = await ask(spec, format(schema));
    expect(answerSchema(sent[0]?.body)).toEqual({ ...schema, properties: { a: fitted } });
    const reasons = response?.warnings.map(({ message }) => message).join("\n") ?? "";
    for (const keyword of left) expect(reasons).toContain(keyword);
    if (left.length === 0) expect(response?.warnings).toEqual([]);
  });

  const tree = (required: string[]) =>
    object({ name: text, next: { $ref: "#" } }, required, { additionalProperties: false });
  it.each<[string, JsonObject, string]>([
    ["google/gemini-3-pro-preview", tree(["name", "next"]), "contains itself"],
    ["cohere/command-a-03-2025", object({ a: { anyOf: [text, { type: "number" }] } }, ["a"]), "anyOf"],
    ["cohere/command-a-03-2025", object({ a: { oneOf: [text, { type: "number" }] } }, ["a"]), "oneOf"],
    ["cohere/command-a-03-2025", { type: "array", items: text }, "its root must be an object"],
    ["openai/gpt-4.1", object({ a: true }, ["a"]), "a place of any type"],
    ["cohere/command-a-03-2025", object({ a: text }), "requires no property"],
    [
      "cohere/command-a-03-2025",
      object({ a: { type: "object", additionalProperties: text } }, ["a"]),
      "requires no",
    ],
    ["anthropic/claude-sonnet-4-5", object({ a: { enum: [{ b: 1 }] } }, ["a"]), "enum of objects"],
  ])("of %s that cannot be fitted is refused locally", async (spec, schema, says) => {
    const { sent, error } = await ask(spec, format(schema));
    expect(sent).toEqual([]);
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", message: expect.stringContaining(says) });
  });

  it("of Gemini may contain itself in a property that is not required", async () => {
    const { sent } = await ask("google/gemini-3-pro-preview", format(tree(["name"])));
    expect(answerSchema(sent[0]?.body)).toEqual(tree(["name"]));
  });
});

describe("a strict tool", () => {
  const parameters = object({ city: text, unit: text }, ["city"]);
  it.each(["openai/gpt-4.1", "openai-responses/gpt-4.1", "azure-openai/d", "groq/openai/gpt-oss-20b"])(
    "of %s is closed, and requires all",
    async (spec) => {
      const tool = { type: "function" as const, name: "t", parameters, strict: true };
      const { sent } = await ask(
        spec,
        { ...hello, tools: [tool] },
        { variables: spec.startsWith("azure") ? { resource: "r" } : {} },
      );
      expect(toolSchema(sent[0]?.body)).toEqual(
        object({ city: text, unit: { type: ["string", "null"] } }, ["city", "unit"], {
          additionalProperties: false,
        }),
      );
    },
  );

  it.each(["openai/gpt-4.1", "openai-responses/gpt-4.1", "anthropic/claude-sonnet-4-5", "mistral/m"])(
    "of %s with a map of any keys is sent without `strict`, with a warning",
    async (spec) => {
      const map = object({ m: { type: "object", additionalProperties: text } }, ["m"]);
      const tool = { type: "function" as const, name: "t", parameters: map, strict: true };
      const { sent, response } = await ask(spec, { ...hello, tools: [tool] });
      expect(JSON.stringify(sent[0]?.body)).not.toContain('"strict":true');
      expect(toolSchema(sent[0]?.body)).toEqual(map);
      expect(response?.warnings).toContainEqual(
        expect.objectContaining({ code: "changed", field: "tools.0.strict" }),
      );
    },
  );

  it("of xAI may have optional properties", async () => {
    const tool = { type: "function" as const, name: "t", parameters, strict: true };
    const { sent } = await ask("xai/grok-4.7", { ...hello, tools: [tool] });
    expect(toolSchema(sent[0]?.body)).toEqual(parameters);
  });

  it("is not strict at the Responses API unless it asks for it", async () => {
    const tool = { type: "function" as const, name: "t", parameters };
    const { sent } = await ask("openai-responses/gpt-4.1", { ...hello, tools: [tool] });
    expect(sent[0]?.body.tools[0]).toMatchObject({ strict: false, parameters });
  });
});

it.each(["openai/gpt-4.1", "openai-responses/gpt-4.1", "google/gemini-2.5-flash"])(
  "says what the items of a list are to %s",
  async (spec) => {
    const parameters = object({ list: { type: "array" } });
    const { sent } = await ask(spec, { ...hello, tools: [{ type: "function", name: "t", parameters }] });
    expect(toolSchema(sent[0]?.body)).toMatchObject({ properties: { list: { items: {} } } });
  },
);

describe("an object whose format is refused", () => {
  const schema = object({ a: text }, ["a"]);
  const map = object({ prices: { type: "object", additionalProperties: { type: "number" } } }, ["prices"]);
  const recursive = {
    ...object({ children: { type: "array", items: { $ref: "#" } } }, ["children"]),
  };

  it.each([
    ["anthropic/claude-sonnet-4-5", map],
    ["anthropic/claude-sonnet-4-5", recursive],
    [TARGETS["bedrock-converse"], map],
  ])("locally by %s is asked for by a tool", async (spec, unfit) => {
    const { dialect } = provider(spec, { apiKey: "k" }).data;
    const args = unfit === map ? { prices: { a: 1 } } : { children: [] };
    const { transport, sent } = recorder([REPLIES[dialect]?.({ id: "c1", name: "response", args }) ?? {}]);
    const client = new AiClient(provider(spec, { apiKey: "k", transport }));
    const asked = await client.object(unfit, hello);
    expect([asked.object, asked.mode]).toEqual([args, "tool"]);
    expect(toolSchema(sent[0]?.body)).toEqual(unfit);
  });

  it.each([
    [
      "groq/m",
      { message: "This model does not support response format `json_schema`.", param: "response_format" },
    ],
    [
      "openai/gpt-4.1",
      {
        message:
          "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
      },
    ],
    ["vllm/m", { message: "Grammar error: unsupported schema" }],
  ])("by %s is asked for by a tool, in a stream too", async (spec, error) => {
    const refusal = { __status: 400, error: { type: "invalid_request_error", ...error } };
    const call = REPLIES["openai-chat"]?.({ id: "c1", name: "response", args: { a: "x" } }) ?? {};
    for (const streamed of [false, true]) {
      const { transport, sent } = recorder([refusal, call]);
      const client = new AiClient(provider(spec, { apiKey: "k", transport }));
      const asked = await (streamed
        ? client.streamObject(schema, hello).object()
        : client.object(schema, hello));
      expect([asked.object, asked.mode, sent.length]).toEqual([{ a: "x" }, "tool", 2]);
    }
  });

  it("is not asked for again for any other error", async () => {
    const { transport, sent } = recorder([
      { __status: 400, error: { message: "Unknown field `temperature`" } },
    ]);
    const client = new AiClient(provider("openai/gpt-4.1", { apiKey: "k", transport }));
    await expect(client.object(schema, hello)).rejects.toMatchObject({ code: "INVALID_REQUEST" });
    expect(sent).toHaveLength(1);
  });

  it("beside tools by Gemini before 3 is asked for by a tool", async () => {
    const call = REPLIES["gemini"]?.({ id: "c1", name: "response", args: { a: "x" } }) ?? {};
    const { transport, sent } = recorder([call]);
    const client = new AiClient(provider("google/gemini-2.5-flash", { apiKey: "k", transport }));
    const tools = [{ type: "function" as const, name: "t", parameters: object({}) }];
    expect((await client.object(schema, { ...hello, tools })).object).toEqual({ a: "x" });
    expect(sent[0]?.body.generationConfig?.responseMimeType).toBeUndefined();
  });
});

describe("fitting", () => {
  it.each<[string, JsonObject, JsonObject]>([
    ["a constant gets a type", { k: { const: "a" } }, { k: { const: "a", type: "string" } }],
    [
      "an optional enum accepts null",
      { k: { type: "string", enum: ["a"] } },
      { k: { type: ["string", "null"], enum: ["a", null] } },
    ],
    [
      "an optional reference accepts null",
      { k: { $ref: "#/$defs/K", description: "d" } },
      { k: { description: "d", anyOf: [{ $ref: "#/$defs/K" }, { type: "null" }] } },
    ],
    ["what accepts null stays", { k: { type: ["string", "null"] } }, { k: { type: ["string", "null"] } }],
  ])("for OpenAI: %s", (name, properties, fitted) => {
    const required = name.startsWith("a constant") ? ["k"] : [];
    const schema = { ...object(properties, required), $defs: { K: { type: "string" } } };
    expect(fitSchema(schema, OPENAI_STRICT)).toMatchObject({
      schema: { properties: fitted, required: ["k"] },
    });
    expect(fitSchema(schema, OPENAI_STRICT).unfit).toBeUndefined();
  });

  it.each<[string, JsonObject]>([
    ["a map", { m: { type: "object", additionalProperties: text } }],
    ["a free object", { m: { type: "object" } }],
    ["any value", { m: {} }],
    ["a pattern of keys", { m: { type: "object", properties: {}, patternProperties: { a: text } } }],
    ["a tuple", { m: { type: "array", prefixItems: [text] } }],
    ["a reference elsewhere", { m: { $ref: "https://example.com/a.json" } }],
    ["too many values", { m: { enum: Array.from({ length: 1_001 }, (_, i) => `v${i}`) } }],
  ])("for OpenAI finds that %s cannot be strict", (_, properties) => {
    expect(fitSchema(object(properties, ["m"]), OPENAI_STRICT).unfit).toBeDefined();
  });

  it("for OpenAI keeps a schema that contains itself, and for Claude finds it", () => {
    const schema = object({ next: { anyOf: [{ $ref: "#" }, { type: "null" }] } }, ["next"]);
    expect(fitSchema(schema, OPENAI_STRICT).unfit).toBeUndefined();
    expect(fitSchema(schema, CLAUDE_STRICT).unfit).toContain("contains itself");
  });

  it("takes linear time for definitions that expand into very many", () => {
    const $defs: Record<string, JsonObject> = {};
    for (let i = 0; i < 60; i++)
      $defs[`d${i}`] = object({ a: { $ref: `#/$defs/d${i + 1}` }, b: { $ref: `#/$defs/d${i + 1}` } }, [
        "a",
        "b",
      ]);
    $defs["d60"] = object({});
    const schema = { ...object({ a: { $ref: "#/$defs/d0" } }), $defs };
    expect(fitSchema(schema, CLAUDE_STRICT).unfit).toBeUndefined();
    const endless = { anyOf: [{ $ref: "#" }, { $ref: "#" }], allOf: [{ $ref: "#" }, { $ref: "#" }] };
    expect(withoutForbiddenNulls({ a: null }, endless)).toEqual({ a: null });
  });
});

describe("a null", () => {
  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    ["nested", object({ a: object({ b: text }) }, ["a"]), { a: { b: null } }, { a: {} }],
    [
      "in a list",
      object({ l: { type: "array", items: object({ b: text }) } }),
      { l: [{ b: null }] },
      { l: [{}] },
    ],
    [
      "in the meant branch",
      {
        anyOf: [
          object({ k: { const: "x" }, b: { type: ["string", "null"] } }, ["k"]),
          object({ k: { const: "y" }, b: text }, ["k"]),
        ],
      },
      { k: "y", b: null },
      { k: "y" },
    ],
    ["behind a reference", { $ref: "#/$defs/A", $defs: { A: object({ b: text }) } }, { b: null }, {}],
    ["that is required stays", object({ b: text }, ["b"]), { b: null }, { b: null }],
    ["that is allowed stays", object({ b: { type: ["string", "null"] } }), { b: null }, { b: null }],
    ["of an unknown property stays", object({}), { b: null }, { b: null }],
  ])("%s", (_, schema, value, stripped) => {
    expect(withoutForbiddenNulls(value, schema)).toEqual(stripped);
  });

  it("is absent for a tool that runs", async () => {
    const { transport } = recorder([
      REPLIES["openai-chat"]?.({ id: "c1", name: "t", args: { city: "X", unit: null } }) ?? {},
      REPLIES["openai-chat"]?.() ?? {},
    ]);
    const client = new AiClient(provider("openai/gpt-4.1", { apiKey: "k", transport }));
    const seen: unknown[] = [];
    const parameters = object({ city: text, unit: text }, ["city"]);
    await client.runTools(hello, [
      defineTool({ name: "t", parameters, execute: (args) => void seen.push(args) }),
    ]);
    expect(seen).toEqual([{ city: "X" }]);
  });
});

it("moves the references of a wrapped schema along with it", () => {
  const schema = {
    type: "array",
    items: { $ref: "#/$defs/A" },
    $defs: { A: object({ next: { $ref: "#" } }) },
  };
  expect(wrapSchema(schema)).toEqual({
    type: "object",
    properties: { value: { type: "array", items: { $ref: "#/$defs/A" } } },
    required: ["value"],
    additionalProperties: false,
    $defs: { A: object({ next: { $ref: "#/properties/value" } }) },
  });
});
