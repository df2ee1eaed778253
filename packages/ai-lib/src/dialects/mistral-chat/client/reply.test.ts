import { describe, expect, it } from "vitest";
import { replayBody, targetFor } from "../../../../test/support/halves.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import { client } from "./index.js";

const target = targetFor("mistral");

function whole(message: JsonObject, finish = "stop", more: JsonObject = {}): ChatResponse {
  const outcome = replayBody(client, target, {
    id: "i",
    model: "m",
    choices: [{ index: 0, finish_reason: finish, message }],
    usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
    ...more,
  });
  if ("error" in outcome) throw outcome.error;
  return outcome.response;
}

describe("a whole reply of Mistral's", () => {
  it("has thinking with its signature, text, and references as sources", () => {
    const { content, reasoningText, text } = whole({
      content: [
        {
          type: "thinking",
          thinking: [
            { type: "text", text: "a" },
            { type: "reference", reference_ids: [7] },
            { type: "text", text: "b" },
          ],
          signature: "s",
          closed: true,
        },
        { type: "text", text: "So" },
        { type: "reference", reference_ids: [0, "doc"] },
        { type: "tool_reference", tool: "web_search", title: "T", url: "https://x", description: "d" },
        { type: "hologram", data: 1 },
      ],
    });
    expect([reasoningText, text]).toEqual(["ab", "So"]);
    expect(content).toEqual([
      {
        type: "reasoning",
        text: "ab",
        origin: { family: "mistral", provider: "mistral", model: "asked", data: { signature: "s" } },
      },
      { type: "source", documentId: "7" },
      { type: "text", text: "So" },
      { type: "source", documentId: "0" },
      { type: "source", documentId: "doc" },
      { type: "source", url: "https://x", title: "T", quote: "d" },
    ]);
  });

  it.each([
    ["stop", "stop"],
    ["length", "length"],
    ["model_length", "length"],
    ["content_filter", "content-filter"],
    ["something_new", "other"],
  ])("ends with %s as %s", (word, reason) => {
    const response = whole({ content: "x" }, word);
    expect([response.finishReason, response.rawFinishReason]).toEqual([reason, word]);
  });

  it.each([undefined, "", "null", "{}"])("calls a tool without arguments: %s", (text) => {
    const calls = [{ id: "abcdefghi", function: { name: "f", arguments: text } }];
    const response = whole({ content: "", tool_calls: calls }, "tool_calls");
    expect(response.toolCalls).toEqual([{ type: "tool-call", id: "abcdefghi", name: "f", arguments: {} }]);
    expect(response.content).toHaveLength(1);
  });

  it("accepts arguments that are an object, and makes ids that were not sent", () => {
    const calls = [
      { id: "null", function: { name: "f", arguments: { a: 1 } } },
      { function: { name: "f", arguments: "{}" } },
    ];
    const { toolCalls } = whole({ content: null, tool_calls: calls }, "tool_calls");
    expect(toolCalls[0]?.arguments).toEqual({ a: 1 });
    expect(new Set(toolCalls.map(({ id }) => id)).size).toBe(2);
    for (const { id } of toolCalls) expect(id).toMatch(/^[A-Za-z0-9]{9}$/);
  });

  it("keeps arguments that the token limit cut, or the model broke, as text", () => {
    const calls = [{ id: "abcdefghi", function: { name: "f", arguments: '{"a' } }];
    expect(whole({ tool_calls: calls }, "length").toolCalls[0]).toEqual({
      type: "tool-call",
      id: "abcdefghi",
      name: "f",
      argumentsText: '{"a',
    });
    expect(whole({ tool_calls: calls }, "tool_calls").toolCalls[0]?.argumentsText).toBe('{"a');
  });

  it("marks calls that the provider ran", () => {
    const outcome = replayBody(client, target, {
      choices: [
        {
          index: 0,
          finish_reason: "stop",
          messages: [
            {
              role: "assistant",
              tool_calls: [{ id: "abcdefghi", function: { name: "web_search", arguments: "{}" } }],
            },
            { role: "tool", tool_call_id: "abcdefghi", content: "found" },
            { role: "assistant", content: "So" },
          ],
        },
      ],
    });
    if ("error" in outcome) throw outcome.error;
    expect(outcome.response.toolCalls).toEqual([]);
    expect(outcome.response.finishReason).toBe("stop");
    expect(outcome.response.content.map(({ type }) => type)).toEqual(["tool-call", "tool-result", "text"]);
  });

  it("counts tokens of sound, the cache under both names, and the tier", () => {
    const sound = whole({ content: "x" }, "stop", {
      usage: {
        prompt_tokens: 11,
        completion_tokens: 15,
        total_tokens: 401,
        prompt_tokens_details: { audio_tokens: 375, cached_tokens: 9 },
        service_tier: "standard",
      },
    });
    expect(sound.usage).toMatchObject({ inputTokens: 386, outputTokens: 15, cachedInputTokens: 9 });
    expect(sound.serviceTier).toBe("standard");
    const old = whole({ content: "x" }, "stop", {
      usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10, num_cached_tokens: 4 },
    });
    expect(old.usage).toMatchObject({ inputTokens: 9, cachedInputTokens: 4 });
  });

  it("carries log probabilities on its text", () => {
    const outcome = replayBody(client, target, {
      choices: [
        {
          index: 0,
          finish_reason: "stop",
          message: { content: "Hi" },
          logprobs: {
            content: [{ token: "Hi", logprob: -0.5, top_logprobs: [{ token: "Ho", logprob: -2 }] }],
          },
        },
      ],
    });
    expect("response" in outcome && outcome.response.content).toEqual([
      {
        type: "text",
        text: "Hi",
        logprobs: [{ token: "Hi", logprob: -0.5, top: [{ token: "Ho", logprob: -2 }] }],
      },
    ]);
  });

  it.each<[string, unknown, string]>([
    [
      "an error inside the 200",
      { object: "error", message: "Rate limit exceeded", type: "rate_limited" },
      "RATE_LIMIT",
    ],
    ["no choices", { id: "i", choices: [] }, "INVALID_RESPONSE"],
    ["HTML", "<html></html>", "INVALID_RESPONSE"],
    ["nothing", "", "INVALID_RESPONSE"],
    [
      "an answer that broke",
      { choices: [{ index: 0, finish_reason: "error", message: { content: "x" } }] },
      "PROVIDER_ERROR",
    ],
  ])("is an error with %s", (_, body, code) => {
    const outcome = replayBody(client, target, body);
    expect("error" in outcome && outcome.error.code).toBe(code);
  });
});
