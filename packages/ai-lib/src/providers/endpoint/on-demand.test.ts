import { describe, expect, it, vi } from "vitest";
import type { ClientHalf } from "../../core/contract/dialect.js";
import type { TransportRequest, TransportSink } from "../../core/contract/transport.js";
import type { ChatRequest } from "../../core/values/chat-request.js";

// Other tests load the `client` of a dialect, which has at once what `chat` loads on demand: here every module is new, and no
// `client` is imported but at the end of a test.
vi.resetModules();
const { NotLoaded } = await import("../../core/errors/on-demand.js");
const { chat: anthropicMessages } = await import("../../dialects/anthropic-messages/client/chat.js");
const { chat: bedrockConverse } = await import("../../dialects/bedrock-converse/client/chat.js");
const { chat: cohereChat } = await import("../../dialects/cohere-chat/client/chat.js");
const { chat: gemini } = await import("../../dialects/gemini/client/chat.js");
const { chat: mistralChat } = await import("../../dialects/mistral-chat/client/chat.js");
const { chat: ollamaChat } = await import("../../dialects/ollama-chat/client/chat.js");
const { chat } = await import("../../dialects/openai-chat/client/chat.js");
const { chat: openaiResponses } = await import("../../dialects/openai-responses/client/chat.js");
const { endpoint } = await import("./lean.js");

const DATA = {
  id: "labs",
  baseUrl: "https://llm.labs.example/v1",
  model: "m",
  auth: { style: "none" },
} as const;
const ASKED: ChatRequest = {
  messages: [
    { role: "user", content: [{ type: "image", data: "iVBORw0KGgo=", mediaType: "image/png" }] },
    { role: "assistant", content: [{ type: "tool-call", id: "a", name: "look", arguments: { at: "x" } }] },
    { role: "tool", content: [{ type: "tool-result", id: "a", name: "look", content: "a cat" }] },
  ],
  tools: [
    {
      type: "function",
      name: "look",
      parameters: { type: "object", properties: { at: { type: "string" } } },
    },
  ],
};

/** A transport that answers each request with the next of these bodies. */
function answering(sent: TransportRequest[], status: number, type: string, ...chunks: readonly string[]) {
  return {
    open(request: TransportRequest, sink: TransportSink) {
      sent.push(request);
      queueMicrotask(() => {
        sink.head(status, { "content-type": type });
        for (const chunk of chunks) sink.data(new TextEncoder().encode(chunk));
        sink.end();
      });
      return { pause() {}, resume() {}, abort: () => undefined };
    },
  };
}

const EVENTS = "text/event-stream";
const frame = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: "1", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

describe("a bundle of chats alone", () => {
  it("has all that a whole chat in texts needs", () => {
    const target = { provider: "labs", model: "m", quirks: {}, now: 0 };
    const messages = [
      { role: "system", content: "Be brief" },
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello" },
      { role: "user", content: "Bye" },
    ] as const;
    chat.encode({ messages, temperature: 0.5, maxTokens: 9, stop: ["."] }, "stream", target);
    const body = JSON.stringify({
      choices: [{ index: 0, message: { content: "Bye" }, finish_reason: "stop" }],
    });
    const { content } = chat.decode({ status: 200, headers: {}, body }, target);
    expect(content).toEqual([{ type: "text", text: "Bye" }]);
    // The rest is not there yet.
    expect(() => chat.encode(ASKED, "unary", target)).toThrow(NotLoaded);
    expect(() => chat.error({ status: 500, headers: {}, body: "" }, target)).toThrow(NotLoaded);
    expect(() => chat.decoder(target, { event() {}, finish() {}, fail() {} })).toThrow(NotLoaded);
  });

  it.each<readonly [string, object, object]>([
    ["a call", { tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: "{}" } }] }, {}],
    ["a call in the form before tools", { function_call: { name: "f", arguments: "{}" } }, {}],
    ["a source", { annotations: [{ url_citation: { url: "https://a.example" } }] }, {}],
    ["an image", { images: [{ image_url: { url: "data:image/png;base64,iVBO" } }] }, {}],
    ["sound", { audio: { id: "a", data: "AAAA" } }, {}],
    ["a tool that the provider ran", { executed_tools: [{ index: 0, type: "search" }] }, {}],
    ["state of a text", { content: "b", extra_content: { google: {} } }, {}],
    ["state of reasoning", { reasoning_details: [{ type: "reasoning.text", text: "b" }] }, {}],
    ["a list of parts", { content: [{ type: "text", text: "b" }] }, {}],
    ["log probabilities", { content: "b" }, { logprobs: { content: [{ token: "b", logprob: -1 }] } }],
    ["an error", {}, { finish_reason: "error" }],
  ])("reads nothing of a frame with %s before its code is there", async (_name, delta, rest) => {
    await chat.load?.("stream");
    const events: unknown[] = [];
    const note = (event: unknown) => events.push(event);
    const decoder = chat.decoder(
      { provider: "labs", model: "m", quirks: {}, now: 0 },
      { event: note, finish: note, fail: note },
    );
    decoder.frame({ data: frame({ content: "a" }).slice("data: ".length) });
    const before = events.length;
    const data = JSON.stringify({
      id: "1",
      choices: [{ index: 0, delta, ...rest }],
      usage: { prompt_tokens: 1 },
    });
    expect(() => decoder.frame({ data })).toThrow(NotLoaded);
    expect(events).toHaveLength(before);
  });

  it("loads the errors at the first one, in a stream too, and reads the frames that follow in order", async () => {
    const labs = endpoint(chat, DATA, {
      transport: answering(
        [],
        200,
        EVENTS,
        frame({ content: "a" }) + frame({ content: "b" }),
        // Bodies that may be errors, and are none.
        `data: {"error":"","choices":[{"index":0,"delta":{"content":"c"}}]}\n\n${frame({ content: "d" })}`,
        frame({ content: "e" }, "stop"),
        "data: [DONE]\n\n",
      ),
    });
    const stream = labs.stream({ messages: [{ role: "user", content: "Hi" }] });
    let text = "";
    for await (const piece of stream.text) text += piece;
    expect(text).toBe("abcde");
  });

  it("loads what reads calls at the first one, whole and streamed", async () => {
    const call = { id: "a", function: { name: "look", arguments: '{"at":"x"}' } };
    const called = { toolCalls: [{ id: "a", name: "look", arguments: { at: "x" } }], text: "b" };
    const hi = { messages: [{ role: "user", content: "Hi" }] } as const;
    const frames = [
      frame({ content: "b" }),
      frame({ tool_calls: [{ index: 0, ...call }] }) + frame({}, "tool_calls"),
      "data: [DONE]\n\n",
    ];
    const streaming = endpoint(chat, DATA, { transport: answering([], 200, EVENTS, ...frames) });
    expect(await streaming.stream(hi).response()).toMatchObject(called);
    const message = { content: "b", tool_calls: [call] };
    const body = JSON.stringify({ choices: [{ index: 0, message, finish_reason: "tool_calls" }] });
    const whole = endpoint(chat, DATA, { transport: answering([], 200, "application/json", body) });
    expect(await whole.chat(hi)).toMatchObject(called);
  });

  it("classifies an error within a stream and one by its status", async () => {
    const failing = answering(
      [],
      200,
      EVENTS,
      frame({ content: "a" }),
      'data: {"error":{"message":"Slow down","code":"rate_limit_exceeded"}}\n\n',
    );
    const hi = { messages: [{ role: "user", content: "Hi" }] } as const;
    await expect(endpoint(chat, DATA, { transport: failing }).stream(hi).response()).rejects.toMatchObject({
      code: "RATE_LIMIT",
      partial: { text: "a" },
    });
    const refusing = answering([], 401, "application/json", '{"error":{"message":"Bad key"}}');
    await expect(endpoint(chat, DATA, { transport: refusing }).chat(hi)).rejects.toMatchObject({
      code: "AUTH_FAILED",
      status: 401,
    });
  });

  it("loads the framing of a stream that is no event stream, and loses nothing of it", async () => {
    const line = (content: string, done: boolean): string =>
      `${JSON.stringify({ model: "m", message: { role: "assistant", content }, done, ...(done && { done_reason: "stop" }) })}\n`;
    const lines = answering(
      [],
      200,
      "application/x-ndjson",
      line("a", false),
      line("b", false) + line("c", false),
      line("", true),
    );
    const labs = endpoint(ollamaChat, DATA, { transport: lines });
    const { text } = await labs.stream({ messages: [{ role: "user", content: "Hi" }] }).response();
    expect(text).toBe("abc");
  });

  it.each([
    ["an unknown field", { models_path: "/m" }, {}],
    ["a field of a wrong type", { headFirst: 1 }, {}],
    ["an unknown quirk", {}, { quirks: { topk: true } }],
  ])("checks data with %s at the first call, and sends nothing", async (_name, data, options) => {
    const sent: TransportRequest[] = [];
    const given = { ...options, transport: answering(sent, 200, "application/json", "{}") } as never;
    const labs = endpoint(chat, { ...DATA, ...data } as never, given);
    const hi = { messages: [{ role: "user", content: "Hi" }] } as const;
    await expect(labs.chat(hi)).rejects.toMatchObject({ code: "CONFIG_ERROR" });
    await expect(labs.stream(hi).response()).rejects.toMatchObject({ code: "CONFIG_ERROR" });
    expect(sent).toEqual([]);
  });

  it("throws for a wrong type that it cannot begin with", () => {
    expect(() => endpoint(chat, { ...DATA, headers: { a: 1 } } as never)).toThrow(
      /A setting of "labs" has a wrong type/,
    );
  });

  it("refuses what no provider could take, whole and streamed", async () => {
    const labs = endpoint(chat, DATA, { transport: answering([], 200, EVENTS) });
    const wrong = { messages: [{ role: "user", content: "Hi" }], max_tokens: 9 } as never;
    const refusal = { code: "INVALID_REQUEST", message: expect.stringContaining("use `maxTokens`") };
    await expect(labs.stream(wrong).response()).rejects.toMatchObject(refusal);
    await expect(labs.chat(wrong)).rejects.toMatchObject(refusal);
  });

  const halves: readonly (readonly [string, ClientHalf, () => Promise<{ readonly client: ClientHalf }>])[] = [
    ["openai-chat", chat, () => import("../../dialects/openai-chat/client/index.js")],
    ["openai-responses", openaiResponses, () => import("../../dialects/openai-responses/client/index.js")],
    [
      "anthropic-messages",
      anthropicMessages,
      () => import("../../dialects/anthropic-messages/client/index.js"),
    ],
    ["gemini", gemini, () => import("../../dialects/gemini/client/index.js")],
    ["mistral-chat", mistralChat, () => import("../../dialects/mistral-chat/client/index.js")],
    ["cohere-chat", cohereChat, () => import("../../dialects/cohere-chat/client/index.js")],
    ["bedrock-converse", bedrockConverse, () => import("../../dialects/bedrock-converse/client/index.js")],
    ["ollama-chat", ollamaChat, () => import("../../dialects/ollama-chat/client/index.js")],
  ];
  it.each(halves)("sends tools and media in %s as the whole half does", async (_id, half, whole) => {
    const sent: TransportRequest[] = [];
    const labs = endpoint(half, DATA, { transport: answering(sent, 500, "application/json", "{}") });
    await expect(labs.chat(ASKED, { maxAttempts: 1 })).rejects.toMatchObject({ code: "PROVIDER_ERROR" });
    const { client } = await whole();
    const { http } = client.encode({ ...ASKED, model: "m" }, "unary", {
      provider: "labs",
      model: "m",
      quirks: {},
      now: 0,
    });
    expect(sent[0]?.body).toEqual(http.body);
  });
});
