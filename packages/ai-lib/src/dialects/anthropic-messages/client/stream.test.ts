import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import { Fold } from "../../../core/kinds/chat/fold.js";
import type { ChatEvent } from "../../../core/values/chat-event.js";
import type { ChatResponse, EndFacts } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import { client } from "./index.js";

const target: DialectTarget = { provider: "anthropic", model: "claude-x", quirks: {}, now: 0 };

interface Heard {
  readonly events: ChatEvent[];
  readonly endings: (EndFacts | AiLibError)[];
  readonly response: ChatResponse | undefined;
}

/** Decodes events (objects become frames), then ends the body. */
function decode(events: readonly (JsonObject | string)[], end = true): Heard {
  const heard: ChatEvent[] = [];
  const endings: (EndFacts | AiLibError)[] = [];
  const fold = new Fold();
  const decoder = client.decoder(target, {
    event(event) {
      expect(endings).toEqual([]);
      heard.push(event);
      fold.add(event);
    },
    finish: (facts) => endings.push(facts),
    fail: (error) => endings.push(error),
  });
  for (const event of events)
    decoder.frame({ data: typeof event === "string" ? event : JSON.stringify(event) });
  if (end) decoder.end();
  const [ending] = endings;
  const frame = { provider: "anthropic", model: "m", id: "i", attempts: [], estimateInput: () => 0 };
  const response = ending === undefined || AiLibError.is(ending) ? undefined : fold.build(ending, frame);
  return { events: heard, endings, response };
}

it("reports the tokens of the prompt when a stream of Anthropic's messages starts", () => {
  expect(decode([start], false).events).toMatchObject([
    { type: "start", id: "msg_1" },
    { type: "usage", usage: { inputTokens: 3, outputTokens: 1 } },
  ]);
});

it("reports why a policy withheld an answer, and why the cache did not serve the prompt", () => {
  const diagnostics = { cache_miss_reason: { type: "tools_changed", cache_missed_input_tokens: 9 } };
  const begun = { type: "message_start", message: { ...start.message, diagnostics } };
  const details = { type: "refusal", category: "cyber", explanation: "Not that." };
  expect(decode([begun, ends("refusal", { stop_details: details }), stop]).response).toMatchObject({
    finishReason: "content-filter",
    refusal: { category: "cyber", explanation: "Not that." },
    cacheMiss: "tools_changed",
    content: [{ type: "refusal", text: "Not that." }],
  });
});

function codeOf({ endings }: Heard): string | undefined {
  expect(endings).toHaveLength(1);
  const [ending] = endings;
  return AiLibError.is(ending) ? ending.code : undefined;
}

const start = {
  type: "message_start",
  message: { id: "msg_1", model: "claude-x", usage: { input_tokens: 3, output_tokens: 1 } },
};
const stop = { type: "message_stop" };
const ends = (reason: string, more: JsonObject = {}) => ({
  type: "message_delta",
  delta: { stop_reason: reason, ...more },
  usage: { output_tokens: 9 },
});
const begin = (index: number, content_block: JsonObject) => ({
  type: "content_block_start",
  index,
  content_block,
});
const delta = (index: number, fields: JsonObject) => ({ type: "content_block_delta", index, delta: fields });
const close = (index: number) => ({ type: "content_block_stop", index });
const text = (index: number, said: string) => [
  begin(index, { type: "text", text: "" }),
  delta(index, { type: "text_delta", text: said }),
  close(index),
];

describe("a stream of Anthropic's messages", () => {
  it("gives each of two open blocks its own text, whichever frames are alike", () => {
    const say = (index: number, said: string) => delta(index, { type: "text_delta", text: said });
    const { events } = decode([
      start,
      begin(0, { type: "text", text: "" }),
      begin(1, { type: "text", text: "" }),
      ...[say(0, "a"), say(0, "b"), say(1, "\n"), say(0, "c"), say(1, "x"), say(1, "y"), say(0, "d")],
      close(0),
      close(1),
      ends("end_turn"),
      stop,
    ]);
    const said = [0, 1].map((index) =>
      events.flatMap((event) => (event.type === "text-delta" && event.index === index ? [event.text] : [])),
    );
    expect(said).toEqual([
      ["a", "b", "c", "d"],
      ["\n", "x", "y"],
    ]);
  });

  it("begins with the id and model, and finishes at message_stop without waiting for the end of the body", () => {
    const heard = decode([start, ...text(0, "Hi"), ends("end_turn"), stop], false);
    expect(heard.events[0]).toEqual({ type: "start", id: "msg_1", model: "claude-x", provider: "anthropic" });
    expect(heard.response).toMatchObject({ text: "Hi", finishReason: "stop", rawFinishReason: "end_turn" });
  });

  it("skips pings, unknown events, fields and blocks, and what comes after the ending", () => {
    const plain = decode([start, ...text(0, "Hi"), ends("end_turn"), stop]);
    const strange = decode([
      { type: "ping", cost: "0" },
      start,
      { type: "news", from: { far: "away" } },
      begin(0, { type: "hologram", beam: [] }),
      delta(0, { type: "beam_delta", beam: 1 }),
      close(0),
      ...text(1, "Hi").map((event) => ({ ...event, extra: { a: 1 } })),
      close(7),
      ends("end_turn"),
      stop,
      "[DONE]",
      { type: "error", error: { type: "api_error", message: "late" } },
      start,
    ]);
    expect(strange.response).toEqual(plain.response);
    expect(strange.endings).toHaveLength(1);
  });

  it.each([[0], [1], [3], [4]])("is truncated if the body ends after %i events", (kept) => {
    expect(codeOf(decode([start, ...text(0, "Hi"), ends("end_turn")].slice(0, kept)))).toBe(
      "STREAM_TRUNCATED",
    );
  });

  it("is truncated even after a stop reason, since message_stop alone ends it", () => {
    expect(codeOf(decode([start, ...text(0, "Hi"), ends("end_turn")]))).toBe("STREAM_TRUNCATED");
  });

  it.each([
    ["first", []],
    ["midway", [start, ...text(0, "Hi")]],
  ])("classifies an error that comes %s", (_when, before) => {
    const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    expect(codeOf(decode([...before, error, stop]))).toBe("OVERLOADED");
  });

  it("classifies an error of Google's shape, as Vertex puts it into streams", () => {
    const error = { error: { code: 429, message: "Quota exceeded", status: "RESOURCE_EXHAUSTED" } };
    expect(codeOf(decode([start, error]))).toBe("RATE_LIMIT");
  });

  it("ignores a second start of the same message, and refuses another's", () => {
    expect(decode([start, start, ...text(0, "Hi"), ends("end_turn"), stop]).response?.text).toBe("Hi");
    const other = { type: "message_start", message: { id: "msg_2" } };
    expect(codeOf(decode([start, ...text(0, "Hi"), other, stop]))).toBe("INVALID_RESPONSE");
  });

  it("reads a message that comes whole in its start", () => {
    const message = {
      id: "msg_1",
      content: [
        {
          type: "tool_use",
          id: "a",
          name: "f",
          input: { x: 1 },
          caller: { type: "code_execution_20250825" },
        },
      ],
      stop_reason: "tool_use",
      usage: { input_tokens: 0, output_tokens: 0 },
    };
    const { response } = decode([{ type: "message_start", message }, stop]);
    expect(response).toMatchObject({
      finishReason: "tool-calls",
      toolCalls: [
        { id: "a", arguments: { x: 1 }, origin: { data: { caller: { type: "code_execution_20250825" } } } },
      ],
    });
  });

  it("overrides usage with the cumulative one of message_delta, adds caches up, and leaves what is null", () => {
    const first = {
      type: "message_start",
      message: {
        id: "m",
        usage: {
          input_tokens: 3,
          cache_read_input_tokens: 5,
          cache_creation_input_tokens: 7,
          output_tokens: 1,
        },
      },
    };
    const last = {
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      usage: {
        input_tokens: null,
        output_tokens: 9,
        cache_read_input_tokens: 6,
        output_tokens_details: { thinking_tokens: 2 },
      },
    };
    expect(decode([first, last, stop]).response?.usage).toMatchObject({
      inputTokens: 16,
      outputTokens: 9,
      cachedInputTokens: 6,
      cacheWriteInputTokens: 7,
      reasoningTokens: 2,
    });
  });

  it.each<[string, JsonObject[], JsonObject]>([
    ["no delta at all", [], {}],
    ["an empty delta", [delta(0, { type: "input_json_delta", partial_json: "" })], {}],
    [
      "pieces",
      [
        delta(0, { type: "input_json_delta", partial_json: '{"a":' }),
        delta(0, { type: "input_json_delta", partial_json: "1}" }),
      ],
      { a: 1 },
    ],
  ])("reads a call with %s", (_name, deltas, expected) => {
    const { response } = decode([
      start,
      begin(0, { type: "tool_use", id: "a", name: "f", input: {} }),
      ...deltas,
      close(0),
      ends("tool_use"),
      stop,
    ]);
    expect(response).toMatchObject({
      finishReason: "tool-calls",
      toolCalls: [{ id: "a", arguments: expected }],
    });
  });

  it("reads an input in the block's start, unless deltas bring another", () => {
    const block = begin(0, { type: "tool_use", id: "a", name: "f", input: { b: 2 } });
    const more = delta(0, { type: "input_json_delta", partial_json: '{"c":3}' });
    const tail = [close(0), ends("tool_use"), stop];
    expect(decode([start, block, ...tail]).response?.toolCalls[0]?.arguments).toEqual({ b: 2 });
    expect(decode([start, block, more, ...tail]).response?.toolCalls[0]?.arguments).toEqual({ c: 3 });
  });

  it("keeps the text of arguments that the token limit cut, and closes what was left open", () => {
    const { response, events } = decode([
      start,
      begin(0, { type: "tool_use", id: "a", name: "f", input: {} }),
      delta(0, { type: "input_json_delta", partial_json: '{"a' }),
      ends("max_tokens"),
      stop,
    ]);
    expect(response?.toolCalls).toEqual([{ type: "tool-call", id: "a", name: "f", argumentsText: '{"a' }]);
    expect(events.at(-1)).toEqual({ type: "part-end", index: 0 });
  });

  it("keeps signatures and withheld thinking as state, and a compaction with its summary", () => {
    const { response } = decode([
      start,
      begin(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "hm" }),
      delta(0, { type: "signature_delta", signature: "s" }),
      close(0),
      begin(1, { type: "redacted_thinking", data: "d" }),
      close(1),
      begin(2, { type: "compaction", content: null }),
      delta(2, { type: "compaction_delta", content: "sum" }),
      delta(2, { type: "compaction_delta", content: "mary", encrypted_content: "e" }),
      close(2),
      ...text(3, "Hi"),
      ends("end_turn"),
      stop,
    ]);
    const origin = (data: JsonObject) => ({
      family: "anthropic",
      provider: "anthropic",
      model: "claude-x",
      data,
    });
    expect(response?.content).toEqual([
      { type: "reasoning", text: "hm", origin: origin({ signature: "s" }) },
      { type: "reasoning", text: "", redacted: true, origin: origin({ data: "d" }) },
      {
        type: "compaction",
        text: "summary",
        origin: origin({ block: { type: "compaction", content: "summary", encrypted_content: "e" } }),
      },
      { type: "text", text: "Hi" },
    ]);
  });

  it("turns citations into sources of their text", () => {
    const citation = {
      type: "page_location",
      cited_text: "q",
      document_index: 0,
      document_title: "T",
      start_page_number: 1,
      end_page_number: 2,
    };
    const { response } = decode([
      start,
      begin(0, { type: "text", text: "", citations: [] }),
      delta(0, { type: "citations_delta", citation }),
      delta(0, { type: "text_delta", text: "Hi" }),
      close(0),
      ...text(1, " there"),
      ends("end_turn"),
      stop,
    ]);
    expect(response?.text).toBe("Hi there");
    expect(response?.content[1]).toMatchObject({
      type: "source",
      documentId: "0",
      title: "T",
      quote: "q",
      cites: { index: 0 },
      origin: { data: citation },
    });
  });

  it("reports a refusal's explanation as a refusal, filtered", () => {
    const { response } = decode([
      start,
      ends("refusal", { stop_details: { type: "refusal", category: "cyber", explanation: "No." } }),
      stop,
    ]);
    expect(response).toMatchObject({
      finishReason: "content-filter",
      content: [{ type: "refusal", text: "No." }],
      extensions: { "anthropic-messages": { stop_details: { category: "cyber" } } },
    });
  });

  it.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["pause_turn", "paused"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["refusal", "content-filter"],
    ["something_new", "other"],
  ])("ends %s as %s", (raw, finish) => {
    expect(decode([start, ends(raw), stop]).response).toMatchObject({
      finishReason: finish,
      rawFinishReason: raw,
    });
  });

  it("skips one frame that is not JSON with a warning, and fails at the second", () => {
    const once = decode([start, "{oops", ...text(0, "Hi"), ends("end_turn"), stop]);
    expect(once.response).toMatchObject({ text: "Hi", warnings: [{ code: "malformed" }] });
    expect(codeOf(decode([start, "{oops", "[1]", ...text(0, "Hi"), stop]))).toBe("INVALID_RESPONSE");
  });

  it("fails immediately if the lost frame may have held arguments", () => {
    const call = begin(0, { type: "tool_use", id: "a", name: "f", input: {} });
    expect(codeOf(decode([start, call, "{oops", stop]))).toBe("INVALID_RESPONSE");
  });

  it("takes text whose block never began, and refuses arguments without a name", () => {
    const said = delta(0, { type: "text_delta", text: "Hi" });
    expect(decode([start, said, ends("end_turn"), stop]).response?.text).toBe("Hi");
    const fed = delta(0, { type: "input_json_delta", partial_json: "{}" });
    expect(codeOf(decode([start, fed, stop]))).toBe("INVALID_RESPONSE");
  });

  it("takes any type in any field", () => {
    const values = [null, 0, -1, 1e9, "x", true, [], {}, [[]], { type: 1 }];
    for (const value of values) {
      const events: JsonObject[] = [
        { type: "message_start", message: value },
        { type: "content_block_start", index: value, content_block: value },
        {
          type: "content_block_start",
          index: 1,
          content_block: { type: "text", text: value, citations: value },
        },
        {
          type: "content_block_start",
          index: 2,
          content_block: { type: "thinking", thinking: value, signature: value },
        },
        {
          type: "content_block_start",
          index: 3,
          content_block: { type: "web_search_tool_result", tool_use_id: value, content: value },
        },
        { type: "content_block_delta", index: 1, delta: value },
        { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: value } },
        { type: "content_block_delta", index: 1, delta: { type: "citations_delta", citation: value } },
        { type: "content_block_stop", index: value },
        { type: "message_delta", delta: value, usage: value },
        { type: value },
        stop,
      ];
      expect(decode(events).endings).toHaveLength(1);
    }
  });
});
