import { describe, expect, it } from "vitest";
import {
  answer,
  call,
  chunk,
  failure,
  play,
  stop,
  usage,
  usageChunk,
} from "../../../../test/support/chat-chunks.js";

describe("the ending of a stream", () => {
  it("comes at once with [DONE], without waiting for the body's end", () => {
    const { outcome } = play([chunk({ content: "Hi" }), stop, usageChunk, "[DONE]"], {}, false);
    expect(outcome).toMatchObject({ response: { text: "Hi", usage: { inputTokens: 3, outputTokens: 2 } } });
  });

  it("comes with the body's end where no [DONE] is sent", () => {
    expect(answer([chunk({ content: "Hi" }), stop])).toMatchObject({ text: "Hi", finishReason: "stop" });
  });

  it("is a truncation without a finish reason and [DONE]", () => {
    const error = failure([chunk({ content: "Hi" }), chunk({ content: " there" })]);
    expect(error).toMatchObject({ code: "STREAM_TRUNCATED", committed: true, partial: { text: "Hi there" } });
  });

  it("is a truncation where the finish reason may have been that of one of several calls", () => {
    const first = chunk(call(0, { id: "a", name: "f", args: "{}" }), {}, "tool_calls");
    expect(failure([first]).code).toBe("STREAM_TRUNCATED");
    expect(answer([first, "[DONE]"]).toolCalls).toHaveLength(1);
    expect(answer([first, usageChunk]).toolCalls).toHaveLength(1);
  });

  it("is a truncation where content follows a finish reason and no other comes", () => {
    const frames = [chunk(call(0, { id: "a", name: "f", args: "{}" })), chunk({}, {}, "tool_calls")];
    const more = chunk(call(1, { id: "b", name: "g", args: "{}" }));
    expect(failure([...frames, more]).code).toBe("STREAM_TRUNCATED");
  });

  it("leaves what follows it unread", () => {
    const { events, outcome } = play([chunk({ content: "Hi" }), stop, "[DONE]", chunk({ content: "!" })]);
    expect(outcome).toMatchObject({ response: { text: "Hi" } });
    expect(events.filter((event) => event.type === "text-delta")).toHaveLength(1);
  });

  it.each([
    ["stop", "stop"],
    ["eos_token", "stop"],
    ["length", "length"],
    ["model_length", "length"],
    ["content_filter", "content-filter"],
    ["sensitive", "content-filter"],
    ["SAFETY", "content-filter"],
    ["something new", "other"],
  ])("says %s as %s", (word, reason) => {
    expect(answer([chunk({ content: "Hi" }), chunk({}, {}, word)])).toMatchObject({
      finishReason: reason,
      rawFinishReason: word,
    });
  });

  it("is a failure where DeepSeek ran out of resources", () => {
    const error = failure([
      chunk({ content: "Hi" }),
      chunk({}, {}, "insufficient_system_resource"),
      "[DONE]",
    ]);
    expect(error).toMatchObject({ code: "OVERLOADED", partial: { text: "Hi" } });
  });
});

describe("usage in a stream", () => {
  const counts = { inputTokens: 3, outputTokens: 2 };

  it.each<[string, string[]]>([
    ["a chunk without choices", [stop, usageChunk]],
    ["the last content chunk", [chunk({}, { usage }, "stop")]],
    ["x_groq", [chunk({}, { x_groq: { usage } }, "stop")]],
    ["the choice", [JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: "stop", usage }] })]],
    [
      "every chunk",
      [chunk({ content: "!" }, { usage: { ...usage, completion_tokens: 1 } }), chunk({}, { usage }, "stop")],
    ],
  ])("is read from %s", (_where, ending) => {
    expect(answer([chunk({ content: "Hi" }), ...ending]).usage).toMatchObject(counts);
  });

  it.each<[string, object, object]>([
    ["details", { prompt_tokens_details: { cached_tokens: 1 } }, { cachedInputTokens: 1 }],
    ["cached_tokens", { cached_tokens: 1 }, { cachedInputTokens: 1 }],
    ["num_cached_tokens", { num_cached_tokens: 1 }, { cachedInputTokens: 1 }],
    ["prompt_cache_hit_tokens", { prompt_cache_hit_tokens: 1 }, { cachedInputTokens: 1 }],
    ["written tokens", { prompt_tokens_details: { cache_write_tokens: 2 } }, { cacheWriteInputTokens: 2 }],
    [
      "reasoning inside",
      { completion_tokens_details: { reasoning_tokens: 1 } },
      { outputTokens: 2, reasoningTokens: 1 },
    ],
    [
      "reasoning beside, as the total tells",
      { total_tokens: 12, completion_tokens_details: { reasoning_tokens: 7 } },
      { outputTokens: 9, reasoningTokens: 7 },
    ],
    [
      "reasoning that exceeds the total",
      { completion_tokens_details: { reasoning_tokens: 7 } },
      { outputTokens: 9, reasoningTokens: 7 },
    ],
  ])("counts %s", (_what, more, expected) => {
    const frame = JSON.stringify({ choices: [], usage: { ...usage, ...more } });
    expect(answer([chunk({ content: "Hi" }), stop, frame]).usage).toMatchObject(expected);
  });

  it("adds reasoning where a flag says that no total tells", () => {
    const body = { ...usage, completion_tokens_details: { reasoning_tokens: 1 } };
    const frames = [chunk({ content: "Hi" }), stop, JSON.stringify({ choices: [], usage: body })];
    expect(answer(frames, { usageExcludesReasoning: true }).usage.outputTokens).toBe(3);
  });
});
