import { describe, expect, it } from "vitest";
import { targetFor } from "../../../../test/support/halves.js";
import type { DialectTarget, Quirks } from "../../../core/contract/dialect.js";
import type { Warning } from "../../../core/values/answer.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { Message, Origin } from "../../../core/values/message.js";
import { client } from "../client/index.js";
import { server } from "./index.js";

const hi: Message = { role: "user", content: "Hi" };

function encode(
  request: Partial<ChatRequest>,
  quirks: Quirks = {},
  facts: Partial<DialectTarget> = {},
): { body: JsonObject; warnings: readonly Warning[]; path: string } {
  const { http, warnings } = client.encode({ messages: [hi], ...request }, "unary", {
    ...targetFor("openai", quirks),
    ...facts,
  });
  return { body: JSON.parse(http.body ?? "") as JsonObject, warnings, path: http.path };
}

function own(data: JsonObject, family = "openai"): { origin: Origin } {
  return { origin: { family, data } };
}

describe("a request body that a server reads", () => {
  function decode(body: JsonObject): ChatRequest {
    return server.decode({ method: "POST", path: "/v1/responses", headers: {}, body: JSON.stringify(body) })
      .request;
  }

  it("stores if it does not say otherwise, as OpenAI does", () => {
    expect(decode({ input: "Hi" }).extensions).toEqual({ "openai-responses": { store: true } });
    expect(decode({ input: "Hi", store: false }).extensions).toBeUndefined();
  });

  it("gathers the model's items into one turn, and the results that follow into another", () => {
    const { messages } = decode({
      store: false,
      input: [
        { role: "developer", content: "Rules" },
        { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "c" },
        { type: "function_call", call_id: "a", name: "f", arguments: "{}" },
        { type: "function_call", call_id: "b", name: "g", arguments: '{"x":' },
        { type: "function_call_output", call_id: "a", output: "1" },
        { type: "function_call_output", call_id: "b", output: "2" },
        { role: "assistant", content: "Done" },
      ],
    });
    expect(messages).toEqual([
      { role: "system", content: "Rules", extensions: { "openai-responses": { role: "developer" } } },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "", ...own({ type: "reasoning", id: "rs_1", encrypted_content: "c" }) },
          { type: "tool-call", id: "a", name: "f", arguments: {} },
          { type: "tool-call", id: "b", name: "g", argumentsText: '{"x":' },
        ],
      },
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "a", name: "f", content: "1" },
          { type: "tool-result", id: "b", name: "g", content: "2" },
        ],
      },
      { role: "assistant", content: "Done" },
    ]);
  });

  it("keeps what the contract has no word for", () => {
    const allowed = { type: "allowed_tools", mode: "auto", tools: [{ type: "file_search" }] };
    const request = decode({
      store: false,
      input: "Hi",
      tool_choice: allowed,
      text: { mood: "calm" },
      background: null,
    });
    expect(request).toEqual({
      messages: [{ role: "user", content: "Hi" }],
      extensions: { "openai-responses": { tool_choice: allowed, text: { mood: "calm" } } },
    });
  });

  it("keeps items that it does not know as state", () => {
    const item = { type: "item_of_tomorrow", id: "i_1", payload: [1] };
    const request = decode({ store: false, input: [{ role: "user", content: "Hi" }, item] });
    const { body, warnings } = encode(request);
    expect(warnings).toEqual([]);
    expect(body["input"]).toMatchObject([{}, item]);
  });

  it.each<[string, JsonObject]>([
    ["no input", {}],
    ["input that is no list", { input: 5 }],
    ["an item that is no object", { input: ["Hi"] }],
    ["an item without a type", { input: [{ content: "Hi" }] }],
    ["a role that nobody has", { input: [{ role: "judge", content: "Hi" }] }],
    ["content that nobody could answer", { input: [{ role: "user", content: [{ type: "input_smell" }] }] }],
    ["a call without a name", { input: [{ type: "function_call", call_id: "a", arguments: "{}" }] }],
    ["a result without its call", { input: [{ type: "function_call_output", output: "x" }] }],
    ["a schema that is missing", { input: "Hi", text: { format: { type: "json_schema", name: "x" } } }],
  ])("is refused: %s", (_, body) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ code: "INVALID_REQUEST" }));
  });

  it("is one of this dialect's by its method and path", () => {
    expect(server.matches({ method: "POST", path: "/v1/responses" })).toBe(true);
    expect(server.matches({ method: "POST", path: "/responses" })).toBe(true);
    expect(server.matches({ method: "GET", path: "/v1/responses" })).toBe(false);
    expect(server.matches({ method: "POST", path: "/v1/responses/resp_1/cancel" })).toBe(false);
  });
});
