import type { ChatRequest } from "ai-lib";
import { describe, expect, it } from "vitest";
import { type BoundFacts, type CallBound, mostOutput } from "./call-bound.js";
import { callBound } from "./upper-bound.js";

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
    const request = chat([
      { type: "text", text: "Go on. ".repeat(400) },
      { ...image, data: "x".repeat(9_000) },
    ]);
    const bytes = Buffer.byteLength(JSON.stringify(request)) - 9_000 + PICTURE;
    const input = (recalled: boolean, bodyBytes: number) =>
      callBound({ kind: "chat", request, bodyBytes, recalled, estimate: { inputTokens: 1, outputTokens: 0 } })
        .input;
    expect(input(true, 50)).toBe(bytes);
    expect(input(false, 9_050)).toBe(50 + PICTURE);
    expect(input(true, 20_000)).toBe(11_000 + PICTURE);
  });

  it("is read twice where the vendor summarizes it", () => {
    const bound = (request: Partial<ChatRequest>, fields = {}) => {
      const facts = {
        kind: "chat",
        request: chat("Hi", { maxTokens: 9, ...request }),
        bodyBytes: 50,
        fields,
      } as const;
      const { passes, more } = callBound({ ...facts, estimate: { inputTokens: 1, outputTokens: 0 } });
      return [passes, mostOutput(9, more)];
    };
    expect(bound({})).toEqual([undefined, 9]);
    expect(bound({ contextManagement: { compactAt: 50_000 } })).toEqual([2, 18]);
    expect(bound({}, { context_management: { edits: [{ type: "compact_20260112" }] } })).toEqual([2, 18]);
    expect(bound({}, { context_management: { edits: [{ type: "clear_tool_uses_20250919" }] } })).toEqual([
      undefined,
      9,
    ]);
  });

  it("counts a document for items that OpenAI stores, where an endpoint has them", () => {
    const item = (data: object) => [{ type: "reasoning", text: "", origin: { family: "openai", data } }];
    const input = (data: object, dialect?: string) => {
      const provider = { data: { id: "o", dialect } };
      const choice =
        dialect === undefined ? undefined : ({ provider, model: "m" } as unknown as BoundFacts["choice"]);
      const facts = { kind: "chat", request: chat(item(data)), bodyBytes: 50, choice } as const;
      return callBound({ ...facts, estimate: { inputTokens: 1, outputTokens: 0 } }).input;
    };
    const reference = { type: "item_reference", id: "msg_1" };
    expect(input(reference)).toBe(50 + FILE);
    expect(input(reference, "openai-responses")).toBe(50 + FILE);
    expect(input(reference, "openai-chat")).toBe(50);
    expect(input({ type: "reasoning", id: "rs_1", summary: [] })).toBe(50 + FILE);
    expect(input({ type: "reasoning", id: "rs_1", encrypted_content: "x" })).toBe(50);
    expect(input({ type: "web_search_call", id: "ws_1" })).toBe(50);
  });

  it.each([
    ["x-ai", "openai-chat", 2_048, 0],
    ["mine", "cohere-chat", 2_048, 0],
    ["mine", "ollama-chat", 256, 0],
    ["openai", "openai-responses", 0, 64],
    ["openrouter", "openai-chat", 2_048, 64],
    ["mine", "openai-chat", 0, 0],
    ["toString", "gemini", 0, 0],
  ])(
    "has what %s adds in the dialect %s: %i tokens of the prompt and %i of the answer",
    (vendor, dialect, more, late) => {
      const provider = {
        members: [
          { data: { id: "mine", dialect: "gemini" } },
          { data: { id: "any", priceId: vendor, dialect } },
        ],
      };
      const facts = { kind: "chat", request: chat("Hi", { maxTokens: 9 }), bodyBytes: 50 } as const;
      const choice = { provider, model: "m" } as unknown as BoundFacts["choice"];
      const bound = callBound({ ...facts, choice, estimate: { inputTokens: 1, outputTokens: 0 } });
      expect([bound.input, mostOutput(9, bound.more)]).toEqual([50 + more, 9 + late]);
    },
  );
});

describe("the most that is generated for a chat", () => {
  const claude = (model: string) => ({
    data: { id: "a", dialect: "anthropic-messages" },
    target: { provider: "a", model },
  });
  const most = (request: Partial<ChatRequest>, more: Partial<BoundFacts> = {}) => {
    const { output, more: besides } = callBound({
      ...{
        kind: "chat",
        request: chat("Hi", request),
        bodyBytes: 9,
        estimate: { inputTokens: 1, outputTokens: 0 },
      },
      ...more,
    } as BoundFacts);
    return output === undefined ? undefined : mostOutput(output, besides);
  };
  const at = (...models: string[]) =>
    ({ choice: { model: undefined, provider: { members: models.map(claude) } } }) as unknown as BoundFacts;

  it.each<readonly [string, Partial<ChatRequest>, Partial<BoundFacts>, number | undefined]>([
    ["is the limit of the answer", { maxTokens: 77 }, { fields: { max_tokens: 77 } }, 77],
    ["is one token for a limit of zero", { maxTokens: 0 }, { fields: { max_tokens: 0 } }, 1],
    ["has no limit where a field says so", { maxTokens: 9 }, { fields: { n_predict: -1 } }, undefined],
    ["is the longest length of any field", { maxTokens: 9 }, { fields: { n_predict: 80 } }, 80],
    ["multiplies by the answers", { maxTokens: 9 }, { fields: { best_of: 4 } }, 36],
    ["adds a budget for thinking", { maxTokens: 9, reasoning: { budgetTokens: 40 } }, {}, 49],
    [
      "does not add a budget to a limit that has it",
      { maxTokens: 1, reasoning: { budgetTokens: 39 } },
      { fields: { max_tokens: 40, thinking: { budget_tokens: 39 } } },
      40,
    ],
    ["adds a predicted text", { maxTokens: 9, prediction: "é".repeat(10) }, {}, 29],
    [
      "reads the extensions of a request without a body",
      { maxTokens: 9, extensions: { up: { n: 2 } } },
      {},
      18,
    ],
    [
      "adds what an effort becomes",
      { maxTokens: 9, reasoning: { effort: "high" } },
      at("claude-sonnet-4-5"),
      16_393,
    ],
    [
      "adds the most of all members",
      { maxTokens: 9, reasoning: { effort: "low" } },
      at("claude-opus-4-7", "claude-sonnet-4-5"),
      2_057,
    ],
    [
      "adds nothing where an effort stays one",
      { maxTokens: 9, reasoning: { effort: "high" } },
      at("claude-opus-4-7"),
      9,
    ],
    [
      "adds nothing for no thinking",
      { maxTokens: 9, reasoning: { effort: "none" } },
      at("claude-sonnet-4-5"),
      9,
    ],
  ])("%s", (_what, request, more, expected) => expect(most(request, more)).toBe(expected));

  it("is that of an unknown model of Claude's dialect where a member names none", () => {
    const provider = { data: { id: "b", dialect: "bedrock-converse" }, target: { provider: "b" } };
    const choice = { provider, model: undefined } as unknown as NonNullable<BoundFacts["choice"]>;
    expect(most({ maxTokens: 9, reasoning: { effort: "medium" } }, { choice })).toBe(8_201);
  });
});

describe("the data of a part that is no medium", () => {
  it("counts as text", () => {
    const part = { type: "reasoning", text: "", data: "x".repeat(400) };
    const facts = { kind: "chat", request: chat([part]), bodyBytes: 1_000 } as const;
    expect(callBound({ ...facts, estimate: { inputTokens: 10, outputTokens: 0 } }).input).toBe(1_000);
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

  it("of a ranking has the query once for each document", () => {
    const request = { query: "é".repeat(10), documents: ["a", "b", "c"] } as unknown as BoundFacts["request"];
    const estimate = { inputTokens: 9, outputTokens: 0 };
    expect(callBound({ kind: "rerank", request, bodyBytes: 100, estimate }).input).toBe(140);
  });

  it("of pictures at addresses counts them as in a chat", () => {
    const image = { type: "image", url: "https://example.com/a.png" };
    const inputs = ["a", [{ type: "text", text: "b" }, image], [image, { type: "image", data: "x" }]];
    const request = { inputs } as unknown as BoundFacts["request"];
    const estimate = { inputTokens: 9, outputTokens: 0 };
    for (const kind of ["embed", "moderate"] as const)
      expect(callBound({ kind, request, bodyBytes: 100, estimate }).input).toBe(100 + 2 * PICTURE);
  });

  it("of counting tokens is nothing", () => {
    expect(of("countTokens", { inputTokens: 25, outputTokens: 9 })).toEqual({
      ...{ input: 0, output: 0, media: false, units: {} },
    });
  });

  it("of pictures and sound is a multiple of the estimate", () => {
    expect(of("image", { inputTokens: 25, outputTokens: 9, units: { images: 2 } })).toEqual({
      ...{ input: 200, output: 72, media: true, units: { images: 2 } },
    });
    const request = { extensions: { up: { num_images: 3 } } } as unknown as BoundFacts["request"];
    const estimate = { inputTokens: 25, outputTokens: 9, units: { images: 2 } };
    expect(callBound({ kind: "image", request, bodyBytes: 9, estimate })).toEqual({
      ...{ input: 200, output: 216, media: true, units: { images: 6 } },
    });
    expect(of("speak", { inputTokens: 25, outputTokens: 0, units: { characters: 100 } }).output).toBe(800);
    expect(of("transcribe", { inputTokens: 0, outputTokens: 3, units: { seconds: 4, images: 1 } })).toEqual({
      ...{ input: 0, output: 24, media: true, units: { seconds: 32, images: 1 } },
    });
  });
});
