import { describe, expect, it } from "vitest";
import { encodedBy } from "../../../../test/support/encoded.js";
import type { DialectTarget, Quirks } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { AssistantMessage, ContentPart, Message } from "../../../core/values/message.js";
import { client } from "./index.js";

function targetFor(model: string, quirks: Quirks = {}, provider = "google"): DialectTarget {
  return { provider, model, quirks, now: 0 };
}

function encode(request: Partial<ChatRequest>, model = "gemini-3-flash-preview", quirks: Quirks = {}) {
  return encodedBy(client, request, targetFor(model, quirks));
}

const google = (thoughtSignature: string) => ({ origin: { family: "google", data: { thoughtSignature } } });

describe("instructions", () => {
  const messages: Message[] = [
    { role: "system", content: "be brief" },
    { role: "user", content: "hi" },
  ];
  it("precede the contents", () => {
    expect(encode({ messages }).body).toEqual({
      systemInstruction: { parts: [{ text: "be brief" }] },
      contents: [{ role: "user", parts: [{ text: "hi" }] }],
    });
  });
  it.each([
    ["gemma-3-27b-it", {}],
    ["gemini-3-flash", { noSystemRole: true }],
  ])("begin the first message of a model without a system role: %s", (model, quirks) => {
    const { body, fields } = encode({ messages }, model, quirks);
    expect(body).toEqual({ contents: [{ role: "user", parts: [{ text: "be brief" }, { text: "hi" }] }] });
    expect(fields).toEqual(["changed messages"]);
  });
  it("precede the contents of a Gemma that has a system role", () => {
    expect(encode({ messages }, "gemma-4-31b-it").body).toHaveProperty("systemInstruction");
  });
});

describe("a history", () => {
  const turn = (...content: ContentPart[]): Message[] => [
    { role: "user", content: "go" },
    { role: "assistant", content } satisfies AssistantMessage,
  ];
  const parts = (messages: readonly Message[], model?: string, quirks?: Quirks) =>
    (encode({ messages }, model, quirks).body["contents"] as { role: string; parts: JsonObject[] }[]).slice(
      1,
    );

  it("echoes signatures at their places", () => {
    expect(
      parts(
        turn(
          { type: "reasoning", text: "hm", ...google("A") },
          { type: "reasoning", text: "unsigned" },
          { type: "text", text: "", ...google("B") },
          { type: "tool-call", id: "1", name: "f", arguments: { a: 1 }, ...google("C") },
          { type: "tool-call", id: "2", name: "f", arguments: {} },
        ),
      ),
    ).toEqual([
      {
        role: "model",
        parts: [
          { text: "hm", thought: true, thoughtSignature: "A" },
          { text: "unsigned", thought: true },
          { text: "", thoughtSignature: "B" },
          { functionCall: { id: "1", name: "f", args: { a: 1 } }, thoughtSignature: "C" },
          { functionCall: { id: "2", name: "f", args: {} } },
        ],
      },
    ]);
  });

  it("never sends another family's state, nor that of another account", () => {
    const foreign: ContentPart[] = [
      { type: "text", text: "a", origin: { family: "openai", data: { thoughtSignature: "X" } } },
      { type: "reasoning", text: "b", origin: { family: "anthropic", data: { thoughtSignature: "Y" } } },
      {
        type: "text",
        text: "c",
        origin: { family: "google", account: "other", data: { thoughtSignature: "Z" } },
      },
    ];
    const { http, fields } = encode({ messages: turn(...foreign) });
    expect(http.body).not.toMatch(/thoughtSignature|"[XYZ]"/);
    expect(fields.map((one) => one.split(" ")[0])).toEqual([
      "state-dropped",
      "state-dropped",
      "state-dropped",
    ]);
  });

  it("lets calls of other models pass on generation 3, the first of each turn", () => {
    const calls: ContentPart[] = [
      { type: "tool-call", id: "1", name: "f", arguments: {} },
      { type: "tool-call", id: "2", name: "f", arguments: {} },
    ];
    const signatures = (model: string) =>
      parts(turn(...calls), model)[0]?.parts.map((part) => part["thoughtSignature"]);
    expect(signatures("gemini-3-flash")).toEqual(["skip_thought_signature_validator", undefined]);
    expect(signatures("gemini-2.5-flash")).toEqual([undefined, undefined]);
  });

  it("leaves out ids that were made here, and all if the endpoint takes none", () => {
    const messages: Message[] = [
      ...turn(
        { type: "tool-call", id: "gemini_r_0", name: "f", arguments: {} },
        { type: "tool-call", id: "call_9", name: "g", arguments: {} },
      ),
      { role: "tool", content: [{ type: "tool-result", id: "gemini_r_0", content: "x" }] },
      { role: "tool", content: [{ type: "tool-result", id: "call_9", content: "y", isError: true }] },
    ];
    const ids = (quirks: Quirks) =>
      JSON.stringify(parts(messages, "gemini-2.5-flash", quirks)).match(/"id":"[^"]*"/g);
    expect(ids({})).toEqual(['"id":"call_9"', '"id":"call_9"']);
    expect(ids({ noCallIds: true })).toBeNull();
    // The results of one turn stand in one content, each with its function's name.
    expect(parts(messages, "gemini-2.5-flash")[1]).toEqual({
      role: "user",
      parts: [
        { functionResponse: { name: "f", response: { output: "x" } } },
        { functionResponse: { id: "call_9", name: "g", response: { error: "y" } } },
      ],
    });
  });

  it("puts pictures into results on generation 3 and beside them before", () => {
    const image = { type: "image" as const, mediaType: "image/png", data: "AAAA" };
    const messages: Message[] = [
      ...turn({ type: "tool-call", id: "1", name: "f", arguments: {}, ...google("S") }),
      {
        role: "tool",
        content: [{ type: "tool-result", id: "1", content: [{ type: "text", text: "see" }, image] }],
      },
    ];
    const inline = { inlineData: { mimeType: "image/png", data: "AAAA" } };
    const response = { id: "1", name: "f", response: { output: "see" } };
    expect(parts(messages, "gemini-3-flash")[1]?.parts).toEqual([
      { functionResponse: { ...response, parts: [inline] } },
    ]);
    expect(parts(messages, "gemini-2.5-flash")[1]?.parts).toEqual([{ functionResponse: response }, inline]);
  });

  it("sends results that are objects as objects", () => {
    const messages: Message[] = [
      ...turn({ type: "tool-call", id: "1", name: "f", arguments: {}, ...google("S") }),
      { role: "tool", content: [{ type: "tool-result", id: "1", content: '{"degrees":21}' }] },
    ];
    expect(parts(messages)[1]?.parts).toEqual([
      { functionResponse: { id: "1", name: "f", response: { degrees: 21 } } },
    ]);
  });

  it("replays what Google ran, and nothing that others ran", () => {
    const { body, fields } = encode({
      messages: turn(
        {
          type: "tool-call",
          id: "gemini_r_0",
          name: "codeExecution",
          arguments: { language: "PYTHON", code: "1" },
          executedBy: "provider",
        },
        { type: "tool-result", id: "gemini_r_0", content: "1\n", executedBy: "provider" },
        { type: "tool-call", id: "9", name: "web_search", arguments: {}, executedBy: "provider" },
        { type: "tool-result", id: "9", name: "web_search", content: "[]", executedBy: "provider" },
        { type: "text", text: "1" },
      ),
    });
    expect((body["contents"] as JsonObject[])[1]?.["parts"]).toEqual([
      { executableCode: { language: "PYTHON", code: "1" } },
      { codeExecutionResult: { outcome: "OUTCOME_OK", output: "1\n" } },
      { text: "1" },
    ]);
    expect(fields).toEqual(["state-dropped messages.1.content.2"]);
  });

  it("passes over turns that failed midway", () => {
    const messages: Message[] = [
      { role: "user", content: "a" },
      { role: "assistant", content: "half", incomplete: true },
      { role: "user", content: "b" },
    ];
    expect(JSON.stringify(encode({ messages }).body)).not.toContain("half");
  });

  it("refuses a file that another provider keeps", () => {
    const file = { type: "file" as const, uploaded: { provider: "openai", id: "file-1" } };
    expect(() => encode({ messages: [{ role: "user", content: [file] }] })).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }),
    );
    const own = {
      type: "file" as const,
      mediaType: "application/pdf",
      uploaded: { provider: "google", id: "files/1", uri: "https://g.test/files/1" },
    };
    expect(encode({ messages: [{ role: "user", content: [own] }] }).body["contents"]).toEqual([
      {
        role: "user",
        parts: [{ fileData: { mimeType: "application/pdf", fileUri: "https://g.test/files/1" } }],
      },
    ]);
  });
});
