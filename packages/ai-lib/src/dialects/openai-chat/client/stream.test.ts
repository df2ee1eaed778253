import { describe, expect, it } from "vitest";
import { answer, call, chunk, failure, stop } from "../../../../test/support/chat-chunks.js";

describe("an error in a stream", () => {
  it("fails it, whether it comes first or midway", () => {
    const error = JSON.stringify({ error: { message: "slow down", code: 429 } });
    expect(failure([error])).toMatchObject({ code: "RATE_LIMIT", committed: false });
    expect(failure([chunk({ content: "Hi" }), error])).toMatchObject({
      code: "RATE_LIMIT",
      committed: true,
      partial: { text: "Hi" },
    });
  });

  it("is found inside the choice and inside an array", () => {
    const inChoice = JSON.stringify({
      choices: [{ index: 0, delta: {}, finish_reason: "error", error: { code: 502, message: "upstream" } }],
    });
    expect(failure([inChoice]).code).toBe("PROVIDER_ERROR");
    expect(
      failure([JSON.stringify([{ error: { code: 503, message: "busy", status: "UNAVAILABLE" } }])]).code,
    ).toBe("OVERLOADED");
  });
});

describe("odd chunks", () => {
  it("are skipped where they hold nothing that is known", () => {
    const frames = [
      JSON.stringify({ id: "", model: "", choices: [], prompt_filter_results: [{}] }),
      JSON.stringify({ ping: 1 }),
      JSON.stringify({ id: "chatcmpl-1", model: "gpt-x-1" }),
      chunk({ role: "", content: null, nonsense: { deep: [1] } }),
      chunk({ content: "Hi" }),
      stop,
    ];
    expect(answer(frames)).toMatchObject({ id: "chatcmpl-1", model: "gpt-x-1", text: "Hi", warnings: [] });
  });

  it("have wrong types without harm", () => {
    const frames = [
      chunk({ content: 5, tool_calls: "no", reasoning: {}, refusal: 1, annotations: 2, images: 3, audio: 4 }),
      JSON.stringify({ choices: [null, 5, "x"], usage: "many", id: 7, model: [] }),
      chunk({ content: "Hi" }),
      stop,
    ];
    expect(answer(frames)).toMatchObject({ text: "Hi", content: [{ type: "text", text: "Hi" }] });
  });

  it("are skipped with a warning where one is no JSON, and fail the stream where a second is none", () => {
    const broken = '{"choices":[{"delta":';
    expect(answer([chunk({ content: "Hi" }), broken, stop]).warnings).toMatchObject([{ code: "malformed" }]);
    expect(failure([broken, chunk({ content: "Hi" }), broken, stop]).code).toBe("INVALID_RESPONSE");
  });

  it("fail the stream where one is no JSON while a call is open", () => {
    const open = chunk(call(0, { id: "a", name: "f", args: "{" }));
    expect(failure([open, "{broken", stop]).code).toBe("INVALID_RESPONSE");
  });

  it("name other choices, which are not read", () => {
    const second = JSON.stringify({
      choices: [{ index: 1, delta: { content: "No" }, finish_reason: "stop" }],
    });
    expect(answer([chunk({ content: "Yes" }), second, stop]).text).toBe("Yes");
  });

  it("hold a whole message beside the delta, which is not read twice", () => {
    const both = JSON.stringify({
      choices: [
        { index: 0, message: { content: "Hi there" }, delta: { content: " there" }, finish_reason: "stop" },
      ],
    });
    expect(answer([chunk({ content: "Hi" }), both]).text).toBe("Hi there");
  });
});
