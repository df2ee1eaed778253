import { describe, expect, it } from "vitest";
import type { DialectTarget, Quirks } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import { client } from "./index.js";

function target(quirks: Quirks = {}): DialectTarget {
  return { provider: "labs", model: "gpt-x", quirks, now: 1_000_000 };
}

function bodyOf(
  request: Partial<ChatRequest>,
  quirks: Quirks = {},
  mode: "unary" | "stream" = "unary",
): JsonObject {
  const { http } = client.encode(
    { messages: [{ role: "user", content: "Hi" }], ...request },
    mode,
    target(quirks),
  );
  return JSON.parse(http.body ?? "") as JsonObject;
}

describe("a chat completions request", () => {
  it("names the target's model and not the request's", () => {
    expect(bodyOf({ model: "another" })).toEqual({
      model: "gpt-x",
      messages: [{ role: "user", content: "Hi" }],
    });
  });

  it("asks for usage where it streams", () => {
    expect(bodyOf({}, {}, "stream")).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(bodyOf({}, { noStreamOptions: true }, "stream")).not.toHaveProperty("stream_options");
  });

  it("is refused where it goes on from another provider's state", () => {
    expect(() => bodyOf({ continues: { provider: "openai", id: "resp_1" } })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }),
    );
  });
});

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
