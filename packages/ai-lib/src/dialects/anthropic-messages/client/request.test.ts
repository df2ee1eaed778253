import { describe, expect, it } from "vitest";
import { encodedBy } from "../../../../test/support/encoded.js";
import type { DialectTarget, Quirks } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { Message } from "../../../core/values/message.js";
import { client } from "./index.js";

const hello: Message = { role: "user", content: "Hello" };

function encode(request: Partial<ChatRequest>, model = "claude-sonnet-4-5", quirks: Quirks = {}) {
  return encodedBy(client, request, targetOf(model, quirks));
}

function targetOf(model: string, quirks: Quirks = {}): DialectTarget {
  return { provider: "anthropic", model, quirks, now: 0 };
}

describe("thinking", () => {
  const cases: [string, ChatRequest["reasoning"], JsonObject, string[]][] = [
    ["claude-3-5-sonnet-20241022", { effort: "high" }, { max_tokens: 100 }, ["unsupported reasoning"]],
    [
      "claude-sonnet-4-5",
      { budgetTokens: 2_000 },
      { max_tokens: 2_100, thinking: { type: "enabled", budget_tokens: 2_000 } },
      [],
    ],
    [
      "claude-sonnet-4-5",
      { budgetTokens: 5 },
      { max_tokens: 1_124, thinking: { type: "enabled", budget_tokens: 1_024 } },
      ["changed reasoning.budgetTokens"],
    ],
    [
      "claude-sonnet-4-5",
      { effort: "low" },
      { max_tokens: 2_148, thinking: { type: "enabled", budget_tokens: 2_048 } },
      ["changed reasoning.effort"],
    ],
    [
      "claude-sonnet-4-6",
      { effort: "low" },
      { max_tokens: 100, thinking: { type: "adaptive" }, output_config: { effort: "low" } },
      [],
    ],
    [
      "claude-sonnet-4-6",
      { budgetTokens: 2_000 },
      { max_tokens: 2_100, thinking: { type: "enabled", budget_tokens: 2_000 } },
      [],
    ],
    [
      "claude-opus-4-7",
      { budgetTokens: 2_000 },
      { max_tokens: 100, thinking: { type: "adaptive" }, output_config: { effort: "low" } },
      ["changed reasoning.budgetTokens"],
    ],
    [
      "claude-sonnet-5",
      { effort: "minimal" },
      { max_tokens: 100, thinking: { type: "adaptive" }, output_config: { effort: "low" } },
      ["changed reasoning.effort"],
    ],
    [
      "claude-sonnet-5",
      { summary: "concise" },
      { max_tokens: 100, thinking: { type: "adaptive", display: "summarized" } },
      ["changed reasoning.summary"],
    ],
    [
      "claude-opus-4-7",
      { effort: "xhigh" },
      { max_tokens: 100, thinking: { type: "adaptive" }, output_config: { effort: "xhigh" } },
      [],
    ],
    [
      "claude-opus-4-6",
      { effort: "xhigh" },
      { max_tokens: 100, thinking: { type: "adaptive" }, output_config: { effort: "max" } },
      ["changed reasoning.effort"],
    ],
    ["claude-sonnet-5", { effort: "none" }, { max_tokens: 100, thinking: { type: "disabled" } }, []],
  ];
  it.each(cases)("for %s, %j becomes %j", (model, reasoning, expected, fields) => {
    const encoded = encode({ reasoning, maxTokens: 100 }, model);
    const { max_tokens, thinking, output_config } = encoded.body;
    expect({
      max_tokens,
      ...(thinking === undefined ? {} : { thinking }),
      ...(output_config === undefined ? {} : { output_config }),
    }).toEqual(expected);
    expect(encoded.fields).toEqual(fields);
  });

  it("gives way to a forced tool call", () => {
    const { body, fields } = encode({
      tools: [{ type: "function", name: "f", parameters: { type: "object" } }],
      toolChoice: "required",
      reasoning: { budgetTokens: 2_000 },
    });
    expect(body["thinking"]).toBeUndefined();
    expect(fields).toEqual(["unsupported reasoning"]);
  });

  it("with a budget cannot continue after calls that were made without it, as another model's were", () => {
    const messages: Message[] = [
      hello,
      { role: "assistant", content: [{ type: "tool-call", id: "a", name: "f", arguments: {} }] },
      { role: "tool", content: [{ type: "tool-result", id: "a", content: "1" }] },
    ];
    const old = encode({ messages, reasoning: { budgetTokens: 2_000 } });
    expect(old.body["thinking"]).toBeUndefined();
    expect(old.fields).toEqual(["unsupported reasoning"]);
    const young = encode({ messages, reasoning: { effort: "low" } }, "claude-sonnet-4-6");
    expect(young.body["thinking"]).toEqual({ type: "adaptive" });
    const done: Message[] = [...messages, { role: "assistant", content: "1" }, hello];
    expect(encode({ messages: done, reasoning: { budgetTokens: 2_000 } }).fields).toEqual([]);
  });

  it("always sends the max_tokens that the API demands, and none that is below the budget", () => {
    expect(encode({}, "claude-3-opus-20240229").body["max_tokens"]).toBe(4_096);
    expect(encode({}, "claude-opus-4-1-20250805").body["max_tokens"]).toBe(32_000);
    expect(encode({}, "MiniMax-M2.7", { maxTokens: 9 }).body["max_tokens"]).toBe(9);
    expect(encode({ reasoning: { budgetTokens: 40_000 } }).body["max_tokens"]).toBe(44_096);
    expect(encode({ maxTokens: 0 }).body["max_tokens"]).toBe(0);
  });
});

describe("sampling", () => {
  const given = { temperature: 0.5, topP: 0.9, topK: 3 };
  it.each<[string, Partial<ChatRequest>, JsonObject, string[]]>([
    ["claude-3-opus-20240229", given, { temperature: 0.5, top_p: 0.9, top_k: 3 }, []],
    ["claude-3-opus-20240229", { temperature: 1.5 }, { temperature: 1 }, ["changed temperature"]],
    ["claude-sonnet-4-5", given, { temperature: 0.5, top_k: 3 }, ["unsupported topP"]],
    ["claude-opus-4-8", given, {}, ["unsupported temperature", "unsupported topP", "unsupported topK"]],
    ["claude-opus-4-8", { temperature: 1 }, {}, []],
    [
      "claude-3-7-sonnet-20250219",
      { ...given, reasoning: { budgetTokens: 1_024 } },
      {},
      ["unsupported temperature", "unsupported topP", "unsupported topK"],
    ],
    ["claude-3-7-sonnet-20250219", { topP: 0.95, reasoning: { budgetTokens: 1_024 } }, { top_p: 0.95 }, []],
  ])("%s takes %j as %j", (model, request, expected, fields) => {
    const encoded = encode(request, model);
    const { temperature, top_p, top_k } = encoded.body;
    expect(JSON.parse(JSON.stringify({ temperature, top_p, top_k }))).toEqual(expected);
    expect(encoded.fields).toEqual(fields);
  });
});

describe("fields that the API lacks", () => {
  it.each<[string, Partial<ChatRequest>]>([
    ["seed", { seed: 0 }],
    ["presencePenalty", { presencePenalty: 0 }],
    ["frequencyPenalty", { frequencyPenalty: 1 }],
    ["logprobs", { logprobs: true }],
    ["cacheKey", { cacheKey: "k" }],
    ["metadata", { metadata: { a: 1 } }],
    ["output.modalities", { output: { modalities: ["text", "audio"] } }],
    ["output.audio", { output: { audio: { voice: "x" } } }],
    ["responseFormat", { responseFormat: { type: "json" } }],
    ["responseFormat.name", { responseFormat: { type: "json-schema", schema: {}, name: "n" } }],
    ["toolChoice", { toolChoice: "auto" }],
    ["parallelToolCalls", { parallelToolCalls: true }],
    ["stop", { stop: [" "] }],
    ["messages.0.name", { messages: [{ role: "user", content: "a", name: "n" }] }],
    ["tools.0", { tools: [{ type: "provider", id: "openai/web_search" }] }],
    [
      "messages.0.content.1.detail",
      {
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "a" },
              { type: "image", url: "https://x", detail: "low" },
            ],
          },
        ],
      },
    ],
  ])("warn about %s", (field, request) => {
    expect(encode(request).fields).toEqual([`unsupported ${field}`]);
  });

  it("refuse `continues`, since the API stores no state", () => {
    expect(() => encode({ continues: { provider: "anthropic", id: "x" } })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }),
    );
  });
});

describe("caching", () => {
  const marked = (text: string) => ({ type: "text" as const, text, cache: {} });
  it("keeps four marks: those of tools and system prompt, and the latest of the conversation", () => {
    const { body, fields } = encode({
      messages: [
        { role: "system", content: [marked("s")] },
        { role: "user", content: [marked("1"), marked("2"), marked("3")] },
      ],
      tools: [{ type: "function", name: "f", parameters: { type: "object" }, cache: { ttl: "1h" } }],
    });
    expect(fields).toEqual(["unsupported messages.1.content.0.cache"]);
    expect(body["tools"]).toMatchObject([{ cache_control: { type: "ephemeral", ttl: "1h" } }]);
    expect(body["system"]).toEqual([{ type: "text", text: "s", cache_control: { type: "ephemeral" } }]);
    const [message] = body["messages"] as { content: JsonObject[] }[];
    expect(message?.content.map((block) => "cache_control" in block)).toEqual([false, true, true]);
  });

  it("marks the last block of a marked message, and counts a mark of the request's own", () => {
    const { body, fields } = encode({
      messages: [
        { ...hello, cache: { ttl: "24h" } },
        { role: "assistant", content: [marked("1"), marked("2"), marked("3")] },
        hello,
      ],
      extensions: { anthropic: { cache_control: { type: "ephemeral" } } },
    });
    expect(fields).toEqual(["changed messages.0.cache.ttl", "unsupported messages.0.cache"]);
    expect(body["cache_control"]).toEqual({ type: "ephemeral" });
  });
});

describe("structured output", () => {
  it("closes objects and leaves out what the API refuses, naming it", () => {
    const { body, warnings } = encode({
      responseFormat: {
        type: "json-schema",
        schema: {
          type: "object",
          properties: {
            minimum: { type: "integer", minimum: 1 },
            list: { type: "array", minItems: 2, items: { oneOf: [{ type: "object", properties: {} }] } },
          },
        },
      },
    });
    expect(body["output_config"]).toEqual({
      format: {
        type: "json_schema",
        schema: {
          type: "object",
          properties: {
            minimum: { type: "integer" },
            list: {
              type: "array",
              items: { anyOf: [{ type: "object", properties: {}, additionalProperties: false }] },
            },
          },
          additionalProperties: false,
        },
      },
    });
    expect(warnings).toMatchObject([
      {
        code: "changed",
        field: "responseFormat.schema",
        message: expect.stringContaining("minItems, minimum, oneOf"),
      },
    ]);
  });
});

describe("extensions", () => {
  it("reach body, message, part and tool verbatim, the provider's over the dialect's, and no other provider's leaks", () => {
    const foreign = { openai: { leak: true }, gemini: { leak: true } };
    const { body, http } = encode({
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "a", extensions: { "anthropic-messages": { b: 1 }, ...foreign } },
            {
              type: "text",
              text: "found",
              extensions: {
                "anthropic-messages": { type: "search_result", source: "s", title: "t", content: [] },
              },
            },
          ],
          extensions: { "anthropic-messages": { c: { d: 2 } }, ...foreign },
        },
      ],
      tools: [
        {
          type: "function",
          name: "f",
          parameters: { type: "object" },
          extensions: { anthropic: { defer_loading: true }, ...foreign },
        },
      ],
      extensions: {
        "anthropic-messages": { container: "one", context_management: { edits: [{ a: 1 }] }, betas: ["x-1"] },
        anthropic: { container: "two", context_management: { edits: [] } },
        ...foreign,
      },
    });
    expect(body).toMatchObject({
      container: "two",
      context_management: { edits: [] },
      messages: [
        {
          c: { d: 2 },
          content: [
            { type: "text", text: "a", b: 1 },
            { type: "search_result", source: "s", title: "t", content: [] },
          ],
        },
      ],
      tools: [{ defer_loading: true }],
    });
    expect(http.headers["anthropic-beta"]).toBe("x-1,context-management-2025-06-27");
    expect(http.body).not.toContain("leak");
    expect(http.body).not.toContain("betas");
  });
});

describe("Vertex", () => {
  it.each([
    ["unary", "rawPredict"],
    ["stream", "streamRawPredict"],
  ] as const)("has the model in the path and the version in the body (%s)", (mode, verb) => {
    const { http } = client.encode(
      { messages: [hello] },
      mode,
      targetOf("claude-3-7-sonnet@20250219", { vertex: true }),
    );
    expect(http.path).toBe(`/publishers/anthropic/models/claude-3-7-sonnet@20250219:${verb}`);
    expect(http.headers).toEqual({ "content-type": "application/json" });
    const body = JSON.parse(http.body ?? "") as JsonObject;
    expect(body["anthropic_version"]).toBe("vertex-2023-10-16");
    expect(body["model"]).toBeUndefined();
  });
});
