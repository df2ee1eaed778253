import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { JsonObject } from "../../../core/values/json.js";
import { client } from "./index.js";

const target: DialectTarget = { provider: "anthropic", model: "claude-x", quirks: {}, now: 0 };

function decode(body: JsonObject | string) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return client.decode({ status: 200, headers: {}, body: text }, target);
}

function message(content: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return { type: "message", id: "msg_1", model: "claude-y", stop_reason: "end_turn", content, ...more };
}

describe("a whole reply", () => {
  it("becomes parts in their order, citations behind their text, with the state that must be sent back", () => {
    const citation = { type: "web_search_result_location", url: "https://a.test", encrypted_index: "x" };
    const { content, facts } = decode(
      message(
        [
          { type: "thinking", thinking: "hm", signature: "s" },
          { type: "text", text: "It is so.", citations: [citation] },
          { type: "tool_use", id: "t1", name: "f", input: { a: 1 } },
          { type: "block_of_the_future" },
        ],
        { stop_reason: "tool_use", usage: { input_tokens: 3, output_tokens: 4, service_tier: "priority" } },
      ),
    );
    const origin = { family: "anthropic", provider: "anthropic", model: "claude-y" };
    expect(content).toEqual([
      { type: "reasoning", text: "hm", origin: { ...origin, data: { signature: "s" } } },
      { type: "text", text: "It is so." },
      { type: "source", url: "https://a.test", cites: { index: 1 }, origin: { ...origin, data: citation } },
      { type: "tool-call", id: "t1", name: "f", arguments: { a: 1 } },
    ]);
    expect(facts).toMatchObject({
      finishReason: "tool-calls",
      rawFinishReason: "tool_use",
      id: "msg_1",
      model: "claude-y",
      serviceTier: "priority",
      usage: { inputTokens: 3, outputTokens: 4 },
    });
  });

  it("keeps the text of arguments that the token limit cut", () => {
    const cut = message([{ type: "tool_use", id: "t1", name: "f", input: '{"a' }], {
      stop_reason: "max_tokens",
    });
    expect(decode(cut)).toMatchObject({
      content: [{ type: "tool-call", id: "t1", argumentsText: '{"a' }],
      facts: { finishReason: "length" },
    });
  });

  it("ends in the explanation of a refusal", () => {
    const declined = message([], {
      stop_reason: "refusal",
      stop_details: { category: "cyber", explanation: "I must not." },
    });
    expect(decode(declined)).toMatchObject({
      content: [{ type: "refusal", text: "I must not." }],
      facts: { finishReason: "content-filter", extensions: { "anthropic-messages": { stop_details: {} } } },
    });
  });

  it("is the error that a 200 contains", () => {
    const body = { type: "error", error: { type: "overloaded_error", message: "m" } };
    expect(() => decode(body)).toThrow(expect.objectContaining({ code: "OVERLOADED" }));
  });

  it.each([["<html></html>"], [""], ["[]"], ['{"type":"message"}']])(
    "is INVALID_RESPONSE if it is not a message: %j",
    (body) => {
      expect(() => decode(body)).toThrow(expect.objectContaining({ code: "INVALID_RESPONSE" }));
    },
  );
});
