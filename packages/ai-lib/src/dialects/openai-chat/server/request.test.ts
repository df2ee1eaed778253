import { describe, expect, it } from "vitest";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { server } from "./index.js";

function read(body: unknown): ChatRequest {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return server.decode({ method: "POST", path: "/v1/chat/completions", headers: {}, body: text }).request;
}

const user = { role: "user", content: "Hi" };
const hi = { role: "user" as const, content: "Hi" };

describe("a request that a server reads", () => {
  it("is one of the dialect's by its method and path", () => {
    expect(server.matches({ method: "POST", path: "/v1/chat/completions" })).toBe(true);
    expect(server.matches({ method: "GET", path: "/v1/chat/completions" })).toBe(false);
    expect(server.matches({ method: "POST", path: "/v1/responses" })).toBe(false);
  });

  it.each<[string, unknown]>([
    ["no JSON", "nope"],
    ["a list", []],
    ["no messages", { model: "x" }],
    ["a message that is none", { messages: ["Hi"] }],
    ["an unknown role", { messages: [{ role: "robot", content: "Hi" }] }],
    ["content of a wrong type", { messages: [{ role: "user", content: 5 }] }],
    ["a part that nobody knows", { messages: [{ role: "user", content: [{ type: "smell" }] }] }],
    ["a picture without a URL", { messages: [{ role: "user", content: [{ type: "image_url" }] }] }],
    ["a call without a name", { messages: [{ role: "assistant", tool_calls: [{ id: "a", function: {} }] }] }],
    ["a result of no call", { messages: [user, { role: "tool", content: "x" }] }],
    ["a tool without a name", { messages: [user], tools: [{ type: "function", function: {} }] }],
    ["several answers", { messages: [user], n: 2 }],
    ["a limit that is a text", { messages: [user], max_tokens: "100" }],
  ])("is refused where it holds %s", (_what, body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });

  it("takes the larger of two limits, since servers differ in which one they read", () => {
    for (const [max_tokens, max_completion_tokens] of [
      [100, 5],
      [5, 100],
    ])
      expect(read({ messages: [user], max_tokens, max_completion_tokens })).toEqual({
        messages: [hi],
        maxTokens: 100,
      });
  });

  it("takes null for absent, one stop word for a list, and one answer for granted", () => {
    expect(
      read({ messages: [user], temperature: null, tools: null, stop: "end", n: 1, stream: false }),
    ).toEqual({
      messages: [hi],
      stop: ["end"],
    });
  });

  it("keeps what it does not know where the client half writes it again", () => {
    expect(
      read({
        messages: [
          { ...user, mood: "calm" },
          { role: "user", content: [{ type: "text", text: "x", weight: 2 }] },
        ],
        tools: [{ type: "function", function: { name: "f", parameters: { type: "object" }, flavour: "x" } }],
        web_search_options: { a: 5 },
        temperature: "warm",
        stream_options: { include_usage: true, include_obfuscation: false },
      }),
    ).toEqual({
      messages: [
        { ...hi, extensions: { "openai-chat": { mood: "calm" } } },
        {
          role: "user",
          content: [{ type: "text", text: "x", extensions: { "openai-chat": { weight: 2 } } }],
        },
      ],
      tools: [
        {
          type: "function",
          name: "f",
          parameters: { type: "object" },
          extensions: { "openai-chat": { function: { flavour: "x" } } },
        },
      ],
      extensions: {
        "openai-chat": {
          web_search_options: { a: 5 },
          temperature: "warm",
          stream_options: { include_obfuscation: false },
        },
      },
    });
  });

  it("reads the form of calls before tools", () => {
    const request = read({
      messages: [
        user,
        { role: "assistant", content: null, function_call: { name: "f", arguments: '{"x":1}' } },
        { role: "function", name: "f", content: "one" },
      ],
      functions: [{ name: "f", parameters: { type: "object", properties: {} } }],
      function_call: { name: "f" },
    });
    expect(request).toEqual({
      messages: [
        hi,
        { role: "assistant", content: [{ type: "tool-call", id: "call_f", name: "f", arguments: { x: 1 } }] },
        { role: "tool", content: [{ type: "tool-result", id: "call_f", name: "f", content: "one" }] },
      ],
      tools: [{ type: "function", name: "f", parameters: { type: "object", properties: {} } }],
      toolChoice: { name: "f" },
    });
  });

  it("pairs results without ids with the calls before them, in order", () => {
    const call = (id: string) => ({ id, type: "function", function: { name: "f", arguments: "{}" } });
    const { messages } = read({
      messages: [
        user,
        { role: "assistant", tool_calls: [call("a"), call("b")] },
        { role: "tool", content: "one" },
        { role: "tool", content: "two" },
      ],
    });
    expect(messages[2]).toMatchObject({ role: "tool", content: [{ id: "a" }, { id: "b" }] });
  });

  it.each<[string, object, ChatRequest["reasoning"]]>([
    ["a word", { reasoning_effort: "low" }, { effort: "low" }],
    ["more than high", { reasoning_effort: "xhigh" }, { effort: "xhigh" }],
    ["the most", { reasoning_effort: "max" }, { effort: "max" }],
    ["an object", { reasoning: { effort: "low", max_tokens: 9 } }, { effort: "low", budgetTokens: 9 }],
    ["a switch", { thinking: { type: "enabled" } }, {}],
    ["a switch and a budget", { thinking: { type: "enabled", budget_tokens: 9 } }, { budgetTokens: 9 }],
    ["a switch to what the model likes", { thinking: { type: "auto" } }, {}],
    ["OpenRouter's switch", { reasoning: { enabled: true } }, {}],
    ["OpenRouter's switch that is off", { reasoning: { enabled: false } }, { effort: "none" }],
    ["Qwen's switch that is on", { enable_thinking: true }, {}],
    ["a switch that is off", { thinking: { type: "disabled" } }, { effort: "none" }],
    ["Qwen's switch", { enable_thinking: false }, { effort: "none" }],
  ])("reads how much to think from %s", (_what, fields, reasoning) => {
    const request = read({ messages: [user], ...fields });
    expect(request.reasoning).toEqual(reasoning);
    expect(request.extensions).toBeUndefined();
  });

  it("opens sealed state of other families, and keeps its own state for its own family", () => {
    const origin = { family: "anthropic", data: { signature: "s" } };
    const sealed = { type: "reasoning.encrypted", format: "ai-lib.origin", data: JSON.stringify(origin) };
    const blocks = [{ type: "reasoning.text", text: "Hm", signature: "t" }];
    const { messages } = read({
      messages: [
        user,
        { role: "assistant", content: "Hi", reasoning_content: "Hm", reasoning_details: [sealed] },
        { role: "assistant", content: "Hi", reasoning_details: blocks },
      ],
    });
    expect(messages[1]).toMatchObject({
      content: [{ type: "reasoning", text: "Hm", origin }, { type: "text" }],
    });
    expect(messages[2]).toMatchObject({
      content: [{ origin: { family: "openai-chat", data: { reasoning_details: blocks } } }, { type: "text" }],
    });
  });

  it("lets no key through that would reach a prototype", () => {
    const request = read(
      '{"messages":[{"role":"user","content":"Hi","__proto__":{"x":1}}],"__proto__":{"y":1}}',
    );
    expect(request).toEqual({ messages: [hi] });
  });
});
