import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { Message } from "../../../core/values/message.js";
import { client } from "./index.js";

const target: DialectTarget = { provider: "ollama", model: "qwen3:4b", quirks: {}, now: 5 };

function encode(request: Partial<ChatRequest>, quirks = {}): JsonObject {
  const { http } = client.encode({ messages: [{ role: "user", content: "hi" }], ...request }, "unary", {
    ...target,
    quirks,
  });
  return JSON.parse(http.body ?? "") as JsonObject;
}

describe("a conversation", () => {
  it("sends calls with results, images of results behind them, and ids if names do not tell calls apart", () => {
    const image = { type: "image" as const, mediaType: "image/png", data: "iVBORw0KGgo=" };
    const messages: Message[] = [
      { role: "user", content: "go" },
      {
        role: "assistant",
        content: [
          { type: "tool-call", id: "ollama_5_0", name: "f", arguments: {} },
          { type: "tool-call", id: "call_1", name: "g", arguments: { a: 1 } },
          { type: "tool-call", id: "call_2", name: "h", arguments: { a: 1 } },
          { type: "tool-call", id: "call_3", name: "h", arguments: { a: 2 } },
        ],
      },
      {
        role: "tool",
        content: [{ type: "tool-result", id: "ollama_5_0", content: [{ type: "text", text: "see" }, image] }],
      },
      { role: "tool", content: [{ type: "tool-result", id: "call_1", content: "ok" }] },
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "call_3", content: "two" },
          { type: "tool-result", id: "call_2", content: "one" },
        ],
      },
      { role: "user", content: "and?" },
    ];
    expect((encode({ messages })["messages"] as JsonObject[]).slice(1)).toEqual([
      {
        role: "assistant",
        content: "",
        tool_calls: [
          { function: { name: "f", arguments: {} } },
          { function: { name: "g", arguments: { a: 1 } } },
          { id: "call_2", function: { name: "h", arguments: { a: 1 } } },
          { id: "call_3", function: { name: "h", arguments: { a: 2 } } },
        ],
      },
      { role: "tool", content: "see", tool_name: "f" },
      { role: "tool", content: "ok", tool_name: "g" },
      { role: "tool", content: "two", tool_name: "h", tool_call_id: "call_3" },
      { role: "tool", content: "one", tool_name: "h", tool_call_id: "call_2" },
      { role: "user", content: "", images: ["iVBORw0KGgo="] },
      { role: "user", content: "and?" },
    ]);
  });

  it("keeps calls whose arguments are not an object, without arguments, and leaves out turns that failed", () => {
    const messages: Message[] = [
      { role: "user", content: "go" },
      { role: "assistant", content: "half", incomplete: true },
      { role: "assistant", content: [{ type: "tool-call", id: "1", name: "f", argumentsText: "{" }] },
      { role: "tool", content: [{ type: "tool-result", id: "1", content: "x" }] },
    ];
    expect(encode({ messages })["messages"]).toMatchObject([
      { role: "user", content: "go" },
      { role: "assistant", tool_calls: [{ function: { name: "f", arguments: {} } }] },
      { role: "tool", content: "x" },
    ]);
  });
});
