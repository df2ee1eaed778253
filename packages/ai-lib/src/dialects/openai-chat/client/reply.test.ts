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
});
