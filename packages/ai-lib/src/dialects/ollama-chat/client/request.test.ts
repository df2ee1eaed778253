import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import { server as half } from "../server/index.js";
import { client } from "./index.js";

const target: DialectTarget = { provider: "ollama", model: "qwen3:4b", quirks: {}, now: 5 };

function encode(request: Partial<ChatRequest>, quirks = {}): JsonObject {
  const { http } = client.encode({ messages: [{ role: "user", content: "hi" }], ...request }, "unary", {
    ...target,
    quirks,
  });
  return JSON.parse(http.body ?? "") as JsonObject;
}

describe("a request", () => {
  it("disables streaming, which is the server's default", () => {
    expect(encode({})).toEqual({
      model: "qwen3:4b",
      messages: [{ role: "user", content: "hi" }],
      stream: false,
    });
  });

  it("sends levels of thinking if the server accepts them", () => {
    expect(encode({ reasoning: { effort: "low" } })["think"]).toBe("low");
    expect(encode({ reasoning: { effort: "low" } }, { thinkIsBoolean: true })["think"]).toBe(true);
    expect(encode({ reasoning: { effort: "none" } }, { thinkIsBoolean: true })["think"]).toBe(false);
  });

  it("carries extensions of this dialect and this provider alone", () => {
    const extensions = {
      "ollama-chat": { options: { num_ctx: 9 } },
      ollama: { keep_alive: 0 },
      openai: { no: 1 },
    };
    expect(encode({ extensions, temperature: 0 })).toMatchObject({
      options: { temperature: 0, num_ctx: 9 },
      keep_alive: 0,
    });
    expect(encode({ extensions })).not.toHaveProperty("no");
  });

  it("is refused if it continues a stored response", () => {
    expect(() => encode({ continues: { provider: "openai", id: "x" } })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }),
    );
  });

  it.each([
    ["", "not a JSON object"],
    ["{}", "model is required"],
    ['{"model":"m","messages":[{"role":"robot"}]}', "role"],
    ['{"model":"m","messages":[],"options":{"temperature":"hot"}}', "temperature"],
  ])("that is invalid is refused by a server: %s", (body, words) => {
    expect(() => half.decode({ method: "POST", path: "/api/chat", headers: {}, body })).toThrow(words);
  });
});

describe("models", () => {
  it("are listed", () => {
    const listed = [{ id: "qwen3:4b", provider: "ollama", createdAt: 1_760_000_000_000 }];
    expect(half.models && client.models?.decode(half.models.encode(listed), target)).toEqual(listed);
    expect(client.models?.encode(target)).toMatchObject({ method: "GET", path: "/api/tags" });
  });
});
