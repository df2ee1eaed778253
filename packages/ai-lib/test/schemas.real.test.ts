import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  AiClient,
  type DialectId,
  defineProvider,
  defineTool,
  type JsonObject,
  type ProviderData,
  type Quirks,
} from "../src/index.js";
import { startSimulator } from "../src/testing/simulator.js";
import { simulatedEndpoint } from "./support/simulated-endpoint.js";

/** A schema that contains itself, with an enum, a null, a limit and a word that is no keyword: all that is repaired. */
const Node = z.object({
  name: z.string(),
  note: z.string().nullable(),
  get children() {
    return z.array(Node).max(3);
  },
});
const Answer = z.object({
  colour: z.enum(["red", "blue"]),
  level: z.literal([1, 2]),
  minimum: z.number().min(1),
  root: Node,
});
/** The same without the schema that contains itself. */
const Flat = Answer.extend({
  root: z.object({ name: z.string(), note: z.string().nullable(), children: z.array(z.string()).max(3) }),
});
/** What it allows, a depth of its own. */
const ANSWER = { colour: "red", level: 1, minimum: 1, root: { name: "n", note: null, children: [] } };

function at(body: unknown, path: string): unknown {
  let found = body;
  for (const key of path.split(".")) found = (found as Record<string, unknown> | undefined)?.[key];
  return typeof found === "string" ? JSON.parse(found) : found;
}

/** Where each dialect wants a schema for its answer and one for a tool. */
const PLACES: Readonly<Record<DialectId, { readonly answer: string; readonly tool: string }>> = {
  "openai-chat": { answer: "response_format.json_schema.schema", tool: "tools.0.function.parameters" },
  "openai-responses": { answer: "text.format.schema", tool: "tools.0.parameters" },
  "anthropic-messages": { answer: "output_config.format.schema", tool: "tools.0.input_schema" },
  gemini: {
    answer: "generationConfig.responseJsonSchema",
    tool: "tools.0.functionDeclarations.0.parametersJsonSchema",
  },
  "mistral-chat": { answer: "response_format.json_schema.schema", tool: "tools.0.function.parameters" },
  "cohere-chat": { answer: "response_format.json_schema", tool: "tools.0.function.parameters" },
  "bedrock-converse": {
    answer: "outputConfig.textFormat.structure.jsonSchema.schema",
    tool: "toolConfig.tools.0.toolSpec.inputSchema.json",
  },
  "ollama-chat": { answer: "format", tool: "tools.0.function.parameters" },
};
const DIALECTS = Object.keys(PLACES) as DialectId[];

/** These validate an answer's schema against a subset of JSON Schema, and answer 400 to anything else. */
const CLOSED: readonly DialectId[] = ["anthropic-messages", "bedrock-converse"];

/** These follow no schema that contains itself where a value must be. */
const FLAT: readonly DialectId[] = [...CLOSED, "gemini"];

/** These enforce no least value, so the keyword is left out with a warning. */
const WITHOUT_MINIMUM: readonly DialectId[] = [...CLOSED, "cohere-chat"];

/** Runs with a client whose bodies are kept, against a simulator that answers as the schema wants. */
async function asked<T>(
  dialect: DialectId,
  run: (client: AiClient) => Promise<T>,
  quirks: Quirks = {},
): Promise<{ readonly result: T; readonly bodies: readonly JsonObject[] }> {
  const simulator = await startSimulator({
    answer: (request) => {
      const [tool] = request.tools ?? [];
      if (tool?.type !== "function" || request.messages.at(-1)?.role === "tool")
        return { content: [{ type: "text", text: JSON.stringify(ANSWER) }] };
      return {
        content: [{ type: "tool-call", id: "abcdefghi", name: tool.name, arguments: ANSWER }],
        finishReason: "tool-calls",
      };
    },
  });
  const transport = simulatedEndpoint(simulator, "labs", dialect);
  try {
    const data = { id: "labs", dialect, baseUrl: "https://labs.example", model: "m", quirks } as ProviderData;
    const labs = defineProvider({ ...data, auth: { style: "none" } }, { transport });
    const result = await run(new AiClient(labs));
    return { result, bodies: transport.sent.map(({ body }) => JSON.parse(String(body))) };
  } finally {
    await transport.close?.();
    await simulator.close();
  }
}

describe.each(DIALECTS)("%s", (dialect) => {
  const { answer, tool } = PLACES[dialect];

  it("gets an answer's schema at its place and in its form, and the answer is checked", async () => {
    const closed = CLOSED.includes(dialect);
    const flat = FLAT.includes(dialect);
    const wanted = flat ? Flat : Answer;
    const { result, bodies } = await asked(dialect, (client) => client.object(wanted, "Hi"));
    expect(result.object).toEqual(ANSWER);
    expect(result.mode).toBe("native");
    const schema = at(bodies[0], answer) as JsonObject;
    expect(schema).toMatchObject({
      type: "object",
      required: ["colour", "level", "minimum", "root"],
      properties: {
        colour: { enum: ["red", "blue"] },
        root: flat ? { type: "object" } : { $ref: expect.stringMatching(/^#\/\$defs\//) },
      },
    });
    const text = JSON.stringify(schema);
    expect(text).not.toContain("$schema");
    expect(text).toContain('["string","null"]');
    // A property may have a keyword's name.
    expect(schema).toMatchObject({ properties: { minimum: { type: "number" } } });
    if (closed) expect(text.match(/"additionalProperties":false/g)).toHaveLength(2);
    if (!WITHOUT_MINIMUM.includes(dialect))
      expect(schema).toMatchObject({ properties: { minimum: { minimum: 1 } } });
    else {
      expect(text).not.toMatch(/"(maxItems|minimum|maximum)":\d/);
      expect(result.response.warnings).toContainEqual(
        expect.objectContaining({ code: "changed", field: "responseFormat.schema" }),
      );
    }
  });

  it("takes a schema that contains itself, by a tool if the format refuses it", async () => {
    const { result } = await asked(dialect, (client) => client.object(Answer, "Hi"));
    expect(result.object).toEqual(ANSWER);
    expect(result.mode).toBe(FLAT.includes(dialect) ? "tool" : "native");
  });

  it("gets the same as a tool if the answer has to come by one", async () => {
    const { result, bodies } = await asked(dialect, (client) =>
      client.object(Answer, "Hi", { mode: "tool" }),
    );
    expect(result.object).toEqual(ANSWER);
    expect(at(bodies[0], tool)).toMatchObject({ type: "object", properties: { minimum: { minimum: 1 } } });
    expect(at(bodies[0], answer.split(".").slice(0, 1).join("."))).toEqual(
      dialect === "gemini" ? at(bodies[0], "generationConfig") : undefined,
    );
  });

  it("gets a tool's schema, and the tool typed arguments", async () => {
    const seen: z.infer<typeof Answer>[] = [];
    const paint = defineTool({
      name: "paint",
      description: "Paints",
      parameters: Answer,
      execute: (given) => {
        seen.push(given);
        return "painted";
      },
    });
    const { result, bodies } = await asked(dialect, (client) => client.runTools("Hi", [paint]));
    expect(seen).toEqual([ANSWER]);
    expect(bodies).toHaveLength(2);
    expect(JSON.stringify(bodies[1])).toContain("painted");
    expect(at(bodies[0], tool)).toMatchObject({ type: "object", properties: { root: {} } });
    expect(JSON.stringify(at(bodies[0], tool))).not.toContain("$schema");
    expect(result.response.text).toBe(JSON.stringify(ANSWER));
  });
});

it("puts references in place for endpoints that take the OpenAPI subset alone, nulls and numbers in its words", async () => {
  const { bodies } = await asked("gemini", (client) => client.object(Answer, "Hi"), { openApiSchemas: true });
  const schema = at(bodies[0], "generationConfig.responseSchema");
  expect(JSON.stringify(schema)).not.toMatch(/\$ref|\$defs|additionalProperties|"null"/);
  expect(schema).toMatchObject({
    type: "OBJECT",
    properties: {
      colour: { type: "STRING", format: "enum", enum: ["red", "blue"] },
      level: { type: "STRING", enum: ["1", "2"] },
      root: { type: "OBJECT", properties: { note: { type: "STRING", nullable: true } } },
    },
  });
});

it("says a schema in words to endpoints that know JSON alone", async () => {
  const { result, bodies } = await asked("openai-chat", (client) => client.object(Answer, "Hi"), {
    structuredOutput: "json-object",
  });
  expect(result.object).toEqual(ANSWER);
  expect(bodies[0]).toMatchObject({ response_format: { type: "json_object" } });
  expect(JSON.stringify(bodies[0]?.["messages"])).toContain("colour");
});

it("closes the schemas of strict tools alone, if such are held to the same subset", async () => {
  const tool = { type: "function", name: "f", parameters: z.toJSONSchema(Flat) as JsonObject } as const;
  for (const dialect of CLOSED) {
    const { bodies } = await asked(dialect, async (client) => {
      await client.chat({ messages: [{ role: "user", content: "Hi" }], tools: [tool] });
      await client.chat({ messages: [{ role: "user", content: "Hi" }], tools: [{ ...tool, strict: true }] });
    });
    const [open, closed] = bodies.map((body) => JSON.stringify(at(body, PLACES[dialect].tool)));
    expect(open).toContain('"maxItems":3');
    expect(closed).not.toContain("maxItems");
    expect(closed).toContain('"additionalProperties":false');
  }
});
