// Tests a model of 300 KB in this process: chat, streams, tools, objects, embeddings, aborts, several calls, limits.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { ANSWER, tinyGguf } from "../../scripts/tiny-gguf.mjs";

// A copy, not a link, so that the library finds the packages of this folder.
const own = new URL("node_modules/ai-lib/", import.meta.url);
rmSync(own, { recursive: true, force: true });
for (const part of ["dist", "package.json"])
  cpSync(new URL(`../../packages/ai-lib/${part}`, import.meta.url), new URL(part, own), { recursive: true });
const { AiClient, AiLibError, failover } = await import("ai-lib");
const { localModel } = await import("ai-lib/local");

const folder = mkdtempSync(join(tmpdir(), "ai-lib-local-"));
const path = join(folder, "tiny.gguf");
writeFileSync(path, tinyGguf());
const SETTINGS = { threads: 1, gpu: false, contextSize: 1024 };
const local = localModel(path, { ...SETTINGS, sequences: 2 });
const client = new AiClient(local);
after(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

const ASKED = { messages: [{ role: "user", content: "What do you say?" }], maxTokens: 60 };
const WEATHER = {
  type: "function",
  name: "weather",
  description: "The weather of a city",
  parameters: {
    type: "object",
    properties: { city: { type: "string", maxLength: 8 }, days: { type: "integer" } },
    required: ["city"],
    additionalProperties: false,
  },
};

async function failure(promise) {
  try {
    await promise;
  } catch (error) {
    assert.ok(AiLibError.is(error), String(error));
    return error;
  }
  return assert.fail("no error was thrown");
}

test("chat", async () => {
  const { text, finishReason, usage, model, provider } = await client.chat(ASKED);
  assert.equal(text, ANSWER);
  assert.equal(finishReason, "stop");
  assert.ok(usage.inputTokens > 0 && usage.outputTokens > 0);
  assert.deepEqual([provider, model], ["local", "tiny"]);
});

test("an answer ends at `maxTokens`, at `stop`, and says so", async () => {
  const cut = await client.chat({ ...ASKED, maxTokens: 3 });
  assert.equal(cut.finishReason, "length");
  assert.ok(cut.text.length > 0 && ANSWER.startsWith(cut.text));
  const stopped = await client.chat({ ...ASKED, stop: ["model"] });
  assert.equal(stopped.finishReason, "stop");
  assert.ok(!stopped.text.includes("model") && ANSWER.startsWith(stopped.text));
});

test("stream", async () => {
  const stream = client.stream(ASKED);
  const types = [];
  let text = "";
  for await (const event of stream) {
    types.push(event.type);
    if (event.type === "text-delta") text += event.text;
  }
  assert.equal(text, ANSWER);
  assert.deepEqual(
    [types[0], types[1], types.at(-2), types.at(-1)],
    ["start", "part-start", "part-end", "finish"],
  );
  assert.ok(types.filter((type) => type === "text-delta").length > 1);
});

test("a forced tool: the arguments follow the schema, and the loop continues to an answer", async () => {
  for (const toolChoice of ["required", { name: "weather" }]) {
    const tools = [{ ...WEATHER, name: "other" }, WEATHER];
    const request = { ...ASKED, maxTokens: 300, tools, toolChoice };
    const response = await client.chat(request);
    const [call] = response.toolCalls;
    assert.equal(response.finishReason, "tool-calls");
    assert.equal(typeof call.arguments.city, "string");
    assert.ok(toolChoice === "required" || call.name === "weather");
    const result = { role: "tool", content: [{ type: "tool-result", id: call.id, content: "sunny" }] };
    const messages = [...ASKED.messages, response.message, result];
    const next = await client.chat({ ...ASKED, messages, tools });
    assert.ok(next.usage.inputTokens > response.usage.inputTokens);
  }
});

test("tools that the model may call do not keep it from an answer", async () => {
  const { text, finishReason } = await client.chat({ ...ASKED, tools: [WEATHER] });
  assert.equal(text, ANSWER);
  assert.equal(finishReason, "stop");
});

test("an object follows its schema, with optional and nested properties", async () => {
  const schema = {
    type: "object",
    properties: {
      name: { type: "string", maxLength: 6 },
      note: { type: "string", maxLength: 3 },
      tags: { type: "array", items: { enum: ["a", "b"] }, maxItems: 2 },
      place: { type: "object", properties: { floor: { type: "integer" } }, required: ["floor"] },
    },
    required: ["name", "tags", "place"],
  };
  const { object } = await client.object(schema, { ...ASKED, maxTokens: 400 });
  assert.equal(typeof object.name, "string");
  assert.ok(Array.isArray(object.tags) && object.tags.every((tag) => tag === "a" || tag === "b"));
  assert.ok(Number.isInteger(object.place.floor));
});

test("embeddings: equal texts have equal vectors, and a text without room is an error that says so", async () => {
  const { embeddings, dimensions, usage } = await client.embed(["sun", "sea", "sun"]);
  assert.ok(dimensions > 8);
  assert.deepEqual(embeddings[0], embeddings[2]);
  assert.notDeepEqual(embeddings[0], embeddings[1]);
  assert.ok(usage.inputTokens > 0);
  const long = "x".repeat(20_000);
  assert.equal((await failure(client.embed([long]))).code, "CONTEXT_TOO_LONG");
  assert.equal((await client.embed({ inputs: [long], truncate: "end" })).embeddings.length, 1);
});

test("several calls at the same time: two run, others wait, each gets its answer", async () => {
  const answers = await Promise.all(Array.from({ length: 6 }, () => client.chat(ASKED)));
  for (const { text } of answers) assert.equal(text, ANSWER);
});

test("an abort ends a call that runs and one that waits, and frees its place", async () => {
  const long = { ...ASKED, maxTokens: 900, responseFormat: { type: "json" } };
  const abort = new AbortController();
  const calls = Array.from({ length: 4 }, () => failure(client.chat(long, { signal: abort.signal })));
  setTimeout(() => abort.abort(), 50);
  for (const error of await Promise.all(calls)) assert.equal(error.code, "CANCELLED");
  assert.equal((await client.chat(ASKED)).text, ANSWER);
});

test("leaving a stream frees its place", async () => {
  for (let i = 0; i < 4; i++) {
    for await (const event of client.stream(ASKED)) if (event.type === "text-delta") break;
  }
  assert.equal((await client.chat(ASKED)).text, ANSWER);
});

test("a prompt without room is CONTEXT_TOO_LONG, and the answer ends where the context ends", async () => {
  const error = await failure(client.chat({ messages: [{ role: "user", content: "word ".repeat(2_000) }] }));
  assert.equal(error.code, "CONTEXT_TOO_LONG");
  assert.match(error.message, /1024/);
});

test("pictures are refused before anything is done, so that a failover continues", async () => {
  const picture = { type: "image", url: "https://example.com/a.png" };
  const error = await failure(client.chat({ messages: [{ role: "user", content: [picture] }] }));
  assert.equal(error.code, "UNSUPPORTED_FEATURE");
});

test("a missing file and a file that is not a model are errors that name it, and the next provider answers", async () => {
  const missing = localModel(join(folder, "none.gguf"), SETTINGS);
  assert.match((await failure(new AiClient(missing).chat(ASKED))).message, /none\.gguf" does not exist/);
  writeFileSync(join(folder, "broken.gguf"), "no model at all");
  const broken = localModel(join(folder, "broken.gguf"), { ...SETTINGS, name: "broken" });
  assert.equal((await failure(new AiClient(broken).chat(ASKED))).code, "MODEL_NOT_FOUND");
  const answer = await new AiClient(failover([missing, broken, local])).chat(ASKED);
  assert.deepEqual([answer.text, answer.attempts.length], [ANSWER, 3]);
});

test("it is a member of a failover like any other", async () => {
  const down = {
    name: "down",
    chat() {
      throw new Error("down");
    },
  };
  const { defineChatProvider } = await import("ai-lib");
  const answer = await new AiClient(failover([defineChatProvider(down), local])).chat(ASKED);
  assert.equal(answer.text, ANSWER);
  assert.equal(answer.provider, "local");
});

test("a closed model answers no more", async () => {
  const other = localModel(path, SETTINGS);
  const closing = new AiClient(other);
  assert.equal((await closing.chat(ASKED)).text, ANSWER);
  await closing.close();
  assert.equal((await failure(closing.chat(ASKED))).code, "MODEL_NOT_FOUND");
});
