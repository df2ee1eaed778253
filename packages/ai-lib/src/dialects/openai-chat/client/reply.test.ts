import { describe, expect, it } from "vitest";
import type { DialectTarget, Quirks } from "../../../core/contract/dialect.js";
import { client } from "./index.js";

function target(quirks: Quirks = {}): DialectTarget {
  return { provider: "labs", model: "gpt-x", quirks, now: 1_000_000 };
}

describe("a chat completions reply", () => {
  it("gives text, finish reason and usage", () => {
    const body = JSON.stringify({
      id: "chatcmpl-1",
      model: "gpt-x-1",
      choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
    });
    expect(client.decode({ status: 200, headers: {}, body }, target())).toEqual({
      content: [{ type: "text", text: "Hello" }],
      facts: {
        id: "chatcmpl-1",
        model: "gpt-x-1",
        finishReason: "stop",
        rawFinishReason: "stop",
        usage: {
          inputTokens: 3,
          outputTokens: 1,
          raw: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
        },
      },
    });
  });

  it("gives log probabilities and citations to the first text, where thinking divides the content", () => {
    const content = [
      { type: "text", text: "One. " },
      { type: "thinking", thinking: [{ type: "text", text: "Hm." }] },
      { type: "text", text: "Two." },
    ];
    const annotations = [
      { type: "url_citation", url_citation: { url: "https://a.example", start_index: 0, end_index: 3 } },
    ];
    const logprobs = { content: [{ token: "One", logprob: -0.5, top_logprobs: [] }] };
    const body = JSON.stringify({
      choices: [{ index: 0, message: { content, annotations }, logprobs, finish_reason: "stop" }],
    });
    expect(client.decode({ status: 200, headers: {}, body }, target()).content).toEqual([
      { type: "text", text: "One. ", logprobs: [{ token: "One", logprob: -0.5 }] },
      { type: "reasoning", text: "Hm." },
      { type: "text", text: "Two." },
      { type: "source", url: "https://a.example", cites: { index: 0, start: 0, end: 3 } },
    ]);
  });
});
