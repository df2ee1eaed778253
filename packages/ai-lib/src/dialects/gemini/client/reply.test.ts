import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import { client } from "./index.js";

const target: DialectTarget = { provider: "google", model: "gemini-3-flash", quirks: {}, now: 1_000 };

function chunk(parts: readonly unknown[], finishReason?: unknown): object {
  return { candidates: [{ content: { role: "model", parts }, finishReason }] };
}

describe("a whole reply", () => {
  const decode = (body: string) => client.decode({ status: 200, headers: {}, body }, target);
  it("may be an array of chunks", () => {
    const body = JSON.stringify([chunk([{ text: "a" }]), chunk([{ text: "b" }], "STOP")]);
    expect(decode(body).content).toEqual([{ type: "text", text: "ab" }]);
  });
  it("without a reason is complete", () => {
    expect(decode(JSON.stringify(chunk([{ text: "a" }])))).toMatchObject({
      facts: { finishReason: "other" },
    });
  });
  it.each([
    ["", "INVALID_RESPONSE"],
    ["<html>", "INVALID_RESPONSE"],
    ["{}", "INVALID_RESPONSE"],
    ['{"usageMetadata":{"promptTokenCount":1}}', "INVALID_RESPONSE"],
    ['{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"slow"}}', "RATE_LIMIT"],
    ['[{"error":{"code":500,"status":"INTERNAL","message":"x"}}]', "PROVIDER_ERROR"],
  ])("that is invalid is an error: %s", (body, code) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ code }));
  });
});
