import { describe, expect, it } from "vitest";
import { replayBody, targetFor } from "../../../../test/support/halves.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import { client } from "./index.js";

const target = targetFor("cohere");

function whole(message: JsonObject, finish = "COMPLETE", more: JsonObject = {}): ChatResponse {
  const outcome = replayBody(client, target, { id: "i", finish_reason: finish, message, ...more });
  if ("error" in outcome) throw outcome.error;
  return outcome.response;
}

const origin = { family: "cohere", provider: "cohere", model: "asked", data: { field: "tool_plan" } };

const citation = (more: JsonObject = {}) => ({
  start: 0,
  end: 4,
  text: "Dock",
  sources: [
    { type: "document", id: "d1", document: { id: "d1", text: "Dock Seven", title: "T", url: "https://x" } },
  ],
  type: "TEXT_CONTENT",
  ...more,
});

const source = {
  type: "source",
  url: "https://x",
  documentId: "d1",
  title: "T",
  quote: "Dock Seven",
};

describe("a whole reply of Cohere's", () => {
  it("has its plan and its thinking as reasoning, the plan with a state of its own", () => {
    const { content: parts } = whole({
      tool_plan: "I will look",
      content: [
        { type: "thinking", thinking: "hm" },
        { type: "text", text: "So" },
        { type: "hologram" },
        { type: "text", text: "" },
      ],
    });
    expect(parts).toEqual([
      { type: "reasoning", text: "I will look", origin },
      { type: "reasoning", text: "hm" },
      { type: "text", text: "So" },
    ]);
  });

  it("has a source for each of a citation's sources, after the text that it supports", () => {
    const two = citation({
      content_index: 1,
      sources: [{ type: "tool", id: "f:0", tool_output: { content: "r" } }, {}],
    });
    const { content: parts } = whole({
      content: [
        { type: "thinking", thinking: "hm" },
        { type: "text", text: "Dock Seven" },
        { type: "text", text: "More" },
      ],
      citations: [
        citation(),
        two,
        citation({ content_index: 2, sources: [] }),
        citation({ content_index: 9 }),
      ],
    });
    const cites = { index: 1, start: 0, end: 4 };
    expect(parts).toEqual([
      { type: "reasoning", text: "hm" },
      { type: "text", text: "Dock Seven" },
      { ...source, cites },
      {
        type: "source",
        documentId: "f:0",
        quote: "r",
        cites,
        origin: { family: "cohere", data: { type: "tool" } },
      },
      { type: "source", cites },
      { type: "text", text: "More" },
      { type: "source", cites: { ...cites, index: 5 } },
      { ...source, cites: { ...cites, index: 0 } },
    ]);
  });

  it.each([
    ["COMPLETE", "stop"],
    ["STOP_SEQUENCE", "stop"],
    ["MAX_TOKENS", "length"],
    ["ERROR_LIMIT", "length"],
    ["ERROR_TOXIC", "content-filter"],
    ["complete", "stop"],
    ["SOMETHING_NEW", "other"],
  ])("ends with %s as %s", (word, reason) => {
    const response = whole({ content: [{ type: "text", text: "x" }] }, word);
    expect([response.finishReason, response.rawFinishReason]).toEqual([reason, word]);
  });

  it.each([
    ["ERROR", "PROVIDER_ERROR"],
    ["TIMEOUT", "TIMEOUT"],
  ])("is an error with %s: the answer is not whole", (word, code) => {
    expect(() => whole({ content: [{ type: "text", text: "x" }] }, word)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it.each([undefined, "", "null", "{}"])("calls a tool without arguments: %s", (text) => {
    const calls = [{ id: "f_1", function: { name: "f", arguments: text } }];
    const { toolCalls, finishReason } = whole({ tool_calls: calls }, "TOOL_CALL");
    expect(toolCalls).toEqual([{ type: "tool-call", id: "f_1", name: "f", arguments: {} }]);
    expect(finishReason).toBe("tool-calls");
  });

  it("keeps arguments that the token limit cut, or the model broke, as text", () => {
    const calls = [{ id: "f_1", function: { name: "f", arguments: '{"a' } }];
    for (const word of ["MAX_TOKENS", "TOOL_CALL"])
      expect(whole({ tool_calls: calls }, word).toolCalls[0]?.argumentsText).toBe('{"a');
  });

  it.each<[string, JsonObject, JsonObject]>([
    [
      "what the model saw, not what is billed",
      {
        billed_units: { input_tokens: 1, output_tokens: 2 },
        tokens: { input_tokens: 30, output_tokens: 4 },
        cached_tokens: 16,
      },
      { inputTokens: 30, outputTokens: 4, cachedInputTokens: 16 },
    ],
    [
      "images, which are counted beside",
      { tokens: { input_tokens: 34, output_tokens: 70, reasoning_tokens: 3, image_tokens: 259 } },
      { inputTokens: 293, outputTokens: 70, reasoningTokens: 3 },
    ],
    [
      "what is billed, where it is all there is",
      { billed_units: { input_tokens: 1, output_tokens: 2 } },
      { inputTokens: 1, outputTokens: 2 },
    ],
  ])("counts %s", (_, usage, counted) => {
    expect(whole({ content: "x" }, "COMPLETE", { usage }).usage).toEqual({ ...counted, raw: usage });
  });

  it("carries log probabilities on its first text, a piece's being the product of its tokens'", () => {
    const logprobs = [{ text: "Hi", token_ids: [1, 2], logprobs: [-0.5, -0.25] }, { token_ids: [3] }];
    expect(whole({ content: [{ type: "text", text: "Hi" }] }, "COMPLETE", { logprobs }).content).toEqual([
      { type: "text", text: "Hi", logprobs: [{ token: "Hi", logprob: -0.75 }] },
    ]);
  });

  it.each<[string, unknown, string]>([
    [
      "an error inside the 200",
      { id: "x", message: "too many tokens: size limit exceeded by 5 tokens." },
      "CONTEXT_TOO_LONG",
    ],
    ["no message", { id: "x", finish_reason: "COMPLETE" }, "INVALID_RESPONSE"],
    ["HTML", "<html></html>", "INVALID_RESPONSE"],
    ["nothing", "", "INVALID_RESPONSE"],
  ])("is an error with %s", (_, body, code) => {
    const outcome = replayBody(client, target, body);
    expect("error" in outcome && outcome.error.code).toBe(code);
  });
});
