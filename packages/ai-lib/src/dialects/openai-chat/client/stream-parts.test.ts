import { describe, expect, it } from "vitest";
import { answer, call, chunk, play, stop, usage } from "../../../../test/support/chat-chunks.js";
import { replayBody, targetFor } from "../../../../test/support/halves.js";
import { canonical } from "../../../../test/support/recordings.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import { client } from "./index.js";

describe("reasoning in a stream", () => {
  it.each(["reasoning_content", "reasoning"])("is read from %s", (field) => {
    const { content } = answer([
      chunk({ [field]: "Hm" }),
      chunk({ [field]: "m." }),
      chunk({ content: "Hi" }),
      stop,
    ]);
    expect(content).toEqual([
      { type: "reasoning", text: "Hmm." },
      { type: "text", text: "Hi" },
    ]);
  });

  it("is read once where two fields say it", () => {
    const delta = {
      reasoning: "Hm",
      reasoning_content: "Hm",
      reasoning_details: [{ type: "reasoning.text", text: "Hm" }],
    };
    expect(answer([chunk(delta), chunk({ content: "Hi" }), stop]).reasoningText).toBe("Hm");
  });

  it("ends when text begins, and begins anew after it", () => {
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

  it("stays in the text where tags hold it, unless a flag asks for it", () => {
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
    const told = ({ content, text, reasoningText, toolCalls, finishReason, usage: counts }: ChatResponse) =>
      canonical({ content, text, reasoningText, toolCalls, finishReason, counts });
    expect(JSON.parse(told(streamed))).toEqual(JSON.parse(told(whole.response)));
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
