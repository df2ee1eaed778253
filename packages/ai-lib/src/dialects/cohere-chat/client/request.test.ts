import { describe, expect, it } from "vitest";
import { targetFor } from "../../../../test/support/halves.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Message } from "../../../core/values/message.js";
import type { FunctionTool } from "../../../core/values/tool.js";
import { base64OfText } from "../../shared/common/base64.js";
import { server } from "../server/index.js";
import { client } from "./index.js";

const target = targetFor("cohere");
const hi: Message = { role: "user", content: "hi" };

function encoded(request: Partial<ChatRequest>) {
  const { http, warnings } = client.encode({ messages: [hi], ...request }, "unary", target);
  return {
    body: JSON.parse(http.body ?? "") as JsonObject,
    lost: warnings.map(({ code, field }) => `${code} ${field}`),
    http,
  };
}

function messagesOf(messages: readonly Message[]) {
  const { body, lost } = encoded({ messages });
  return { messages: body["messages"] as JsonObject[], lost };
}

const tool: FunctionTool = { type: "function", name: "f", parameters: { type: "object" } };
const wireTool = { type: "function", function: { name: "f", parameters: { type: "object" } } };

describe("a request to Cohere", () => {
  it("goes to /chat with the target's model, whatever model it names", () => {
    const { http, body } = encoded({ model: "other" });
    expect([http.method, http.path]).toEqual(["POST", "/chat"]);
    expect(body).toEqual({ model: "asked", messages: [hi], stream: false });
    const stream = client.encode({ messages: [hi] }, "stream", target).http;
    expect([JSON.parse(stream.body ?? "").stream, stream.headers["accept"]]).toEqual([
      true,
      "text/event-stream",
    ]);
  });

  it.each<[string, Partial<ChatRequest>, JsonObject]>([
    ["nucleus and top-k sampling as p and k", { topP: 0.5, topK: 0 }, { p: 0.5, k: 0 }],
    ["stop sequences", { stop: ["a"] }, { stop_sequences: ["a"] }],
    [
      "an explicit zero",
      { temperature: 0, seed: 0, maxTokens: 0, presencePenalty: 0 },
      { temperature: 0, seed: 0, max_tokens: 0, presence_penalty: 0 },
    ],
    ["log probabilities", { logprobs: true }, { logprobs: true }],
    ["any JSON", { responseFormat: { type: "json" } }, { response_format: { type: "json_object" } }],
    [
      "JSON after a schema",
      { responseFormat: { type: "json-schema", schema: { type: "object" } } },
      { response_format: { type: "json_object", json_schema: { type: "object" } } },
    ],
    ["thinking", { reasoning: { effort: "high" } }, { thinking: { type: "enabled" } }],
    ["no thinking", { reasoning: { effort: "none" } }, { thinking: { type: "disabled" } }],
    [
      "a budget of thinking",
      { reasoning: { budgetTokens: 9 } },
      { thinking: { type: "enabled", token_budget: 9 } },
    ],
    ["a budget of none", { reasoning: { budgetTokens: 0 } }, { thinking: { type: "disabled" } }],
    ["a tool that may be called", { tools: [tool], toolChoice: "auto" }, { tools: [wireTool] }],
    [
      "a tool that must be called",
      { tools: [tool], toolChoice: "required" },
      { tools: [wireTool], tool_choice: "REQUIRED" },
    ],
    [
      "a tool that must not be called",
      { tools: [tool], toolChoice: "none" },
      { tools: [wireTool], tool_choice: "NONE" },
    ],
    ["strict tools", { tools: [{ ...tool, strict: true }] }, { tools: [wireTool], strict_tools: true }],
    [
      "what only Cohere has, under either key",
      {
        extensions: {
          "cohere-chat": { documents: ["d"], safety_mode: "STRICT" },
          cohere: { citation_options: { mode: "FAST" } },
          openai: { store: true },
        },
      },
      { documents: ["d"], safety_mode: "STRICT", citation_options: { mode: "FAST" } },
    ],
  ])("says %s", (_, request, fields) => {
    const { body, lost } = encoded(request);
    const { model: _model, messages: _messages, stream: _stream, ...rest } = body;
    expect(rest).toEqual(fields);
    expect(lost).toEqual([]);
  });

  it.each<[string, Partial<ChatRequest>, JsonObject]>([
    ["unsupported parallelToolCalls", { parallelToolCalls: true }, {}],
    ["unsupported user", { user: "u" }, {}],
    ["unsupported metadata", { metadata: {} }, {}],
    ["unsupported cacheKey", { cacheKey: "k" }, {}],
    ["unsupported serviceTier", { serviceTier: "t" }, {}],
    ["unsupported output.modalities", { output: { modalities: ["image"] } }, {}],
    ["unsupported output.audio", { output: { audio: {} } }, {}],
    ["unsupported reasoning.summary", { reasoning: { summary: "auto" } }, {}],
    ["unsupported tools.0", { tools: [{ type: "provider", id: "openai/web_search" }] }, {}],
    ["unsupported tools.0.cache", { tools: [{ ...tool, cache: {} }] }, { tools: [wireTool] }],
    [
      "unsupported responseFormat.name",
      { responseFormat: { type: "json-schema", schema: {}, name: "n" } },
      { response_format: { type: "json_object", json_schema: {} } },
    ],
    [
      "unsupported responseFormat.description",
      { responseFormat: { type: "json-schema", schema: {}, description: "d" } },
      { response_format: { type: "json_object", json_schema: {} } },
    ],
    ["changed reasoning.effort", { reasoning: { effort: "low" } }, { thinking: { type: "enabled" } }],
    [
      "changed reasoning.effort",
      { reasoning: { effort: "low", budgetTokens: 5 } },
      { thinking: { type: "enabled", token_budget: 5 } },
    ],
    ["changed topP", { topP: 1 }, { p: 0.99 }],
    ["changed topK", { topK: 1000 }, { k: 500 }],
    ["changed presencePenalty", { presencePenalty: -1 }, { presence_penalty: 0 }],
    ["changed frequencyPenalty", { frequencyPenalty: 2 }, { frequency_penalty: 1 }],
    ["changed logprobs", { logprobs: 3 }, { logprobs: true }],
    ["changed stop", { stop: ["1", "2", "3", "4", "5", "6"] }, { stop_sequences: ["1", "2", "3", "4", "5"] }],
    [
      "changed toolChoice",
      { tools: [tool, { ...tool, name: "g" }], toolChoice: { name: "f" } },
      { tools: [wireTool], tool_choice: "REQUIRED" },
    ],
    [
      "changed tools.1.strict",
      {
        tools: [
          { ...tool, strict: true },
          { ...tool, name: "f" },
        ],
      },
      { tools: [wireTool, wireTool], strict_tools: true },
    ],
    ["unsupported messages.0.name", { messages: [{ ...hi, name: "n" } as Message] }, {}],
    ["unsupported messages.0.cache", { messages: [{ ...hi, cache: {} }] }, {}],
  ])("warns of what it cannot say: %s", (warning, request, fields) => {
    const { body, lost } = encoded(request);
    const { model: _model, messages: _messages, stream: _stream, ...rest } = body;
    expect(lost).toEqual([warning]);
    expect(rest).toEqual(fields);
  });

  it("refuses state that a vendor keeps, so that a strategy passes Cohere over", () => {
    expect(caught(() => encoded({ continues: { provider: "openai", id: "r" } }))).toMatchObject({
      code: "UNSUPPORTED_FEATURE",
      local: true,
    });
  });
});

describe("a conversation sent to Cohere", () => {
  const call: ContentPart = { type: "tool-call", id: "f_1", name: "f", arguments: { a: 1 } };

  it("has a place for each kind of an answer's content: plan, thinking, text, calls, citations", () => {
    const { messages, lost } = messagesOf([
      {
        role: "assistant",
        content: [
          {
            type: "reasoning",
            text: "I will look",
            origin: { family: "cohere", data: { field: "tool_plan" } },
          },
          { type: "reasoning", text: "hm" },
          { type: "text", text: "Dock Seven" },
          {
            type: "source",
            documentId: "d1",
            title: "T",
            quote: "q",
            cites: { index: 2, start: 5, end: 10 },
          },
          {
            type: "source",
            documentId: "t:0",
            cites: { index: 2, start: 5, end: 10 },
            origin: { family: "cohere", data: { type: "tool" } },
          },
          call,
        ],
      },
      { role: "tool", content: [{ type: "tool-result", id: "f_1", name: "f", content: "ok" }] },
    ]);
    expect(messages).toEqual([
      {
        role: "assistant",
        tool_plan: "I will look",
        content: [
          { type: "thinking", thinking: "hm" },
          { type: "text", text: "Dock Seven" },
        ],
        tool_calls: [{ id: "f_1", type: "function", function: { name: "f", arguments: '{"a":1}' } }],
        citations: [
          {
            start: 5,
            end: 10,
            text: "Seven",
            sources: [
              { type: "document", id: "d1", document: { id: "d1", title: "T", text: "q" } },
              { type: "tool", id: "t:0", tool_output: {} },
            ],
            type: "TEXT_CONTENT",
            content_index: 1,
          },
        ],
      },
      { role: "tool", tool_call_id: "f_1", content: "ok" },
    ]);
    expect(lost).toEqual([]);
  });

  it.each<[string, ContentPart, JsonObject]>([
    [
      "a picture by URL",
      { type: "image", url: "https://x/a.png" },
      { type: "image_url", image_url: { url: "https://x/a.png" } },
    ],
    [
      "a picture's bytes with its detail",
      { type: "image", data: "aGk=", mediaType: "image/png", detail: "low" },
      { type: "image_url", image_url: { url: "data:image/png;base64,aGk=", detail: "low" } },
    ],
    [
      "vendor fields of a part",
      { type: "text", text: "x", extensions: { cohere: { a: 1 }, openai: { b: 2 } } },
      { type: "text", text: "x", a: 1 },
    ],
    [
      "a document that a text stands for",
      {
        type: "text",
        text: "{}",
        extensions: { "cohere-chat": { type: "document", document: { data: {} } } },
      },
      { type: "document", document: { data: {} } },
    ],
  ])("says %s", (_, part, block) => {
    const { messages, lost } = messagesOf([{ role: "user", content: [part] } as Message]);
    expect(messages[0]?.["content"]).toEqual([block]);
    expect(lost).toEqual([]);
  });

  it("puts text files beside the messages, where answers can cite them", () => {
    const facts = {
      type: "file" as const,
      name: "facts.txt",
      data: base64OfText("Rubý"),
      mediaType: "text/plain",
    };
    const { body, lost } = encoded({
      messages: [{ role: "user", content: [{ type: "text", text: "Who?" }, facts] }],
      extensions: { cohere: { documents: ["more"] } },
    });
    expect(body["documents"]).toEqual([
      { id: "facts.txt", data: { title: "facts.txt", text: "Rubý" } },
      "more",
    ]);
    expect(lost).toEqual(["changed messages.0.content.1"]);
  });

  it("keeps text files of a tool's result as documents in it, and moves its pictures behind the last result", () => {
    const { messages, lost } = messagesOf([
      { role: "assistant", content: [call] },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            id: "f_1",
            content: [
              { type: "file", name: "a.txt", data: base64OfText("x"), mediaType: "text/plain" },
              { type: "image", url: "https://x/a.png" },
            ],
          },
        ],
      },
    ]);
    expect(messages.slice(1)).toEqual([
      {
        role: "tool",
        tool_call_id: "f_1",
        content: [{ type: "document", document: { id: "a.txt", data: { title: "a.txt", text: "x" } } }],
      },
      { role: "user", content: [{ type: "image_url", image_url: { url: "https://x/a.png" } }] },
    ]);
    expect(lost).toEqual(["changed messages.1.content.0.content.1"]);
  });

  it.each<[string, ContentPart]>([
    ["sound", { type: "audio", data: "aGk=", mediaType: "audio/mpeg" }],
    ["a PDF", { type: "file", data: "aGk=", mediaType: "application/pdf" }],
    ["a file by URL", { type: "file", url: "https://x/a.txt" }],
    ["an uploaded picture", { type: "image", uploaded: { provider: "openai", id: "f" } }],
  ])("refuses %s, so that a strategy moves on", (_, part) => {
    const error = caught(() => messagesOf([{ role: "user", content: [part] } as Message]));
    expect([error.code, error.local]).toEqual(["UNSUPPORTED_FEATURE", true]);
  });

  it("skips turns that failed midway, and answers of which nothing is left", () => {
    const { messages, lost } = messagesOf([
      hi,
      { role: "assistant", content: "half", incomplete: true },
      { role: "assistant", content: [] },
      hi,
    ]);
    expect(messages).toEqual([hi, hi]);
    expect(lost).toEqual(["unsupported messages.2"]);
  });

  it.each<[string, ContentPart, string[]]>([
    [
      "thinking of another family",
      { type: "reasoning", text: "x", origin: { family: "anthropic", data: {} } },
      ["state-dropped messages.0.content.0"],
    ],
    [
      "withheld thinking",
      { type: "reasoning", text: "", redacted: true },
      ["state-dropped messages.0.content.0"],
    ],
    [
      "state of text",
      { type: "text", text: "x", origin: { family: "google", data: {} } },
      ["state-dropped messages.0.content.0.origin"],
    ],
    ["a refusal, as text", { type: "refusal", text: "no" }, ["changed messages.0.content.0"]],
    [
      "a source that supports nothing",
      { type: "source", url: "https://x" },
      ["state-dropped messages.0.content.0"],
    ],
    ["a picture of its own", { type: "image", url: "https://x" }, ["state-dropped messages.0.content.0"]],
    [
      "a call that a provider ran",
      { ...call, executedBy: "provider" } as ContentPart,
      ["state-dropped messages.0.content.0"],
    ],
    [
      "what a provider found",
      { type: "tool-result", id: "x", content: "", executedBy: "provider" },
      ["state-dropped messages.0.content.0"],
    ],
    [
      "a call that was cut",
      { type: "tool-call", id: "a", name: "f", argumentsText: "{" },
      ["unsupported messages.0.content.0"],
    ],
    [
      "a mark for the cache",
      { type: "text", text: "x", cache: {} },
      ["unsupported messages.0.content.0.cache"],
    ],
  ])("warns of what it cannot replay: %s", (_, part, warnings) => {
    const { lost } = messagesOf([{ role: "assistant", content: [part, { type: "text", text: "x" }] }, hi]);
    expect(lost).toEqual(warnings);
  });

  it("warns that a result's mark for failure has no place", () => {
    const { lost } = messagesOf([
      { role: "assistant", content: [call] },
      { role: "tool", content: [{ type: "tool-result", id: "f_1", content: "no", isError: true }] },
    ]);
    expect(lost).toEqual(["unsupported messages.1.content.0.isError"]);
  });
});

describe("a request that Cohere's server half reads", () => {
  const read = (body: unknown) =>
    server.decode({ method: "POST", path: "/v2/chat", headers: {}, body: JSON.stringify(body) });

  it.each([
    ["/v2/chat", true],
    ["/chat", true],
    ["/api/chat", false],
    ["/v1/chat", false],
  ])("is known by its path: %s %s", (path, known) => {
    expect(server.matches({ method: "POST", path })).toBe(known);
  });

  it("keeps fields that it does not know as extensions, wherever they stand, and gives them back", () => {
    const body = {
      model: "asked",
      stream: false,
      safety_mode: "OFF",
      documents: [{ id: "d", data: { text: "x" } }],
      messages: [
        { role: "user", content: [{ type: "text", text: "x", hint: 1 }], tag: "t" },
        { role: "assistant", content: [{ type: "text", text: "y", hint: 2 }] },
        {
          role: "tool",
          tool_call_id: "c",
          content: [{ type: "document", document: { id: "d", data: { url: "u" } } }],
        },
      ],
      tools: [{ type: "function", shown: true, function: { name: "f", parameters: {}, odd: 1 } }],
    };
    const { request } = read(body);
    expect(request.extensions).toEqual({ "cohere-chat": { safety_mode: "OFF", documents: body.documents } });
    expect(JSON.parse(client.encode(request, "unary", target).http.body ?? "")).toEqual(body);
  });

  it.each<[string, unknown]>([
    ["no object", []],
    ["no messages", { model: "m" }],
    ["an unknown role", { messages: [{ role: "chatbot", content: "x" }] }],
    ["an unknown block", { messages: [{ role: "user", content: [{ type: "hologram" }] }] }],
    [
      "a picture in a system message",
      { messages: [{ role: "system", content: [{ type: "image_url", image_url: { url: "u" } }] }] },
    ],
    ["a temperature in words", { messages: [hi], temperature: "hot" }],
    ["a tool without a name", { messages: [hi], tools: [{ type: "function", function: {} }] }],
    ["an unknown tool choice", { messages: [hi], tool_choice: "AUTO" }],
    ["a call without a function", { messages: [{ role: "assistant", tool_calls: [{}] }] }],
    [
      "an answer that holds a picture",
      { messages: [{ role: "assistant", content: [{ type: "image_url" }] }] },
    ],
  ])("is refused with %s", (_, body) => {
    expect(caught(() => read(body)).code).toBe("INVALID_REQUEST");
  });
});

function caught(run: () => unknown): AiLibError {
  try {
    run();
  } catch (error) {
    if (AiLibError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
