import { describe, expect, it } from "vitest";
import type { ClientHalf, DialectId, Quirks } from "../../src/core/contract/dialect.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import type { ContentPart } from "../../src/core/values/message.js";
import { client as anthropic } from "../../src/dialects/anthropic-messages/client/index.js";
import { client as bedrock } from "../../src/dialects/bedrock-converse/client/index.js";
import { client as cohere } from "../../src/dialects/cohere-chat/client/index.js";
import { client as gemini } from "../../src/dialects/gemini/client/index.js";
import { client as mistral } from "../../src/dialects/mistral-chat/client/index.js";
import { client as ollama } from "../../src/dialects/ollama-chat/client/index.js";
import { client as chat } from "../../src/dialects/openai-chat/client/index.js";
import { client as responses } from "../../src/dialects/openai-responses/client/index.js";
import { server as responsesServer } from "../../src/dialects/openai-responses/server/index.js";
import { provider } from "../../src/index.js";
import { encodedBy } from "../support/encoded.js";
import { framesFor, responseOf } from "../support/halves.js";
import { jsonOf, sentBy } from "../support/sent-request.js";

const CLIENTS: Readonly<Record<DialectId, ClientHalf>> = {
  "openai-chat": chat,
  "openai-responses": responses,
  "anthropic-messages": anthropic,
  gemini,
  "mistral-chat": mistral,
  "cohere-chat": cohere,
  "bedrock-converse": bedrock,
  "ollama-chat": ollama,
};
/** Vendors that cannot read what OpenAI's responses store or name. */
const OTHERS = Object.entries(CLIENTS).filter(([id]) => id !== "openai-responses");

function post(body: object) {
  return { method: "POST" as const, path: "/v1/responses", headers: {}, body: JSON.stringify(body) };
}

const NAMESPACE = {
  type: "namespace",
  name: "mcp__fs",
  description: "Files",
  tools: [
    {
      type: "function",
      name: "read",
      description: "Read",
      parameters: { type: "object", properties: {} },
      strict: false,
    },
    { type: "custom", name: "patch", description: "Patch", format: { type: "text" } },
  ],
};
const PATCH = {
  type: "custom",
  name: "apply_patch",
  description: "Edit files",
  format: { type: "grammar", syntax: "lark", definition: "start: WORD" },
};
const ASKED = {
  model: "m",
  input: [
    { role: "user", content: "hi" },
    { type: "function_call", call_id: "c1", namespace: "mcp__fs", name: "read", arguments: '{"path":"a"}' },
    { type: "function_call_output", call_id: "c1", output: "text" },
    { type: "custom_tool_call", call_id: "c2", name: "apply_patch", input: "begin" },
    { type: "custom_tool_call_output", call_id: "c2", output: "done" },
  ],
  tools: [NAMESPACE, PATCH],
};

describe("Tools that only OpenAI's responses have", () => {
  const decoded = responsesServer.decode(post(ASKED));

  it.each(OTHERS)("reach %s as functions", (_id, client) => {
    const { http } = client.encode(decoded.request, "unary", {
      provider: "labs",
      model: "m",
      quirks: {},
      now: 0,
    });
    const names = [...String(http.body).matchAll(/"name":"([^"]+)"/g)].map(([, name]) => name);
    expect(names).toEqual(expect.arrayContaining(["mcp__fs__read", "mcp__fs__patch", "apply_patch"]));
    expect(names).not.toContain("read");
  });

  it("come back to OpenAI as they were sent", () => {
    const { body, warnings } = encodedBy(responses, decoded.request, {
      provider: "openai-responses",
      model: "gpt-5.2",
      quirks: { stateFamily: "openai" },
    });
    expect(warnings).toEqual([]);
    expect(body["tools"]).toEqual(ASKED.tools);
    expect(body["input"]).toEqual(ASKED.input);
  });

  it("are functions for servers that only speak its dialect", () => {
    const { body } = encodedBy(responses, decoded.request, { provider: "labs", model: "m" });
    const tools = body["tools"] as { type: string; name: string }[];
    expect(tools.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "function mcp__fs__read",
      "function mcp__fs__patch",
      "function apply_patch",
    ]);
  });

  const called = responseOf(
    [
      { type: "tool-call", id: "c3", name: "mcp__fs__read", arguments: { path: "b" } },
      { type: "tool-call", id: "c4", name: "apply_patch", arguments: { input: "*** Begin" } },
      { type: "tool-call", id: "c5", name: "mcp__fs__patch", arguments: { input: "x" } },
      { type: "tool-call", id: "c6", name: "plain", arguments: {} },
    ],
    { finishReason: "tool-calls" },
  );
  const expected = [
    { type: "function_call", call_id: "c3", namespace: "mcp__fs", name: "read", arguments: '{"path":"b"}' },
    { type: "custom_tool_call", call_id: "c4", name: "apply_patch", input: "*** Begin" },
    { type: "custom_tool_call", call_id: "c5", namespace: "mcp__fs", name: "patch", input: "x" },
    { type: "function_call", call_id: "c6", name: "plain", arguments: "{}" },
  ];

  it("are called under the names that the client gave", () => {
    const facts = { id: "r", created: 0, ...decoded };
    const whole = JSON.parse(String(responsesServer.encode(called, facts).body));
    expect(whole.output).toMatchObject(expected);
    const frames = framesFor(responsesServer, called, facts).map(({ data }) => JSON.parse(data));
    const done = frames.filter(({ type }) => type === "response.output_item.done").map(({ item }) => item);
    expect(done).toMatchObject(expected);
  });

  it("stream their input as it arrives", () => {
    const call = { type: "tool-call" as const, id: "c4", name: "apply_patch", input: "*** Begin" };
    const response = responseOf([call], { finishReason: "tool-calls" });
    const frames = framesFor(responsesServer, response, { id: "r", created: 0, ...decoded });
    const events = frames.map(({ data }) => JSON.parse(data));
    const about = events.filter(({ type }) => type.startsWith("response.custom_tool_call_input"));
    expect(about).toMatchObject([
      { type: "response.custom_tool_call_input.delta", delta: "*** Begin" },
      { type: "response.custom_tool_call_input.done", input: "*** Begin" },
    ]);
  });

  it("shortens names that are too long, and keeps them separate", () => {
    const long = {
      ...NAMESPACE,
      name: "n".repeat(60),
      tools: ["a", "b"].map((end) => ({
        type: "function",
        name: `${"f".repeat(30)}.${end}`,
        parameters: { type: "object" },
      })),
    };
    const { request } = responsesServer.decode(post({ model: "m", input: "x", tools: [long] }));
    const names = (request.tools ?? []).map((tool) => (tool.type === "function" ? tool.name : ""));
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  });
});

describe("A reference to an item that OpenAI stores", () => {
  const { request } = responsesServer.decode(
    post({
      model: "m",
      input: [
        { role: "user", content: "hi" },
        { type: "item_reference", id: "rs_1" },
        { type: "item_reference", id: "fc_1" },
        { type: "function_call_output", call_id: "c1", output: "sunny" },
      ],
    }),
  );

  it.each(OTHERS)("is reported as unsupported by %s, except for reasoning", (_id, client) => {
    const { fields } = encodedBy(client, request, { provider: "labs", model: "m" });
    expect(fields).toEqual(
      expect.arrayContaining(["state-dropped messages.1.content.0", "unsupported messages.1.content.1"]),
    );
  });

  it("needs no type", () => {
    const { request: untyped } = responsesServer.decode(
      post({
        model: "m",
        input: [{ id: "fc_1" }, { type: "function_call_output", call_id: "c1", output: "sunny" }],
      }),
    );
    const target = { provider: "openai-responses", model: "m", quirks: { stateFamily: "openai" } };
    expect(encodedBy(responses, untyped, target).body["input"]).toContainEqual({
      type: "item_reference",
      id: "fc_1",
    });
  });

  it("is passed on to OpenAI", () => {
    const { body } = encodedBy(responses, request, {
      provider: "openai-responses",
      model: "m",
      quirks: { stateFamily: "openai" },
    });
    expect(body["input"]).toContainEqual({ type: "item_reference", id: "fc_1" });
  });
});

const tools: ChatRequest["tools"] = ["a", "b"].map((name) => ({
  type: "function",
  name,
  parameters: { type: "object" },
}));

describe("A named tool", () => {
  it.each([
    ["openai", ["a", "b"], { type: "function", function: { name: "b" } }],
    ["vllm", ["a", "b"], { type: "function", function: { name: "b" } }],
    ["mistralrs", ["a", "b"], { type: "function", function: { name: "b" } }],
    ["llamacpp", ["b"], "required"],
    ["lmstudio", ["b"], "required"],
    ["ollama-openai", ["b"], "required"],
    ["zai", ["b"], undefined],
    ["ollama", ["b"], undefined],
    ["mistral", ["a", "b"], { type: "function", function: { name: "b" } }],
    ["cohere", ["b"], "REQUIRED"],
  ])("is requested of %s with the tools %j and the choice %j", async (id, names, choice) => {
    const request = {
      model: "m",
      messages: [{ role: "user" as const, content: "x" }],
      tools,
      toolChoice: { name: "b" },
    };
    const sent = await sentBy((transport) => provider(id, { apiKey: "k", transport }), request);
    const body = jsonOf(sent) as { tools: { function: { name: string } }[]; tool_choice?: unknown };
    expect(body.tools.map((tool) => tool.function.name)).toEqual(names);
    expect(body.tool_choice).toEqual(choice);
  });

  it("stays one of several if the endpoint knows no such tool", () => {
    const quirks: Quirks = { toolChoices: ["auto", "required"] };
    const asked = { tools, toolChoice: { name: "absent" } };
    const { body, fields } = encodedBy(chat, asked, { provider: "labs", model: "m", quirks });
    expect(body["tools"]).toHaveLength(2);
    expect(fields).toEqual(["changed toolChoice"]);
  });
});

describe("A call of xAI's own search", () => {
  const call = {
    type: "custom_tool_call",
    id: "ctc_1",
    call_id: "xs_call_1",
    name: "x_keyword_search",
    input: '{"query":"q"}',
    status: "completed",
  };
  const reply = { id: "r", object: "response", status: "completed", model: "grok", output: [call] };
  const target = { provider: "xai-responses", model: "grok", quirks: {}, now: 0 };

  it("is the provider's, whole and streamed", () => {
    const whole = responses.decode({ status: 200, headers: {}, body: JSON.stringify(reply) }, target);
    expect(whole.content).toMatchObject([{ type: "tool-call", id: "xs_call_1", executedBy: "provider" }]);
    const parts: ContentPart[] = [];
    const decoder = responses.decoder(target, {
      event: (event) => {
        if (event.type === "part-start") parts.push(event.part as ContentPart);
      },
      finish: () => {},
      fail: (error) => expect.unreachable(error.message),
    });
    for (const type of ["response.output_item.added", "response.output_item.done"])
      decoder.frame({ data: JSON.stringify({ type, output_index: 0, item: call }) });
    decoder.frame({ data: JSON.stringify({ type: "response.completed", response: reply }) });
    expect(parts).toMatchObject([{ type: "tool-call", id: "xs_call_1", executedBy: "provider" }]);
  });

  it("does not hide a custom tool of the caller", () => {
    const own = { ...reply, output: [{ ...call, call_id: "call_1" }] };
    const { content } = responses.decode({ status: 200, headers: {}, body: JSON.stringify(own) }, target);
    expect(content[0]).not.toHaveProperty("executedBy");
  });
});
