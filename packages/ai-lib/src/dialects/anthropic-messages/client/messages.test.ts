import { describe, expect, it } from "vitest";
import { encodedBy } from "../../../../test/support/encoded.js";
import type { DialectTarget, Quirks } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Message, Origin } from "../../../core/values/message.js";
import { client } from "./index.js";

const hello: Message = { role: "user", content: "Hello" };

function encode(request: Partial<ChatRequest>, model = "claude-sonnet-4-5", quirks: Quirks = {}) {
  return encodedBy(client, request, targetOf(model, quirks));
}

function targetOf(model: string, quirks: Quirks = {}): DialectTarget {
  return { provider: "anthropic", model, quirks, now: 0 };
}

const signed = (signature: string, family = "anthropic"): Origin => ({ family, data: { signature } });

describe("turns", () => {
  it("puts system messages at the head above the conversation", () => {
    const { body } = encode({ messages: [{ role: "system", content: "Be brief" }, hello] });
    expect(body).toMatchObject({ system: "Be brief", messages: [{ role: "user", content: "Hello" }] });
  });

  it("moves a later system message there with a warning, and leaves it in place if the model allows", () => {
    const messages: Message[] = [hello, { role: "system", content: "Now in French" }];
    const old = encode({ messages });
    expect(old.body["system"]).toBe("Now in French");
    expect(old.fields).toEqual(["changed messages.1"]);
    const young = encode({ messages }, "claude-opus-4-8");
    expect(young.body["messages"]).toEqual([hello, { role: "system", content: "Now in French" }]);
    expect(young.fields).toEqual([]);
  });

  it("joins adjacent tool and user messages, results first", () => {
    const { body } = encode({
      messages: [
        hello,
        { role: "assistant", content: [{ type: "tool-call", id: "a", name: "f", arguments: {} }] },
        { role: "user", content: "By the way" },
        { role: "tool", content: [{ type: "tool-result", id: "a", content: "1" }] },
      ],
    });
    expect((body["messages"] as JsonObject[])[2]).toEqual({
      role: "user",
      content: [
        { type: "tool_result", tool_use_id: "a", content: "1" },
        { type: "text", text: "By the way" },
      ],
    });
  });

  it("puts calls last in an assistant's turn, but not across thinking", () => {
    const call = (id: string): ContentPart => ({ type: "tool-call", id, name: "f", arguments: {} });
    const { body } = encode({
      messages: [
        hello,
        {
          role: "assistant",
          content: [
            call("a"),
            { type: "text", text: "one" },
            { type: "reasoning", text: "hm", origin: signed("s") },
            call("b"),
            { type: "text", text: "two" },
          ],
        },
      ],
    });
    const { content } = (body["messages"] as { content: JsonObject[] }[])[1] ?? { content: [] };
    expect(content.map((block) => block["id"] ?? block["text"] ?? block["thinking"])).toEqual([
      "one",
      "a",
      "hm",
      "two",
      "b",
    ]);
  });

  it("skips turns that failed midway and text of only white space, and cuts white space off a prefill", () => {
    const { body, fields } = encode({
      messages: [
        { role: "user", content: [{ type: "text", text: " \n" }] },
        hello,
        { role: "assistant", content: "broken", incomplete: true },
        { role: "assistant", content: "The answer is \n" },
      ],
    });
    expect(body["messages"]).toEqual([hello, { role: "assistant", content: "The answer is" }]);
    expect(fields).toEqual([
      "unsupported messages.0.content.0",
      "state-dropped messages.2",
      "changed messages.3.content",
    ]);
  });

  it("echoes signed thinking, redacted thinking and compactions of its own family alone", () => {
    const { body, fields } = encode({
      messages: [
        hello,
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "hm", origin: signed("s") },
            {
              type: "reasoning",
              text: "",
              redacted: true,
              origin: { family: "anthropic", data: { data: "d" } },
            },
            {
              type: "reasoning",
              text: "",
              origin: { family: "anthropic", data: { block: { type: "compaction", content: "c" } } },
            },
            { type: "reasoning", text: "other", origin: signed("x", "google") },
            { type: "reasoning", text: "unsigned" },
            { type: "text", text: "Hi" },
          ],
        },
        hello,
      ],
    });
    expect((body["messages"] as JsonObject[])[1]).toEqual({
      role: "assistant",
      content: [
        { type: "thinking", thinking: "hm", signature: "s" },
        { type: "redacted_thinking", data: "d" },
        { type: "compaction", content: "c" },
        { type: "text", text: "Hi" },
      ],
    });
    expect(fields).toEqual(["state-dropped messages.1.content.3", "state-dropped messages.1.content.4"]);
  });

  it("reads another family, and unsigned thinking, if a quirk says so", () => {
    const { body, fields } = encode(
      {
        messages: [
          hello,
          {
            role: "assistant",
            content: [
              { type: "reasoning", text: "a", origin: signed("s", "minimax") },
              { type: "reasoning", text: "b" },
              { type: "reasoning", text: "c", origin: signed("s") },
            ],
          },
          hello,
        ],
      },
      "MiniMax-M2.7",
      { family: "minimax", unsignedThinking: true },
    );
    expect((body["messages"] as JsonObject[])[1]).toMatchObject({
      content: [
        { type: "thinking", thinking: "a", signature: "s" },
        { type: "thinking", thinking: "b" },
      ],
    });
    expect(fields).toEqual(["state-dropped messages.1.content.2"]);
  });

  it("keeps state that is bound to an account from other accounts", () => {
    const messages: Message[] = [
      hello,
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "hm", origin: { ...signed("s"), account: "one" } },
          { type: "text", text: "Hi" },
        ],
      },
      hello,
    ];
    const target = targetOf("claude-sonnet-4-5");
    const mine = client.encode({ messages }, "unary", { ...target, account: "one" });
    const other = client.encode({ messages }, "unary", { ...target, account: "two" });
    expect(mine.http.body).toContain('"signature"');
    expect(other.http.body).not.toContain('"signature"');
    expect(other.warnings).toMatchObject([{ code: "state-dropped" }]);
  });

  it("re-shapes ids that the API refuses, the same on call and result, and keeps different ids different", () => {
    const { body } = encode({
      messages: [
        hello,
        {
          role: "assistant",
          content: ["call:1", "call.1", "call_1"].map((id) => ({
            type: "tool-call",
            id,
            name: "f",
            arguments: {},
          })),
        },
        {
          role: "tool",
          content: ["call:1", "call.1", "call_1"].map((id) => ({ type: "tool-result", id, content: id })),
        },
      ],
    });
    const [, assistant, user] = body["messages"] as { content: JsonObject[] }[];
    const ids = assistant?.content.map(({ id }) => String(id)) ?? [];
    expect(new Set(ids).size).toBe(3);
    expect(ids[2]).toBe("call_1");
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]+$/);
    expect(user?.content.map((block) => block["tool_use_id"])).toEqual(ids);
  });

  it("replays a call that was cut without arguments, with a warning", () => {
    const { body, fields } = encode({
      messages: [
        hello,
        { role: "assistant", content: [{ type: "tool-call", id: "a", name: "f", argumentsText: '{"a' }] },
      ],
    });
    expect(JSON.stringify(body)).toContain('"input":{}');
    expect(fields).toEqual(["state-dropped messages.1.content.0.argumentsText"]);
  });

  it("leaves out what a provider's tool of another family did", () => {
    const origin: Origin = { family: "openai", data: { id: "ws_1" } };
    const { body, fields } = encode({
      messages: [
        hello,
        {
          role: "assistant",
          content: [
            { type: "tool-call", id: "a", name: "s", arguments: {}, executedBy: "provider", origin },
            { type: "tool-result", id: "a", content: "x", executedBy: "provider" },
            { type: "source", url: "https://example.com", cites: { index: 3 } },
            { type: "text", text: "Found" },
          ],
        },
      ],
    });
    expect((body["messages"] as JsonObject[])[1]).toEqual({
      role: "assistant",
      content: [{ type: "text", text: "Found" }],
    });
    expect(fields).toEqual([
      "state-dropped messages.1.content.2",
      "state-dropped messages.1.content.0",
      "state-dropped messages.1.content.1",
    ]);
  });
});

describe("media", () => {
  it.each<[string, ContentPart, JsonObject]>([
    [
      "a data URL",
      { type: "image", url: "data:image/gif;base64,aGk=" },
      { type: "image", source: { type: "base64", media_type: "image/gif", data: "aGk=" } },
    ],
    [
      "a picture that comes as a file",
      { type: "file", data: "aGk=", mediaType: "image/png" },
      { type: "image", source: { type: "base64", media_type: "image/png", data: "aGk=" } },
    ],
    [
      "a PDF by URL",
      { type: "file", url: "https://example.com/a.pdf", name: "A" },
      { type: "document", source: { type: "url", url: "https://example.com/a.pdf" }, title: "A" },
    ],
    [
      "text",
      { type: "file", data: "aGnDpA==", mediaType: "text/plain" },
      { type: "document", source: { type: "text", media_type: "text/plain", data: "hiä" } },
    ],
    [
      "sound with a transcript",
      { type: "audio", data: "aGk=", mediaType: "audio/wav", transcript: "Hi" },
      { type: "text", text: "Hi" },
    ],
  ])("sends %s", (_name, part, block) => {
    const { body } = encode({ messages: [{ role: "user", content: [part as never] }] });
    expect((body["messages"] as { content: JsonObject[] }[])[0]?.content).toEqual([block]);
  });

  it("asks for the file store by header, and refuses a file of another store so that another provider can take it", () => {
    const file = (provider: string): Message => ({
      role: "user",
      content: [{ type: "file", uploaded: { provider, id: "file_1" } }],
    });
    expect(encode({ messages: [file("anthropic")] }).http.headers["anthropic-beta"]).toBe(
      "files-api-2025-04-14",
    );
    expect(() => encode({ messages: [file("openai")] })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE", local: true }),
    );
  });

  it.each<[string, ContentPart]>([
    ["sound", { type: "audio", data: "aGk=", mediaType: "audio/wav" }],
    ["a spreadsheet", { type: "file", data: "aGk=", mediaType: "application/vnd.ms-excel" }],
    ["bytes that are no text", { type: "file", data: "//79", mediaType: "text/plain" }],
  ])("refuses %s, which the model would not see", (_name, part) => {
    expect(() => encode({ messages: [{ role: "user", content: [part as never] }] })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE", local: true }),
    );
  });
});
