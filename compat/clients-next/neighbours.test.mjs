// Tests ai-lib with AI SDK 7 and OpenAI's SDK 7, which need Node 22: run it with the Node of this folder.
import assert from "node:assert/strict";
import { it } from "node:test";
import { createOpenAI } from "@ai-sdk/openai";
import * as ai from "ai";
import { failover } from "ai-lib";
import { aiSdk, fromAiSdk } from "ai-lib/ai-sdk";
import { aiFetch } from "ai-lib/fetch";
import { scripted } from "ai-lib/testing";
import OpenAI from "openai";
import { z } from "zod";

globalThis.AI_SDK_LOG_WARNINGS = false;
const usage = { inputTokens: 10, outputTokens: 4 };
const say = (text) => scripted({ name: "mine", replies: [{ text, usage }] });
const failing = (code) => scripted({ name: "down", replies: [{ error: { code, message: "no" } }] });
const messages = [{ role: "user", content: "Hi" }];

it("AI SDK 7: generateText and streamText over a failover", async () => {
  const model = aiSdk(failover([failing("OVERLOADED"), say(["Hel", "lo"])]))("auto");
  const { text, usage: used } = await ai.generateText({ model, prompt: "Hi" });
  assert.deepEqual([text, used.inputTokens, used.outputTokens], ["Hello", 10, 4]);
  const pieces = [];
  for await (const piece of ai.streamText({ model, prompt: "Hi" }).textStream) pieces.push(piece);
  assert.deepEqual(pieces, ["Hel", "lo"]);
});

it("AI SDK 7: ToolLoopAgent", async () => {
  const events = [
    { type: "part-start", index: 0, part: { type: "tool-call", id: "c1", name: "weather" } },
    { type: "tool-call-delta", index: 0, text: '{"city":"Bern"}' },
    { type: "part-end", index: 0 },
  ];
  const provider = scripted({
    name: "mine",
    replies: [{ events, finishReason: "tool-calls" }, { text: "22" }],
  });
  const weather = ai.tool({ inputSchema: z.object({ city: z.string() }), execute: () => "22" });
  const agent = new ai.ToolLoopAgent({ model: aiSdk(provider)("auto"), tools: { weather } });
  assert.equal((await agent.generate({ prompt: "Weather?" })).text, "22");
});

it("AI SDK 7: structured output", async () => {
  const output = ai.Output.object({ schema: z.object({ city: z.string() }) });
  const result = await ai.generateText({
    model: aiSdk(say('{"city":"Bern"}'))("auto"),
    prompt: "Capital?",
    output,
  });
  assert.deepEqual(result.output, { city: "Bern" });
});

it("AI SDK 7: errors are its own and are not retried", async () => {
  const provider = failing("CONTEXT_TOO_LONG");
  const error = await ai
    .generateText({ model: aiSdk(provider)("auto"), prompt: "Hi", maxRetries: 4 })
    .catch((thrown) => thrown);
  assert.deepEqual([ai.APICallError.isInstance(error), error.isRetryable, provider.calls], [true, false, 1]);
});

it("AI SDK 7: embedMany, rerank and generateImage", async () => {
  const replies = {
    embed: {
      embeddings: [
        [1, 2],
        [3, 4],
      ],
    },
    rerank: {
      results: [
        { index: 1, score: 0.9 },
        { index: 0, score: 0.1 },
      ],
    },
    image: { images: [{ data: "iVBORw0KGgo=" }] },
  };
  const kinds = Object.keys(replies);
  const models = aiSdk(
    scripted({ name: "mine", kinds, replies: (_, { kind }) => ({ reply: replies[kind] }) }),
  );
  const { embeddings } = await ai.embedMany({ model: models.embeddingModel("auto"), values: ["a", "b"] });
  assert.deepEqual(embeddings, replies.embed.embeddings);
  const ranked = await ai.rerank({ model: models.rerankingModel("auto"), documents: ["a", "b"], query: "q" });
  assert.deepEqual(ranked.rerankedDocuments, ["b", "a"]);
  const { image } = await ai.generateImage({ model: models.imageModel("auto"), prompt: "a dot" });
  assert.equal(image.mediaType, "image/png");
});

it("a model of specification v4 over aiFetch, and a provider of it", async () => {
  const model = createOpenAI({ apiKey: "k", fetch: aiFetch(say("Hello")) }).chat("m");
  assert.equal(model.specificationVersion, "v4");
  assert.equal((await ai.generateText({ model, prompt: "Hi" })).text, "Hello");
  assert.equal((await fromAiSdk(model).stream({ messages }).response()).text, "Hello");
});

it("openai 7 over aiFetch", async () => {
  const openai = new OpenAI({ apiKey: "k", fetch: aiFetch(say("Hello")) });
  const { choices } = await openai.chat.completions.create({ model: "m", messages });
  assert.equal(choices[0].message.content, "Hello");
});
