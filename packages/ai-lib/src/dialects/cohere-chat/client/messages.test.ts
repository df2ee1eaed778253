import { describe, expect, it } from "vitest";
import { targetFor } from "../../../../test/support/halves.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Message } from "../../../core/values/message.js";
import { base64OfText } from "../../shared/common/base64.js";
import { client } from "./index.js";

const target = targetFor("cohere");

const hi: Message = { role: "user", content: "hi" };

function encoded(request: Partial<ChatRequest>) {
  const { http, warnings } = client.encode({ messages: [hi], ...request }, "unary", target);
  return {
    body: JSON.parse(http.body ?? "") as JsonObject,
    lost: warnings.map(({ code, field }) => `${code} ${field}`),
    http,
  };
}

function messagesOf(messages: readonly Message[]) {
  const { body, lost } = encoded({ messages });
  return { messages: body["messages"] as JsonObject[], lost };
}

function caught(run: () => unknown): AiLibError {
  try {
    run();
  } catch (error) {
    if (AiLibError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("a conversation sent to Cohere", () => {
  const call: ContentPart = { type: "tool-call", id: "f_1", name: "f", arguments: { a: 1 } };

  it("has a place for each kind of an answer's content: plan, thinking, text, calls, citations", () => {
    const { messages, lost } = messagesOf([
      {
        role: "assistant",
        content: [
          {
            type: "reasoning",
            text: "I will look",
            origin: { family: "cohere", data: { field: "tool_plan" } },
          },
          { type: "reasoning", text: "hm" },
          { type: "text", text: "Dock Seven" },
          {
            type: "source",
            documentId: "d1",
            title: "T",
            quote: "q",
            cites: { index: 2, start: 5, end: 10 },
          },
          {
            type: "source",
            documentId: "t:0",
            cites: { index: 2, start: 5, end: 10 },
            origin: { family: "cohere", data: { type: "tool" } },
          },
          call,
        ],
      },
      { role: "tool", content: [{ type: "tool-result", id: "f_1", name: "f", content: "ok" }] },
    ]);
    expect(messages).toEqual([
      {
        role: "assistant",
        tool_plan: "I will look",
        content: [
          { type: "thinking", thinking: "hm" },
          { type: "text", text: "Dock Seven" },
        ],
        tool_calls: [{ id: "f_1", type: "function", function: { name: "f", arguments: '{"a":1}' } }],
        citations: [
          {
            start: 5,
            end: 10,
            text: "Seven",
            sources: [
              { type: "document", id: "d1", document: { id: "d1", title: "T", text: "q" } },
              { type: "tool", id: "t:0", tool_output: {} },
            ],
            type: "TEXT_CONTENT",
            content_index: 1,
          },
        ],
      },
      { role: "tool", tool_call_id: "f_1", content: "ok" },
    ]);
    expect(lost).toEqual([]);
  });

  it.each<[string, ContentPart, JsonObject]>([
    [
      "a picture by URL",
      { type: "image", url: "https://x/a.png" },
      { type: "image_url", image_url: { url: "https://x/a.png" } },
    ],
    [
      "a picture's bytes with its detail",
      { type: "image", data: "aGk=", mediaType: "image/png", detail: "low" },
      { type: "image_url", image_url: { url: "data:image/png;base64,aGk=", detail: "low" } },
    ],
    [
      "vendor fields of a part",
      { type: "text", text: "x", extensions: { cohere: { a: 1 }, openai: { b: 2 } } },
      { type: "text", text: "x", a: 1 },
    ],
    [
      "a text whose extensions make it a document",
      {
        type: "text",
        text: "{}",
        extensions: { "cohere-chat": { type: "document", document: { data: {} } } },
      },
      { type: "document", document: { data: {} } },
    ],
  ])("says %s", (_, part, block) => {
    const { messages, lost } = messagesOf([{ role: "user", content: [part] } as Message]);
    expect(messages[0]?.["content"]).toEqual([block]);
    expect(lost).toEqual([]);
  });

  it("puts text files into the documents, which answers can cite", () => {
    const facts = {
      type: "file" as const,
      name: "facts.txt",
      data: base64OfText("Rubý"),
      mediaType: "text/plain",
    };
    const { body, lost } = encoded({
      messages: [{ role: "user", content: [{ type: "text", text: "Who?" }, facts] }],
      extensions: { cohere: { documents: ["more"] } },
    });
    expect(body["documents"]).toEqual([
      { id: "facts.txt", data: { title: "facts.txt", text: "Rubý" } },
      "more",
    ]);
    expect(lost).toEqual(["changed messages.0.content.1"]);
  });

  it("sends text files of a result as documents in it, and its images after the last result", () => {
    const { messages, lost } = messagesOf([
      { role: "assistant", content: [call] },
      {
        role: "tool",
        content: [
          {
            type: "tool-result",
            id: "f_1",
            content: [
              { type: "file", name: "a.txt", data: base64OfText("x"), mediaType: "text/plain" },
              { type: "image", url: "https://x/a.png" },
            ],
          },
        ],
      },
    ]);
    expect(messages.slice(1)).toEqual([
      {
        role: "tool",
        tool_call_id: "f_1",
        content: [{ type: "document", document: { id: "a.txt", data: { title: "a.txt", text: "x" } } }],
      },
      { role: "user", content: [{ type: "image_url", image_url: { url: "https://x/a.png" } }] },
    ]);
    expect(lost).toEqual(["changed messages.1.content.0.content.1"]);
  });

  it.each<[string, ContentPart]>([
    ["sound", { type: "audio", data: "aGk=", mediaType: "audio/mpeg" }],
    ["a PDF", { type: "file", data: "aGk=", mediaType: "application/pdf" }],
    ["a file by URL", { type: "file", url: "https://x/a.txt" }],
    ["an uploaded picture", { type: "image", uploaded: { provider: "openai", id: "f" } }],
  ])("refuses %s", (_, part) => {
    const error = caught(() => messagesOf([{ role: "user", content: [part] } as Message]));
    expect([error.code, error.local]).toEqual(["UNSUPPORTED_FEATURE", true]);
  });

  it("keeps a call whose arguments are not an object, without arguments, and its result", () => {
    const { messages } = messagesOf([
      hi,
      {
        role: "assistant",
        content: [{ type: "tool-call", id: "a12345678", name: "f", argumentsText: "{" }],
      },
      {
        role: "tool",
        content: [{ type: "tool-result", id: "a12345678", content: "no JSON", isError: true }],
      },
    ]);
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expect(messages[1]).toMatchObject({ tool_calls: [{ function: { name: "f", arguments: "{}" } }] });
  });

  it("leaves out turns that failed midway, and turns that become empty", () => {
    const { messages, lost } = messagesOf([
      hi,
      { role: "assistant", content: "half", incomplete: true },
      { role: "assistant", content: [] },
      hi,
    ]);
    expect(messages).toEqual([hi, hi]);
    expect(lost).toEqual(["state-dropped messages.1", "state-dropped messages.2"]);
  });

  it.each<[string, ContentPart, string[]]>([
    [
      "thinking of another family",
      { type: "reasoning", text: "x", origin: { family: "anthropic", data: {} } },
      ["state-dropped messages.0.content.0"],
    ],
    [
      "withheld thinking",
      { type: "reasoning", text: "", redacted: true },
      ["state-dropped messages.0.content.0"],
    ],
    [
      "state of text",
      { type: "text", text: "x", origin: { family: "google", data: {} } },
      ["state-dropped messages.0.content.0.origin"],
    ],
    ["a refusal, as text", { type: "refusal", text: "no" }, ["state-dropped messages.0.content.0"]],
    [
      "a source that supports nothing",
      { type: "source", url: "https://x" },
      ["state-dropped messages.0.content.0"],
    ],
    ["a picture of its own", { type: "image", url: "https://x" }, ["state-dropped messages.0.content.0"]],
    [
      "a call that a provider ran",
      { ...call, executedBy: "provider" } as ContentPart,
      ["state-dropped messages.0.content.0"],
    ],
    [
      "what a provider found",
      { type: "tool-result", id: "x", content: "", executedBy: "provider" },
      ["state-dropped messages.0.content.0"],
    ],
    [
      "a call that was cut",
      { type: "tool-call", id: "a", name: "f", argumentsText: "{" },
      ["state-dropped messages.0.content.0.argumentsText"],
    ],
    [
      "a mark for the cache",
      { type: "text", text: "x", cache: {} },
      ["unsupported messages.0.content.0.cache"],
    ],
  ])("warns about what it cannot send back: %s", (_, part, warnings) => {
    const { lost } = messagesOf([{ role: "assistant", content: [part, { type: "text", text: "x" }] }, hi]);
    expect(lost).toEqual(warnings);
  });

  it("warns that a result has no mark for errors", () => {
    const { lost } = messagesOf([
      { role: "assistant", content: [call] },
      { role: "tool", content: [{ type: "tool-result", id: "f_1", content: "no", isError: true }] },
    ]);
    expect(lost).toEqual(["unsupported messages.1.content.0.isError"]);
  });
});
