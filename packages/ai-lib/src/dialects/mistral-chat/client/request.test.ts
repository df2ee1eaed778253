import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { Message } from "../../../core/values/message.js";
import { client } from "./index.js";

const target: DialectTarget = { provider: "mistral", model: "mistral-small-latest", quirks: {}, now: 0 };

const parameters = { type: "object", properties: {} };
const tools: ChatRequest["tools"] = [{ type: "function", name: "f", parameters }];
const sentTools = [{ type: "function", function: { name: "f", parameters } }];
const hi: Message = { role: "user", content: "hi" };

function encoded(request: Partial<ChatRequest>, quirks: DialectTarget["quirks"] = {}) {
  const { http, warnings } = client.encode({ messages: [hi], ...request }, "unary", { ...target, quirks });
  return {
    body: JSON.parse(http.body ?? "") as JsonObject,
    lost: warnings.map(({ code, field }) => `${code} ${field}`),
    http,
  };
}

it("leaves log probabilities out, which Mistral refuses by model, unless a quirk says otherwise", () => {
  const { body, lost } = encoded({ logprobs: 2 });
  expect(body).not.toHaveProperty("logprobs");
  expect(lost).toEqual(["unsupported logprobs"]);
  const quirk = { logprobs: true };
  expect(encoded({ logprobs: 2 }, quirk).body).toMatchObject({ logprobs: true, top_logprobs: 2 });
  expect(encoded({ logprobs: true }, quirk).body).toMatchObject({ logprobs: true });
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

describe("a request to Mistral", () => {
  it("goes to /chat/completions with the target's model", () => {
    const { http, body } = encoded({ model: "other" });
    expect([http.method, http.path]).toEqual(["POST", "/chat/completions"]);
    expect(body).toEqual({ model: "mistral-small-latest", messages: [hi] });
  });

  it("asks for a stream in the body and in the accept header", () => {
    const { http } = client.encode({ messages: [hi] }, "stream", target);
    expect(http.headers["accept"]).toBe("text/event-stream");
    expect(JSON.parse(http.body ?? "")).toMatchObject({ stream: true });
  });

  it.each<[string, Partial<ChatRequest>, JsonObject]>([
    ["the seed as random_seed", { seed: 0 }, { random_seed: 0 }],
    [
      "a required tool call as any",
      { tools, toolChoice: "required" },
      { tools: sentTools, tool_choice: "any" },
    ],
    [
      "a named tool",
      { tools, toolChoice: { name: "f" } },
      { tools: sentTools, tool_choice: { type: "function", function: { name: "f" } } },
    ],
    [
      "an explicit zero",
      { temperature: 0, maxTokens: 0, topP: 0 },
      { temperature: 0, max_tokens: 0, top_p: 0 },
    ],
    ["the cache key", { cacheKey: "k" }, { prompt_cache_key: "k" }],
    ["the tier", { serviceTier: "auto" }, { service_tier: "auto" }],
    ["metadata", { metadata: { a: [1] } }, { metadata: { a: [1] } }],
    ["any JSON", { responseFormat: { type: "json" } }, { response_format: { type: "json_object" } }],
    [
      "JSON after a schema",
      { responseFormat: { type: "json-schema", schema: { type: "object" }, strict: true } },
      {
        response_format: {
          type: "json_schema",
          json_schema: {
            name: "response",
            schema: { type: "object", properties: {}, additionalProperties: false },
            strict: true,
          },
        },
      },
    ],
    ["effort", { reasoning: { effort: "high" } }, { reasoning_effort: "high" }],
    ["the most effort", { reasoning: { effort: "xhigh" } }, { reasoning_effort: "xhigh" }],
    [
      "a tool of Mistral's own",
      { tools: [{ type: "provider", id: "mistral/web_search", options: { tool_configuration: { x: 1 } } }] },
      { tools: [{ type: "web_search", tool_configuration: { x: 1 } }] },
    ],
    [
      "what only Mistral has, under either key",
      {
        extensions: {
          "mistral-chat": { safe_prompt: true, prediction: { type: "content" } },
          mistral: { prompt_mode: "reasoning", prediction: { content: "x" } },
          openai: { store: true },
        },
      },
      { safe_prompt: true, prompt_mode: "reasoning", prediction: { type: "content", content: "x" } },
    ],
  ])("says %s", (_, request, fields) => {
    const { body, lost } = encoded(request);
    const { model: _model, messages: _messages, ...rest } = body;
    expect(rest).toEqual(fields);
    expect(lost).toEqual([]);
  });

  it.each<[string, Partial<ChatRequest>]>([
    ["unsupported topK", { topK: 0 }],
    ["unsupported user", { user: "u" }],
    ["changed reasoning.budgetTokens", { reasoning: { budgetTokens: 1 } }],
    ["changed reasoning", { reasoning: {} }],
    ["unsupported reasoning.summary", { reasoning: { effort: "low", summary: "auto" } }],
    ["unsupported output.modalities", { output: { modalities: ["text", "audio"] } }],
    ["unsupported output.audio", { output: { audio: { voice: "v" } } }],
    ["unsupported tools.0", { tools: [{ type: "provider", id: "openai/web_search" }] }],
    ["unsupported tools.0.cache", { tools: [{ type: "function", name: "f", parameters: {}, cache: {} }] }],
    ["unsupported messages.0.name", { messages: [{ ...hi, name: "n" } as Message] }],
    ["unsupported messages.0.cache", { messages: [{ ...hi, cache: {} }] }],
  ])("warns about what it cannot carry: %s", (warning, request) => {
    expect(encoded(request).lost).toEqual([warning]);
  });

  it.each([
    ["low", ["none", "high"], "high"],
    ["minimal", ["none", "high"], "high"],
    ["max", ["none", "high"], "high"],
    ["none", ["low", "medium"], "low"],
  ] as const)("maps the effort %s to what an endpoint takes of %s: %s", (effort, reasoningEfforts, word) => {
    const { body, lost } = encoded({ reasoning: { effort } }, { reasoningEfforts });
    expect(body["reasoning_effort"]).toBe(word);
    expect(lost).toEqual(["changed reasoning.effort"]);
  });

  it("refuses to continue a stored response", () => {
    const error = caught(() => encoded({ continues: { provider: "openai", id: "r" } }));
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
  });
});
