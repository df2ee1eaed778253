import { describe, expect, it } from "vitest";
import { targetFor } from "../../../../test/support/halves.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { Message } from "../../../core/values/message.js";
import type { FunctionTool } from "../../../core/values/tool.js";
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

const answer: JsonObject = { type: "object", properties: { a: { type: "string" } }, required: ["a"] };
const tool: FunctionTool = { type: "function", name: "f", parameters: { type: "object" } };

const wireTool = { type: "function", function: { name: "f", parameters: { type: "object" } } };

function caught(run: () => unknown): AiLibError {
  try {
    run();
  } catch (error) {
    if (AiLibError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a request to Cohere", () => {
  it("goes to /chat with the target's model", () => {
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
      { responseFormat: { type: "json-schema", schema: answer } },
      { response_format: { type: "json_object", json_schema: answer } },
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
    ["unsupported reasoning.summary", { reasoning: { summary: "auto" } }, { thinking: { type: "enabled" } }],
    ["unsupported tools.0", { tools: [{ type: "provider", id: "openai/web_search" }] }, {}],
    ["unsupported tools.0.cache", { tools: [{ ...tool, cache: {} }] }, { tools: [wireTool] }],
    [
      "unsupported responseFormat.name",
      { responseFormat: { type: "json-schema", schema: answer, name: "n" } },
      { response_format: { type: "json_object", json_schema: answer } },
    ],
    [
      "unsupported responseFormat.description",
      { responseFormat: { type: "json-schema", schema: answer, description: "d" } },
      { response_format: { type: "json_object", json_schema: answer } },
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
  ])("warns about what it cannot carry: %s", (warning, request, fields) => {
    const { body, lost } = encoded(request);
    const { model: _model, messages: _messages, stream: _stream, ...rest } = body;
    expect(lost).toEqual([warning]);
    expect(rest).toEqual(fields);
  });

  it("refuses to continue a stored response", () => {
    expect(caught(() => encoded({ continues: { provider: "openai", id: "r" } }))).toMatchObject({
      code: "UNSUPPORTED_FEATURE",
      local: true,
    });
  });
});
