import { expect, it } from "vitest";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import { ask } from "./ask.js";

const hello = { messages: [{ role: "user" as const, content: "q" }] };
const image = {
  messages: [
    {
      role: "user" as const,
      content: [{ type: "image" as const, data: "iVBORw0K", mediaType: "image/png" }],
    },
  ],
};
const tool = { type: "function" as const, name: "t", parameters: { type: "object", properties: {} } };
const json = { type: "json-schema" as const, schema: { type: "object", properties: {} } };

/** Parameters that a model refuses, the field of the body that must be absent, and the field that the warning names. */
it.each<[string, Partial<ChatRequest>, string, string]>([
  ["openai/gpt-4.1", { reasoning: { effort: "high" } }, "reasoning_effort", "reasoning"],
  ["openai/gpt-4o-2024-08-06", { reasoning: { effort: "high" } }, "reasoning_effort", "reasoning"],
  ["openai-responses/gpt-4.1", { reasoning: { effort: "high" } }, "reasoning", "reasoning"],
  ["openai/o3", { stop: ["x"] }, "stop", "stop"],
  ["openai/gpt-5-mini", { stop: ["x"] }, "stop", "stop"],
  ["openai/gpt-6.2-sol", { stop: ["x"] }, "stop", "stop"],
  ["openai/o4-mini", { temperature: 0.5 }, "temperature", "temperature"],
  ["openai/gpt-4o-search-preview", { temperature: 0.5 }, "temperature", "temperature"],
  ["openai/gpt-4.1", { metadata: { a: "b" } }, "metadata", "metadata"],
  ["xai/grok-4.20-0309-non-reasoning", { reasoning: { effort: "high" } }, "reasoning_effort", "reasoning"],
  ["xai/grok-4-0709", { reasoning: { effort: "high" } }, "reasoning_effort", "reasoning"],
  ["xai/grok-4.7", { stop: ["x"] }, "stop", "stop"],
  ["xai/grok-4.7", { presencePenalty: 1 }, "presence_penalty", "presencePenalty"],
  ["groq/llama-3.3-70b-versatile", { reasoning: { effort: "high" } }, "reasoning_effort", "reasoning"],
  ["mistral/mistral-large-latest", { reasoning: { effort: "high" } }, "reasoning_effort", "reasoning"],
  ["groq/openai/gpt-oss-20b", { metadata: { a: "b" } }, "metadata", "metadata"],
  ["groq/openai/gpt-oss-20b", { presencePenalty: 1 }, "presence_penalty", "presencePenalty"],
  ["together/m", { user: "u" }, "user", "user"],
  ["together/m", { serviceTier: "priority" }, "service_tier", "serviceTier"],
  ["cerebras/gpt-oss-120b", { metadata: { a: "b" } }, "metadata", "metadata"],
  ["zai/glm-5.3", { frequencyPenalty: 1 }, "frequency_penalty", "frequencyPenalty"],
  ["zhipu/glm-5.3", { logprobs: 2 }, "logprobs", "logprobs"],
  ["deepseek/deepseek-flash", { seed: 1 }, "seed", "seed"],
  ["perplexity/perplexity/sonar", { metadata: { a: "b" } }, "metadata", "metadata"],
  ["perplexity/perplexity/sonar", { cacheKey: "k" }, "prompt_cache_key", "cacheKey"],
  ["perplexity/perplexity/sonar", { responseFormat: { type: "json" } }, "text", "responseFormat"],
  [
    "bedrock/us.amazon.nova-pro-v1:0",
    { reasoning: { effort: "high" } },
    "additionalModelRequestFields",
    "reasoning",
  ],
])("%s with %j leaves %s out, with a warning", async (spec, fields, absent, field) => {
  const { sent, response } = await ask(spec, { ...hello, ...fields });
  expect(sent[0]?.body[absent]).toBeUndefined();
  expect(response?.warnings).toContainEqual(expect.objectContaining({ code: "unsupported", field }));
});

/** What a model accepts is sent. */
it.each<[string, Partial<ChatRequest>, object]>([
  ["openai/o1", { stop: ["x"] }, { stop: ["x"] }],
  ["openai/gpt-4.1", { stop: ["x"] }, { stop: ["x"] }],
  ["xai/grok-4.20-0309-non-reasoning", { stop: ["x"] }, { stop: ["x"] }],
  ["xai/grok-3-mini", { reasoning: { effort: "high" } }, { reasoning_effort: "high" }],
  ["groq/openai/gpt-oss-20b", { reasoning: { effort: "high" } }, { reasoning_effort: "high" }],
  ["together/m", { logprobs: 3 }, { logprobs: 3 }],
  ["cerebras/gpt-oss-120b", { cacheKey: "k" }, { prompt_cache_key: "k" }],
  ["cerebras/gpt-oss-120b", { presencePenalty: 1 }, { presence_penalty: 1 }],
  ["zai/glm-5.3", { user: "u" }, { user_id: "u" }],
  ["deepseek/deepseek-flash", { user: "u" }, { user_id: "u" }],
  [
    "perplexity/perplexity/sonar",
    { responseFormat: json },
    { response_format: { type: "json_schema", json_schema: { name: "response", schema: json.schema } } },
  ],
  ["groq/unknown/model", { responseFormat: json }, { response_format: { type: "json_schema" } }],
  ["mistral/mistral-medium-latest", { reasoning: { effort: "high" } }, { reasoning_effort: "high" }],
])("%s with %j is sent %j", async (spec, fields, body) => {
  const { sent, response } = await ask(spec, { ...hello, ...fields });
  expect(sent[0]?.body).toMatchObject(body);
  expect(response?.warnings).toEqual([]);
});

/** What is more than a model takes is changed, with a warning. */
it.each<[string, Partial<ChatRequest>, object, string]>([
  ["groq/openai/gpt-oss-20b", { stop: ["a", "b", "c", "d", "e"] }, { stop: ["a", "b", "c", "d"] }, "stop"],
  ["groq/openai/gpt-oss-20b", { temperature: 3 }, { temperature: 2 }, "temperature"],
  ["zai/glm-5.3", { temperature: 1.5 }, { temperature: 1 }, "temperature"],
  ["minimax/MiniMax-M3", { temperature: 2 }, { temperature: 1 }, "temperature"],
  ["together/m", { reasoning: { effort: "xhigh" } }, { reasoning_effort: "high" }, "reasoning.effort"],
  ["together/m", { logprobs: 40 }, { logprobs: 20 }, "logprobs"],
])("%s with %j is sent %j, with a warning", async (spec, fields, body, field) => {
  const { sent, response } = await ask(spec, { ...hello, ...fields });
  expect(sent[0]?.body).toMatchObject(body);
  expect(response?.warnings).toContainEqual(expect.objectContaining({ code: "changed", field }));
});

/** Pairs of features, and content, that a model refuses. */
it.each<[string, ChatRequest, string]>([
  ["google/gemini-2.5-flash", { ...hello, tools: [tool], responseFormat: json }, "responseFormat"],
  ["groq/openai/gpt-oss-20b", { ...hello, tools: [tool], responseFormat: json }, "responseFormat"],
  ["cerebras/gpt-oss-120b", { ...hello, tools: [tool], responseFormat: json }, "responseFormat"],
  ["cohere/command-a-03-2025", { ...hello, tools: [tool], responseFormat: json }, "responseFormat"],
  ["groq/openai/gpt-oss-120b", image, "messages.0.content.0"],
])("%s refuses what its model cannot do: %#", async (spec, request, field) => {
  const { sent, error } = await ask(spec, request);
  expect(sent).toEqual([]);
  expect(error).toMatchObject({
    code: "UNSUPPORTED_FEATURE",
    local: true,
    message: expect.stringContaining(`\`${field}\``),
  });
});

it.each([
  ["google/gemini-3.8-flash", { ...hello, tools: [tool], responseFormat: json }],
  ["openai/gpt-4.1", { ...hello, tools: [tool], responseFormat: json }],
])("%s accepts a format beside tools", async (spec, request) => {
  expect((await ask(spec, request)).sent).toHaveLength(1);
});
