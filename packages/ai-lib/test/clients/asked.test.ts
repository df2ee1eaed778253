import { describe, expect, it } from "vitest";
import type { DialectId, ServerHalf } from "../../src/core/contract/dialect.js";
import type { JsonObject } from "../../src/core/values/json.js";
import { server as anthropic } from "../../src/dialects/anthropic-messages/server/index.js";
import { server as bedrock } from "../../src/dialects/bedrock-converse/server/index.js";
import { server as cohere } from "../../src/dialects/cohere-chat/server/index.js";
import { server as gemini } from "../../src/dialects/gemini/server/index.js";
import { server as mistral } from "../../src/dialects/mistral-chat/server/index.js";
import { server as ollama } from "../../src/dialects/ollama-chat/server/index.js";
import { server as chat } from "../../src/dialects/openai-chat/server/index.js";
import { server as responses } from "../../src/dialects/openai-responses/server/index.js";
import { dialectClient } from "../../src/providers/endpoint/dialects.js";
import { encodedBy } from "../support/encoded.js";
import { framesFor, responseOf } from "../support/halves.js";

/** A dialect as its clients ask: the path, and a body that says hello. */
interface Asked {
  readonly server: ServerHalf;
  readonly path: string;
  readonly body: JsonObject;
}

const messages = [{ role: "user", content: "Hello" }];
const ASKED: Readonly<Record<DialectId, Asked>> = {
  "openai-chat": { server: chat, path: "/v1/chat/completions", body: { model: "m", messages } },
  "openai-responses": { server: responses, path: "/v1/responses", body: { model: "m", input: "Hello" } },
  "anthropic-messages": {
    server: anthropic,
    path: "/v1/messages",
    body: { model: "m", max_tokens: 9_000, messages },
  },
  gemini: {
    server: gemini,
    path: "/v1beta/models/m:generateContent",
    body: { contents: [{ role: "user", parts: [{ text: "Hello" }] }] },
  },
  "mistral-chat": { server: mistral, path: "/v1/chat/completions", body: { model: "m", messages } },
  "cohere-chat": { server: cohere, path: "/v2/chat", body: { model: "m", messages } },
  "bedrock-converse": {
    server: bedrock,
    path: "/model/m/converse",
    body: { messages: [{ role: "user", content: [{ text: "Hello" }] }] },
  },
  "ollama-chat": { server: ollama, path: "/api/chat", body: { model: "m", messages, stream: false } },
};

function requestOf(id: DialectId, fields: JsonObject) {
  const { server, path, body } = ASKED[id];
  return server.decode({ method: "POST", path, headers: {}, body: JSON.stringify({ ...body, ...fields }) })
    .request;
}

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const NAMED = { name: "place", schema: SCHEMA };

/** Every way in which clients ask for thinking without a measure. */
const THINKING: readonly (readonly [DialectId, JsonObject])[] = [
  ["openai-chat", { reasoning_effort: "medium" }],
  ["openai-chat", { reasoning: { enabled: true } }],
  ["openai-chat", { thinking: { type: "enabled" } }],
  ["openai-chat", { thinking: { type: "auto" } }],
  ["openai-chat", { enable_thinking: true }],
  ["openai-responses", { reasoning: { effort: "medium" } }],
  ["openai-responses", { reasoning: { summary: "auto" } }],
  ["anthropic-messages", { thinking: { type: "enabled", budget_tokens: 2_000 } }],
  ["anthropic-messages", { thinking: { type: "enabled" } }],
  ["anthropic-messages", { thinking: { type: "adaptive" } }],
  ["gemini", { generationConfig: { thinkingConfig: { thinkingBudget: -1 } } }],
  ["gemini", { generationConfig: { thinkingConfig: { includeThoughts: true } } }],
  ["gemini", { generationConfig: { thinkingConfig: { thinkingLevel: "HIGH" } } }],
  ["mistral-chat", { reasoning_effort: "high" }],
  ["cohere-chat", { thinking: { type: "enabled" } }],
  ["bedrock-converse", { additionalModelRequestFields: { thinking: { type: "adaptive" } } }],
  [
    "bedrock-converse",
    { additionalModelRequestFields: { reasoning_config: { type: "enabled", budget_tokens: 2_000 } } },
  ],
  [
    "bedrock-converse",
    { additionalModelRequestFields: { reasoningConfig: { type: "enabled", maxReasoningEffort: "low" } } },
  ],
  ["ollama-chat", { think: true }],
  ["ollama-chat", { think: "high" }],
];

describe("Thinking", () => {
  it.each(THINKING)(
    "that a client of %s asks for by %j reaches vendors of other dialects",
    async (id, asked) => {
      const request = { ...requestOf(id, asked), model: "gpt-5.2" };
      const openai = encodedBy(await dialectClient("openai-chat"), request, {
        provider: "openai",
        model: "gpt-5.2",
      });
      expect(openai.body["reasoning_effort"]).toMatch(/^(low|medium|high)$/);
      const claude = encodedBy(await dialectClient("anthropic-messages"), request, {
        provider: "anthropic",
        model: "claude-opus-4-7",
      });
      expect(claude.body["thinking"]).toMatchObject({ type: "adaptive" });
    },
  );
});

/** Every way in which clients ask for an object of a schema. */
const FORMATS: readonly (readonly [DialectId, JsonObject])[] = [
  ["openai-chat", { response_format: { type: "json_schema", json_schema: NAMED } }],
  ["openai-chat", { response_format: { type: "json_schema", schema: SCHEMA } }],
  ["openai-chat", { response_format: { type: "json_object", schema: SCHEMA } }],
  ["openai-responses", { text: { format: { type: "json_schema", ...NAMED } } }],
  ["anthropic-messages", { output_config: { format: { type: "json_schema", schema: SCHEMA } } }],
  ["anthropic-messages", { output_format: { type: "json_schema", schema: SCHEMA } }],
  ["gemini", { generationConfig: { responseMimeType: "application/json", responseJsonSchema: SCHEMA } }],
  ["gemini", { generationConfig: { responseMimeType: "application/json", responseSchema: SCHEMA } }],
  ["gemini", { generation_config: { response_mime_type: "application/json", response_schema: SCHEMA } }],
  ["mistral-chat", { response_format: { type: "json_schema", json_schema: NAMED } }],
  ["cohere-chat", { response_format: { type: "json_object", schema: SCHEMA } }],
  ["cohere-chat", { response_format: { type: "json_object", json_schema: SCHEMA } }],
  [
    "bedrock-converse",
    {
      outputConfig: {
        textFormat: {
          type: "json_schema",
          structure: { jsonSchema: { name: "place", schema: JSON.stringify(SCHEMA) } },
        },
      },
    },
  ],
  ["ollama-chat", { format: SCHEMA }],
];

describe("Structured output", () => {
  it.each(FORMATS)("that a client of %s asks for by %j has its schema", (id, asked) => {
    expect(requestOf(id, asked).responseFormat).toMatchObject({ type: "json-schema", schema: SCHEMA });
  });
});

const ANSWER = responseOf([{ type: "text", text: "Hello" }], { finishReason: "stop" });
const FACTS = { id: "served", created: 0, model: "asked" };

/** The fields of a request that OpenAI's responses say back, each with a value that is not its default. */
const ECHOED: JsonObject = {
  instructions: "Be brief",
  max_output_tokens: 16,
  max_tool_calls: 2,
  metadata: { a: "b" },
  parallel_tool_calls: false,
  presence_penalty: 0.5,
  frequency_penalty: -0.5,
  previous_response_id: "resp_1",
  prompt_cache_key: "key",
  safety_identifier: "person",
  service_tier: "flex",
  temperature: 0.3,
  tool_choice: { type: "function", name: "f" },
  tools: [{ type: "function", name: "f", description: "d", parameters: SCHEMA, strict: true }],
  top_logprobs: 3,
  top_p: 0.9,
  truncation: "auto",
  user: "person",
};

describe("A response of OpenAI's responses", () => {
  const said = (asked: JsonObject) => {
    const { path, body } = ASKED["openai-responses"];
    const http = { method: "POST" as const, path, headers: {}, body: JSON.stringify({ ...body, ...asked }) };
    const facts = { ...FACTS, ...responses.decode(http) };
    const whole = JSON.parse(String(responses.encode(ANSWER, facts).body)) as JsonObject;
    const events = framesFor(responses, ANSWER, facts).map(({ data }) => JSON.parse(data) as JsonObject);
    const streamed = events.flatMap(({ response }) => (response === undefined ? [] : [response]));
    expect(streamed).toHaveLength(3);
    return [whole, ...streamed];
  };

  it.each(Object.entries(ECHOED))("says back %s, whole and in every event of a stream", (name, value) => {
    for (const response of said({ [name]: value })) expect(response).toMatchObject({ [name]: value });
  });

  it.each(Object.keys(ECHOED))("has its default if the request has null for %s", (name) => {
    const [plain, ...others] = said({});
    for (const response of said({ [name]: null })) expect(Object.keys(Object(response))).toContain(name);
    expect(said({ [name]: null })[0]).toEqual(plain);
    expect(others).toHaveLength(3);
  });

  it("has the format and the effort that were asked for", () => {
    const format = { type: "json_schema", ...NAMED, strict: true };
    for (const response of said({ text: { format }, reasoning: { effort: "low" } }))
      expect(response).toMatchObject({ text: { format }, reasoning: { effort: "low", summary: null } });
  });

  it("has a tier from the start to the end", () => {
    expect(said({}).map((response) => Object(response).service_tier)).toEqual([
      "default",
      "auto",
      "auto",
      "default",
    ]);
  });
});

/** Where each dialect names the model, whole and in a stream; Cohere and Bedrock name none. */
const MODELS: Readonly<Partial<Record<DialectId, string>>> = {
  "openai-chat": '"model":',
  "openai-responses": '"model":',
  "anthropic-messages": '"model":',
  gemini: '"modelVersion":',
  "mistral-chat": '"model":',
  "ollama-chat": '"model":',
};

describe("The model of an answer", () => {
  it.each(Object.entries(MODELS))(
    "is in every answer of %s, the one asked for if none is named",
    (id, field) => {
      const { server } = ASKED[id as DialectId];
      for (const [model, named] of [
        ["", "asked"],
        ["answered", "answered"],
      ] as const) {
        const frames = framesFor(server, { ...ANSWER, model }, FACTS);
        expect(String(server.encode({ ...ANSWER, model }, FACTS).body)).toContain(`${field}"${named}"`);
        expect(frames.map(({ data }) => data).join("\n")).toContain(`${field}"${named}"`);
      }
    },
  );
});

/** State of other vendors on a call, as it comes at the end of its arguments. */
const STATES = {
  "no state": undefined,
  "Gemini's": { family: "google", provider: "google", data: { thoughtSignature: "U0lH" } },
  "an item's of OpenAI": {
    family: "openai",
    provider: "openai",
    data: { type: "function_call", id: "fc_1" },
  },
  "a vendor's of its own": { family: "labs", provider: "labs", data: { token: "t" } },
};

/** The calls in a frame of each dialect, and the shape that its clients demand of each. */
const CALLS: Readonly<Record<DialectId, (frame: JsonObject) => readonly (readonly [unknown, object])[]>> = {
  "openai-chat": ({ choices }) =>
    list(choices)
      .flatMap(({ delta }) => list(Object(delta).tool_calls))
      .map((call) => [call, { index: 0, function: { arguments: expect.any(String) } }]),
  "openai-responses": ({ item }) =>
    Object(item).type === "function_call"
      ? [
          [
            item,
            {
              id: expect.any(String),
              call_id: "c1",
              name: "f",
              arguments: expect.any(String),
              status: expect.any(String),
            },
          ],
        ]
      : [],
  "anthropic-messages": ({ content_block: block }) =>
    Object(block).type === "tool_use" ? [[block, { id: "c1", name: "f", input: {} }]] : [],
  gemini: ({ candidates }) =>
    list(candidates)
      .flatMap(({ content }) => list(Object(content).parts))
      .filter(({ functionCall }) => functionCall !== undefined)
      .map((part) => [part, { functionCall: { name: "f", args: { city: "Rome" } } }]),
  "mistral-chat": ({ choices }) =>
    list(choices)
      .flatMap(({ delta }) => list(Object(delta).tool_calls))
      .map((call) => [
        call,
        { id: expect.any(String), index: 0, function: { name: "f", arguments: expect.any(String) } },
      ]),
  "cohere-chat": (frame) =>
    frame["type"] === "tool-call-start"
      ? [
          [
            Object(frame["delta"]).message.tool_calls,
            { id: "c1", type: "function", function: { name: "f", arguments: expect.any(String) } },
          ],
        ]
      : [],
  "bedrock-converse": ({ start }) =>
    Object(start).toolUse === undefined ? [] : [[Object(start).toolUse, { toolUseId: "c1", name: "f" }]],
  "ollama-chat": ({ message }) =>
    list(Object(message).tool_calls).map((call) => [
      call,
      { function: { name: "f", arguments: { city: "Rome" } } },
    ]),
};

function list(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value : [];
}

describe("A call in a stream", () => {
  it.each(
    (Object.keys(ASKED) as DialectId[]).flatMap((id) =>
      Object.entries(STATES).map(([state, origin]) => [id, state, origin] as const),
    ),
  )("has all that clients of %s demand, with %s state", (id, _state, origin) => {
    const call = { type: "tool-call", id: "c1", name: "f", arguments: { city: "Rome" } } as const;
    const content = [origin === undefined ? call : { ...call, origin }];
    const frames = framesFor(ASKED[id].server, responseOf(content, { finishReason: "tool-calls" }), FACTS);
    const calls = frames
      .filter(({ data }) => data !== "[DONE]")
      .flatMap(({ data }) => CALLS[id](JSON.parse(data) as JsonObject));
    expect(calls.length).toBeGreaterThan(0);
    for (const [found, shape] of calls) expect(found).toMatchObject(shape);
  });
});
