import { beforeEach, describe, expect, it, vi } from "vitest";

const tools = [{ type: "function", name: "f", parameters: { type: "object" } }];
const messages = [{ role: "user", content: [{ type: "text", text: "Hello" }] }];

// The code that is loaded on demand is shared by all tests of the lane.
beforeEach(() => vi.resetModules());

describe("the rules of chats in ai-lib/kit", () => {
  it("check a request without loading code", async () => {
    const { chatLaws } = await import("./index.js");
    const check = (request: object) => () => chatLaws.validate(request as never);
    expect(check({ messages, tools })).not.toThrow();
    expect(check({ messages, tools: [{}] })).toThrow("`tools.0.type`");
  });
});
