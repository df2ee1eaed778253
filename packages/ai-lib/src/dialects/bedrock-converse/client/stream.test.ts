import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { Frame } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { Fold } from "../../../core/kinds/chat/fold.js";
import type { ChatEvent } from "../../../core/values/chat-event.js";
import type { ChatResponse, EndFacts } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import { client } from "./index.js";

const target: DialectTarget = {
  provider: "bedrock",
  model: "anthropic.claude-sonnet-4-6",
  quirks: {},
  now: 0,
};

interface Heard {
  readonly events: ChatEvent[];
  readonly endings: (EndFacts | AiLibError)[];
  readonly response: ChatResponse | undefined;
}

type Event = readonly [event: string, data: JsonObject | string];

/** Decodes events, then ends the body. */
function decode(events: readonly Event[], end = true): Heard {
  const heard: ChatEvent[] = [];
  const endings: (EndFacts | AiLibError)[] = [];
  const fold = new Fold();
  const decoder = client.decoder(target, {
    event(event) {
      heard.push(event);
      fold.add(event);
    },
    finish: (facts) => endings.push(facts),
    fail: (error) => endings.push(error),
  });
  for (const [event, data] of events) {
    const frame: Frame = {
      event,
      data: typeof data === "string" ? data : JSON.stringify({ p: "abc", ...data }),
    };
    decoder.frame(frame);
  }
  if (end) decoder.end();
  const [ending] = endings;
  const frame = { provider: "bedrock", model: "m", id: "i", attempts: [], estimateInput: () => 0 };
  const response = ending === undefined || AiLibError.is(ending) ? undefined : fold.build(ending, frame);
  return { events: heard, endings, response };
}

function codeOf({ endings }: Heard): string | undefined {
  expect(endings).toHaveLength(1);
  const [ending] = endings;
  return AiLibError.is(ending) ? ending.code : undefined;
}

const start: Event = ["messageStart", { role: "assistant" }];
const stop = (stopReason = "end_turn"): Event => ["messageStop", { stopReason }];
const metadata: Event = [
  "metadata",
  { usage: { inputTokens: 3, outputTokens: 4, cacheReadInputTokens: 5, cacheWriteInputTokens: 6 } },
];
const begin = (contentBlockIndex: number, fields: JsonObject): Event => [
  "contentBlockStart",
  { contentBlockIndex, start: fields },
];
const delta = (contentBlockIndex: number, fields: JsonObject): Event => [
  "contentBlockDelta",
  { contentBlockIndex, delta: fields },
];
const close = (contentBlockIndex: number): Event => ["contentBlockStop", { contentBlockIndex }];
const text = (index: number, said: string): Event[] => [delta(index, { text: said }), close(index)];

describe("a stream of Bedrock's Converse", () => {
  it("finishes at the metadata that follows messageStop, without waiting for the end of the body", () => {
    const early = decode([start, ...text(0, "Hi"), stop()], false);
    expect(early.endings).toEqual([]);
    const heard = decode([start, ...text(0, "Hi"), stop(), metadata], false);
    expect(heard.events[0]).toEqual({ type: "start", provider: "bedrock" });
    expect(heard.response).toMatchObject({
      text: "Hi",
      finishReason: "stop",
      usage: { inputTokens: 14, outputTokens: 4, cachedInputTokens: 5, cacheWriteInputTokens: 6 },
    });
  });

  it("finishes at the end of the body if no metadata comes", () => {
    expect(decode([start, ...text(0, "Hi"), stop()]).response).toMatchObject({
      text: "Hi",
      usageStatus: "estimated",
    });
  });

  it("takes metadata that comes before messageStop", () => {
    const heard = decode([start, ...text(0, "Hi"), metadata, stop()], false);
    expect(heard.response).toMatchObject({ text: "Hi", usage: { outputTokens: 4 } });
  });

  it.each([[0], [1], [2], [3]])("is truncated if the body ends after %i events", (kept) => {
    expect(codeOf(decode([start, ...text(0, "Hi")].slice(0, kept)))).toBe("STREAM_TRUNCATED");
  });

  it("skips unknown events, fields and blocks, and what comes after the ending", () => {
    const plain = decode([start, ...text(0, "Hi"), stop(), metadata]);
    const strange = decode([
      ["news", { a: 1 }],
      start,
      begin(0, { hologram: {} }),
      delta(0, { hologram: 1 }),
      close(0),
      ...text(1, "Hi"),
      close(9),
      stop(),
      metadata,
      ["!throttlingException", { message: "late" }],
    ]);
    expect(strange.response).toEqual(plain.response);
    expect(strange.endings).toHaveLength(1);
  });

  it.each([
    ["throttlingException", "RATE_LIMIT"],
    ["serviceUnavailableException", "OVERLOADED"],
    ["internalServerException", "PROVIDER_ERROR"],
    ["modelStreamErrorException", "PROVIDER_ERROR"],
    ["modelTimeoutException", "PROVIDER_ERROR"],
    ["validationException", "INVALID_REQUEST"],
    ["somethingNew", "PROVIDER_ERROR"],
  ])("classifies the exception %s as %s, first or midway", (type, code) => {
    const exception: Event = [`!${type}`, { message: "no" }];
    expect(codeOf(decode([exception]))).toBe(code);
    expect(codeOf(decode([start, ...text(0, "Hi"), exception, stop(), metadata]))).toBe(code);
  });

  it("reports the status of the model's own server from an exception", () => {
    const exception: Event = ["!modelStreamErrorException", { message: "busy", originalStatusCode: 529 }];
    expect(codeOf(decode([start, exception]))).toBe("OVERLOADED");
  });

  it.each<[string, Event[], JsonObject]>([
    ["no delta at all", [], {}],
    ["an empty delta", [delta(0, { toolUse: { input: "" } })], {}],
    ["pieces", [delta(0, { toolUse: { input: '{"a"' } }), delta(0, { toolUse: { input: ":1}" } })], { a: 1 }],
  ])("reads a call with %s", (_name, deltas, expected) => {
    const call = begin(0, { toolUse: { toolUseId: "a", name: "f" } });
    const { response } = decode([start, call, ...deltas, close(0), stop("tool_use"), metadata]);
    expect(response).toMatchObject({
      finishReason: "tool-calls",
      toolCalls: [{ id: "a", name: "f", arguments: expected }],
    });
  });

  it("keeps the text of arguments that the token limit cut", () => {
    const { response } = decode([
      start,
      begin(0, { toolUse: { toolUseId: "a", name: "f" } }),
      delta(0, { toolUse: { input: '{"a' } }),
      stop("max_tokens"),
      metadata,
    ]);
    expect(response?.toolCalls).toEqual([{ type: "tool-call", id: "a", name: "f", argumentsText: '{"a' }]);
  });

  it("keeps signatures and withheld reasoning as Claude's state", () => {
    const { response } = decode([
      start,
      delta(0, { reasoningContent: { text: "hm" } }),
      delta(0, { reasoningContent: { signature: "s" } }),
      close(0),
      delta(1, { reasoningContent: { redactedContent: "RXFRQg==" } }),
      close(1),
      ...text(2, "Hi"),
      stop(),
      metadata,
    ]);
    const origin = (data: JsonObject) => ({
      family: "anthropic",
      provider: "bedrock",
      model: target.model,
      data,
    });
    expect(response?.content).toEqual([
      { type: "reasoning", text: "hm", origin: origin({ signature: "s" }) },
      { type: "reasoning", text: "", redacted: true, origin: origin({ data: "EqQB" }) },
      { type: "text", text: "Hi" },
    ]);
  });

  it("puts a citation after its text, whether it comes before it, after it or in a block of its own", () => {
    const citation = { title: "T", location: { web: { url: "https://example.com" } } };
    const { response } = decode([
      start,
      delta(0, { citation }),
      ...text(0, "one"),
      delta(1, { text: "two" }),
      delta(1, { citation }),
      close(1),
      delta(2, { citation }),
      close(2),
      stop(),
      metadata,
    ]);
    const source = (index: number) => ({
      type: "source",
      url: "https://example.com",
      title: "T",
      cites: { index },
    });
    expect(response?.content).toEqual([
      { type: "text", text: "one" },
      source(0),
      { type: "text", text: "two" },
      source(2),
      source(2),
    ]);
  });

  it("reads what a tool of Bedrock's found, and its call, as done", () => {
    const { response } = decode([
      start,
      begin(0, { toolUse: { toolUseId: "a", name: "nova_grounding", type: "server_tool_use" } }),
      close(0),
      begin(1, { toolResult: { toolUseId: "a", status: "success", type: "nova_grounding_result" } }),
      delta(1, { toolResult: [{ text: "[HIDDEN]" }] }),
      close(1),
      ...text(2, "Hi"),
      stop(),
      metadata,
    ]);
    expect(response?.toolCalls).toEqual([]);
    expect(response?.content.slice(0, 2)).toMatchObject([
      { type: "tool-call", executedBy: "provider", origin: { data: { type: "server_tool_use" } } },
      { type: "tool-result", executedBy: "provider", content: "[HIDDEN]", isError: false },
    ]);
  });

  it("reads a picture in pieces", () => {
    const { response } = decode([
      start,
      begin(0, { image: { format: "png" } }),
      delta(0, { image: { source: { bytes: "aGkh" } } }),
      delta(0, { image: { source: { bytes: "aGk=" } } }),
      close(0),
      stop(),
      metadata,
    ]);
    expect(response?.content).toEqual([{ type: "image", mediaType: "image/png", data: "aGkhaGk=" }]);
  });

  it.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["guardrail_intervened", "content-filter"],
    ["content_filtered", "content-filter"],
    ["something_new", "other"],
  ])("ends %s as %s", (raw, finish) => {
    expect(decode([start, stop(raw), metadata]).response).toMatchObject({
      finishReason: finish,
      rawFinishReason: raw,
    });
  });

  it("skips one message that is not JSON with a warning, and fails at the second, or where it may hold arguments", () => {
    const broken: Event = ["contentBlockDelta", "{oops"];
    const once = decode([start, broken, ...text(0, "Hi"), stop(), metadata]);
    expect(once.response).toMatchObject({ text: "Hi", warnings: [{ code: "malformed" }] });
    expect(codeOf(decode([start, broken, broken, stop(), metadata]))).toBe("INVALID_RESPONSE");
    const call = begin(0, { toolUse: { toolUseId: "a", name: "f" } });
    expect(codeOf(decode([start, call, broken, stop(), metadata]))).toBe("INVALID_RESPONSE");
  });

  it("refuses arguments of a call that never began", () => {
    const fed = delta(0, { toolUse: { input: "{}" } });
    expect(codeOf(decode([start, fed, stop(), metadata]))).toBe("INVALID_RESPONSE");
  });

  it("takes any type in any field", () => {
    const values = [null, 0, -1, 1e9, "x", true, [], {}, [[]], { text: 1 }];
    for (const value of values) {
      const events: Event[] = [
        ["messageStart", { role: value }],
        ["contentBlockStart", { contentBlockIndex: value, start: value }],
        ["contentBlockStart", { contentBlockIndex: 1, start: { toolUse: value } }],
        ["contentBlockStart", { contentBlockIndex: 2, start: { toolResult: value, image: value } }],
        ["contentBlockDelta", { contentBlockIndex: value, delta: value }],
        ["contentBlockDelta", { contentBlockIndex: 3, delta: { text: value } }],
        ["contentBlockDelta", { contentBlockIndex: 3, delta: { citation: value } }],
        ["contentBlockDelta", { contentBlockIndex: 4, delta: { reasoningContent: value } }],
        ["contentBlockDelta", { contentBlockIndex: 2, delta: { toolResult: value } }],
        ["contentBlockStop", { contentBlockIndex: value }],
        ["messageStop", { stopReason: value, additionalModelResponseFields: value }],
        ["metadata", { usage: value, trace: value, serviceTier: value }],
      ];
      expect(decode(events).endings).toHaveLength(1);
    }
  });
});
