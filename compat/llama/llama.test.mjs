// Tests a server of llama.cpp with a model of 300 KB: 8 calls each of chat, stream, tools, schema and abort, without
// repeats.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { AiClient, provider } from "ai-lib";
import { ANSWER, tinyGguf } from "../../scripts/tiny-gguf.mjs";
import { llamaServer, startLlamaServer, startOwnServer } from "./servers.mjs";

const folder = mkdtempSync(join(tmpdir(), "ai-lib-llama-"));
const modelPath = join(folder, "tiny.gguf");
writeFileSync(modelPath, tinyGguf());
const binary = llamaServer();
const server =
  binary === undefined ? await startOwnServer(modelPath) : await startLlamaServer(binary, modelPath);
console.log(`# served by ${server.name}`);
after(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const client = new AiClient(provider("llamacpp", { baseUrl: server.baseUrl }));
const CALL = { maxAttempts: 1 };
const ASKED = { messages: [{ role: "user", content: "What do you say?" }], maxTokens: 60 };
const WEATHER = {
  type: "function",
  name: "weather",
  description: "The weather of a city",
  parameters: {
    type: "object",
    properties: { city: { type: "string" }, days: { type: "integer" } },
    required: ["city", "days"],
    additionalProperties: false,
  },
};
const OTHER = { ...WEATHER, name: "other" };
const LONG = { ...ASKED, maxTokens: 300 };

/** One test of eight calls, one after the other. */
function eight(name, call) {
  test(`${name}: 8 of 8`, { timeout: 300_000 }, async () => {
    for (let seed = 1; seed <= 8; seed += 1) await call(seed);
  });
}

eight("chat", async (seed) => {
  const { text, finishReason, usage } = await client.chat({ ...ASKED, seed }, CALL);
  assert.equal(text, ANSWER);
  assert.equal(finishReason, "stop");
  assert.ok(usage.inputTokens > 0 && usage.outputTokens > 0);
});

eight("stream", async (seed) => {
  const stream = client.stream({ ...ASKED, seed }, CALL);
  const deltas = [];
  for await (const event of stream) if (event.type === "text-delta") deltas.push(event.text);
  assert.equal(deltas.join(""), ANSWER);
  assert.ok(deltas.length > 1);
  assert.equal((await stream.response()).finishReason, "stop");
});

eight("tools", async (seed) => {
  // In turn: any tool and a named one, whole and streamed.
  const toolChoice = seed % 2 === 0 ? "required" : { name: "weather" };
  const request = { ...LONG, seed, tools: [OTHER, WEATHER], toolChoice };
  const response = await (seed % 4 < 2
    ? client.chat(request, CALL)
    : client.stream(request, CALL).response());
  const [call] = response.toolCalls;
  assert.equal(response.finishReason, "tool-calls");
  assert.ok(toolChoice === "required" ? ["weather", "other"].includes(call.name) : call.name === "weather");
  assert.equal(typeof call.arguments.city, "string");
  assert.ok(Number.isInteger(call.arguments.days));
  // The loop continues: the result is sent back, and the model answers.
  const result = { role: "tool", content: [{ type: "tool-result", id: call.id, content: "sunny" }] };
  const messages = [...ASKED.messages, response.message, result];
  assert.equal((await client.chat({ ...ASKED, messages, tools: [OTHER, WEATHER] }, CALL)).text, ANSWER);
});

eight("schema", async (seed) => {
  const schema = WEATHER.parameters;
  const { object } = await client.object(schema, { ...LONG, seed }, CALL);
  assert.equal(typeof object.city, "string");
  assert.ok(Number.isInteger(object.days));
});

eight("abort", async (seed) => {
  const aborter = new AbortController();
  // A text that does not end: a grammar keeps the model from ending it.
  const words = {
    type: "object",
    properties: { words: { type: "array", items: { type: "string" }, minItems: 300 } },
    required: ["words"],
  };
  const request = {
    ...ASKED,
    seed,
    maxTokens: 3_000,
    responseFormat: { type: "json-schema", schema: words },
  };
  const stream = client.stream(request, { ...CALL, signal: aborter.signal });
  let error;
  try {
    for await (const event of stream) if (event.type === "text-delta") aborter.abort();
  } catch (thrown) {
    error = thrown;
  }
  assert.equal(error?.code, "CANCELLED");
  // The server is free again after the abort.
  assert.equal((await client.chat(ASKED, CALL)).text, ANSWER);
});
