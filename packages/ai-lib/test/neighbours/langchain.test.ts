import type { ChatModelStreamEvent } from "@langchain/core/language_models/event";
import {
  AIMessage,
  AIMessageChunk,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type ChatEvent, defineChatProvider, failover } from "../../src/index.js";
import { AiLibEmbeddings, AiLibReranker, ChatAiLib } from "../../src/interop/langchain/index.js";
import { scripted } from "../../src/testing/index.js";

const USAGE = { inputTokens: 10, outputTokens: 4, cachedInputTokens: 3, reasoningTokens: 1 };
const USED = {
  input_tokens: 10,
  output_tokens: 4,
  total_tokens: 14,
  input_token_details: { cache_read: 3 },
  output_token_details: { reasoning: 1 },
};
const say = (text: string | readonly string[]) =>
  scripted({ name: "mine", replies: [{ text, usage: USAGE }] });
const model = (provider: ConstructorParameters<typeof ChatAiLib>[0]["provider"]) =>
  new ChatAiLib({ provider });

/** Signed thinking, then a call of the tool. */
const THINKING: readonly ChatEvent[] = [
  { type: "part-start", index: 0, part: { type: "reasoning" } },
  { type: "reasoning-delta", index: 0, text: "Look " },
  { type: "reasoning-delta", index: 0, text: "it up" },
  { type: "part-end", index: 0, origin: { family: "anthropic", data: { signature: "s1" } } },
  { type: "part-start", index: 1, part: { type: "text" } },
  { type: "text-delta", index: 1, text: "One " },
  { type: "text-delta", index: 1, text: "moment" },
  { type: "part-end", index: 1 },
  { type: "part-start", index: 2, part: { type: "tool-call", id: "c1", name: "weather" } },
  { type: "tool-call-delta", index: 2, text: '{"city":' },
  { type: "tool-call-delta", index: 2, text: '"Bern"}' },
  { type: "part-end", index: 2 },
];

const looksUp = () =>
  scripted({
    name: "mine",
    replies: [{ events: THINKING, finishReason: "tool-calls", usage: USAGE }, { text: "22 degrees" }],
  });

const weather = tool(({ city }: { city: string }) => `22 in ${city}`, {
  name: "weather",
  description: "The weather",
  schema: z.object({ city: z.string() }),
});

const TURN = {
  role: "assistant",
  content: [
    { type: "reasoning", text: "Look it up", origin: { family: "anthropic", data: { signature: "s1" } } },
    { type: "text", text: "One moment" },
    { type: "tool-call", id: "c1", name: "weather", arguments: { city: "Bern" } },
  ],
};

/** Each way in which a model of LangChain is asked, with what it must return. */
describe("LangChain 1: BaseChatModel", () => {
  it("invoke: text, usage, finish reason, model, cost and attempts", async () => {
    const message = await new ChatAiLib({ provider: say("Hello"), model: "m1" }).invoke("Hi");
    expect(message).toBeInstanceOf(AIMessage);
    expect(message.text).toBe("Hello");
    expect(message.usage_metadata).toEqual(USED);
    expect(message.response_metadata).toMatchObject({
      finish_reason: "stop",
      model_name: "m1",
      ai_lib: { provider: "mine", attempts: 1 },
    });
  });

  it("stream: chunks that add up to the message", async () => {
    const chunks: AIMessageChunk[] = [];
    for await (const chunk of await model(say(["Hel", "lo"])).stream("Hi")) chunks.push(chunk);
    expect(chunks.map(({ text }) => text)).toEqual(["Hel", "lo", ""]);
    const whole = chunks.reduce((sum, chunk) => sum.concat(chunk));
    expect(whole).toBeInstanceOf(AIMessageChunk);
    expect(whole.content).toBe("Hello");
    expect(whole.usage_metadata).toEqual(USED);
    expect(whole.response_metadata["finish_reason"]).toBe("stop");
  });

  it("streamEvents without a version: the newest protocol, block by block", async () => {
    const events: ChatModelStreamEvent[] = [];
    const stream = model(looksUp()).streamEvents("Weather?");
    for await (const event of stream) events.push(event);
    const types = events.map((event) =>
      event.event === "content-block-delta" ? event.delta.type : event.event.replace("content-block-", ""),
    );
    expect(types).toEqual([
      "message-start",
      "start",
      "reasoning-delta",
      "reasoning-delta",
      "finish",
      "start",
      "text-delta",
      "text-delta",
      "finish",
      "start",
      "tool-call-delta",
      "tool-call-delta",
      "finish",
      "message-finish",
    ]);
    expect(events.at(-2)).toMatchObject({
      content: { type: "tool_call", id: "c1", name: "weather", args: { city: "Bern" } },
    });
    expect(events.at(-1)).toMatchObject({ reason: "tool_use", usage: USED });
    expect(await stream.text).toBe("One moment");
    expect(await stream.reasoning).toBe("Look it up");
    expect(await stream.toolCalls).toMatchObject([{ name: "weather", args: { city: "Bern" } }]);
    expect(await stream.usage).toEqual(USED);
    const message = await stream;
    expect(message.tool_calls).toMatchObject([{ id: "c1", name: "weather" }]);
    expect(message.contentBlocks.map(({ type }) => type)).toEqual(["reasoning", "text", "tool_call"]);
  });

  it('streamEvents version "v2": events of runnables', async () => {
    const names = new Set<string>();
    for await (const { event } of model(say(["Hel", "lo"])).streamEvents("Hi", { version: "v2" }))
      names.add(event);
    expect([...names]).toEqual(["on_chat_model_start", "on_chat_model_stream", "on_chat_model_end"]);
  });

  it("batch and generate", async () => {
    const provider = say("Hello");
    const messages = await model(provider).batch(["a", "b"]);
    expect(messages.map(({ text }) => text)).toEqual(["Hello", "Hello"]);
    const { generations, llmOutput } = await model(provider).generate([[new HumanMessage("c")]]);
    expect(generations[0]?.[0]?.text).toBe("Hello");
    expect(llmOutput).toBeUndefined();
    expect(provider.calls).toBe(3);
  });

  it("callbacks: start, tokens, end with token counts, error", async () => {
    const seen: string[] = [];
    const callbacks = [
      {
        handleChatModelStart: () => void seen.push("start"),
        handleLLMNewToken: (token: string) => void seen.push(token),
        handleLLMEnd: (output: object) =>
          void seen.push(
            JSON.stringify((output as { llmOutput: { tokenUsage: object } }).llmOutput.tokenUsage),
          ),
        handleLLMError: (error: Error) => void seen.push(error.name),
      },
    ];
    for await (const _ of await model(say(["Hel", "lo"])).stream("Hi", { callbacks })) void _;
    expect(seen).toEqual([
      "start",
      "Hel",
      "lo",
      "",
      '{"promptTokens":10,"completionTokens":4,"totalTokens":14}',
    ]);
    const down = scripted({
      name: "down",
      replies: [{ error: { code: "CONTENT_FILTERED", message: "no" } }],
    });
    await expect(model(down).invoke("Hi", { callbacks })).rejects.toMatchObject({ code: "CONTENT_FILTERED" });
    expect(seen.slice(-2)).toEqual(["start", "AiLibError"]);
  });

  it("bindTools: tools of LangChain, of OpenAI's and Anthropic's form, and of the provider", async () => {
    const provider = say("Hello");
    const parameters = { type: "object", properties: {} };
    await model(provider)
      .bindTools(
        [
          weather,
          { type: "function", function: { name: "a", parameters } },
          { name: "b", input_schema: parameters },
          { type: "provider", id: "anthropic/web_search_20250305" },
        ],
        { tool_choice: "any" },
      )
      .invoke("Hi");
    expect(provider.requests[0]).toMatchObject({
      toolChoice: "required",
      tools: [
        { type: "function", name: "weather", parameters: { properties: { city: { type: "string" } } } },
        { type: "function", name: "a" },
        { type: "function", name: "b" },
        { type: "provider", id: "anthropic/web_search_20250305" },
      ],
    });
  });

  it.each([
    ["auto", "auto"],
    ["none", "none"],
    ["weather", { name: "weather" }],
    [{ type: "function", function: { name: "weather" } }, { name: "weather" }],
    [{ type: "tool", name: "weather" }, { name: "weather" }],
  ])("tool_choice %j", async (given, expected) => {
    const provider = say("Hello");
    await model(provider).bindTools([weather], { tool_choice: given }).invoke("Hi");
    expect(provider.requests[0]?.toolChoice).toEqual(expected);
  });

  it.each(["invoke", "stream", "events"] as const)(
    "a loop of tools by %s; state of the provider comes back with the message",
    async (way) => {
      const provider = looksUp();
      const bound = model(provider).bindTools([weather]);
      const ask = new HumanMessage("Weather?");
      let answer: AIMessage | AIMessageChunk;
      if (way === "invoke") answer = await bound.invoke([ask]);
      else if (way === "events") answer = await model(provider).streamEvents([ask], { tools: [weather] });
      else {
        let sum: AIMessageChunk | undefined;
        for await (const chunk of await bound.stream([ask])) sum = sum?.concat(chunk) ?? chunk;
        answer = sum as AIMessageChunk;
      }
      expect(answer.tool_calls).toMatchObject([{ id: "c1", name: "weather", args: { city: "Bern" } }]);
      expect(answer.text).toBe("One moment");
      const [call] = answer.tool_calls ?? [];
      const result = (await weather.invoke({ ...call, type: "tool_call" } as never)) as ToolMessage;
      await bound.invoke([ask, answer, result]);
      expect(provider.requests[1]?.messages.slice(1)).toMatchObject([
        TURN,
        {
          role: "tool",
          content: [{ type: "tool-result", id: "c1", name: "weather", content: "22 in Bern" }],
        },
      ]);
    },
  );

  it("a turn that was edited has no state of the provider", async () => {
    const provider = looksUp();
    const answer = await model(provider).invoke("Weather?");
    const edited = new AIMessage({
      ...answer,
      content: "Other words",
      tool_calls: answer.tool_calls ?? [],
    } as never);
    await model(provider).invoke([new HumanMessage("Weather?"), edited]);
    expect(JSON.stringify(provider.requests[1])).not.toContain("s1");
    expect(provider.requests[1]?.messages[1]).toMatchObject({
      content: [
        { type: "text", text: "Other words" },
        { type: "tool-call", id: "c1" },
      ],
    });
  });

  it("calls whose arguments are no object are invalid_tool_calls", async () => {
    const events: ChatEvent[] = [
      { type: "part-start", index: 0, part: { type: "tool-call", id: "c1", name: "weather" } },
      { type: "tool-call-delta", index: 0, text: '{"city":' },
      { type: "part-end", index: 0 },
    ];
    const provider = scripted({ name: "mine", replies: [{ events, finishReason: "length" }] });
    const message = await model(provider).invoke("Hi");
    expect(message.tool_calls).toEqual([]);
    expect(message.invalid_tool_calls).toMatchObject([{ id: "c1", name: "weather", args: '{"city":' }]);
  });

  it.each(["jsonSchema", "functionCalling", "jsonMode"] as const)(
    "withStructuredOutput by %s, with and without the raw message",
    async (method) => {
      const schema = z.object({ city: z.string() });
      const call: ChatEvent[] = [
        { type: "part-start", index: 0, part: { type: "tool-call", id: "c1", name: "extract" } },
        { type: "tool-call-delta", index: 0, text: '{"city":"Bern"}' },
        { type: "part-end", index: 0 },
      ];
      const provider = scripted({
        name: "mine",
        replies: [
          method === "functionCalling"
            ? { events: call, finishReason: "tool-calls" }
            : { text: '{"city":"Bern"}' },
        ],
      });
      expect(await model(provider).withStructuredOutput(schema, { method }).invoke("Capital?")).toEqual({
        city: "Bern",
      });
      const raw = await model(provider)
        .withStructuredOutput(schema, { method, includeRaw: true })
        .invoke("Capital?");
      expect(raw).toMatchObject({ parsed: { city: "Bern" }, raw: expect.any(AIMessage) });
      const asked = provider.requests[0];
      if (method === "functionCalling") expect(asked?.tools).toMatchObject([{ name: "extract" }]);
      else if (method === "jsonMode") expect(asked?.responseFormat).toEqual({ type: "json" });
      else
        expect(asked?.responseFormat).toMatchObject({
          type: "json-schema",
          schema: { properties: { city: { type: "string" } } },
        });
    },
  );

  it("withStructuredOutput asks by a tool where the model is known to have no structured output", async () => {
    const provider = scripted({
      name: "mine",
      replies: [{ text: "no" }],
      facts: { structuredOutput: false },
    });
    const asked = model(provider).withStructuredOutput({ title: "place", type: "object", properties: {} });
    await expect(asked.invoke("Capital?")).rejects.toMatchObject({ code: "INVALID_RESPONSE" });
    expect(provider.requests[0]?.tools).toMatchObject([{ type: "function", name: "place" }]);
  });

  it("profile: what is known of the model", () => {
    const facts = {
      contextWindow: 128_000,
      maxOutputTokens: 4_096,
      input: ["text", "image"],
      tools: true,
    } as const;
    expect(model(scripted({ name: "mine", facts })).profile).toEqual({
      maxInputTokens: 128_000,
      maxOutputTokens: 4_096,
      imageInputs: true,
      audioInputs: false,
      videoInputs: false,
      pdfInputs: false,
      toolCalling: true,
      toolChoice: true,
    });
  });

  it("fields of the model and of a call; getLsParams and invocationParams", async () => {
    const provider = say("Hello");
    const chat = new ChatAiLib({
      provider,
      model: "m",
      temperature: 0.5,
      maxTokens: 9,
      request: { reasoning: { effort: "low" } },
    });
    await chat.invoke("Hi", { stop: ["END"], request: { cacheKey: "k" } });
    expect(provider.requests[0]).toMatchObject({
      model: "m",
      temperature: 0.5,
      maxTokens: 9,
      reasoning: { effort: "low" },
      cacheKey: "k",
      stop: ["END"],
    });
    expect(chat.getLsParams({})).toEqual({
      ls_provider: "ai-lib",
      ls_model_name: "m",
      ls_model_type: "chat",
      ls_temperature: 0.5,
      ls_max_tokens: 9,
    });
    expect(chat.invocationParams({ stop: ["END"] })).toMatchObject({ model: "m", stop: ["END"] });
    expect([chat._llmType(), chat._modelType()]).toEqual(["ai-lib", "base_chat_model"]);
  });

  it("messages of every role, with pictures and files in every form", async () => {
    const provider = say("Hello");
    const png = "iVBORw0KGgo=";
    await model(provider).invoke([
      new SystemMessage("Be brief"),
      new HumanMessage({
        content: [
          { type: "text", text: "Look", cache_control: { type: "ephemeral" } },
          { type: "image_url", image_url: { url: `data:image/png;base64,${png}`, detail: "low" } },
          { type: "image_url", image_url: "https://files.example/a.png" },
          { type: "image", source_type: "base64", data: png, mime_type: "image/png" },
          { type: "image", url: "https://files.example/b.png", mimeType: "image/png" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
          { type: "input_audio", input_audio: { data: "UklG", format: "wav" } },
          { type: "file", data: "JVBERi0x", mimeType: "application/pdf", metadata: { filename: "a.pdf" } },
        ],
      }),
      new AIMessage({
        content: "",
        tool_calls: ["c1", "c2"].map((id) => ({ id, name: "weather", args: { city: "Bern" } })),
      }),
      new ToolMessage({ content: "22", tool_call_id: "c1", name: "weather" }),
      new ToolMessage({ content: "no", tool_call_id: "c2", status: "error" }),
    ]);
    const inline = { type: "image", data: png, mediaType: "image/png" };
    expect(provider.requests[0]?.messages).toMatchObject([
      { role: "system", content: [{ text: "Be brief" }] },
      {
        role: "user",
        content: [
          { type: "text", text: "Look", cache: {} },
          { ...inline, detail: "low" },
          { type: "image", url: "https://files.example/a.png" },
          inline,
          { type: "image", url: "https://files.example/b.png" },
          inline,
          { type: "audio", data: "UklG", mediaType: "audio/wav" },
          { type: "file", data: "JVBERi0x", mediaType: "application/pdf", name: "a.pdf" },
        ],
      },
      { role: "assistant", content: [{ type: "tool-call", id: "c1" }, { id: "c2" }] },
      {
        role: "tool",
        content: [
          { id: "c1", content: "22" },
          { id: "c2", content: "no", isError: true },
        ],
      },
    ]);
  });

  it("pictures and citations of an answer are blocks", async () => {
    const events: ChatEvent[] = [
      { type: "part-start", index: 0, part: { type: "text" } },
      { type: "text-delta", index: 0, text: "Sun" },
      { type: "part-end", index: 0 },
      { type: "part", index: 1, part: { type: "source", url: "https://w.example", title: "W" } },
      { type: "part", index: 2, part: { type: "image", data: "iVBORw0KGgo=", mediaType: "image/png" } },
    ];
    const message = await model(scripted({ name: "mine", replies: [{ events }] })).invoke("Hi");
    expect(message.contentBlocks).toMatchObject([
      {
        type: "text",
        text: "Sun",
        annotations: [{ type: "citation", url: "https://w.example", title: "W" }],
      },
      { type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" },
    ]);
  });

  it('outputVersion "v1": content is standard blocks', async () => {
    const message = await new ChatAiLib({ provider: looksUp(), outputVersion: "v1" }).invoke("Hi");
    expect(message.content).toMatchObject([
      { type: "reasoning", reasoning: "Look it up" },
      { type: "text", text: "One moment" },
      { type: "tool_call", id: "c1" },
    ]);
  });

  it("errors have LangChain's codes, and LangChain repeats nothing", async () => {
    const failing = (code: "CONTEXT_TOO_LONG" | "RATE_LIMIT") =>
      scripted({ name: "down", replies: [{ error: { code, message: "no" } }] });
    const long = failing("CONTEXT_TOO_LONG");
    for (const ask of [
      () => model(long).invoke("Hi"),
      async () => {
        for await (const _ of await model(long).stream("Hi")) void _;
      },
      () => model(long).streamEvents("Hi").text,
    ])
      await expect(ask()).rejects.toMatchObject({
        name: "ContextOverflowError",
        cause: { code: "CONTEXT_TOO_LONG" },
      });
    expect(long.calls).toBe(3);
    const limited = new ChatAiLib({ provider: failing("RATE_LIMIT"), call: { maxRepeats: 0 } });
    await expect(limited.invoke("Hi")).rejects.toMatchObject({
      code: "RATE_LIMIT",
      lc_error_code: "MODEL_RATE_LIMIT",
    });
  });

  it("an abort ends the provider's call: invoke, stream, and a loop that is left", async () => {
    const slow = () => scripted({ name: "slow", replies: [{ text: ["a"], silent: true }] });
    const whole = slow();
    const abort = new AbortController();
    const done = model(whole)
      .invoke("Hi", { signal: abort.signal })
      .catch((error: Error) => error);
    await expect.poll(() => whole.running).toBe(1);
    abort.abort();
    expect(await done).toBeInstanceOf(Error);
    await expect.poll(() => whole.aborted).toBe(1);
    const left = slow();
    for await (const chunk of await model(left).stream("Hi")) if (chunk.text === "a") break;
    await expect.poll(() => left.aborted).toBe(1);
  });

  it("a failover behind it, in a chain of runnables", async () => {
    const down = scripted({ name: "down", replies: [{ error: { code: "OVERLOADED", message: "no" } }] });
    const chain = ChatPromptTemplate.fromMessages([["human", "Hello {name}"]])
      .pipe(model(failover([down, say("Good evening")])))
      .pipe(new StringOutputParser());
    expect(await chain.invoke({ name: "you" })).toBe("Good evening");
  });
});

describe("LangChain 1: Embeddings", () => {
  const asked: unknown[] = [];
  const vectors = defineChatProvider({
    name: "vectors",
    kinds: {
      embed: (request) => {
        asked.push(request);
        return { embeddings: request.inputs.map((input) => [String(input).length]) };
      },
    },
  });

  it("embedDocuments and embedQuery", async () => {
    const embeddings = new AiLibEmbeddings({ provider: vectors, model: "e", dimensions: 1 });
    expect(await embeddings.embedDocuments(["a", "bc"])).toEqual([[1], [2]]);
    expect(await embeddings.embedQuery("abc")).toEqual([3]);
    expect(await embeddings.embedDocuments([])).toEqual([]);
    expect(asked).toMatchObject([
      { model: "e", dimensions: 1, purpose: "document" },
      { model: "e", purpose: "query" },
    ]);
  });

  it("errors are those of ai-lib", async () => {
    const down = scripted({
      name: "down",
      kinds: ["embed"],
      replies: [{ error: { code: "AUTH_FAILED", message: "no" } }],
    });
    await expect(new AiLibEmbeddings({ provider: down }).embedQuery("a")).rejects.toMatchObject({
      code: "AUTH_FAILED",
      lc_error_code: "MODEL_AUTHENTICATION",
    });
  });
});

describe("LangChain 1: reranker", () => {
  it("compressDocuments and rerank", async () => {
    const ranks = defineChatProvider({
      name: "ranks",
      kinds: {
        rerank: ({ documents }) => ({
          results: documents.map((_, i) => ({ index: documents.length - 1 - i, score: 1 - i / 10 })),
        }),
      },
    });
    const reranker = new AiLibReranker({ provider: ranks });
    const documents = ["snow", "sun"].map((pageContent) => ({
      pageContent,
      metadata: { from: pageContent },
    }));
    expect(await reranker.compressDocuments(documents, "warm")).toEqual([
      { pageContent: "sun", metadata: { from: "sun", relevanceScore: 1 } },
      { pageContent: "snow", metadata: { from: "snow", relevanceScore: 0.9 } },
    ]);
    expect(await reranker.rerank([], "warm")).toEqual([]);
  });
});
