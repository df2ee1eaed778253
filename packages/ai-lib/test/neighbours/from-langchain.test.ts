import { BaseChatModel, type BindToolsInput } from "@langchain/core/language_models/chat_models";
import { AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { ChatGenerationChunk, type ChatResult } from "@langchain/core/outputs";
import { FakeEmbeddings } from "@langchain/core/utils/testing";
import { expect, it } from "vitest";
import { failover } from "../../src/index.js";
import { ChatAiLib, fromLangChain } from "../../src/interop/langchain/index.js";
import { scripted } from "../../src/testing/index.js";

const REQUEST = { messages: [{ role: "user", content: "Hi" }] } as const;

/** A model of LangChain that streams the given chunks, or throws. */
class Theirs extends BaseChatModel {
  readonly asked: BaseMessage[][] = [];
  tools: BindToolsInput[] | undefined;

  constructor(private readonly chunks: readonly (AIMessageChunk | Error)[]) {
    super({});
  }

  _llmType(): string {
    return "theirs";
  }

  override bindTools(tools: BindToolsInput[], kwargs?: object) {
    this.tools = tools;
    return this.withConfig(kwargs ?? {}) as never;
  }

  async _generate(): Promise<ChatResult> {
    throw new Error("not asked for");
  }

  override async *_streamResponseChunks(messages: BaseMessage[]) {
    this.asked.push(messages);
    for (const chunk of this.chunks) {
      if (chunk instanceof Error) throw chunk;
      yield new ChatGenerationChunk({ text: "", message: chunk });
    }
  }
}

const LAST = new AIMessageChunk({
  content: "",
  response_metadata: { finish_reason: "stop", model_name: "m-1" },
  usage_metadata: { input_tokens: 5, output_tokens: 2, total_tokens: 7 } as never,
});

it("answers, with its usage and its model", async () => {
  const theirs = new Theirs([new AIMessageChunk("Hel"), new AIMessageChunk("lo"), LAST]);
  const response = await fromLangChain({ chat: theirs }, { name: "theirs" }).stream(REQUEST).response();
  expect(response).toMatchObject({
    text: "Hello",
    model: "m-1",
    usage: { inputTokens: 5, outputTokens: 2 },
    finishReason: "stop",
  });
});

it("is cut where its stream ends without a reason, and another provider answers", async () => {
  const cut = fromLangChain({ chat: new Theirs([new AIMessageChunk("Hel")]) }, { name: "theirs" });
  await expect(cut.stream(REQUEST).response()).rejects.toMatchObject({ code: "STREAM_TRUNCATED" });
  const chain = failover([
    fromLangChain({ chat: new Theirs([]) }, { name: "theirs" }),
    scripted({ name: "second", replies: [{ text: "mine" }] }),
  ]);
  expect((await chain.chat(REQUEST)).text).toBe("mine");
  const patient = fromLangChain(
    { chat: new Theirs([new AIMessageChunk("Hi")]) },
    { name: "t", unknownEnd: "finished" },
  );
  expect((await patient.chat(REQUEST)).text).toBe("Hi");
});

it("reasons, calls tools in pieces, and takes their results", async () => {
  const call = (fields: object) =>
    new AIMessageChunk({ content: "", tool_call_chunks: [{ type: "tool_call_chunk", index: 0, ...fields }] });
  const theirs = new Theirs([
    new AIMessageChunk({ content: [{ type: "reasoning", reasoning: "Look it up" }] }),
    call({ id: "c1", name: "weather", args: "" }),
    call({ args: '{"city":' }),
    call({ args: '"Bern"}' }),
    LAST,
  ]);
  const provider = fromLangChain({ chat: theirs }, { name: "theirs" });
  const tools = [{ type: "function", name: "weather", parameters: { type: "object" } }] as const;
  const response = await provider.chat({ ...REQUEST, tools });
  expect(response).toMatchObject({
    finishReason: "tool-calls",
    reasoningText: "Look it up",
    toolCalls: [{ id: "c1", arguments: { city: "Bern" } }],
  });
  expect(theirs.tools).toMatchObject([{ type: "function", function: { name: "weather" } }]);
  const result = { type: "tool-result", id: "c1", name: "weather", content: "22" } as const;
  await provider.chat({
    messages: [...REQUEST.messages, response.message, { role: "tool", content: [result] }],
  });
  expect(theirs.asked[1]).toMatchObject([
    { content: "Hi" },
    { tool_calls: [{ id: "c1", name: "weather", args: { city: "Bern" } }] },
    { tool_call_id: "c1", content: "22", status: "success" },
  ]);
});

it.each([
  [Object.assign(new Error("slow down"), { status: 429 }), "RATE_LIMIT"],
  [Object.assign(new Error("no"), { status: 401 }), "AUTH_FAILED"],
  [new Error("This model's maximum context length is 10 tokens"), "CONTEXT_TOO_LONG"],
  [new Error("strange"), "PROVIDER_ERROR"],
])("classifies %s", async (error, code) => {
  const provider = fromLangChain({ chat: new Theirs([error]) }, { name: "theirs" });
  await expect(provider.chat(REQUEST, { maxRepeats: 0 })).rejects.toMatchObject({ code });
});

it("warns of what a call of LangChain cannot say", async () => {
  const provider = fromLangChain({ chat: new Theirs([new AIMessageChunk("a"), LAST]) }, { name: "theirs" });
  const { warnings } = await provider.chat({ ...REQUEST, temperature: 1 });
  expect(warnings).toMatchObject([{ code: "unsupported", field: "temperature" }]);
});

it("embeds", async () => {
  const provider = fromLangChain({ embed: new FakeEmbeddings() }, { name: "theirs" });
  expect(provider.kinds()).toEqual(new Set(["embed"]));
  expect((await provider.embed({ inputs: ["a", "b"] })).embeddings).toHaveLength(2);
  expect((await provider.embed({ inputs: ["a"], purpose: "query" })).dimensions).toBe(4);
});

it("goes around: a provider as a model of LangChain as a provider", async () => {
  const inner = scripted({
    name: "inner",
    replies: [{ text: ["Hel", "lo"] }, { error: { code: "QUOTA_EXHAUSTED", message: "no" } }],
  });
  const around = fromLangChain({ chat: new ChatAiLib({ provider: inner }) }, { name: "around" });
  expect((await around.chat(REQUEST)).text).toBe("Hello");
  await expect(around.chat(REQUEST)).rejects.toMatchObject({ code: "QUOTA_EXHAUSTED" });
});

it.each([
  ["no model", {}, { name: "x" }],
  ["an unknown option", { embed: new FakeEmbeddings() }, { name: "x", other: 1 }],
])("refuses %s", (_, models, options) => {
  expect(() => fromLangChain(models, options as never)).toThrow(
    expect.objectContaining({ code: "CONFIG_ERROR" }),
  );
});
