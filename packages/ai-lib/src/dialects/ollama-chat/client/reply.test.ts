import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import { client } from "./index.js";

const target: DialectTarget = { provider: "ollama", model: "qwen3:4b", quirks: {}, now: 5 };

const line = (message: object, more: object = {}) => ({
  model: "qwen3:4b",
  created_at: "2026-08-04T19:59:09.1Z",
  message: { role: "assistant", content: "", ...message },
  done: false,
  ...more,
});

const last = (more: object = {}) => line({}, { done: true, done_reason: "stop", ...more });

describe("a whole reply", () => {
  const decode = (body: string) => client.decode({ status: 200, headers: {}, body }, target);
  it("is one line", () => {
    const body = {
      ...last({ eval_count: 1 }),
      message: { role: "assistant", content: "a", thinking: "b", images: ["/9j/4A"] },
    };
    expect(decode(JSON.stringify(body)).content).toEqual([
      { type: "reasoning", text: "b" },
      { type: "text", text: "a" },
      { type: "image", mediaType: "image/jpeg", data: "/9j/4A" },
    ]);
  });
  it.each([
    ["", "INVALID_RESPONSE"],
    ["<html>", "INVALID_RESPONSE"],
    ["{}", "INVALID_RESPONSE"],
    ['{"error":"x does not support tools"}', "UNSUPPORTED_FEATURE"],
  ])("that is invalid is an error: %s", (body, code) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ code }));
  });
});
