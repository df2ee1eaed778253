import type { ChatRequest } from "ai-lib";
import { describe, expect, it } from "vitest";
import { type BoundFacts, type CallBound, callBound } from "./upper-bound.js";

const PICTURE = 50_000;
const FILE = 1_048_576;
const TOOLS = 1_024;

const chat = (content: unknown, more: Partial<ChatRequest> = {}): ChatRequest =>
  ({
    messages: [
      { role: "user", content: "Hello" },
      { role: "user", content },
    ],
    ...more,
  }) as ChatRequest;

const image = { type: "image", mediaType: "image/png", data: "x".repeat(100) };
const file = { type: "file", mediaType: "application/pdf", data: "x".repeat(50) };
const audio = { type: "audio", mediaType: "audio/wav", url: "https://example.com/a.wav" };
const tool = { name: "look", parameters: { type: "object" } };

describe("the most that a chat uses", () => {
  const cases: readonly (readonly [string, unknown, Partial<ChatRequest>, Partial<CallBound>])[] = [
    ["is a token for each byte", "Hi", {}, { input: 1_000, output: undefined, media: false, units: {} }],
    ["is what the request allows for its answer", "Hi", { maxTokens: 77 }, { input: 1_000, output: 77 }],
    ["adds the prompt for tools", "Hi", { tools: [tool] } as object, { input: 1_000 + TOOLS }],
    ["adds nothing for an empty list of tools", "Hi", { tools: [] }, { input: 1_000 }],
    [
      "counts pictures in place of their base64",
      [image, image],
      {},
      { input: 800 + 2 * PICTURE, media: true },
    ],
    ["counts files in place of their base64", [file], {}, { input: 950 + FILE, media: true }],
    ["counts sound that is at an address", [audio], {}, { input: 1_000 + FILE, media: true }],
    [
      "counts all of them together",
      [image, file, audio],
      {},
      { input: 850 + PICTURE + 2 * FILE, media: true },
    ],
    [
      "counts media within the results of tools",
      [{ type: "tool-result", id: "1", content: [{ type: "text", text: "See" }, image] }],
      {},
      { input: 900 + PICTURE, media: true },
    ],
    [
      "counts a conversation that the vendor stores as a document",
      "Hi",
      { continues: { provider: "openai", id: "resp_1" } },
      { input: 1_000 + FILE, media: true },
    ],
    [
      "counts a prompt or a cache that the vendor stores as a document",
      "Hi",
      { extensions: { gemini: { cachedContent: "cachedContents/1" } } },
      { input: 1_000 + FILE, media: true },
    ],
    [
      "counts nothing for a conversation that is null",
      "Hi",
      { extensions: { "openai-responses": { conversation: null } } },
      { input: 1_000, media: false },
    ],
    [
      "counts nothing for other fields of a vendor",
      "Hi",
      { extensions: { "openai-responses": { truncation: "auto" } } },
      { input: 1_000, media: false },
    ],
    [
      "is not negative where the data is longer than the body",
      [{ ...image, data: "x".repeat(5_000) }],
      {},
      { input: PICTURE },
    ],
  ];
  it.each(cases)("%s", (_what, content, more, expected) => {
    const bound = callBound({
      kind: "chat",
      request: chat(content, more),
      bodyBytes: 1_000,
      estimate: { inputTokens: 10, outputTokens: 0 },
    });
    expect(bound).toMatchObject(expected);
  });

  it("of a conversation that the gateway remembers is that of the whole conversation", () => {
    const request = chat("Go on. ".repeat(400));
    const bytes = Buffer.byteLength(JSON.stringify(request));
    const input = (inputTokens: number, bodyBytes = 50, given = request) =>
      callBound({ kind: "chat", request: given, bodyBytes, estimate: { inputTokens, outputTokens: 0 } })
        .input;
    expect(input(700)).toBe(bytes);
    // An estimate that the body explains, to the last character.
    expect(input(12)).toBe(50);
    expect(input(13)).toBe(bytes);
    expect(input(bytes, bytes + 9)).toBe(bytes + 9);
    // Media explain a high estimate as well.
    const media = chat([
      { type: "text", text: "Go on. ".repeat(400) },
      { ...image, data: "" },
      { ...file, data: "" },
    ]);
    const most = PICTURE + FILE;
    expect(input((2 * PICTURE + 48) / 4, 50, media)).toBe(50 + most);
    expect(input((2 * PICTURE + 52) / 4, 50, media)).toBe(Buffer.byteLength(JSON.stringify(media)) + most);
  });
});

describe("the most that other kinds use", () => {
  const of = (kind: BoundFacts["kind"], estimate: BoundFacts["estimate"], bodyBytes = 100) =>
    callBound({ kind, request: {} as BoundFacts["request"], bodyBytes, estimate });

  it.each(["embed", "rerank", "moderate"] as const)(
    "of %s is a token for each byte, or by the estimate",
    (kind) => {
      expect(of(kind, { inputTokens: 25, outputTokens: 9 })).toEqual({
        input: 100,
        output: 0,
        media: true,
        units: {},
      });
      expect(of(kind, { inputTokens: 26, outputTokens: 9, units: { images: 2 } })).toEqual({
        ...{ input: 104, output: 0, media: true, units: { images: 2 } },
      });
    },
  );

  it("of counting tokens is nothing", () => {
    expect(of("countTokens", { inputTokens: 25, outputTokens: 9 })).toEqual({
      ...{ input: 0, output: 0, media: false, units: {} },
    });
  });

  it("of pictures and sound is a multiple of the estimate", () => {
    expect(of("image", { inputTokens: 25, outputTokens: 9, units: { images: 2 } })).toEqual({
      ...{ input: 200, output: 72, media: true, units: { images: 2 } },
    });
    expect(of("transcribe", { inputTokens: 0, outputTokens: 3, units: { seconds: 4, images: 1 } })).toEqual({
      ...{ input: 0, output: 24, media: true, units: { seconds: 32, images: 1 } },
    });
  });
});
