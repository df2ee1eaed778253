import { describe, expect, it } from "vitest";
import {
  answer,
  call,
  chunk,
  failure,
  play,
  stop,
  usage,
  usageChunk,
} from "../../../../test/support/chat-chunks.js";
import { replayBody, targetFor } from "../../../../test/support/halves.js";
import { canonical } from "../../../../test/support/recordings.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import { client } from "./index.js";

describe("an error in a stream", () => {
  it("fails it, whether it comes first or midway", () => {
    const error = JSON.stringify({ error: { message: "slow down", code: 429 } });
    expect(failure([error])).toMatchObject({ code: "RATE_LIMIT", committed: false });
    expect(failure([chunk({ content: "Hi" }), error])).toMatchObject({
      code: "RATE_LIMIT",
      committed: true,
      partial: { text: "Hi" },
    });
  });

  it("is found inside the choice and inside an array", () => {
    const inChoice = JSON.stringify({
      choices: [{ index: 0, delta: {}, finish_reason: "error", error: { code: 502, message: "upstream" } }],
    });
    expect(failure([inChoice]).code).toBe("PROVIDER_ERROR");
    expect(
      failure([JSON.stringify([{ error: { code: 503, message: "busy", status: "UNAVAILABLE" } }])]).code,
    ).toBe("OVERLOADED");
  });
});

describe("odd chunks", () => {
  it("are skipped if they have no known field", () => {
    const frames = [
      JSON.stringify({ id: "", model: "", choices: [], prompt_filter_results: [{}] }),
      JSON.stringify({ ping: 1 }),
      JSON.stringify({ id: "chatcmpl-1", model: "gpt-x-1" }),
      chunk({ role: "", content: null, nonsense: { deep: [1] } }),
      chunk({ content: "Hi" }),
      stop,
    ];
    expect(answer(frames)).toMatchObject({ id: "chatcmpl-1", model: "gpt-x-1", text: "Hi", warnings: [] });
  });

  it("may have wrong types", () => {
    const frames = [
      chunk({ content: 5, tool_calls: "no", reasoning: {}, refusal: 1, annotations: 2, images: 3, audio: 4 }),
      JSON.stringify({ choices: [null, 5, "x"], usage: "many", id: 7, model: [] }),
      chunk({ content: "Hi" }),
      stop,
    ];
    expect(answer(frames)).toMatchObject({ text: "Hi", content: [{ type: "text", text: "Hi" }] });
  });

  it("are skipped with a warning if one is not JSON, and fail the stream if a second is not", () => {
    const broken = '{"choices":[{"delta":';
    expect(answer([chunk({ content: "Hi" }), broken, stop]).warnings).toMatchObject([{ code: "malformed" }]);
    expect(failure([broken, chunk({ content: "Hi" }), broken, stop]).code).toBe("INVALID_RESPONSE");
  });

  it("fail the stream if one is not JSON while a call is open", () => {
    const open = chunk(call(0, { id: "a", name: "f", args: "{" }));
    expect(failure([open, "{broken", stop]).code).toBe("INVALID_RESPONSE");
  });

  it("may belong to other choices, which are skipped", () => {
    const second = JSON.stringify({
      choices: [{ index: 1, delta: { content: "No" }, finish_reason: "stop" }],
    });
    expect(answer([chunk({ content: "Yes" }), second, stop]).text).toBe("Yes");
  });

  it("may have a whole message beside the delta, which is not decoded twice", () => {
    const both = JSON.stringify({
      choices: [
        { index: 0, message: { content: "Hi there" }, delta: { content: " there" }, finish_reason: "stop" },
      ],
    });
    expect(answer([chunk({ content: "Hi" }), both]).text).toBe("Hi there");
  });
});

describe("tool calls in a stream", () => {
  const done = chunk({}, {}, "tool_calls");

  function called(deltas: readonly object[]): unknown[] {
    return answer([...deltas.map((delta) => chunk(delta)), done]).toolCalls.map(
      ({ name, arguments: args }) => [name, args],
    );
  }

  it.each<[string, object[]]>([
    ["by index", [call(0, { id: "a", name: "f", args: '{"x"' }), call(0, { args: ":1}" })]],
    [
      "with indices that start above 0",
      [call(5, { id: "a", name: "f", args: '{"x"' }), call(5, { args: ":1}" })],
    ],
    [
      "without any index",
      [call(undefined, { id: "a", name: "f", args: '{"x"' }), call(undefined, { args: ":1}" })],
    ],
    [
      "with an id on every delta",
      [call(0, { id: "a", name: "f", args: '{"x"' }), call(0, { id: "a", args: ":1}" })],
    ],
    [
      "with an empty id later",
      [call(0, { id: "a", name: "f", args: '{"x"' }), call(0, { id: "", name: "", args: ":1}" })],
    ],
    [
      "with a null id later",
      [call(0, { id: "a", name: "f", args: '{"x"' }), call(0, { id: null, args: ":1}" })],
    ],
    [
      "with the name after the first arguments",
      [call(0, { id: "a", args: '{"x"' }), call(0, { name: "f", args: ":1}" })],
    ],
    [
      "with the name later and no index",
      [call(undefined, { id: "a", args: '{"x":1}' }), call(undefined, { id: "a", name: "f" })],
    ],
    ["in one delta", [call(0, { id: "a", name: "f", args: '{"x":1}' })]],
    ["with arguments as an object", [call(0, { id: "a", name: "f", args: { x: 1 } })]],
    [
      "in the form before tools",
      [{ function_call: { name: "f", arguments: '{"x"' } }, { function_call: { arguments: ":1}" } }],
    ],
  ])("are put together %s", (_how, deltas) => {
    expect(called(deltas)).toEqual([["f", { x: 1 }]]);
  });

  it.each<[string, object[]]>([
    [
      "one index for all",
      [call(0, { id: "a", name: "f", args: "{}" }), call(0, { id: "b", name: "g", args: "{}" })],
    ],
    [
      "ids alone",
      [
        call(undefined, { id: "a", name: "f", args: "{}" }),
        call(undefined, { id: "b", name: "g", args: "{}" }),
      ],
    ],
    ["names alone", [call(undefined, { name: "f", args: "{}" }), call(undefined, { name: "g", args: "{}" })]],
    [
      "interleaved pieces",
      [
        call(0, { id: "a", name: "f", args: "{" }),
        call(1, { id: "b", name: "g", args: "{" }),
        call(0, { args: "}" }),
        call(1, { args: "}" }),
      ],
    ],
  ])("are kept apart by %s", (_what, deltas) => {
    expect(called(deltas)).toEqual([
      ["f", {}],
      ["g", {}],
    ]);
  });

  it.each([undefined, "", "null", "  "])("have no arguments if the text is %j", (args) => {
    expect(called([call(0, { id: "a", name: "f", ...(args === undefined ? {} : { args }) })])).toEqual([
      ["f", {}],
    ]);
  });

  it("get different ids if the server sends none", () => {
    const frames = [
      chunk(call(0, { name: "f", args: "{}" })),
      chunk(call(1, { name: "g", args: "{}" })),
      done,
    ];
    const ids = answer(frames).toolCalls.map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => /^call_\w+$/.test(id) && id.length <= 40)).toBe(true);
  });

  it("emit their text as it arrives", () => {
    const { events } = play([
      chunk(call(0, { id: "a", name: "f", args: '{"x"' })),
      chunk(call(0, { args: ":1}" })),
      done,
    ]);
    expect(events.flatMap((event) => (event.type === "tool-call-delta" ? [event.text] : []))).toEqual([
      '{"x"',
      ":1}",
    ]);
  });

  it("keep arguments that are not an object as text", () => {
    const cut = chunk(call(0, { id: "a", name: "f", args: '{"x":' }));
    expect(answer([cut, done, "[DONE]"]).toolCalls[0]?.argumentsText).toBe('{"x":');
    const { toolCalls, finishReason } = answer([cut, chunk({}, {}, "length"), "[DONE]"]);
    expect(finishReason).toBe("length");
    expect(toolCalls).toEqual([{ type: "tool-call", id: "a", name: "f", argumentsText: '{"x":' }]);
  });

  it("are an invalid response if there is nothing but one without a name", () => {
    expect(failure([chunk(call(0, { id: "a", args: '{"a":1}' })), done, "[DONE]"]).code).toBe(
      "INVALID_RESPONSE",
    );
  });

  it("keep a thought signature, which is sent back", () => {
    const extra_content = { google: { thought_signature: "sig" } };
    const delta = {
      tool_calls: [{ index: 0, id: "a", function: { name: "f", arguments: "{}" }, extra_content }],
    };
    expect(answer([chunk(delta), done]).toolCalls[0]?.origin).toEqual({
      family: "labs",
      provider: "labs",
      model: "gpt-x-1",
      data: { extra_content },
    });
  });
});

describe("the ending of a stream", () => {
  it("is [DONE], before the body ends", () => {
    const { outcome } = play([chunk({ content: "Hi" }), stop, usageChunk, "[DONE]"], {}, false);
    expect(outcome).toMatchObject({ response: { text: "Hi", usage: { inputTokens: 3, outputTokens: 2 } } });
  });

  it("is the end of the body if there is no [DONE]", () => {
    expect(answer([chunk({ content: "Hi" }), stop])).toMatchObject({ text: "Hi", finishReason: "stop" });
  });

  it("is a truncation without a finish reason and [DONE]", () => {
    const error = failure([chunk({ content: "Hi" }), chunk({ content: " there" })]);
    expect(error).toMatchObject({ code: "STREAM_TRUNCATED", committed: true, partial: { text: "Hi there" } });
  });

  it("is a truncation if the finish reason may be that of one of several calls", () => {
    const first = chunk(call(0, { id: "a", name: "f", args: "{}" }), {}, "tool_calls");
    expect(failure([first]).code).toBe("STREAM_TRUNCATED");
    expect(answer([first, "[DONE]"]).toolCalls).toHaveLength(1);
    expect(answer([first, usageChunk]).toolCalls).toHaveLength(1);
  });

  it("is a truncation if content follows the last finish reason", () => {
    const frames = [chunk(call(0, { id: "a", name: "f", args: "{}" })), chunk({}, {}, "tool_calls")];
    const more = chunk(call(1, { id: "b", name: "g", args: "{}" }));
    expect(failure([...frames, more]).code).toBe("STREAM_TRUNCATED");
  });

  it("ignores what follows it", () => {
    const { events, outcome } = play([chunk({ content: "Hi" }), stop, "[DONE]", chunk({ content: "!" })]);
    expect(outcome).toMatchObject({ response: { text: "Hi" } });
    expect(events.filter((event) => event.type === "text-delta")).toHaveLength(1);
  });

  it.each([
    ["stop", "stop"],
    ["eos_token", "stop"],
    ["length", "length"],
    ["model_length", "length"],
    ["content_filter", "content-filter"],
    ["sensitive", "content-filter"],
    ["SAFETY", "content-filter"],
    ["something new", "other"],
  ])("says %s as %s", (word, reason) => {
    expect(answer([chunk({ content: "Hi" }), chunk({}, {}, word)])).toMatchObject({
      finishReason: reason,
      rawFinishReason: word,
    });
  });

  it("is a failure if DeepSeek runs out of resources", () => {
    const error = failure([
      chunk({ content: "Hi" }),
      chunk({}, {}, "insufficient_system_resource"),
      "[DONE]",
    ]);
    expect(error).toMatchObject({ code: "OVERLOADED", partial: { text: "Hi" } });
  });
});

describe("usage in a stream", () => {
  const counts = { inputTokens: 3, outputTokens: 2 };

  it.each<[string, string[]]>([
    ["a chunk without choices", [stop, usageChunk]],
    ["the last content chunk", [chunk({}, { usage }, "stop")]],
    ["x_groq", [chunk({}, { x_groq: { usage } }, "stop")]],
    ["the choice", [JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: "stop", usage }] })]],
    [
      "every chunk",
      [chunk({ content: "!" }, { usage: { ...usage, completion_tokens: 1 } }), chunk({}, { usage }, "stop")],
    ],
  ])("is read from %s", (_where, ending) => {
    expect(answer([chunk({ content: "Hi" }), ...ending]).usage).toMatchObject(counts);
  });

  it("is reported once before the end, if the first chunks have it", () => {
    const early = { ...usage, completion_tokens: 1, total_tokens: 4 };
    const chunks = [chunk({ content: "a" }, { usage: early }), chunk({ content: "b" }, { usage: early })];
    const { events } = play([...chunks, chunk({}, { usage }, "stop"), "[DONE]"]);
    expect(events.flatMap((event) => (event.type === "usage" ? [event.usage.outputTokens] : []))).toEqual([
      1,
    ]);
  });

  it.each<[string, object, object]>([
    ["details", { prompt_tokens_details: { cached_tokens: 1 } }, { cachedInputTokens: 1 }],
    ["cached_tokens", { cached_tokens: 1 }, { cachedInputTokens: 1 }],
    ["num_cached_tokens", { num_cached_tokens: 1 }, { cachedInputTokens: 1 }],
    ["prompt_cache_hit_tokens", { prompt_cache_hit_tokens: 1 }, { cachedInputTokens: 1 }],
    ["written tokens", { prompt_tokens_details: { cache_write_tokens: 2 } }, { cacheWriteInputTokens: 2 }],
    [
      "reasoning inside",
      { completion_tokens_details: { reasoning_tokens: 1 } },
      { outputTokens: 2, reasoningTokens: 1 },
    ],
    [
      "reasoning that only the total includes",
      { total_tokens: 12, completion_tokens_details: { reasoning_tokens: 7 } },
      { outputTokens: 9, reasoningTokens: 7 },
    ],
    [
      "reasoning that exceeds the total",
      { completion_tokens_details: { reasoning_tokens: 7 } },
      { outputTokens: 9, reasoningTokens: 7 },
    ],
  ])("counts %s", (_what, more, expected) => {
    const frame = JSON.stringify({ choices: [], usage: { ...usage, ...more } });
    expect(answer([chunk({ content: "Hi" }), stop, frame]).usage).toMatchObject(expected);
  });

  it("adds reasoning if a quirk says that the counts leave it out", () => {
    const body = { ...usage, completion_tokens_details: { reasoning_tokens: 1 } };
    const frames = [chunk({ content: "Hi" }), stop, JSON.stringify({ choices: [], usage: body })];
    expect(answer(frames, { usageExcludesReasoning: true }).usage.outputTokens).toBe(3);
  });
});

describe("reasoning in a stream", () => {
  it.each(["reasoning_content", "reasoning"])("is read from %s", (field) => {
    const { content } = answer([
      chunk({ [field]: "Hm" }),
      chunk({ [field]: "m." }),
      chunk({ content: "Hi" }),
      stop,
    ]);
    expect(content).toEqual([
      {
        type: "reasoning",
        text: "Hmm.",
        origin: expect.objectContaining({ family: "labs", data: { field } }),
      },
      { type: "text", text: "Hi" },
    ]);
  });

  it("is decoded once if two fields contain it", () => {
    const delta = {
      reasoning: "Hm",
      reasoning_content: "Hm",
      reasoning_details: [{ type: "reasoning.text", text: "Hm" }],
    };
    expect(answer([chunk(delta), chunk({ content: "Hi" }), stop]).reasoningText).toBe("Hm");
  });

  it("ends when text begins; after the text, another part begins", () => {
    const { content } = answer([
      chunk({ reasoning: "One" }),
      chunk({ content: "Two" }),
      chunk({ reasoning: "Three" }),
      chunk({ content: "Four" }),
      stop,
    ]);
    expect(content.map((part) => part.type)).toEqual(["reasoning", "text", "reasoning", "text"]);
  });

  it("joins the pieces of its state, signature and cipher included", () => {
    const details = (block: object) => ({ reasoning_details: [block] });
    const { content } = answer([
      chunk({ reasoning: "a", ...details({ type: "reasoning.text", text: "a", index: 0 }) }),
      chunk({ reasoning: "b", ...details({ type: "reasoning.text", text: "b", index: 0 }) }),
      chunk(details({ type: "reasoning.text", signature: "sig", index: 0 })),
      chunk({ content: "Hi" }),
      chunk(details({ type: "reasoning.encrypted", data: "xyz", index: 1 })),
      stop,
    ]);
    expect(content).toMatchObject([
      {
        type: "reasoning",
        text: "ab",
        origin: {
          data: {
            reasoning_details: [
              { type: "reasoning.text", text: "ab", signature: "sig", index: 0 },
              { type: "reasoning.encrypted", data: "xyz", index: 1 },
            ],
          },
        },
      },
      { type: "text", text: "Hi" },
    ]);
  });

  it("stays in the text between tags, unless a quirk asks for it", () => {
    const frames = ["<th", "ink>Hm", "m.</thi", "nk>\n\nHi <think>no</think>"].map((content) =>
      chunk({ content }),
    );
    expect(answer([...frames, stop]).text).toBe("<think>Hmm.</think>\n\nHi <think>no</think>");
    expect(answer([...frames, stop], { thinkTags: true }).content).toEqual([
      { type: "reasoning", text: "Hmm." },
      { type: "text", text: "Hi <think>no</think>" },
    ]);
  });

  it.each(["<thi", "<think>never closed", "no tag at all", "  <b>"])(
    "loses nothing of %j, which is no thought that was closed",
    (content) => {
      const { text, reasoningText } = answer([chunk({ content }), stop], { thinkTags: true });
      expect(reasoningText + text).toBe(content.replace("<think>", ""));
    },
  );

  it("is read from content that is a list of parts", () => {
    const thinking = { type: "thinking", thinking: [{ type: "text", text: "Hm" }] };
    const { content } = answer([
      chunk({ content: [thinking] }),
      chunk({ content: [{ type: "text", text: "Hi" }, { type: "unheard of" }] }),
      stop,
    ]);
    expect(content).toEqual([
      { type: "reasoning", text: "Hm" },
      { type: "text", text: "Hi" },
    ]);
  });
});

describe("what else an answer may hold", () => {
  const logprobs = {
    content: [{ token: "Hi", logprob: -0.1, bytes: [72], top_logprobs: [{ token: "Ho", logprob: -2 }] }],
  };
  const annotation = {
    type: "url_citation",
    url_citation: { url: "https://a.example", title: "A", start_index: 0, end_index: 2 },
  };
  const executed = { index: 0, type: "search", arguments: '{"query":"x"}' };
  const source = { url: "https://b.example", title: "B", snippet: "Words" };

  /** A message, and the deltas that say the same. */
  const cases: [string, object, object[], object?][] = [
    ["text", { content: "Hi there" }, [{ content: "Hi" }, { content: " there" }]],
    ["a refusal", { content: null, refusal: "I won't." }, [{ refusal: "I " }, { refusal: "won't." }]],
    [
      "reasoning and text",
      { reasoning_content: "Hm", content: "Hi" },
      [{ reasoning_content: "Hm" }, { content: "Hi" }],
    ],
    [
      "a citation",
      { content: "Hi", annotations: [annotation] },
      [{ content: "Hi" }, { annotations: [annotation] }],
    ],
    [
      "a source of the whole",
      { content: "Hi" },
      [{ content: "Hi" }],
      { citations: ["https://b.example"], search_results: [source] },
    ],
    [
      "a picture",
      { content: "Hi", images: [{ image_url: { url: "data:image/png;base64,AAAA" } }] },
      [{ content: "Hi" }, { images: [{ image_url: { url: "data:image/png;base64,AAAA" } }] }],
    ],
    [
      "sound",
      { content: null, audio: { id: "au_1", data: "UklGRgAA", transcript: "Hello" } },
      [
        { audio: { id: "au_1", data: "UklGRgAA" } },
        { audio: { transcript: "Hel" } },
        { audio: { transcript: "lo" } },
      ],
    ],
    [
      "a tool of the provider's",
      { content: "Hi", executed_tools: [{ ...executed, output: "found" }] },
      [
        { executed_tools: [executed] },
        { executed_tools: [{ ...executed, output: "found" }] },
        { content: "Hi" },
      ],
    ],
    [
      "a call",
      { content: null, tool_calls: [{ id: "a", function: { name: "f", arguments: '{"x":1}' } }] },
      [call(0, { id: "a", name: "f", args: '{"x"' }), call(0, { args: ":1}" })],
    ],
  ];

  it.each(cases)("is the same whole and streamed: %s", (_what, message, deltas, top = {}) => {
    const whole = replayBody(client, targetFor("labs"), {
      id: "chatcmpl-1",
      model: "gpt-x-1",
      choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop" }],
      usage,
      ...top,
    });
    if ("error" in whole) throw whole.error;
    const streamed = answer([
      ...deltas.map((delta) => chunk(delta, top)),
      chunk({}, { ...top, usage }, "stop"),
    ]);
    const summary = ({
      content,
      text,
      reasoningText,
      toolCalls,
      finishReason,
      usage: counts,
    }: ChatResponse) => canonical({ content, text, reasoningText, toolCalls, finishReason, counts });
    expect(JSON.parse(summary(streamed))).toEqual(JSON.parse(summary(whole.response)));
    expect(whole.response.content.length).toBeGreaterThan(0);
  });

  it("are log probabilities on the text that they belong to", () => {
    const frame = JSON.stringify({
      choices: [{ index: 0, delta: { content: "Hi" }, logprobs, finish_reason: null }],
    });
    expect(answer([frame, stop]).content).toEqual([
      {
        type: "text",
        text: "Hi",
        logprobs: [{ token: "Hi", logprob: -0.1, top: [{ token: "Ho", logprob: -2 }] }],
      },
    ]);
  });

  it("are no calls for the caller where the provider ran the tool", () => {
    const response = answer([
      chunk({ executed_tools: [{ ...executed, output: "found" }] }),
      chunk({ content: "Hi" }),
      stop,
    ]);
    expect(response.toolCalls).toEqual([]);
    expect(response).toMatchObject({
      finishReason: "stop",
      content: [
        { type: "tool-call", name: "search", arguments: { query: "x" }, executedBy: "provider" },
        { type: "tool-result", content: "found", executedBy: "provider" },
        { type: "text" },
      ],
    });
  });

  it("is the tier that served the call", () => {
    expect(answer([chunk({ content: "Hi" }, { service_tier: "flex" }), stop]).serviceTier).toBe("flex");
  });

  it("is counted from 0 without a gap, each part begun before its deltas and ended once", () => {
    const { events } = play([
      chunk({ reasoning: "Hm" }),
      chunk({ content: "Hi" }),
      chunk(call(0, { id: "a", name: "f", args: "{}" })),
      chunk({ annotations: [annotation] }),
      chunk({}, {}, "tool_calls"),
      "[DONE]",
    ]);
    expect(events[0]).toMatchObject({ type: "start", id: "chatcmpl-1", model: "gpt-x-1", provider: "labs" });
    const seen = events.flatMap((event) => ("index" in event ? [`${event.type} ${event.index}`] : []));
    expect(seen).toEqual([
      "part-start 0",
      "reasoning-delta 0",
      "part-end 0",
      "part-start 1",
      "text-delta 1",
      "part-start 2",
      "tool-call-delta 2",
      "part-end 1",
      "part-end 2",
      "part 3",
    ]);
  });
});
