import { APICallError, NoSuchModelError } from "@ai-sdk/provider";
import * as ai6 from "ai";
import * as ai5 from "ai-5";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type ChatEvent, type ChatProvider, defineChatProvider, failover } from "../../src/index.js";
import { aiSdk } from "../../src/interop/ai-sdk/index.js";
import { scripted } from "../../src/testing/index.js";

(globalThis as { AI_SDK_LOG_WARNINGS?: boolean }).AI_SDK_LOG_WARNINGS = false;

/** The two majors that run on Node 20. The third is tried in compat/ai-sdk. */
const MAJORS = [
  { version: "5", ai: ai5 as unknown as typeof ai6, specification: "v2" },
  { version: "6", ai: ai6, specification: "v3" },
] as const;

const USAGE = { inputTokens: 10, outputTokens: 4, cachedInputTokens: 3, reasoningTokens: 1 };
const say = (text: string | readonly string[]) =>
  scripted({ name: "mine", replies: [{ text, usage: USAGE }] });

/** Signed thinking, then a call of the tool. */
const THINKING: readonly ChatEvent[] = [
  { type: "part-start", index: 0, part: { type: "reasoning" } },
  { type: "reasoning-delta", index: 0, text: "Look it up" },
  { type: "part-end", index: 0, origin: { family: "anthropic", data: { signature: "s1" } } },
  { type: "part-start", index: 1, part: { type: "tool-call", id: "c1", name: "weather" } },
  { type: "tool-call-delta", index: 1, text: '{"city":' },
  { type: "tool-call-delta", index: 1, text: '"Bern"}' },
  { type: "part-end", index: 1 },
];

const looksUp = () =>
  scripted({
    name: "mine",
    replies: [{ events: THINKING, finishReason: "tool-calls" }, { text: ["22 ", "degrees"] }],
  });

const failing = (code: "RATE_LIMIT" | "CONTEXT_TOO_LONG", name = "down") =>
  scripted({ name, replies: [{ error: { code, message: "no" } }] });

describe.each(MAJORS)("AI SDK $version", ({ ai, specification }) => {
  const model = (provider: ChatProvider) => {
    const make = aiSdk(provider, { specification });
    return make("auto") as unknown as ai6.LanguageModel;
  };
  const weather = () => {
    const asked: unknown[] = [];
    const tools = {
      weather: ai.tool({
        description: "The weather",
        inputSchema: z.object({ city: z.string() }),
        execute: (input: { city: string }) => {
          asked.push(input);
          return { degrees: 22 };
        },
      }),
    };
    return { asked, tools };
  };
  const stopWhen = ai.stepCountIs(3);

  it("generateText: text, usage, finish reason, cost and attempts in providerMetadata", async () => {
    const result = await ai.generateText({ model: model(say("Hello")), prompt: "Hi" });
    expect(result.text).toBe("Hello");
    expect(result.finishReason).toBe("stop");
    expect(result.usage).toMatchObject({ inputTokens: 10, outputTokens: 4, totalTokens: 14 });
    expect(result.providerMetadata?.["ai-lib"]).toMatchObject({ provider: "mine", attempts: 1 });
  });

  it("streamText: deltas as they come, usage, finish reason", async () => {
    const result = ai.streamText({ model: model(say(["Hel", "lo"])), prompt: "Hi" });
    const pieces: string[] = [];
    for await (const piece of result.textStream) pieces.push(piece);
    expect(pieces).toEqual(["Hel", "lo"]);
    expect(await result.finishReason).toBe("stop");
    expect(await result.usage).toMatchObject({ inputTokens: 10, outputTokens: 4 });
  });

  it("tools in several steps; state of the provider comes back with the next prompt", async () => {
    const provider = looksUp();
    const { asked, tools } = weather();
    const result = await ai.generateText({ model: model(provider), prompt: "Weather?", tools, stopWhen });
    expect(result.text).toBe("22 degrees");
    expect(asked).toEqual([{ city: "Bern" }]);
    expect(provider.requests[0]?.tools).toMatchObject([{ type: "function", name: "weather" }]);
    expect(provider.requests[1]?.messages.slice(1)).toMatchObject([
      {
        role: "assistant",
        content: [
          {
            type: "reasoning",
            text: "Look it up",
            origin: { family: "anthropic", data: { signature: "s1" } },
          },
          { type: "tool-call", id: "c1", name: "weather", arguments: { city: "Bern" } },
        ],
      },
      { role: "tool", content: [{ type: "tool-result", id: "c1", content: '{"degrees":22}' }] },
    ]);
  });

  it("tools while streaming", async () => {
    const provider = looksUp();
    const { asked, tools } = weather();
    const result = ai.streamText({ model: model(provider), prompt: "Weather?", tools, stopWhen });
    const types: string[] = [];
    for await (const part of result.fullStream) types.push(part.type);
    expect(types).toContain("tool-input-delta");
    expect(types).toContain("reasoning-delta");
    expect(await result.text).toBe("22 degrees");
    expect(asked).toEqual([{ city: "Bern" }]);
    expect(provider.requests[1]?.messages[1]).toMatchObject({
      content: [{ origin: { data: { signature: "s1" } } }, { type: "tool-call" }],
    });
  });

  it("structured output: generateObject and streamObject", async () => {
    const schema = z.object({ city: z.string() });
    const provider = say('{"city":"Bern"}');
    const { object } = await ai.generateObject({ model: model(provider), schema, prompt: "Capital?" });
    expect(object).toEqual({ city: "Bern" });
    expect(provider.requests[0]?.responseFormat).toMatchObject({
      type: "json-schema",
      schema: { properties: { city: { type: "string" } } },
    });
    const streamed = ai.streamObject({
      model: model(say(['{"city":', '"Bern"}'])),
      schema,
      prompt: "Capital?",
    });
    const partials: unknown[] = [];
    for await (const partial of streamed.partialObjectStream) partials.push(partial);
    expect(partials.at(-1)).toEqual({ city: "Bern" });
  });

  it("pictures and files in a prompt", async () => {
    const provider = say("A dot");
    const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    await ai.generateText({
      model: model(provider),
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is it?" },
            { type: "image", image: png },
            { type: "file", data: "JVBERi0x", mediaType: "application/pdf", filename: "a.pdf" },
          ],
        },
      ],
    });
    expect(provider.requests[0]?.messages[0]?.content).toMatchObject([
      { type: "text" },
      { type: "image", mediaType: "image/png", data: "iVBORw0KGgo=" },
      { type: "file", mediaType: "application/pdf", data: "JVBERi0x", name: "a.pdf" },
    ]);
  });

  it("settings, providerOptions and headers", async () => {
    const provider = say("Hello");
    const result = await ai.generateText({
      model: model(provider),
      prompt: "Hi",
      maxOutputTokens: 50,
      temperature: 0.5,
      stopSequences: ["END"],
      providerOptions: {
        "ai-lib": { cacheKey: "k", extensions: { openai: { safety_identifier: "u" } } },
        openai: { reasoningEffort: "low", strange: true },
        anthropic: { thinking: { type: "enabled", budgetTokens: 2_000 } },
      },
    });
    expect(provider.requests[0]).toMatchObject({
      maxTokens: 50,
      temperature: 0.5,
      stop: ["END"],
      cacheKey: "k",
      reasoning: { budgetTokens: 2_000 },
      extensions: { openai: { safety_identifier: "u" } },
    });
    expect(JSON.stringify(result.warnings)).toContain("providerOptions.openai.strange");
  });

  it("a failover behind it answers, and no retry of the AI SDK multiplies attempts", async () => {
    const down = failing("RATE_LIMIT");
    const { text } = await ai.generateText({
      model: model(failover([down, say("Hello")])),
      prompt: "Hi",
      maxRetries: 5,
    });
    expect(text).toBe("Hello");
    expect(down.calls).toBe(1);
  });

  it("errors are its APICallError, and are not retried once ai-lib has tried", async () => {
    const down = failing("CONTEXT_TOO_LONG");
    const error: unknown = await ai
      .generateText({ model: model(down), prompt: "Hi", maxRetries: 5 })
      .catch((thrown: unknown) => thrown);
    expect(APICallError.isInstance(error) && error.isRetryable).toBe(false);
    expect((error as Error).cause).toMatchObject({ code: "CONTEXT_TOO_LONG" });
    expect(down.calls).toBe(1);
  });

  it("errors while streaming, before content and after it", async () => {
    const cut = scripted({ name: "cut", replies: [{ text: ["Hel"], cut: true }] });
    for (const provider of [failing("CONTEXT_TOO_LONG"), cut]) {
      const errors: unknown[] = [];
      const result = ai.streamText({
        model: model(provider),
        prompt: "Hi",
        maxRetries: 5,
        onError: ({ error }) => {
          errors.push(error);
        },
      });
      await result.consumeStream();
      expect(errors.map((error) => APICallError.isInstance(error))).toEqual([true]);
      expect(provider.calls).toBe(1);
    }
  });

  it("an abort ends the provider's call, whole and streamed", async () => {
    for (const streams of [false, true]) {
      const provider = scripted({ name: "slow", replies: [{ text: ["a"], silent: true }] });
      const abort = new AbortController();
      const options = { model: model(provider), prompt: "Hi", abortSignal: abort.signal };
      const done = streams
        ? ai.streamText({ ...options, onError() {} }).consumeStream()
        : ai.generateText(options).then(
            () => "answered",
            (error: Error) => error.name,
          );
      await expect.poll(() => provider.running).toBe(1);
      abort.abort();
      expect(await done).toBe(streams ? undefined : "AbortError");
      await expect.poll(() => provider.aborted).toBe(1);
    }
  });

  it("embed and embedMany", async () => {
    const embeds = defineChatProvider({
      name: "vectors",
      kinds: {
        embed: ({ inputs }) => ({
          embeddings: inputs.map((input) => [String(input).length]),
          usage: { inputTokens: inputs.length, outputTokens: 0 },
        }),
      },
    });
    const embedder = aiSdk(embeds, { specification }).embeddingModel("auto") as unknown as ai6.EmbeddingModel;
    const many = await ai.embedMany({ model: embedder, values: ["a", "bcd"] });
    expect(many.embeddings).toEqual([[1], [3]]);
    expect(many.usage.tokens).toBe(2);
    expect((await ai.embed({ model: embedder, value: "ab" })).embedding).toEqual([2]);
  });

  it("generateImage, generateSpeech and transcribe", async () => {
    const media = defineChatProvider({
      name: "media",
      kinds: {
        image: ({ prompt, size }) => ({
          images: [{ data: "iVBORw0KGgo=", revisedPrompt: `${prompt} ${size}` }],
        }),
        speak: ({ text, voice }) => ({
          audio: { data: Buffer.from(`ID3${text}${voice}`).toString("base64"), mediaType: "audio/mpeg" },
        }),
        transcribe: ({ audio }) => ({
          text: `heard ${audio.data?.length}`,
          segments: [{ text: "heard", start: 0, end: 1 }],
          language: "en",
          durationSeconds: 1,
        }),
      },
    });
    const models = aiSdk(media, { specification });
    const image = await ai.experimental_generateImage({
      model: models.imageModel("auto") as unknown as ai6.ImageModel,
      prompt: "a dot",
      size: "64x64",
    });
    expect(image.image.mediaType).toBe("image/png");
    expect(image.providerMetadata["ai-lib"]?.images).toEqual([{ revisedPrompt: "a dot 64x64" }]);
    const speech = await ai.experimental_generateSpeech({
      model: models.speechModel("auto") as unknown as Parameters<
        typeof ai.experimental_generateSpeech
      >[0]["model"],
      text: "Hi",
      voice: "v",
    });
    expect(Buffer.from(speech.audio.uint8Array).toString()).toBe("ID3Hiv");
    const heard = await ai.experimental_transcribe({
      model: models.transcriptionModel("auto") as unknown as Parameters<
        typeof ai.experimental_transcribe
      >[0]["model"],
      audio: Buffer.from("ID3 sound"),
    });
    expect(heard).toMatchObject({ text: "heard 12", language: "en", durationInSeconds: 1 });
    expect(heard.segments).toEqual([{ text: "heard", startSecond: 0, endSecond: 1 }]);
  });

  it("a kind that the provider does not answer is its NoSuchModelError", () => {
    const models = aiSdk(say("Hello"), { specification });
    for (const make of [models.embeddingModel, models.imageModel, models.rerankingModel])
      expect(() => make("m")).toThrow(
        expect.toSatisfy((error: unknown) => NoSuchModelError.isInstance(error)),
      );
  });
});

describe("AI SDK 6", () => {
  it("ToolLoopAgent: generate and stream", async () => {
    const agent = (provider: ChatProvider) =>
      new ai6.ToolLoopAgent({
        model: aiSdk(provider, { specification: "v3" })("auto"),
        instructions: "Be brief",
        tools: {
          weather: ai6.tool({
            inputSchema: z.object({ city: z.string() }),
            execute: () => "22",
          }),
        },
      });
    const provider = looksUp();
    expect((await agent(provider).generate({ prompt: "Weather?" })).text).toBe("22 degrees");
    expect(provider.requests[0]?.messages[0]).toEqual({ role: "system", content: "Be brief" });
    const streamed = await agent(looksUp()).stream({ prompt: "Weather?" });
    await streamed.consumeStream();
    expect(await streamed.text).toBe("22 degrees");
  });

  it("rerank", async () => {
    const reranker = scripted({
      name: "ranks",
      kinds: ["rerank"],
      replies: [
        {
          reply: {
            results: [
              { index: 1, score: 0.9 },
              { index: 0, score: 0.1 },
            ],
          },
        },
      ],
    });
    const { ranking, rerankedDocuments } = await ai6.rerank({
      model: aiSdk(reranker, { specification: "v3" }).rerankingModel("auto"),
      documents: ["snow", "sun"],
      query: "warm",
      topN: 2,
    });
    expect(ranking.map(({ originalIndex, score }) => [originalIndex, score])).toEqual([
      [1, 0.9],
      [0, 0.1],
    ]);
    expect(rerankedDocuments).toEqual(["sun", "snow"]);
  });

  it("a provider registry", async () => {
    const registry = ai6.createProviderRegistry({ mine: aiSdk(say("Hello"), { specification: "v3" }) });
    const { text } = await ai6.generateText({ model: registry.languageModel("mine:auto"), prompt: "Hi" });
    expect(text).toBe("Hello");
  });
});

describe("aiSdk", () => {
  it.each([
    ["an unknown option", { other: 1 }],
    ["an unknown version", { specification: "v1" }],
    ["restart, which no stream can do", { call: { midStream: "restart" } }],
  ])("refuses %s", (_, options) => {
    expect(() => aiSdk(say(""), options as never)).toThrow(expect.objectContaining({ code: "CONFIG_ERROR" }));
  });

  it("reads no more of the provider than its reader asks for", async () => {
    let made = 0;
    const endless = defineChatProvider({
      name: "endless",
      async *stream() {
        for (; made < 100_000; made++) yield "x";
      },
    });
    const { stream } = await aiSdk(endless)("m").doStream({
      prompt: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
    });
    const reader = stream.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(made).toBeLessThan(2_000);
    await reader.cancel();
  });

  it("ends the provider's call once its stream is cancelled", async () => {
    const provider = scripted({ name: "slow", replies: [{ text: ["a", "b"], silent: true }] });
    const { stream } = await aiSdk(provider)("m").doStream({
      prompt: [{ role: "user", content: [{ type: "text", text: "Hi" }] }],
    });
    await stream.cancel();
    await expect.poll(() => provider.aborted).toBe(1);
  });
});
