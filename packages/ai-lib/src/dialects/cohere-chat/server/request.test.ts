import { describe, expect, it } from "vitest";
import { targetFor } from "../../../../test/support/halves.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { Message } from "../../../core/values/message.js";
import { client } from "../client/index.js";
import { server } from "./index.js";

const target = targetFor("cohere");

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

describe("a request that Cohere's server half reads", () => {
  const read = (body: unknown) =>
    server.decode({ method: "POST", path: "/v2/chat", headers: {}, body: JSON.stringify(body) });

  it.each([
    ["/v2/chat", true],
    ["/chat", true],
    ["/api/chat", false],
    ["/v1/chat", false],
  ])("is known by its path: %s %s", (path, known) => {
    expect(server.matches({ method: "POST", path })).toBe(known);
  });

  it("keeps fields that it does not know as extensions, at any place, and gives them back", () => {
    const body = {
      model: "asked",
      stream: false,
      safety_mode: "OFF",
      documents: [{ id: "d", data: { text: "x" } }],
      messages: [
        { role: "user", content: [{ type: "text", text: "x", hint: 1 }], tag: "t" },
        { role: "assistant", content: [{ type: "text", text: "y", hint: 2 }] },
        {
          role: "tool",
          tool_call_id: "c",
          content: [{ type: "document", document: { id: "d", data: { url: "u" } } }],
        },
      ],
      tools: [
        { type: "function", shown: true, function: { name: "f", parameters: { type: "object" }, odd: 1 } },
      ],
    };
    const { request } = read(body);
    expect(request.extensions).toEqual({ "cohere-chat": { safety_mode: "OFF", documents: body.documents } });
    expect(JSON.parse(client.encode(request, "unary", target).http.body ?? "")).toEqual(body);
  });

  it.each<[string, unknown]>([
    ["no object", []],
    ["no messages", { model: "m" }],
    ["an unknown role", { messages: [{ role: "chatbot", content: "x" }] }],
    ["an unknown block", { messages: [{ role: "user", content: [{ type: "hologram" }] }] }],
    [
      "a picture in a system message",
      { messages: [{ role: "system", content: [{ type: "image_url", image_url: { url: "u" } }] }] },
    ],
    ["a temperature in words", { messages: [hi], temperature: "hot" }],
    ["a tool without a name", { messages: [hi], tools: [{ type: "function", function: {} }] }],
    ["an unknown tool choice", { messages: [hi], tool_choice: "AUTO" }],
    ["a call without a function", { messages: [{ role: "assistant", tool_calls: [{}] }] }],
    [
      "an answer that holds a picture",
      { messages: [{ role: "assistant", content: [{ type: "image_url" }] }] },
    ],
  ])("is refused with %s", (_, body) => {
    expect(caught(() => read(body)).code).toBe("INVALID_REQUEST");
  });
});
