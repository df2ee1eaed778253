import { describe, expect, it } from "vitest";
import { targetFor } from "../../../../test/support/halves.js";
import type { DialectTarget, Quirks } from "../../../core/contract/dialect.js";
import type { Warning } from "../../../core/values/answer.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { Message } from "../../../core/values/message.js";
import type { OpenAiChatQuirks } from "../shared/quirks.js";
import { client } from "./index.js";

interface Written {
  readonly body: JsonObject;
  readonly warnings: readonly Warning[];
  readonly headers: Readonly<Record<string, string>>;
}

function write(request: Partial<ChatRequest>, quirks: OpenAiChatQuirks = {}, model = "asked"): Written {
  const target = { ...targetFor("labs", quirks as Record<string, unknown>), model };
  const { http, warnings } = client.encode(
    { messages: [{ role: "user", content: "Hi" }], ...request },
    "unary",
    target,
  );
  return { body: JSON.parse(http.body ?? "") as JsonObject, warnings, headers: http.headers };
}

function fields(warnings: readonly Warning[]): (string | undefined)[] {
  return warnings.map(({ field }) => field);
}

const tool = { type: "function" as const, name: "f", parameters: { type: "object", properties: {} } };

const schema = { $schema: "x", type: "object", properties: { $schema: { type: "string", $schema: "x" } } };

function target(quirks: Quirks = {}): DialectTarget {
  return { provider: "labs", model: "gpt-x", quirks, now: 1_000_000 };
}

function bodyOf(
  request: Partial<ChatRequest>,
  quirks: Quirks = {},
  mode: "unary" | "stream" = "unary",
): JsonObject {
  const { http } = client.encode(
    { messages: [{ role: "user", content: "Hi" }], ...request },
    mode,
    target(quirks),
  );
  return JSON.parse(http.body ?? "") as JsonObject;
}

describe("parameters", () => {
  it.each<[string, Partial<ChatRequest>, OpenAiChatQuirks, JsonObject]>([
    ["a limit", { maxTokens: 5 }, {}, { max_tokens: 5 }],
    [
      "a limit of a newer model",
      { maxTokens: 5 },
      { maxTokensField: "max_completion_tokens" },
      { max_completion_tokens: 5 },
    ],
    ["an explicit 0", { temperature: 0, seed: 0 }, {}, { temperature: 0, seed: 0 }],
    ["a seed by another name", { seed: 1 }, { seedField: "random_seed" }, { random_seed: 1 }],
    ["top k", { topK: 3 }, { topK: true }, { top_k: 3 }],
    ["log probabilities", { logprobs: 2 }, {}, { logprobs: true, top_logprobs: 2 }],
    ["a user by another name", { user: "u" }, { userField: "safety_identifier" }, { safety_identifier: "u" }],
    ["a cache key", { cacheKey: "k" }, { cacheKeyField: "prompt_cache_key" }, { prompt_cache_key: "k" }],
    ["fixed fields", {}, { body: { usage: { include: true } } }, { usage: { include: true } }],
    [
      "spoken output",
      { output: { modalities: ["text", "audio"], audio: { voice: "alloy", format: "wav" } } },
      {},
      { modalities: ["text", "audio"], audio: { voice: "alloy", format: "wav" } },
    ],
    ["a tier", { serviceTier: "flex" }, {}, { service_tier: "flex" }],
  ])("write %s", (_what, request, quirks, expected) => {
    const { body, warnings } = write(request, quirks);
    expect(body).toMatchObject(expected);
    expect(warnings).toEqual([]);
  });

  it.each<[keyof ChatRequest, Partial<ChatRequest>, OpenAiChatQuirks, string]>([
    ["topK", { topK: 3 }, {}, "top_k"],
    ["cacheKey", { cacheKey: "k" }, {}, "prompt_cache_key"],
    ["temperature", { temperature: 1 }, { omit: ["temperature"] }, "temperature"],
    ["maxTokens", { maxTokens: 1 }, { omit: ["maxTokens"] }, "max_tokens"],
    ["logprobs", { logprobs: 2 }, { omit: ["logprobs"] }, "top_logprobs"],
    [
      "parallelToolCalls",
      { tools: [tool], parallelToolCalls: true },
      { omit: ["parallelToolCalls"] },
      "parallel_tool_calls",
    ],
    ["parallelToolCalls", { parallelToolCalls: true }, {}, "parallel_tool_calls"],
    ["tools", { tools: [tool] }, { omit: ["tools"] }, "tools"],
    ["toolChoice", { toolChoice: "required" }, {}, "tool_choice"],
  ])("leave %s out with a warning if it cannot be sent", (field, request, quirks, name) => {
    const { body, warnings } = write(request, quirks);
    expect(body).not.toHaveProperty(name);
    expect(warnings).toMatchObject([{ code: "unsupported", field }]);
  });

  it("leave sampling out while a model reasons, and only then", () => {
    const quirks = { noSamplingWithReasoning: true };
    const { body, warnings } = write({ temperature: 1, topP: 0.5, seed: 1 }, quirks);
    expect(body).not.toHaveProperty("temperature");
    expect(body["seed"]).toBe(1);
    expect(fields(warnings)).toEqual(["temperature", "topP"]);
    expect(write({ temperature: 1, reasoning: { effort: "none" } }, quirks).body["temperature"]).toBe(1);
  });

  it("send a cache key as a header if the endpoint accepts it there", () => {
    const { body, headers, warnings } = write({ cacheKey: "k" }, { cacheKeyHeader: "x-grok-conv-id" });
    expect(headers["x-grok-conv-id"]).toBe("k");
    expect(body).not.toHaveProperty("prompt_cache_key");
    expect(warnings).toEqual([]);
  });

  it("follow the quirks of the requested model", () => {
    const quirks: OpenAiChatQuirks = {
      byModel: [
        { match: ["gpt-5-chat*"], quirks: {} },
        { match: ["o1*", "gpt-5*"], quirks: { maxTokensField: "max_completion_tokens" } },
      ],
    };
    expect(write({ maxTokens: 1 }, quirks, "gpt-5-mini").body).toHaveProperty("max_completion_tokens");
    expect(write({ maxTokens: 1 }, quirks, "gpt-5-chat-latest").body).toHaveProperty("max_tokens");
    expect(write({ maxTokens: 1 }, quirks, "my-o1").body).toHaveProperty("max_tokens");
  });

  it("merge extensions deeply, the provider's over the dialect's, and never another's", () => {
    const { body } = write({
      temperature: 1,
      extensions: {
        "openai-chat": { a: { x: 1, y: 1 }, temperature: 2 },
        labs: { a: { y: 2 } },
        elsewhere: { secret: true },
      },
    });
    expect(body).toMatchObject({ a: { x: 1, y: 2 }, temperature: 2 });
    expect(body).not.toHaveProperty("secret");
  });
});

describe("thinking", () => {
  it.each<[string, ChatRequest["reasoning"], OpenAiChatQuirks, JsonObject, string[]]>([
    ["a word", { effort: "low" }, {}, { reasoning_effort: "low" }, []],
    ["the nearest word", { effort: "max" }, {}, { reasoning_effort: "high" }, ["reasoning.effort"]],
    [
      "a word of the endpoint's own",
      { effort: "max" },
      { reasoningEfforts: ["low", "high", "max"] },
      { reasoning_effort: "max" },
      [],
    ],
    [
      "the greater of two that are as near",
      { effort: "medium" },
      { reasoningEfforts: ["low", "high"] },
      { reasoning_effort: "high" },
      ["reasoning.effort"],
    ],
    [
      "xhigh for max",
      { effort: "max" },
      { reasoningEfforts: ["none", "high", "xhigh"] },
      { reasoning_effort: "xhigh" },
      ["reasoning.effort"],
    ],
    [
      "the least that is not off",
      { effort: "minimal" },
      { reasoningEfforts: ["none", "low", "high"] },
      { reasoning_effort: "low" },
      ["reasoning.effort"],
    ],
    [
      "a word in place of a budget",
      { budgetTokens: 9 },
      {},
      { reasoning_effort: "minimal" },
      ["reasoning.budgetTokens"],
    ],
    ["an object", { effort: "low" }, { reasoningRequest: "reasoning" }, { reasoning: { effort: "low" } }, []],
    [
      "an object with a budget",
      { budgetTokens: 9 },
      { reasoningRequest: "reasoning" },
      { reasoning: { max_tokens: 9 } },
      [],
    ],
    [
      "a switch that is on",
      { effort: "medium" },
      { reasoningRequest: "thinking" },
      { thinking: { type: "enabled" } },
      [],
    ],
    [
      "a switch that is off",
      { effort: "none" },
      { reasoningRequest: "thinking" },
      { thinking: { type: "disabled" } },
      [],
    ],
    [
      "a switch without degrees",
      { effort: "high" },
      { reasoningRequest: "thinking" },
      { thinking: { type: "enabled" } },
      ["reasoning.effort"],
    ],
    [
      "a switch and a word",
      { effort: "high" },
      { reasoningRequest: "thinking", thinkingEffort: true },
      { thinking: { type: "enabled" }, reasoning_effort: "high" },
      [],
    ],
    [
      "a switch and a budget",
      { budgetTokens: 9 },
      { reasoningRequest: "thinking", thinkingBudget: true },
      { thinking: { type: "enabled", budget_tokens: 9 } },
      [],
    ],
    [
      "Qwen's switch",
      { budgetTokens: 9 },
      { reasoningRequest: "enable_thinking" },
      { enable_thinking: true, thinking_budget: 9 },
      [],
    ],
    [
      "Qwen's switch, off",
      { effort: "none" },
      { reasoningRequest: "enable_thinking" },
      { enable_thinking: false },
      [],
    ],
    [
      "a template's argument",
      { effort: "none" },
      { reasoningRequest: "chat_template_kwargs" },
      { chat_template_kwargs: { enable_thinking: false } },
      [],
    ],
    ["nothing where nothing is taken", { effort: "low" }, { reasoningRequest: "none" }, {}, ["reasoning"]],
    [
      "no summary",
      { effort: "low", summary: "auto" },
      {},
      { reasoning_effort: "low" },
      ["reasoning.summary"],
    ],
  ])("is requested by %s", (_what, reasoning, quirks, expected, warned) => {
    const { body, warnings } = write({ reasoning }, quirks);
    const { model: _model, messages: _messages, ...rest } = body;
    expect(rest).toEqual(expected);
    expect(fields(warnings)).toEqual(warned);
  });
});

describe("structured output", () => {
  const format = { type: "json-schema" as const, schema };

  it("is a schema if the endpoint accepts schemas", () => {
    const request = { responseFormat: { ...format, strict: true } };
    expect(write(request, { strictSchemas: "any" }).body["response_format"]).toEqual({
      type: "json_schema",
      json_schema: { name: "response", schema, strict: true },
    });
  });

  it("is an instruction if it does not, after the other instructions", () => {
    const messages: Message[] = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hi" },
    ];
    const { body, warnings } = write(
      { messages, responseFormat: format },
      { structuredOutput: "json-object" },
    );
    expect(body["response_format"]).toEqual({ type: "json_object" });
    expect(body["messages"]).toMatchObject([
      { role: "system", content: "Be brief." },
      { role: "system", content: expect.stringContaining(JSON.stringify(schema)) as string },
      { role: "user" },
    ]);
    expect(warnings).toMatchObject([{ code: "changed", field: "responseFormat" }]);
  });

  it("adds the word JSON if the endpoint needs it and no message has it", () => {
    const quirks = { needsJsonWord: true };
    const added = write({ responseFormat: { type: "json" } }, quirks);
    expect(JSON.stringify(added.body["messages"])).toContain("JSON");
    expect(fields(added.warnings)).toEqual(["messages"]);
    const there = write(
      { messages: [{ role: "user", content: "Give me json" }], responseFormat: { type: "json" } },
      quirks,
    );
    expect(there.warnings).toEqual([]);
  });

  it("loses the keywords that the endpoint refuses, but no property of the same name", () => {
    const stripped = { type: "object", properties: { $schema: { type: "string" } } };
    const { body } = write(
      { responseFormat: format, tools: [{ ...tool, parameters: schema }] },
      { stripSchemaKeywords: ["$schema"] },
    );
    expect(body).toMatchObject({
      response_format: { json_schema: { schema: stripped } },
      tools: [{ function: { parameters: stripped } }],
    });
    expect(JSON.stringify(body).match(/\$schema/g)).toHaveLength(2);
  });
});

describe("tools", () => {
  it("are functions, with a choice among them", () => {
    const { body } = write({
      tools: [{ ...tool, strict: true }],
      toolChoice: { name: "f" },
      parallelToolCalls: false,
    });
    expect(body).toMatchObject({
      tools: [{ type: "function", function: { name: "f", parameters: tool.parameters, strict: true } }],
      tool_choice: { type: "function", function: { name: "f" } },
      parallel_tool_calls: false,
    });
  });

  it("are not strict if the endpoint refuses that", () => {
    const { body, warnings } = write({ tools: [{ ...tool, strict: true }] }, { noStrictTools: true });
    expect(JSON.stringify(body)).not.toContain("strict");
    expect(fields(warnings)).toEqual(["tools.0.strict"]);
  });

  it("have only choices that the endpoint accepts; if it has no choice for none, no tools are sent", () => {
    const quirks: OpenAiChatQuirks = { toolChoices: ["auto"] };
    const forced = write({ tools: [tool], toolChoice: "required" }, quirks);
    expect(forced.body).not.toHaveProperty("tool_choice");
    expect(fields(forced.warnings)).toEqual(["toolChoice"]);
    const none = write({ tools: [tool], toolChoice: "none" }, quirks);
    expect(none.body).not.toHaveProperty("tools");
    expect(none.warnings).toMatchObject([{ code: "changed", field: "toolChoice" }]);
  });

  it("may be the provider's own, as an entry or a field; those of another are left out", () => {
    const quirks: OpenAiChatQuirks = {
      providerTools: {
        "openai/web_search": { field: "web_search_options" },
        "moonshot/web_search": { tool: { type: "builtin_function", function: { name: "$web_search" } } },
      },
    };
    const { body, warnings } = write(
      {
        tools: [
          { type: "provider", id: "openai/web_search", options: { search_context_size: "low" } },
          { type: "provider", id: "moonshot/web_search" },
          { type: "provider", id: "labs/browser", options: { depth: 1 } },
          { type: "provider", id: "google/search" },
        ],
      },
      quirks,
    );
    expect(body["web_search_options"]).toEqual({ search_context_size: "low" });
    expect(body["tools"]).toEqual([
      { type: "builtin_function", function: { name: "$web_search" } },
      { type: "browser", depth: 1 },
    ]);
    expect(fields(warnings)).toEqual(["tools.3"]);
  });
});

describe("a chat completions request", () => {
  it("names the target's model and not the request's", () => {
    expect(bodyOf({ model: "another" })).toEqual({
      model: "gpt-x",
      messages: [{ role: "user", content: "Hi" }],
    });
  });

  it("asks for usage when it streams", () => {
    expect(bodyOf({}, {}, "stream")).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(bodyOf({}, { noStreamOptions: true }, "stream")).not.toHaveProperty("stream_options");
  });

  it("is refused if it continues a stored response", () => {
    expect(() => bodyOf({ continues: { provider: "openai", id: "resp_1" } })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }),
    );
  });
});

describe("what OpenAI alone refuses", () => {
  it("metadata without `store` is left out with a warning, and is text beside it", () => {
    const quirks = { metadataNeedsStore: true };
    const without = write({ metadata: { n: 1 } }, quirks);
    expect(without.body).not.toHaveProperty("metadata");
    expect(fields(without.warnings)).toEqual(["metadata"]);
    const extensions = { "openai-chat": { store: true } };
    const stored = write({ metadata: { n: 1, s: "x" }, extensions }, quirks);
    expect(stored.body).toMatchObject({ store: true, metadata: { n: "1", s: "x" } });
    expect(fields(stored.warnings)).toEqual(["metadata.n"]);
  });
});

it("sends a list of allowed tools if the endpoint has one, else offers no other tools", () => {
  const parameters = { type: "object" };
  const tools = ["a", "b", "c"].map((name) => ({ type: "function" as const, name, parameters }));
  const choice = { names: ["a", "c"], mode: "required" } as const;
  const listed = write({ tools, toolChoice: choice }, { allowedTools: true });
  expect(listed.warnings).toEqual([]);
  expect(listed.body["tools"]).toHaveLength(3);
  expect(listed.body["tool_choice"]).toMatchObject({
    type: "allowed_tools",
    allowed_tools: { mode: "required" },
  });
  const offered = write({ tools, toolChoice: choice });
  expect(fields(offered.warnings)).toEqual(["toolChoice"]);
  expect(offered.body).toMatchObject({
    tools: [{ function: { name: "a" } }, { function: { name: "c" } }],
    tool_choice: "required",
  });
});
