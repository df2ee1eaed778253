import { expect, it } from "vitest";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import { ask, TARGETS } from "./ask.js";

const hello = { messages: [{ role: "user" as const, content: "q" }] };
const schema = { type: "object", properties: {} };

it.each<[string, object, RegExp]>([
  ["max_tokens", { max_tokens: 5 }, /"max_tokens": use `maxTokens`/],
  ["maxOutputTokens", { maxOutputTokens: 5 }, /use `maxTokens`/],
  ["a slip", { temprature: 1 }, /use `temperature`/],
  ["system", { system: "x" }, /role: "system"/],
  ["stop_sequences", { stop_sequences: [] }, /use `stop`/],
  ["stream", { stream: true }, /client\.stream\(\)/],
  ["tool_choice", { tool_choice: "auto" }, /`toolChoice`/],
  [
    "OpenAI's tool",
    { tools: [{ type: "function", function: { name: "f", parameters: schema } }] },
    /`tools\.0\.function`.*directly on the tool/,
  ],
  [
    "Anthropic's tool",
    { tools: [{ name: "f", input_schema: schema }] },
    /`tools\.0\.input_schema` is `parameters`/,
  ],
  [
    "the AI SDK's tool",
    { tools: [{ type: "function", name: "f", inputSchema: schema }] },
    /`tools\.0\.inputSchema` is `parameters`/,
  ],
  ["Gemini's tools", { tools: [{ functionDeclarations: [] }] }, /each function is a separate tool/],
  [
    "OpenAI's choice",
    {
      tools: [{ type: "function", name: "f", parameters: schema }],
      toolChoice: { type: "function", function: { name: "f" } },
    },
    /\{ name \}/,
  ],
  [
    "Anthropic's choice",
    { tools: [{ type: "function", name: "f", parameters: schema }], toolChoice: "any" },
    /"required"/,
  ],
  ["OpenAI's format", { responseFormat: { type: "json_schema", json_schema: {} } }, /with a dash/],
  [
    "OpenAI's role",
    { messages: [{ role: "developer", content: "x" }] },
    /`messages\.0\.role` "developer" is "system"/,
  ],
  [
    "OpenAI's calls",
    { messages: [...hello.messages, { role: "assistant", content: "", tool_calls: [] }] },
    /`messages\.1\.tool_calls`/,
  ],
  [
    "OpenAI's image",
    { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url: "x" } }] }] },
    /`messages\.0\.content\.0`.*\{ type: "image", url \}/,
  ],
  [
    "Anthropic's result",
    { messages: [{ role: "user", content: [{ type: "tool_result" }] }] },
    /toolResult\(call, value\)/,
  ],
  [
    "a file: URL",
    { messages: [{ role: "user", content: [{ type: "image", url: "file:///a.png" }] }] },
    /image\(\), audio\(\) and file\(\)/,
  ],
])("%s is refused with what to write", async (_, fields, words) => {
  const { sent, error } = await ask("openai/gpt-4.1", { ...hello, ...fields } as ChatRequest);
  expect(sent).toEqual([]);
  expect(error).toMatchObject({ code: "INVALID_REQUEST", message: expect.stringMatching(words) });
});

it.each(Object.values(TARGETS))("a wrong path of %s says which address answered", async (spec) => {
  for (const status of [404, 405]) {
    const { error, sent } = await ask(spec, hello, { replies: [{ __status: status, detail: "Not Found" }] });
    expect(error?.message).toContain(`${sent[0]?.url.split("?")[0]} answered ${status}`);
  }
});

it("a missing model does not blame the address", async () => {
  const { error } = await ask("openai/gpt-9", hello, {
    replies: [
      { __status: 404, error: { code: "model_not_found", message: "The model `gpt-9` does not exist" } },
    ],
  });
  expect(error).toMatchObject({ code: "MODEL_NOT_FOUND", message: expect.not.stringContaining("base URL") });
});
