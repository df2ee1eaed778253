import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { Message } from "../../../core/values/message.js";
import { client } from "../client/index.js";
import { server } from "./index.js";

const target: DialectTarget = { provider: "mistral", model: "mistral-small-latest", quirks: {}, now: 0 };

const hi: Message = { role: "user", content: "hi" };

function caught(run: () => unknown): AiLibError {
  try {
    run();
  } catch (error) {
    if (AiLibError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a request that Mistral's server half reads", () => {
  const read = (body: unknown) =>
    server.decode({ method: "POST", path: "/v1/chat/completions", headers: {}, body: JSON.stringify(body) });

  it.each(["/v1/chat/completions", "/chat/completions"])("is known by its path: %s", (path) => {
    expect(server.matches({ method: "POST", path })).toBe(true);
    expect(server.matches({ method: "GET", path })).toBe(false);
  });

  it("keeps fields that it does not know as extensions, at any place, and gives them back", () => {
    const body = {
      model: "m",
      safe_prompt: true,
      messages: [{ role: "user", content: [{ type: "text", text: "x", hint: 1 }], tag: "t" }],
      tools: [
        { type: "function", shown: true, function: { name: "f", parameters: { type: "object" }, odd: 1 } },
      ],
    };
    const { request } = read(body);
    expect(request.extensions).toEqual({ "mistral-chat": { safe_prompt: true } });
    expect(JSON.parse(client.encode(request, "unary", { ...target, model: "m" }).http.body ?? "")).toEqual(
      body,
    );
  });

  it("keeps the thinking chunk of Magistral's system prompt", () => {
    const content = [
      { type: "text", text: "First draft: " },
      { type: "thinking", thinking: [{ type: "text", text: "thoughts" }], closed: true },
      { type: "text", text: " Then answer." },
    ];
    const { request } = read({ messages: [{ role: "system", content }, hi] });
    expect(request.messages[0]?.content).toBe("First draft: thoughts Then answer.");
    const again = client.encode(request, "unary", target);
    expect(JSON.parse(again.http.body ?? "").messages[0]).toEqual({ role: "system", content });
  });

  it("detects the type of sound in a bare string by its first bytes", () => {
    const { request } = read({
      messages: [{ role: "user", content: [{ type: "input_audio", input_audio: "UklGRgAA" }] }],
    });
    expect(request.messages[0]?.content).toEqual([
      { type: "audio", data: "UklGRgAA", mediaType: "audio/wav" },
    ]);
  });

  it.each<[string, unknown]>([
    ["no object", []],
    ["no messages", { model: "m" }],
    ["an unknown role", { messages: [{ role: "robot", content: "x" }] }],
    ["an unknown chunk", { messages: [{ role: "user", content: [{ type: "hologram" }] }] }],
    [
      "thinking of the user's",
      { messages: [{ role: "user", content: [{ type: "thinking", thinking: [] }] }] },
    ],
    ["a temperature in words", { messages: [hi], temperature: "hot" }],
    ["several answers", { messages: [hi], n: 2 }],
    ["a tool without a name", { messages: [hi], tools: [{ type: "function", function: {} }] }],
    ["an unknown tool choice", { messages: [hi], tool_choice: "maybe" }],
    ["a call without a function", { messages: [{ role: "assistant", tool_calls: [{}] }] }],
  ])("is refused with %s", (_, body) => {
    expect(caught(() => read(body)).code).toBe("INVALID_REQUEST");
  });
});
