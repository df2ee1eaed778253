import { describe, expect, it } from "vitest";
import type { DialectTarget, Quirks } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Message, Origin } from "../../../core/values/message.js";
import { client } from "./index.js";

const hello: Message = { role: "user", content: "Hello" };

function targetOf(model: string, quirks: Quirks = {}): DialectTarget {
  return { provider: "anthropic", model, quirks, now: 0 };
}

function encode(request: Partial<ChatRequest>, model = "claude-sonnet-4-5", quirks: Quirks = {}) {
  const encoded = client.encode({ messages: [hello], ...request }, "unary", targetOf(model, quirks));
  return {
    ...encoded,
    body: JSON.parse(encoded.http.body ?? "") as JsonObject,
    fields: encoded.warnings.map(({ code, field }) => `${code} ${field}`),
  };
}

const signed = (signature: string, family = "anthropic"): Origin => ({ family, data: { signature } });

describe("turns", () => {
  it("puts system messages at the head above the conversation", () => {
    const { body } = encode({ messages: [{ role: "system", content: "Be brief" }, hello] });
    expect(body).toMatchObject({ system: "Be brief", messages: [{ role: "user", content: "Hello" }] });
  });

  it("moves a later system message there with a warning, and leaves it in place where the model allows", () => {
    const messages: Message[] = [hello, { role: "system", content: "Now in French" }];
    const old = encode({ messages });
    expect(old.body["system"]).toBe("Now in French");
    expect(old.fields).toEqual(["changed messages.1"]);
    const young = encode({ messages }, "claude-opus-4-8");
    expect(young.body["messages"]).toEqual([hello, { role: "system", content: "Now in French" }]);
    expect(young.fields).toEqual([]);
  });

  it("joins adjacent tool and user messages, results first", () => {
    const { body } = encode({
      messages: [
        hello,
        { role: "assistant", content: [{ type: "tool-call", id: "a", name: "f", arguments: {} }] },
        { role: "user", content: "By the way" },
        { role: "tool", content: [{ type: "tool-result", id: "a", content: "1" }] },
      ],
    });
    expect((body["messages"] as JsonObject[])[2]).toEqual({
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "a", content: "1" },
        { type: "text", text: "By the way" },
      ],
    });
  });

  it("puts calls last in an assistant's turn, but not across thinking", () => {
    const call = (id: string): ContentPart => ({ type: "tool-call", id, name: "f", arguments: {} });
    const { body } = encode({
      messages: [
        hello,
        {
          role: "assistant",
          content: [
            call("a"),
            { type: "text", text: "one" },
            { type: "reasoning", text: "hm", origin: signed("s") },
            call("b"),
            { type: "text", text: "two" },
          ],
        },
      ],
    });
    const { content } = (body["messages"] as { content: JsonObject[] }[])[1] ?? { content: [] };
    expect(content.map((block) => block["id"] ?? block["text"] ?? block["thinking"])).toEqual([
      "one",
      "a",
      "hm",
      "two",
      "b",
    ]);
  });

  it("skips turns that failed midway and text of white space alone, and cuts white space off a prefill", () => {
    const { body, fields } = encode({
      messages: [
        { role: "user", content: [{ type: "text", text: " \n" }] },
        hello,
        { role: "assistant", content: "broken", incomplete: true },
        { role: "assistant", content: "The answer is \n" },
      ],
    });
    expect(body["messages"]).toEqual([hello, { role: "assistant", content: "The answer is" }]);
    expect(fields).toEqual([
      "unsupported messages.0.content.0",
      "state-dropped messages.2",
      "changed messages.3.content",
    ]);
  });

  it("echoes signed thinking, redacted thinking and compactions of its own family alone", () => {
    const { body, fields } = encode({
      messages: [
        hello,
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "hm", origin: signed("s") },
            {
              type: "reasoning",
              text: "",
              redacted: true,
              origin: { family: "anthropic", data: { data: "d" } },
            },
            {
              type: "reasoning",
              text: "",
              origin: { family: "anthropic", data: { block: { type: "compaction", content: "c" } } },
            },
            { type: "reasoning", text: "other", origin: signed("x", "google") },
            { type: "reasoning", text: "unsigned" },
            { type: "text", text: "Hi" },
          ],
        },
        hello,
      ],
    });
    expect((body["messages"] as JsonObject[])[1]).toEqual({
      role: "assistant",
      content: [
        { type: "thinking", thinking: "hm", signature: "s" },
        { type: "redacted_thinking", data: "d" },
        { type: "compaction", content: "c" },
        { type: "text", text: "Hi" },
      ],
    });
    expect(fields).toEqual(["state-dropped messages.1.content.3", "state-dropped messages.1.content.4"]);
  });

  it("reads another family, and unsigned thinking, where a quirk says so", () => {
    const { body, fields } = encode(
      {
        messages: [
          hello,
          {
            role: "assistant",
            content: [
              { type: "reasoning", text: "a", origin: signed("s", "minimax") },
              { type: "reasoning", text: "b" },
              { type: "reasoning", text: "c", origin: signed("s") },
            ],
          },
          hello,
        ],
      },
      "MiniMax-M2.7",
      { family: "minimax", unsignedThinking: true },
    );
    expect((body["messages"] as JsonObject[])[1]).toMatchObject({
      content: [
        { type: "thinking", thinking: "a", signature: "s" },
        { type: "thinking", thinking: "b" },
      ],
    });
    expect(fields).toEqual(["state-dropped messages.1.content.2"]);
  });

  it("keeps state that is bound to an account from other accounts", () => {
    const messages: Message[] = [
      hello,
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm", origin: { ...signed("s"), account: "one" } },
          { type: "text", text: "Hi" },
        ],
      },
      hello,
    ];
    const target = targetOf("claude-sonnet-4-5");
    const mine = client.encode({ messages }, "unary", { ...target, account: "one" });
    const other = client.encode({ messages }, "unary", { ...target, account: "two" });
    expect(mine.http.body).toContain('"signature"');
    expect(other.http.body).not.toContain('"signature"');
    expect(other.warnings).toMatchObject([{ code: "state-dropped" }]);
  });

  it("re-shapes ids that the API refuses, the same on call and result, and keeps different ids different", () => {
    const { body } = encode({
      messages: [
        hello,
        {
          role: "assistant",
          content: ["call:1", "call.1", "call_1"].map((id) => ({
            type: "tool-call",
            id,
            name: "f",
            arguments: {},
          })),
        },
        {
          role: "tool",
          content: ["call:1", "call.1", "call_1"].map((id) => ({ type: "tool-result", id, content: id })),
        },
      ],
    });
    const [, assistant, user] = body["messages"] as { content: JsonObject[] }[];
    const ids = assistant?.content.map(({ id }) => String(id)) ?? [];
    expect(new Set(ids).size).toBe(3);
    expect(ids[2]).toBe("call_1");
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
    expect(user?.content.map((block) => block["tool_use_id"])).toEqual(ids);
  });

  it("replays a call that was cut without arguments, with a warning", () => {
    const { body, fields } = encode({
      messages: [
        hello,
        { role: "assistant", content: [{ type: "tool-call", id: "a", name: "f", argumentsText: '{"a' }] },
      ],
    });
    expect(JSON.stringify(body)).toContain('"input":{}');
    expect(fields).toEqual(["state-dropped messages.1.content.0.argumentsText"]);
  });

  it("leaves out what a provider's tool of another family did", () => {
    const origin: Origin = { family: "openai", data: { id: "ws_1" } };
    const { body, fields } = encode({
      messages: [
        hello,
        {
          role: "assistant",
          content: [
            { type: "tool-call", id: "a", name: "s", arguments: {}, executedBy: "provider", origin },
            { type: "tool-result", id: "a", content: "x", executedBy: "provider" },
            { type: "source", url: "https://example.com", cites: { index: 3 } },
            { type: "text", text: "Found" },
          ],
        },
      ],
    });
    expect((body["messages"] as JsonObject[])[1]).toEqual({
      role: "assistant",
      content: [{ type: "text", text: "Found" }],
    });
    expect(fields).toEqual([
      "state-dropped messages.1.content.2",
      "state-dropped messages.1.content.0",
      "state-dropped messages.1.content.1",
    ]);
  });
});

describe("media", () => {
  it.each<[string, ContentPart, JsonObject]>([
    [
      "a data URL",
      { type: "image", url: "data:image/gif;base64,aGk=" },
      { type: "image", source: { type: "base64", media_type: "image/gif", data: "aGk=" } },
    ],
    [
      "a picture that comes as a file",
      { type: "file", data: "aGk=", mediaType: "image/png" },
      { type: "image", source: { type: "base64", media_type: "image/png", data: "aGk=" } },
    ],
    [
      "a PDF by URL",
      { type: "file", url: "https://example.com/a.pdf", name: "A" },
      { type: "document", source: { type: "url", url: "https://example.com/a.pdf" }, title: "A" },
    ],
    [
      "text",
      { type: "file", data: "aGnDpA==", mediaType: "text/plain" },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "hiä" } },
    ],
    [
      "sound with a transcript",
      { type: "audio", data: "aGk=", mediaType: "audio/wav", transcript: "Hi" },
      { type: "text", text: "Hi" },
    ],
  ])("sends %s", (_name, part, block) => {
    const { body } = encode({ messages: [{ role: "user", content: [part as never] }] });
    expect((body["messages"] as { content: JsonObject[] }[])[0]?.content).toEqual([block]);
  });

  it("asks for the file store by header, and refuses a file of another store so that another provider can take it", () => {
    const file = (provider: string): Message => ({
      role: "user",
      content: [{ type: "file", uploaded: { provider, id: "file_1" } }],
    });
    expect(encode({ messages: [file("anthropic")] }).http.headers["anthropic-beta"]).toBe(
      "files-api-2025-04-14",
    );
    expect(() => encode({ messages: [file("openai")] })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE", local: true }),
    );
  });

  it.each<[string, ContentPart]>([
    ["sound", { type: "audio", data: "aGk=", mediaType: "audio/wav" }],
    ["a spreadsheet", { type: "file", data: "aGk=", mediaType: "application/vnd.ms-excel" }],
    ["bytes that are no text", { type: "file", data: "//79", mediaType: "text/plain" }],
  ])("refuses %s, which nobody would see", (_name, part) => {
    expect(() => encode({ messages: [{ role: "user", content: [part as never] }] })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE", local: true }),
    );
  });
});

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

  it("with a budget cannot go on after calls that were made without it, as another model's were", () => {
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
    ["claude-opus-4-8", { temperature: 1 }, { temperature: 1 }, []],
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

describe("fields without a word in the API", () => {
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

  it("refuse `continues`, which asks for state that nobody keeps", () => {
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
  it("reach body, message, part and tool verbatim, the provider's over the dialect's, and nobody else's leaks", () => {
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
