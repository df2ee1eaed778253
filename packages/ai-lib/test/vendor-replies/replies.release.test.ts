import { ChatCompletionResponse$inboundSchema } from "@mistralai/mistralai/models/components/chatcompletionresponse.js";
import { CompletionChunk$inboundSchema } from "@mistralai/mistralai/models/components/completionchunk.js";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DialectId, ServerHalf } from "../../src/core/contract/dialect.js";
import type { Frame } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { REACTIONS } from "../../src/core/errors/reactions.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import type { ErrorCode } from "../../src/core/values/error-code.js";
import { serverHalves } from "../../src/serve/halves.js";
import { ANYWHERE, chatResponse } from "../support/arbitrary.js";
import { framesFor } from "../support/halves.js";
import { deviationOf, deviations } from "./deviations.js";
import { faultOf, validatorOf } from "./schemas.js";

/** How many generated answers each dialect writes, whole and streamed. */
const RUNS = 400;

/** The share of replies and events that may need a deviation. */
const DEVIATING = 0.01;

const FACTS = { id: "served", created: 0, model: "model" };

/** What is wrong with a value; undefined if nothing is. */
type Judge = (value: unknown) => string | undefined;

/** Judges by their types: the schema of one takes a minute to make. */
const judges = new Map<string, Judge>();

function declared(dialect: DialectId, type: string): Judge {
  const made = judges.get(type);
  if (made !== undefined) return made;
  const validate = validatorOf(dialect, type);
  const judge: Judge = (value) => faultOf(validate, value);
  judges.set(type, judge);
  return judge;
}

/** Mistral's package checks replies when it runs, with schemas of its own. */
function parsed(schema: { safeParse(value: unknown): { success: boolean; error?: unknown } }): Judge {
  return (value) => {
    const { success, error } = schema.safeParse(value);
    return success ? undefined : String(error);
  };
}

const jsonOf = ({ data }: Frame): unknown => JSON.parse(data);

interface Vendor {
  readonly reply: () => Judge;
  readonly event: () => Judge;
  /** A frame as the package declares it. Default: its JSON. */
  readonly wire?: (frame: Frame) => unknown;
}

const VENDORS: Readonly<Record<DialectId, Vendor>> = {
  "openai-chat": {
    reply: () => declared("openai-chat", "OpenAiChatReply"),
    event: () => declared("openai-chat", "OpenAiChatEvent"),
  },
  "openai-responses": {
    reply: () => declared("openai-responses", "OpenAiResponsesReply"),
    event: () => declared("openai-responses", "OpenAiResponsesEvent"),
  },
  "anthropic-messages": {
    reply: () => declared("anthropic-messages", "AnthropicReply"),
    event: () => declared("anthropic-messages", "AnthropicEvent"),
  },
  gemini: { reply: () => declared("gemini", "GeminiReply"), event: () => declared("gemini", "GeminiReply") },
  "mistral-chat": {
    reply: () => parsed(ChatCompletionResponse$inboundSchema),
    event: () => parsed(CompletionChunk$inboundSchema),
  },
  "cohere-chat": {
    reply: () => declared("cohere-chat", "CohereReply"),
    event: () => declared("cohere-chat", "CohereEvent"),
  },
  "bedrock-converse": {
    reply: () => declared("bedrock-converse", "BedrockReply"),
    event: () => declared("bedrock-converse", "BedrockEvent"),
    wire: (frame) => ({ [frame.event ?? ""]: jsonOf(frame) }),
  },
  "ollama-chat": {
    reply: () => declared("ollama-chat", "OllamaReply"),
    event: () => declared("ollama-chat", "OllamaEvent"),
  },
};

/** The generator invents words that a half passes on as they are; here they are ones that vendors declare. */
function withKnownWords(answer: ChatResponse): ChatResponse {
  const { refusal: _refusal, cacheMiss: _miss, ...known } = answer;
  const { serviceTier, usage, ...response } = known;
  const { cacheWrites: _writes, raw: _own, ...counts } = usage;
  return {
    ...response,
    usage: counts,
    ...(serviceTier === undefined ? {} : { serviceTier: "priority" }),
  };
}

let halves: readonly ServerHalf[] = [];
beforeAll(async () => {
  halves = await serverHalves();
});
const used = new Set<string>();
let judged = 0;
let deviating = 0;

/** The kinds of faults that no deviation explains, each with an example. */
function faultsOf(dialect: string, judge: Judge, values: readonly unknown[]): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const value of values) {
    judged++;
    const fault = judge(value);
    if (fault === undefined) continue;
    const deviation = deviationOf(dialect, fault);
    if (deviation === undefined) faults[fault.replace(/\d+/g, "N")] = JSON.stringify(value).slice(0, 400);
    else {
      deviating++;
      used.add(deviation.why);
    }
  }
  return faults;
}

describe.each(Object.entries(VENDORS))("%s", (dialect, { reply, event, wire = jsonOf }) => {
  const responses = fc.sample(chatResponse(ANYWHERE), { seed: 1, numRuns: RUNS }).map(withKnownWords);
  const half = (): ServerHalf => {
    const found = halves.find(({ id }) => id === dialect);
    if (found === undefined) throw new Error(`There is no dialect ${dialect}`);
    return found;
  };

  it("writes replies that its vendor's package declares", { timeout: 300_000 }, () => {
    const bodies = responses.map((response) => JSON.parse(String(half().encode(response, FACTS).body)));
    expect(faultsOf(dialect, reply(), bodies)).toEqual({});
  });

  it("writes events that its vendor's package declares", { timeout: 300_000 }, () => {
    const frames = responses.flatMap((response) => framesFor(half(), response, FACTS));
    const values = frames.filter(({ data }) => data !== "[DONE]").map((frame) => wire(frame));
    expect(values.length).toBeGreaterThan(RUNS);
    expect(faultsOf(dialect, event(), values)).toEqual({});
  });
});

describe("a stream that fails", () => {
  it("has events that OpenAI's package declares", { timeout: 300_000 }, () => {
    const id = "openai-responses";
    const half = halves.find((one) => one.id === id);
    const frames: Frame[] = [];
    for (const code of Object.keys(REACTIONS) as ErrorCode[]) {
      const encoder = half?.encoder((frame) => frames.push(frame), FACTS);
      encoder?.event({ type: "start" });
      encoder?.fail(new AiLibError({ code, message: "It failed" }));
    }
    expect(frames.length).toBeGreaterThan(Object.keys(REACTIONS).length);
    expect(faultsOf(id, VENDORS[id].event(), frames.map(jsonOf))).toEqual({});
  });
});

afterAll(() => {
  if (judged === 0) return;
  console.info(`${deviating} of ${judged} replies and events deviate`);
  expect(deviating / judged).toBeLessThan(DEVIATING);
  // A deviation that nothing needs any more must go.
  expect(deviations.filter(({ why }) => !used.has(why))).toEqual([]);
});
