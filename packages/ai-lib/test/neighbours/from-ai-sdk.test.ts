import { createOpenAI } from "@ai-sdk/openai";
import {
  APICallError,
  EmptyResponseBodyError,
  LoadAPIKeyError,
  UnsupportedFunctionalityError,
} from "@ai-sdk/provider";
import { MockEmbeddingModelV3, MockLanguageModelV3, simulateReadableStream } from "ai/test";
import { describe, expect, it } from "vitest";
import { type ChatRequest, type ErrorCode, failover } from "../../src/index.js";
import { aiSdk, fromAiSdk } from "../../src/interop/ai-sdk/index.js";
import { scripted } from "../../src/testing/index.js";

const REQUEST: ChatRequest = { model: "", messages: [{ role: "user", content: "Hi" }] };

/** The finish of each version of the specification. */
const FINISH: Record<string, object> = {
  v2: {
    finishReason: "stop",
    usage: { inputTokens: 5, outputTokens: 2, totalTokens: 7, cachedInputTokens: 1 },
  },
  v3: {
    finishReason: { unified: "stop", raw: "end" },
    usage: {
      inputTokens: { total: 5, noCache: 4, cacheRead: 1, cacheWrite: undefined },
      outputTokens: { total: 2, text: 2, reasoning: undefined },
    },
  },
};
FINISH["v4"] = FINISH["v3"] as object;

/** A model whose stream has the given parts. It need not follow the specification. */
function streams(version: string, ...parts: readonly object[]) {
  const asked: Record<string, unknown>[] = [];
  const model = {
    specificationVersion: version,
    provider: "theirs",
    modelId: "m",
    supportedUrls: {},
    doGenerate: async (options: never) => {
      asked.push(options);
      return { content: [{ type: "text", text: "whole" }], ...FINISH[version], warnings: [] };
    },
    doStream: async (options: never) => {
      asked.push(options);
      return { stream: simulateReadableStream({ chunks: [...parts] }) as ReadableStream<unknown> };
    },
  };
  return { model, asked };
}

const TEXT = [
  { type: "stream-start", warnings: [] },
  { type: "response-metadata", id: "r1", modelId: "m-1" },
  { type: "text-start", id: "t" },
  { type: "text-delta", id: "t", delta: "Hel" },
  { type: "text-delta", id: "t", delta: "lo" },
  { type: "text-end", id: "t", providerMetadata: { theirs: { item: "i1" } } },
];

describe.each(["v2", "v3", "v4"])("a model of specification %s", (version) => {
  const finish = { type: "finish", ...FINISH[version] };

  it("answers, whole and streamed, with its usage", async () => {
    const provider = fromAiSdk(streams(version, ...TEXT, finish).model);
    expect(await provider.chat(REQUEST)).toMatchObject({
      text: "whole",
      finishReason: "stop",
      usage: { inputTokens: 5, outputTokens: 2, cachedInputTokens: 1 },
    });
    expect(await provider.stream(REQUEST).response()).toMatchObject({
      text: "Hello",
      id: "r1",
      model: "m-1",
      provider: "theirs",
      usage: { inputTokens: 5, outputTokens: 2, cachedInputTokens: 1 },
      usageStatus: "final",
    });
  });

  it.each([
    ["has no last part", []],
    [
      "has the reason of a package whose vendor sent none",
      [{ ...finish, finishReason: version === "v2" ? "unknown" : { unified: "other", raw: undefined } }],
    ],
    ["was interrupted", [{ ...finish, finishReason: { unified: "interrupted", raw: undefined } }]],
  ])("is cut where its stream %s, and another provider answers", async (_, end) => {
    const cut = fromAiSdk(streams(version, ...TEXT, ...end).model);
    await expect(cut.stream(REQUEST).response()).rejects.toMatchObject({
      code: "STREAM_TRUNCATED",
      partial: { text: "Hello" },
    });
    const empty = fromAiSdk(streams(version, ...TEXT.slice(0, 2), ...end).model);
    const chain = failover([empty, scripted({ name: "second", replies: [{ text: "mine" }] })]);
    expect((await chain.stream(REQUEST).response()).text).toBe("mine");
  });

  it("calls tools, in pieces and whole, and reads its own state back", async () => {
    const call = { type: "tool-call", toolCallId: "c1", toolName: "weather", input: '{"city":"Bern"}' };
    const state = { providerMetadata: { theirs: { signature: "s" } } };
    const pieces = [
      { type: "tool-input-start", id: "c1", toolName: "weather" },
      { type: "tool-input-delta", id: "c1", delta: '{"city":"Bern"}' },
      { type: "tool-input-end", id: "c1" },
    ];
    const reason = version === "v2" ? "tool-calls" : { unified: "tool-calls", raw: "tool_calls" };
    const end = { ...finish, finishReason: reason };
    for (const parts of [[...pieces, { ...call, ...state }], [{ ...call, ...state }]]) {
      const { model, asked } = streams(version, ...parts, end);
      const provider = fromAiSdk(model);
      const tools = [{ type: "function", name: "weather", parameters: { type: "object" } }] as const;
      const response = await provider.stream({ ...REQUEST, tools }).response();
      expect(response.finishReason).toBe("tool-calls");
      expect(response.toolCalls).toMatchObject([{ id: "c1", name: "weather", arguments: { city: "Bern" } }]);
      const result = { type: "tool-result", id: "c1", name: "weather", content: "22" } as const;
      await provider.chat({
        messages: [...REQUEST.messages, response.message, { role: "tool", content: [result] }],
        tools,
        toolChoice: { name: "weather" },
      });
      expect(asked[1]).toMatchObject({
        tools: [{ type: "function", name: "weather", inputSchema: { type: "object" } }],
        toolChoice: { type: "tool", toolName: "weather" },
        prompt: [
          { role: "user" },
          {
            role: "assistant",
            content: [
              {
                type: "tool-call",
                toolCallId: "c1",
                input: { city: "Bern" },
                providerOptions: state.providerMetadata,
              },
            ],
          },
          { role: "tool", content: [{ toolCallId: "c1", output: { type: "text", value: "22" } }] },
        ],
      });
    }
  });

  it("gets pictures and files in the words of its version", async () => {
    const { model, asked } = streams(version, ...TEXT, finish);
    await fromAiSdk(model).chat({
      messages: [
        {
          role: "user",
          content: [
            { type: "image", data: "iVBORw0KGgo=", mediaType: "image/png" },
            { type: "file", url: "https://files.example/a.pdf", mediaType: "application/pdf" },
          ],
        },
      ],
    });
    const typed = version === "v4";
    const url = new URL("https://files.example/a.pdf");
    expect(asked[0]).toMatchObject({
      prompt: [
        {
          content: [
            {
              type: "file",
              mediaType: "image/png",
              data: typed ? { type: "data", data: "iVBORw0KGgo=" } : "iVBORw0KGgo=",
            },
            { type: "file", data: typed ? { type: "url", url } : url },
          ],
        },
      ],
    });
  });
});

describe("an error of a model of the AI SDK", () => {
  const call = (statusCode: number | undefined, body = "", headers = {}) =>
    new APICallError({
      message: "failed",
      url: "https://theirs.example",
      requestBodyValues: {},
      ...(statusCode !== undefined && { statusCode }),
      responseBody: body,
      responseHeaders: headers,
    });

  it.each<[string, unknown, ErrorCode]>([
    ["429", call(429), "RATE_LIMIT"],
    ["429 of a quota", call(429, '{"error":{"code":"insufficient_quota"}}'), "QUOTA_EXHAUSTED"],
    ["401", call(401), "AUTH_FAILED"],
    ["400 of a long prompt", call(400, "maximum context length is 8192 tokens"), "CONTEXT_TOO_LONG"],
    ["400", call(400), "INVALID_REQUEST"],
    ["529", call(529), "OVERLOADED"],
    ["500", call(500), "PROVIDER_ERROR"],
    ["a connection that failed", call(undefined), "NETWORK_ERROR"],
    ["what fetch throws", new TypeError("fetch failed"), "NETWORK_ERROR"],
    ["an empty body", new EmptyResponseBodyError(), "INVALID_RESPONSE"],
    ["a missing key", new LoadAPIKeyError({ message: "no key" }), "AUTH_FAILED"],
    [
      "something unsupported",
      new UnsupportedFunctionalityError({ functionality: "x" }),
      "UNSUPPORTED_FEATURE",
    ],
    ["an event of a stream", { type: "overloaded_error", message: "Overloaded" }, "OVERLOADED"],
  ])("is classified: %s", async (_, thrown, code) => {
    const { model } = streams("v3", ...TEXT, { type: "error", error: thrown });
    const rejects = { ...model, doGenerate: () => Promise.reject(thrown) };
    await expect(fromAiSdk(rejects).chat(REQUEST)).rejects.toMatchObject({ code });
    await expect(fromAiSdk(model).stream(REQUEST).response()).rejects.toMatchObject({
      code,
      committed: true,
    });
  });

  it("says when to come back", async () => {
    const { model } = streams("v3");
    const limited = { ...model, doGenerate: () => Promise.reject(call(429, "", { "retry-after": "7" })) };
    const error = await fromAiSdk(limited)
      .chat(REQUEST)
      .catch((thrown: unknown) => thrown);
    expect((error as { retryAt: number }).retryAt - Date.now()).toBeGreaterThan(5_000);
  });
});

describe("fromAiSdk", () => {
  it("takes a package of the AI SDK, whose connection is cut in the middle", async () => {
    const events = ['{"type":"response.created","response":{"id":"r","created_at":0,"model":"m"}}'];
    const openai = createOpenAI({
      apiKey: "k",
      fetch: async () =>
        new Response(events.map((data) => `data: ${data}\n\n`).join(""), {
          headers: { "content-type": "text/event-stream" },
        }),
    });
    await expect(fromAiSdk(openai("m")).stream(REQUEST).response()).rejects.toMatchObject({
      code: "STREAM_TRUNCATED",
    });
  });

  it("warns of what the model cannot be asked for", async () => {
    const { model } = streams("v3", ...TEXT, { type: "finish", ...FINISH["v3"] });
    const { warnings } = await fromAiSdk(model).chat({
      ...REQUEST,
      logprobs: true,
      reasoning: { effort: "low" },
    });
    expect(warnings.map(({ field }) => field)).toEqual(["logprobs", "reasoning"]);
  });

  it("ends the model's call with its own", async () => {
    let signal: AbortSignal | undefined;
    const { model } = streams("v3");
    const silent = {
      ...model,
      doStream: async (options: { readonly abortSignal: AbortSignal }) => {
        signal = options.abortSignal;
        return { stream: new ReadableStream({ start: (controller) => controller.enqueue(TEXT[0]) }) };
      },
    };
    const abort = new AbortController();
    const done = fromAiSdk(silent as never)
      .stream(REQUEST, { signal: abort.signal })
      .response()
      .catch((error: unknown) => error);
    await expect.poll(() => signal).toBeDefined();
    abort.abort();
    expect(await done).toMatchObject({ code: "CANCELLED" });
    expect(signal?.aborted).toBe(true);
  });

  it("embeds, as many texts in a call as the model takes", async () => {
    const asked: number[] = [];
    const model = new MockEmbeddingModelV3({
      maxEmbeddingsPerCall: 2,
      doEmbed: async ({ values }) => {
        asked.push(values.length);
        return {
          embeddings: values.map((value) => [value.length]),
          usage: { tokens: values.length },
          warnings: [],
        };
      },
    });
    const provider = fromAiSdk({ embed: model });
    expect(provider.kinds()).toEqual(new Set(["embed"]));
    const { embeddings, usage } = await provider.embed({ inputs: ["a", "bb", "ccc"] });
    expect(embeddings).toEqual([[1], [2], [3]]);
    expect(asked).toEqual([2, 1]);
    expect(usage.inputTokens).toBe(3);
  });

  it("goes around: a provider as a model of the AI SDK as a provider", async () => {
    const inner = scripted({
      name: "inner",
      replies: [{ text: ["Hel", "lo"] }, { error: { code: "RATE_LIMIT", message: "no" } }],
    });
    const around = fromAiSdk(aiSdk(inner)("auto"));
    expect((await around.stream(REQUEST).response()).text).toBe("Hello");
    await expect(around.chat(REQUEST, { maxRepeats: 0 })).rejects.toMatchObject({ code: "RATE_LIMIT" });
  });

  it("takes the mock models of the AI SDK", async () => {
    const model = new MockLanguageModelV3({
      doGenerate: async () => ({
        content: [{ type: "text", text: "Hello" }],
        finishReason: { unified: "stop", raw: "stop" },
        usage: {
          inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
          outputTokens: { total: 1, text: 1, reasoning: undefined },
        },
        warnings: [{ type: "unsupported", feature: "seed" }],
      }),
    });
    expect(await fromAiSdk(model).chat(REQUEST)).toMatchObject({
      text: "Hello",
      warnings: [{ code: "unsupported", field: "seed" }],
    });
  });

  it.each([
    ["no model", {}],
    ["an unknown kind", { other: {} }],
  ])("refuses %s", (_, models) => {
    expect(() => fromAiSdk(models as never)).toThrow(expect.objectContaining({ code: "CONFIG_ERROR" }));
  });
});
