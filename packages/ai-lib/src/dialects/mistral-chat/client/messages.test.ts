import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { asArray, asObject, type JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Message } from "../../../core/values/message.js";
import { client } from "./index.js";

const target: DialectTarget = { provider: "mistral", model: "mistral-small-latest", quirks: {}, now: 0 };

const hi: Message = { role: "user", content: "hi" };

function encoded(request: Partial<ChatRequest>, quirks: DialectTarget["quirks"] = {}) {
  const { http, warnings } = client.encode({ messages: [hi], ...request }, "unary", { ...target, quirks });
  return {
    body: JSON.parse(http.body ?? "") as JsonObject,
    lost: warnings.map(({ code, field }) => `${code} ${field}`),
    http,
  };
}

function messagesOf(messages: readonly Message[], quirks: DialectTarget["quirks"] = {}) {
  const { body, lost } = encoded({ messages }, quirks);
  return { messages: body["messages"] as JsonObject[], lost };
}

function firstCallId(message: JsonObject | undefined): unknown {
  return asObject(asArray(message?.["tool_calls"])[0])?.["id"];
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

describe("a conversation sent to Mistral", () => {
  const call: ContentPart = { type: "tool-call", id: "call_abc", name: "f", arguments: { a: 1 } };

  it("re-shapes call ids to nine characters, the same on the call and on its result", () => {
    const { messages, lost } = messagesOf([
      hi,
      { role: "assistant", content: [call] },
      { role: "tool", content: [{ type: "tool-result", id: "call_abc", name: "f", content: "ok" }] },
    ]);
    const id = firstCallId(messages[1]);
    expect(id).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(messages[1]).toEqual({
      role: "assistant",
      content: "",
      tool_calls: [{ id, type: "function", function: { name: "f", arguments: '{"a":1}' } }],
    });
    expect(messages[2]).toEqual({ role: "tool", tool_call_id: id, name: "f", content: "ok" });
    expect(lost).toEqual([]);
    const kept = messagesOf([hi, { role: "assistant", content: [call] }], { anyToolCallId: true });
    expect(firstCallId(kept.messages[1])).toBe("call_abc");
  });

  it("marks an assistant message at the end as the start of the answer", () => {
    const said: Message = { role: "assistant", content: "Once" };
    const { messages } = messagesOf([hi, said, hi, said]);
    expect(messages.map((message) => message["prefix"])).toEqual([undefined, undefined, undefined, true]);
  });

  it("sends thinking closed, with the signature that Mistral gave", () => {
    const origin = { family: "mistral", data: { signature: "s" } };
    const { messages } = messagesOf([
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm", origin },
          { type: "text", text: "so" },
        ],
      },
      hi,
    ]);
    expect(messages[0]?.["content"]).toEqual([
      { type: "thinking", thinking: [{ type: "text", text: "hm" }], signature: "s", closed: true },
      { type: "text", text: "so" },
    ]);
  });

  it("leaves the state of other families out, and their thinking with it", () => {
    const origin = { family: "anthropic", data: { signature: "s" } };
    const { messages, lost } = messagesOf([
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm", origin },
          { type: "text", text: "so", origin },
        ],
      },
      hi,
    ]);
    expect(messages[0]?.["content"]).toEqual([{ type: "text", text: "so" }]);
    expect(lost).toEqual(["state-dropped messages.0.content.0", "state-dropped messages.0.content.1.origin"]);
  });

  it("sends state that is bound to an account to that account alone", () => {
    const origin = { family: "mistral", account: "a", data: { signature: "s" } };
    const messages: Message[] = [
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm", origin },
          { type: "text", text: "x" },
        ],
      },
      hi,
    ];
    const bodyFor = (account: string) =>
      client.encode({ messages }, "unary", { ...target, account }).http.body;
    expect(bodyFor("a")).toContain("signature");
    expect(bodyFor("b")).not.toContain("signature");
  });

  it.each<[string, ContentPart, JsonObject]>([
    [
      "a picture by URL",
      { type: "image", url: "https://x/a.png" },
      { type: "image_url", image_url: "https://x/a.png" },
    ],
    [
      "a picture's bytes with its detail",
      { type: "image", data: "aGk=", mediaType: "image/png", detail: "low" },
      { type: "image_url", image_url: { url: "data:image/png;base64,aGk=", detail: "low" } },
    ],
    [
      "a document by URL, with its name",
      { type: "file", url: "https://x/a.pdf", name: "a.pdf" },
      { type: "document_url", document_url: "https://x/a.pdf", document_name: "a.pdf" },
    ],
    [
      "a document's bytes",
      { type: "file", data: "aGk=", mediaType: "application/pdf" },
      { type: "document_url", document_url: "data:application/pdf;base64,aGk=" },
    ],
    [
      "an uploaded file",
      { type: "file", uploaded: { provider: "mistral", id: "f1" } },
      { type: "file", file_id: "f1" },
    ],
    [
      "sound by URL",
      { type: "audio", url: "https://x/a.mp3" },
      { type: "input_audio", input_audio: "https://x/a.mp3" },
    ],
    [
      "sound's bytes",
      { type: "audio", data: "aGk=", mediaType: "audio/mpeg" },
      { type: "input_audio", input_audio: { data: "aGk=", format: "mp3" } },
    ],
    [
      "vendor fields of a part",
      { type: "text", text: "x", extensions: { mistral: { a: 1 }, openai: { b: 2 } } },
      { type: "text", text: "x", a: 1 },
    ],
  ])("says %s", (_, part, chunk) => {
    const { messages, lost } = messagesOf([{ role: "user", content: [part] } as Message]);
    expect(messages[0]?.["content"]).toEqual([chunk]);
    expect(lost).toEqual([]);
  });

  it("refuses a file in the store of another provider", () => {
    const part: ContentPart = { type: "file", uploaded: { provider: "openai", id: "f1" } };
    const error = caught(() => messagesOf([{ role: "user", content: [part] } as Message]));
    expect(error.code).toBe("UNSUPPORTED_FEATURE");
  });

  it("moves images of results after the last result of the turn", () => {
    const image: ContentPart = { type: "image", url: "https://x/a.png" };
    const conversation: Message[] = [
      { role: "assistant", content: [call, { ...call, id: "call_def" }] },
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "call_abc", content: [{ type: "text", text: "see" }, image] },
          { type: "tool-result", id: "call_def", content: "b" },
        ],
      },
    ];
    const { messages, lost } = messagesOf(conversation);
    expect(messages.map(({ role }) => role)).toEqual(["assistant", "tool", "tool", "assistant", "user"]);
    expect(messages[1]?.["content"]).toEqual([{ type: "text", text: "see" }]);
    expect(messages[4]).toEqual({
      role: "user",
      content: [{ type: "image_url", image_url: "https://x/a.png" }],
    });
    expect(lost).toEqual(["changed messages.1.content.0.content.1", "other messages.1"]);
    const inPlace = messagesOf(conversation, { toolMedia: true });
    expect(inPlace.messages.map(({ role }) => role)).toEqual(["assistant", "tool", "tool"]);
    expect(inPlace.messages[1]?.["content"]).toHaveLength(2);
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
      "withheld thinking",
      { type: "reasoning", text: "", redacted: true },
      ["state-dropped messages.0.content.0"],
    ],
    ["a refusal, as text", { type: "refusal", text: "no" }, ["state-dropped messages.0.content.0"]],
    ["a source that names nothing", { type: "source", quote: "q" }, ["state-dropped messages.0.content.0"]],
    [
      "where a source is cited",
      { type: "source", url: "https://x", cites: { index: 0 } },
      ["state-dropped messages.0.content.0.cites"],
    ],
    [
      "a call that a provider ran",
      { ...call, executedBy: "provider" } as ContentPart,
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
      { role: "tool", content: [{ type: "tool-result", id: "call_abc", content: "no", isError: true }] },
    ]);
    expect(lost).toEqual(["unsupported messages.1.content.0.isError"]);
  });
});
