import { describe, expect, it } from "vitest";
import type { ServerHalf } from "../../src/core/contract/dialect.js";
import { server as anthropic } from "../../src/dialects/anthropic-messages/server/index.js";
import { server as bedrock } from "../../src/dialects/bedrock-converse/server/index.js";
import { server as cohere } from "../../src/dialects/cohere-chat/server/index.js";
import { server as gemini } from "../../src/dialects/gemini/server/index.js";
import { server as mistral } from "../../src/dialects/mistral-chat/server/index.js";
import { server as ollama } from "../../src/dialects/ollama-chat/server/index.js";
import { server as chat } from "../../src/dialects/openai-chat/server/index.js";
import { server as responses } from "../../src/dialects/openai-responses/server/index.js";
import { framesFor, responseOf } from "../support/halves.js";

const SERVERS: readonly ServerHalf[] = [anthropic, bedrock, cohere, gemini, mistral, ollama, chat, responses];
const FACTS = { id: "served", created: 0 };
const TEXT = [{ type: "text", text: "Hello" }] as const;
const USAGE = { inputTokens: 5, outputTokens: 3 };

/** A whole reply and a stream as text, without the start of a stream, whose usage is that of the input. */
function written(server: ServerHalf, response: ReturnType<typeof responseOf>): readonly [string, string] {
  const frames = framesFor(server, response, FACTS)
    .filter(({ event }) => event !== "message_start")
    .map(({ data }) => data);
  return [String(server.encode(response, FACTS).body), frames.join("\n")];
}

describe("Usage that was counted from the text", () => {
  it.each(SERVERS)("is marked by $id, and reported usage is not", (server) => {
    for (const text of written(server, responseOf(TEXT, { finishReason: "stop" })))
      expect(text.match(/"estimated":true/g)).toHaveLength(1);
    for (const text of written(server, responseOf(TEXT, { finishReason: "stop", usage: USAGE })))
      expect(text).not.toContain("estimated");
  });
});

/** The words with which each dialect ends an answer; Anthropic has one for a pause. */
const WORDS: Readonly<Record<string, readonly [field: string, words: readonly string[]]>> = {
  "openai-chat": ["finish_reason", ["stop", "length", "tool_calls", "content_filter"]],
  "openai-responses": ["status", ["completed", "incomplete"]],
  "anthropic-messages": [
    "stop_reason",
    [
      "end_turn",
      "max_tokens",
      "stop_sequence",
      "tool_use",
      "pause_turn",
      "refusal",
      "model_context_window_exceeded",
    ],
  ],
  gemini: ["finishReason", ["STOP", "MAX_TOKENS", "SAFETY", "OTHER"]],
  "mistral-chat": ["finish_reason", ["stop", "length", "tool_calls", "content_filter"]],
  "cohere-chat": ["finish_reason", ["COMPLETE", "STOP_SEQUENCE", "MAX_TOKENS", "TOOL_CALL", "ERROR_TOXIC"]],
  "bedrock-converse": [
    "stopReason",
    [
      "end_turn",
      "max_tokens",
      "stop_sequence",
      "tool_use",
      "content_filtered",
      "model_context_window_exceeded",
    ],
  ],
  "ollama-chat": ["done_reason", ["stop", "length", "content-filter"]],
};

describe("An answer", () => {
  const reasons = ["stop", "length", "tool-calls", "content-filter", "paused", "other"] as const;
  const raws = [
    undefined,
    "weird",
    "end_turn",
    "pause_turn",
    "stop_sequence",
    "SAFETY",
    "eos",
    "max_output_tokens",
  ];
  it.each(SERVERS)("ends in a word of $id, whatever word its provider had", (server) => {
    const [field, words] = WORDS[server.id] ?? ["", []];
    for (const finishReason of reasons)
      for (const rawFinishReason of raws) {
        const facts = rawFinishReason === undefined ? { finishReason } : { finishReason, rawFinishReason };
        for (const text of written(server, responseOf(TEXT, facts))) {
          const found = [...text.matchAll(/"(\w+)":"([\w-]+)"/g)]
            .filter(([, name]) => name === field)
            .map(([, , word]) => word)
            .filter((word) => word !== "in_progress");
          expect(found.length).toBeGreaterThan(0);
          for (const word of found) expect(words).toContain(word);
        }
      }
  });
});

describe("Input tokens at the start of a stream", () => {
  const request = { messages: [{ role: "user" as const, content: "Hello there, how are you?" }] };
  const started = (usage: typeof USAGE | undefined) => {
    const data: string[] = [];
    const encoder = anthropic.encoder((frame) => data.push(frame.data), { ...FACTS, request });
    encoder.event({ type: "start", ...(usage === undefined ? {} : { usage }) });
    encoder.event({ type: "part-start", index: 0, part: { type: "text" } });
    encoder.event({ type: "text-delta", index: 0, text: "Fine" });
    return JSON.parse(data[0] ?? "{}").message.usage;
  };

  it("are those of the provider, and a marked estimate if it counts at the end", () => {
    expect(started(USAGE)).toMatchObject({ input_tokens: 5, output_tokens: 0 });
    expect(started(USAGE)).not.toHaveProperty("estimated");
    const estimate = started(undefined);
    expect(estimate).toMatchObject({ output_tokens: 0, estimated: true });
    expect(estimate.input_tokens).toBeGreaterThan(3);
  });
});

describe("A refusal", () => {
  const refused = responseOf([{ type: "refusal", text: "I will not" }], { finishReason: "stop" });
  it.each([
    [anthropic, '"stop_reason":"refusal"'],
    [bedrock, '"stopReason":"content_filtered"'],
    [gemini, '"finishReason":"SAFETY"'],
    [chat, '"refusal":"I will not"'],
    [responses, '"type":"refusal","refusal":"I will not"'],
  ] as const)("is seen by clients of $id, whatever the reason that its provider gave", (server, sign) => {
    for (const text of written(server, refused)) {
      expect(text).toContain(sign);
      expect(text).toContain("I will not");
    }
  });
});
