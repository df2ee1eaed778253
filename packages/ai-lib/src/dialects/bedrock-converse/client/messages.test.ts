import { describe, expect, it } from "vitest";
import { encodedBy } from "../../../../test/support/encoded.js";
import type { Quirks } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Message, Origin } from "../../../core/values/message.js";
import type { Tool } from "../../../core/values/tool.js";
import { client } from "./index.js";

const hello: Message = { role: "user", content: "Hello" };
const claude = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
const f: Tool = { type: "function", name: "f", parameters: { type: "object" } };

function encode(request: Partial<ChatRequest>, model = claude, quirks: Quirks = {}) {
  return encodedBy(client, request, { provider: "bedrock", model, quirks });
}

/** The content of a turn of the body. */
function turn(body: JsonObject, index: number): JsonObject[] {
  return (body["messages"] as { content: JsonObject[] }[])[index]?.content ?? [];
}

const call = (id: string, name = "f"): ContentPart => ({ type: "tool-call", id, name, arguments: {} });
describe("turns", () => {
  it("puts all system messages above the conversation, with a warning for a late one", () => {
    const { body, fields } = encode({
      messages: [{ role: "system", content: "a" }, hello, { role: "system", content: "b" }],
    });
    expect(body["system"]).toEqual([{ text: "a" }, { text: "b" }]);
    expect(fields).toEqual(["changed messages.2"]);
  });

  it("joins adjacent turns, results first, and puts calls last but not across reasoning", () => {
    const origin: Origin = { family: "anthropic", data: { signature: "s" } };
    const { body } = encode({
      messages: [
        hello,
        {
          role: "assistant",
          content: [
            call("a"),
            { type: "text", text: "one" },
            { type: "reasoning", text: "hm", origin },
            call("b"),
          ],
        },
        { role: "user", content: "By the way" },
        { role: "tool", content: [{ type: "tool-result", id: "a", content: "1", isError: true }] },
        { role: "tool", content: [{ type: "tool-result", id: "b", content: "" }] },
      ],
      tools: [f],
    });
    expect(turn(body, 1).map((block) => Object.keys(block)[0])).toEqual([
      "text",
      "toolUse",
      "reasoningContent",
      "toolUse",
    ]);
    expect(turn(body, 2)).toEqual([
      { toolResult: { toolUseId: "a", content: [{ text: "1" }], status: "error" } },
      { toolResult: { toolUseId: "b", content: [] } },
      { text: "By the way" },
    ]);
  });

  it("skips turns that failed midway and blanks, and cuts white space off a prefill", () => {
    const { body, fields } = encode({
      messages: [
        { role: "user", content: [{ type: "text", text: " " }] },
        hello,
        { role: "assistant", content: "broken", incomplete: true },
        { role: "assistant", content: "The answer is " },
      ],
    });
    expect(body["messages"]).toEqual([
      { role: "user", content: [{ text: "Hello" }] },
      { role: "assistant", content: [{ text: "The answer is" }] },
    ]);
    expect(fields).toEqual([
      "unsupported messages.0.content.0",
      "state-dropped messages.2",
      "changed messages.3.content",
    ]);
  });

  it("replays signed reasoning of the same family alone, wrapping what Claude withheld", () => {
    const reasoning = (family: string, data: JsonObject): ContentPart => ({
      type: "reasoning",
      text: "hm",
      origin: { family, data },
    });
    const messages: Message[] = [
      hello,
      {
        role: "assistant",
        content: [
          reasoning("anthropic", { signature: "s" }),
          reasoning("anthropic", { data: "EqQB" }),
          reasoning("google", { signature: "x" }),
          { type: "reasoning", text: "unsigned" },
          { type: "text", text: "Hi" },
        ],
      },
      hello,
    ];
    const toClaude = encode({ messages });
    expect(turn(toClaude.body, 1)).toEqual([
      { reasoningContent: { reasoningText: { text: "hm", signature: "s" } } },
      { reasoningContent: { redactedContent: "RXFRQg==" } },
      { text: "Hi" },
    ]);
    expect(toClaude.fields).toEqual([
      "state-dropped messages.1.content.2",
      "state-dropped messages.1.content.3",
    ]);
    const toNova = encode({ messages }, "amazon.nova-lite-v1:0");
    expect(turn(toNova.body, 1)).toEqual([{ text: "Hi" }]);
    const arn = "arn:aws:bedrock:us-east-1:1:application-inference-profile/x";
    const behind = encode({ messages }, arn, { baseModel: "anthropic.claude-sonnet-4-6" });
    expect(turn(behind.body, 1)).toEqual(turn(toClaude.body, 1));
  });

  it("re-shapes the ids of history", () => {
    const { body } = encode({
      messages: [
        hello,
        { role: "assistant", content: [call("call:1"), call("x".repeat(70))] },
        {
          role: "tool",
          content: ["call:1", "x".repeat(70)].map((id) => ({ type: "tool-result", id, content: "1" })),
        },
      ],
      tools: [f],
    });
    const uses = turn(body, 1).map(({ toolUse }) => toolUse as JsonObject);
    for (const { toolUseId } of uses) expect(toolUseId).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    expect(turn(body, 2).map(({ toolResult }) => (toolResult as JsonObject)["toolUseId"])).toEqual(
      uses.map(({ toolUseId }) => toolUseId),
    );
  });
});

describe("media", () => {
  it.each<[string, ContentPart, JsonObject]>([
    [
      "a data URL",
      { type: "image", url: "data:image/jpeg;base64,aGk=" },
      { image: { format: "jpeg", source: { bytes: "aGk=" } } },
    ],
    [
      "an S3 location whose ending tells its type",
      { type: "file", url: "s3://b/a.docx" },
      { document: { format: "docx", name: "Document 1", source: { s3Location: { uri: "s3://b/a.docx" } } } },
    ],
    [
      "a name with other characters",
      { type: "file", data: "aGk=", mediaType: "application/pdf", name: "my  file.pdf" },
      { document: { format: "pdf", name: "my file", source: { bytes: "aGk=" } } },
    ],
    [
      "a video",
      { type: "file", data: "aGk=", mediaType: "video/3gpp" },
      { video: { format: "three_gp", source: { bytes: "aGk=" } } },
    ],
  ])("sends %s", (_name, part, block) => {
    expect(turn(encode({ messages: [{ role: "user", content: [part as never] }] }).body, 0)).toEqual([block]);
  });

  it.each<[string, ContentPart]>([
    ["a picture by URL", { type: "image", url: "https://example.com/a.png" }],
    ["a file of a store", { type: "file", uploaded: { provider: "openai", id: "x" } }],
    ["a type it does not know", { type: "file", data: "aGk=", mediaType: "application/zip" }],
  ])("refuses %s, so that another provider can take it", (_name, part) => {
    expect(() => encode({ messages: [{ role: "user", content: [part as never] }] })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE", local: true }),
    );
  });
});

describe("document names", () => {
  it("are unique over the whole conversation, with a warning where one changes", () => {
    const file = (name?: string): Message => ({
      role: "user",
      content: [
        {
          type: "file",
          data: "JVBERi0x",
          mediaType: "application/pdf",
          ...(name === undefined ? {} : { name }),
        },
        { type: "text", text: "q" },
      ],
    });
    const { body, fields } = encode({
      messages: [file("a.pdf"), file("Document 1.pdf"), file("a.pdf"), file(), file("a 2")],
    });
    const names = (body["messages"] as { content: { document?: { name: string } }[] }[])
      .flatMap(({ content }) => content)
      .flatMap(({ document }) => (document === undefined ? [] : [document.name]));
    expect(names).toEqual(["a", "Document 1", "a 2", "Document 2", "a 2 2"]);
    expect(fields).toEqual(["changed messages.2.content.0.name", "changed messages.4.content.0.name"]);
  });
});
