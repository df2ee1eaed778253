import { describe, expect, it } from "vitest";
import { toolResult } from "../../src/core/values/tool.js";
import { ask } from "./ask.js";

const call = { id: "c1", name: "t" };
const png = { type: "image", data: "iVBORw0K", mimeType: "image/png" };
const part = { type: "image", data: "iVBORw0K", mediaType: "image/png" };

describe("what a tool returned", () => {
  it.each([
    ["rows with a field `type`", [{ type: "file", name: "a.txt", size: 3 }]],
    ["rows that look like parts but have more", [{ type: "text", text: "x", line: 3 }]],
    ["parts that lack their bytes", [{ type: "image", mediaType: "image/png" }]],
    ["bytes without a type", [{ type: "image", data: "AA==" }]],
    ["a part beside data", [part, 1]],
    ["an object with content and more", { content: [{ type: "text", text: "x" }], title: "t" }],
    ["an object whose content is no list", { content: "x" }],
    ["a text part alone", { type: "text", text: "x" }],
  ])("is JSON: %s", (_, value) => {
    expect(toolResult(call, value)).toEqual({ type: "tool-result", ...call, content: JSON.stringify(value) });
  });

  it.each([
    ["complete parts", [part], [part]],
    [
      "blocks of MCP",
      [{ type: "text", text: "x", annotations: {} }, png],
      [{ type: "text", text: "x" }, part],
    ],
    ["a result of MCP", { content: [png], isError: false }, [part]],
    [
      "an embedded text",
      [{ type: "resource", resource: { uri: "file:///a.txt", mimeType: "text/plain", text: "hi" } }],
      [{ type: "text", text: "hi" }],
    ],
    [
      "embedded bytes",
      [
        {
          type: "resource",
          resource: { uri: "file:///a.pdf", mimeType: "application/pdf", blob: "JVBERi0x" },
        },
      ],
      [{ type: "file", data: "JVBERi0x", mediaType: "application/pdf", name: "a.pdf" }],
    ],
    [
      "a link",
      [{ type: "resource_link", uri: "file:///a.txt", name: "a.txt", description: "d" }],
      [{ type: "text", text: "a.txt: file:///a.txt\nd" }],
    ],
    ["structured content alone", { content: [], structuredContent: { a: 1 } }, '{"a":1}'],
    [
      "structured content that a text repeats",
      { content: [{ type: "text", text: '{ "a": 1 }' }], structuredContent: { a: 1 } },
      [{ type: "text", text: '{ "a": 1 }' }],
    ],
    [
      "structured content that no text repeats",
      { content: [{ type: "text", text: "Found 1" }], structuredContent: { a: 1 } },
      [
        { type: "text", text: "Found 1" },
        { type: "text", text: '{"a":1}' },
      ],
    ],
  ])("is content: %s", (_, value, content) => {
    expect(toolResult(call, value).content).toEqual(content);
  });

  it("says that it failed if an MCP result says so, unless the caller says otherwise", () => {
    const failed = { content: [{ type: "text", text: "no" }], isError: true };
    expect(toolResult(call, failed).isError).toBe(true);
    expect(toolResult(call, failed, { isError: false }).isError).toBe(false);
  });
});

it("sends the media of a failed tool to Claude without the mark that excludes them", async () => {
  const failed = toolResult(call, [part], { isError: true });
  const { sent, response } = await ask("anthropic/claude-sonnet-4-5", {
    messages: [
      { role: "user", content: "q" },
      { role: "assistant", content: [{ type: "tool-call", id: "c1", name: "t", arguments: {} }] },
      { role: "tool", content: [failed] },
    ],
  });
  const [block] = sent[0]?.body.messages[2].content ?? [];
  expect(block.is_error).toBeUndefined();
  expect(block.content.map(({ type }: { type: string }) => type)).toEqual(["text", "image"]);
  expect(response?.warnings).toContainEqual(
    expect.objectContaining({ field: "messages.2.content.0.isError" }),
  );
});
