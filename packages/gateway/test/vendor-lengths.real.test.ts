import type { DialectId } from "ai-lib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { KEY, startLimited } from "./support/limited.js";
import { type Recorded, type Recorder, startRecorder } from "./support/recorder.js";

let recorder: Recorder;
beforeAll(async () => {
  recorder = await startRecorder();
});
afterAll(() => recorder.close());

const messages = [{ role: "user", content: "Hi" }];

/** A small chat in each dialect, and where it is sent. */
const CHATS: Readonly<Record<DialectId, readonly [string, object]>> = {
  "openai-chat": ["/v1/chat/completions", { model: "chat", messages }],
  "openai-responses": ["/v1/responses", { model: "chat", input: "Hi" }],
  "anthropic-messages": ["/v1/messages", { model: "chat", messages }],
  gemini: ["/v1beta/models/chat:generateContent", { contents: [{ role: "user", parts: [{ text: "Hi" }] }] }],
  "cohere-chat": ["/v2/chat", { model: "chat", messages }],
  "ollama-chat": ["/api/chat", { model: "chat", messages, stream: false }],
  "bedrock-converse": ["/model/chat/converse", { messages: [{ role: "user", content: [{ text: "Hi" }] }] }],
  "mistral-chat": ["/v1/chat/completions", { model: "chat", messages }],
};

const LIMIT = 1_234;

/** What vendors of a dialect add to a prompt. */
const PROMPTS: Partial<Readonly<Record<DialectId, number>>> = { "cohere-chat": 2_048, "ollama-chat": 256 };

/** Sends a chat through a gateway whose key has a limit. */
async function ask(from: DialectId, fields: object | string, to: DialectId = from, model = "m") {
  const limited = await startLimited({
    routes: { chat: { provider: recorder.provider(to, model), model } },
    key: { limits: [{ tokens: 500_000, per: "day" }] },
    maxTokens: LIMIT,
  });
  let sent: Recorded | undefined;
  let reserved = 0;
  recorder.onRequest = async (request) => {
    sent = request;
    reserved = (await limited.buckets())["key ci: tokens per day"]?.[1] ?? 0;
  };
  const [path, chat] = CHATS[from];
  const body = typeof fields === "string" ? fields : JSON.stringify({ ...chat, ...fields });
  const agent = from === "mistral-chat" ? "mistral-client" : "test";
  await fetch(limited.gateway.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${KEY}`, "user-agent": agent },
    body,
  });
  await limited.gateway.cut();
  // What is reserved for the prompt is a token for each byte, and what the vendor adds.
  const prompt = Buffer.byteLength(body) + (PROMPTS[to] ?? 0);
  return { output: reserved - prompt, sent: JSON.parse(sent?.body ?? "null") };
}

/** A chat, what is reserved for its answer, and fields of what the vendor gets. */
const cases: readonly (readonly [DialectId, object, number, object])[] = [
  ["openai-chat", { max_tokens: 10, n_predict: 5_000 }, 5_000, { n_predict: 5_000 }],
  ["openai-chat", { max_tokens: 10, Max_Tokens: 5_000 }, 5_000, { Max_Tokens: 5_000 }],
  ["openai-chat", { max_tokens: 10, min_tokens: 5_000 }, 5_000, { min_tokens: 5_000 }],
  ["openai-chat", { max_tokens: 10, options: { num_predict: 5_000 } }, 5_000, {}],
  ["openai-chat", { max_tokens: 10, best_of: 5 }, 50, { best_of: 5 }],
  ["openai-chat", { max_tokens: 10, N: 5 }, 50, { N: 5 }],
  ["openai-chat", { max_tokens: 10, thinking_budget: 5_000 }, 5_010, { thinking_budget: 5_000 }],
  ["openai-chat", { max_tokens: 10, reasoning: { max_tokens: "5000" } }, 5_010, {}],
  ["openai-chat", { max_tokens: -1 }, LIMIT, { max_tokens: LIMIT }],
  ["openai-chat", { max_tokens: 0 }, 1, { max_tokens: 1 }],
  ["openai-responses", { max_output_tokens: 10, max_tokens: 5_000 }, 5_000, { max_tokens: 5_000 }],
  ["openai-responses", { max_output_tokens: 10, n: 3 }, 30, { n: 3 }],
  [
    "anthropic-messages",
    { max_tokens: 5_000, thinking: { type: "enabled", budget_tokens: 4_999 } },
    5_000,
    { max_tokens: 5_000 },
  ],
  [
    "anthropic-messages",
    { max_tokens: 10, thinking: { type: "enabled", budget_tokens: 5_000 } },
    5_010,
    { max_tokens: 10 },
  ],
  ["anthropic-messages", { max_tokens: 10, max_tokens_to_sample: 5_000 }, 5_000, {}],
  ["gemini", { generationConfig: { max_output_tokens: 10, MaxOutputTokens: 5_000 } }, 5_000, {}],
  ["gemini", { generationConfig: { max_output_tokens: 10, CandidateCount: 5 } }, 50, {}],
  [
    "gemini",
    { generationConfig: { maxOutputTokens: 10, thinkingConfig: { thinkingBudget: 5_000 } } },
    5_010,
    {},
  ],
  [
    "bedrock-converse",
    { inferenceConfig: { maxTokens: 10 }, additionalModelRequestFields: { max_gen_len: 5_000 } },
    5_000,
    {},
  ],
  ["cohere-chat", { max_tokens: 10, num_generations: 5 }, 50, { num_generations: 5 }],
  ["cohere-chat", { max_tokens: 10, thinking: { type: "enabled", token_budget: 5_000 } }, 5_010, {}],
  ["mistral-chat", { max_tokens: 10, max_completion_tokens: 5_000 }, 5_000, {}],
  ["ollama-chat", { options: { num_predict: 10, Num_Predict: 5_000 } }, 5_000, {}],
  ["ollama-chat", { options: { num_predict: 10 }, Options: { num_predict: 5_000 } }, 5_000, {}],
  ["ollama-chat", { options: { num_predict: -2 } }, LIMIT, { options: { num_predict: LIMIT } }],
  ["ollama-chat", { options: { num_predict: 0 } }, LIMIT, { options: { num_predict: LIMIT } }],
];

it.each(cases)("%s with %j reserves %i tokens for its answer", async (dialect, fields, output, expected) => {
  const asked = await ask(dialect, fields);
  expect(asked.output).toBe(output);
  expect(asked.sent).toMatchObject(expected);
});

it.each<readonly [DialectId, string, object]>([
  ["anthropic-messages", "claude-sonnet-4-5", { max_tokens: 10, reasoning: { max_tokens: 5_000 } }],
  ["anthropic-messages", "claude-sonnet-4-5", { max_tokens: 10, reasoning_effort: "minimal" }],
  ["anthropic-messages", "claude-sonnet-4-5", { max_tokens: 10, reasoning_effort: "low" }],
  ["anthropic-messages", "claude-sonnet-4-5", { max_tokens: 10, reasoning_effort: "medium" }],
  ["anthropic-messages", "claude-sonnet-4-5", { max_tokens: 10, reasoning_effort: "xhigh" }],
  ["anthropic-messages", "claude-sonnet-4-5", { max_tokens: 10, reasoning_effort: "max" }],
  ["anthropic-messages", "claude-sonnet-4-5", { reasoning: { enabled: true } }],
  ["anthropic-messages", "claude-opus-4-7", { max_tokens: 10, reasoning_effort: "high" }],
  ["anthropic-messages", "some-model", { max_tokens: 10, reasoning_effort: "high" }],
  ["bedrock-converse", "anthropic.claude-3-7-sonnet-20250219-v1:0", { reasoning_effort: "high" }],
])("%s of %s reserves the tokens that it is sent for %j", async (dialect, model, fields) => {
  const { output, sent } = await ask("openai-chat", fields, dialect, model);
  expect(output).toBe(sent.max_tokens ?? sent.inferenceConfig.maxTokens);
});

it("sends no field that asks for an answer without a limit", async () => {
  const { output, sent } = await ask("openai-chat", { max_tokens: 10, n_predict: -1, min_p: 0.1 });
  expect(output).toBe(LIMIT);
  expect(sent).toEqual({ model: "m", messages, max_tokens: 10, min_p: 0.1 });
});

it("writes a body anew that has a limit twice, since servers disagree on which one counts", async () => {
  const chat = JSON.stringify({ messages, model: "chat" }).slice(1, -1);
  const { output, sent } = await ask("openai-chat", `{"max_tokens":5000,${chat},"max_tokens":10}`);
  expect(output).toBe(10);
  expect(JSON.stringify(sent).match(/max_tokens/g)).toHaveLength(1);
});
