import { describe, expect, it } from "vitest";
import { AiLibError } from "../../../core/errors/error.js";
import type { JsonObject } from "../../../core/values/json.js";
import { client } from "./index.js";

function decode(body: JsonObject | string, model = "anthropic.claude-sonnet-4-5") {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return client.decode(
    { status: 200, headers: {}, body: text },
    { provider: "bedrock", model, quirks: {}, now: 0 },
  );
}

function answer(content: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return { output: { message: { role: "assistant", content } }, stopReason: "end_turn", ...more };
}

const origin = { provider: "bedrock", model: "anthropic.claude-sonnet-4-5" };

describe("a whole reply", () => {
  it("becomes parts in their order, citations behind their text, with the state that must be sent back", () => {
    const location = { documentPage: { documentIndex: 0, start: 1, end: 2 } };
    const { content, facts } = decode(
      answer(
        [
          { reasoningContent: { reasoningText: { text: "hm", signature: "s" } } },
          { citationsContent: { content: [{ text: "It is so." }], citations: [{ title: "T", location }] } },
          { toolUse: { toolUseId: "t1", name: "f", input: { a: 1 } } },
          { blockOfTheFuture: {} },
        ],
        { stopReason: "tool_use", usage: { inputTokens: 3, outputTokens: 4 }, trace: { guardrail: {} } },
      ),
    );
    expect(content).toEqual([
      { type: "reasoning", text: "hm", origin: { ...origin, family: "anthropic", data: { signature: "s" } } },
      { type: "text", text: "It is so." },
      {
        type: "source",
        documentId: "0",
        title: "T",
        cites: { index: 1 },
        origin: { ...origin, family: "bedrock", data: { title: "T", location } },
      },
      { type: "tool-call", id: "t1", name: "f", arguments: { a: 1 } },
    ]);
    expect(facts).toMatchObject({
      finishReason: "tool-calls",
      rawFinishReason: "tool_use",
      usage: { inputTokens: 3, outputTokens: 4 },
      extensions: { "bedrock-converse": { trace: { guardrail: {} } } },
    });
  });

  it("marks the reasoning of models other than Claude as Bedrock's", () => {
    const body = answer([{ reasoningContent: { reasoningText: { text: "hm", signature: "s" } } }]);
    expect(decode(body, "amazon.nova-2-lite").content).toMatchObject([{ origin: { family: "bedrock" } }]);
  });

  it("keeps the text of arguments that the token limit cut", () => {
    const cut = answer([{ toolUse: { toolUseId: "t1", name: "f", input: '{"a' } }], {
      stopReason: "max_tokens",
    });
    expect(decode(cut).content).toMatchObject([{ type: "tool-call", argumentsText: '{"a' }]);
  });

  it("is the error that a 200 contains", () => {
    expect(() => decode('{"message":"Input is too long for requested model."}')).toThrow(AiLibError);
  });

  it.each([["<html></html>"], [""], ["[]"], ["{}"], ['{"output":{"message":{}}}']])(
    "is INVALID_RESPONSE if it is not an answer: %j",
    (body) => {
      expect(() => decode(body)).toThrow(expect.objectContaining({ code: "INVALID_RESPONSE" }));
    },
  );
});
