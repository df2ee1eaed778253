import type { Cannot, ClientHalf, DialectId, ServerHalf } from "../../src/core/contract/dialect.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import { cannot as anthropicMessages } from "../../src/dialects/anthropic-messages/shared/cannot.js";
import { cannot as bedrockConverse } from "../../src/dialects/bedrock-converse/shared/cannot.js";
import { cannot as cohereChat } from "../../src/dialects/cohere-chat/shared/cannot.js";
import { cannot as gemini } from "../../src/dialects/gemini/shared/cannot.js";
import { cannot as mistralChat } from "../../src/dialects/mistral-chat/shared/cannot.js";
import { cannot as ollamaChat } from "../../src/dialects/ollama-chat/shared/cannot.js";
import { cannot as openAiChat } from "../../src/dialects/openai-chat/shared/cannot.js";
import { cannot as openAiResponses } from "../../src/dialects/openai-responses/shared/cannot.js";
import { dialectClient } from "../../src/providers/endpoint/dialects.js";
import { serverHalves } from "../../src/serve/halves.js";
import { framesFor, replayBody, replayFrames, responseOf, targetFor } from "../support/halves.js";
import type { Outcome } from "../support/recordings.js";

/** A dialect with both halves. */
export interface Dialect {
  readonly id: DialectId;
  readonly client: ClientHalf;
  readonly server: ServerHalf;
  readonly cannot: Cannot;
}

const CANNOT: Readonly<Record<DialectId, Cannot>> = {
  "anthropic-messages": anthropicMessages,
  "bedrock-converse": bedrockConverse,
  "cohere-chat": cohereChat,
  gemini,
  "mistral-chat": mistralChat,
  "ollama-chat": ollamaChat,
  "openai-chat": openAiChat,
  "openai-responses": openAiResponses,
};

/** Every dialect, by id. */
export function loadDialects(): Promise<Dialect[]> {
  const ids = Object.keys(CANNOT) as DialectId[];
  return Promise.all(
    ids.map(async (id) => {
      const [client, [server]] = await Promise.all([dialectClient(id), serverHalves([id])]);
      if (server === undefined) throw new Error(`${id} has no server half`);
      return { id, client, server, cannot: CANNOT[id] };
    }),
  );
}

/** An answer with everything that the matrix looks at. */
const answer = responseOf(
  [
    { type: "reasoning", text: "The user greets me." },
    { type: "text", text: "It is 25 degrees in Paris." },
    { type: "source", url: "https://weather.example/paris", title: "Weather", cites: { index: 1 } },
    { type: "tool-call", id: "call12345", name: "weather", arguments: { city: "Rome", days: [1, 2] } },
    { type: "tool-call", id: "call67890", name: "time", arguments: {} },
  ],
  {
    id: "answer-1",
    model: "m",
    finishReason: "tool-calls",
    usage: {
      inputTokens: 100,
      outputTokens: 50,
      cachedInputTokens: 40,
      cacheWriteInputTokens: 10,
      reasoningTokens: 20,
    },
  },
);
const refused = responseOf([{ type: "text", text: "No." }], { finishReason: "content-filter" });
const cut = responseOf([{ type: "text", text: "It is" }], { finishReason: "length" });

const decoded = { whole: throughWhole, streamed: throughStream } as const;

function throughWhole({ client, server }: Dialect, response: ChatResponse): ChatResponse {
  return settled(replayBody(client, targetFor("p"), server.encode(response, { id: "x", created: 0 }).body));
}

function throughStream({ client, server }: Dialect, response: ChatResponse): ChatResponse {
  return settled(replayFrames(client, targetFor("p"), framesFor(server, response)).outcome);
}

function settled(outcome: Outcome | undefined): ChatResponse {
  if (outcome === undefined || "error" in outcome) throw outcome?.error ?? new Error("no ending");
  return outcome.response;
}

/** What crosses, one entry a thing that can be lost by itself. */
function facts(response: ChatResponse): Readonly<Record<string, unknown>> {
  const { usage, content, toolCalls, finishReason, text, reasoningText } = response;
  const sources = content.flatMap((part) => (part.type === "source" ? [part] : []));
  return {
    text,
    reasoning: reasoningText,
    calls: toolCalls.map(({ name, arguments: given }) => ({ name, given })),
    "call ids": toolCalls.map(({ id }) => id),
    "finish reason": finishReason,
    "input and output tokens": [usage.inputTokens, usage.outputTokens],
    "cached tokens": usage.cachedInputTokens ?? 0,
    "cache writes": usage.cacheWriteInputTokens ?? 0,
    "reasoning tokens": usage.reasoningTokens ?? 0,
    sources: sources.map(({ url }) => url),
    "source titles": sources.map(({ title }) => title),
  };
}

/** Names of what is not the same on the other side. */
function lostBetween(before: ChatResponse, after: ChatResponse): string[] {
  const told = facts(after);
  return Object.entries(facts(before))
    .filter(([name, value]) => JSON.stringify(told[name]) !== JSON.stringify(value))
    .map(([name]) => name);
}

/**
 * What a reply of one dialect loses on its way through another, in words. What only whole replies lose, or only streamed
 * ones, says so.
 */
export function lostFields(from: Dialect, to: Dialect): string[] {
  const found = (["whole", "streamed"] as const).map((mode) =>
    [answer, refused, cut].flatMap((one) => {
      const first = decoded[mode](from, one);
      return lostBetween(first, decoded[mode](to, first));
    }),
  );
  const [whole = [], streamed = []] = found.map((one) => [...new Set(one)]);
  const both = whole.filter((name) => streamed.includes(name));
  const only = (names: string[], mode: string) =>
    names.filter((name) => !both.includes(name)).map((name) => `${name} (${mode})`);
  return [...both, ...only(whole, "whole"), ...only(streamed, "streamed")];
}
