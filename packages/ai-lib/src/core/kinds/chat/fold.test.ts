import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AiLibError } from "../../errors/error.js";
import { joinBase64 } from "../../values/base64.js";
import type { ChatEvent } from "../../values/chat-event.js";
import type { EndFacts } from "../../values/chat-response.js";
import type { ContentPart } from "../../values/message.js";
import type { ReplyFrame } from "../laws.js";
import { Fold } from "./fold.js";
import { replayEvents } from "./replay.js";
import { buildResponse } from "./response.js";

const frame: ReplyFrame = {
  provider: "p",
  model: "asked",
  id: "made-up",
  attempts: [],
  estimateInput: () => 7,
};
const stop: EndFacts = { finishReason: "stop" };

function folded(events: readonly ChatEvent[], facts: EndFacts = stop) {
  const fold = new Fold();
  for (const event of events) fold.add(event);
  return fold.build(facts, frame);
}

const text = (index: number, ...pieces: string[]): ChatEvent[] => [
  { type: "part-start", index, part: { type: "text" } },
  ...pieces.map((piece): ChatEvent => ({ type: "text-delta", index, text: piece })),
  { type: "part-end", index },
];
const toolCall = (index: number, ...pieces: string[]): ChatEvent[] => [
  { type: "part-start", index, part: { type: "tool-call", id: `c${index}`, name: "f" } },
  ...pieces.map((piece): ChatEvent => ({ type: "tool-call-delta", index, text: piece })),
];

function thrownBy(act: () => unknown): AiLibError {
  try {
    act();
  } catch (error) {
    if (AiLibError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

/** Every part that a stream can carry, opaque state and marks included. */
const parts: readonly ContentPart[] = [
  { type: "text", text: "Hello" },
  { type: "text", text: "" },
  { type: "text", text: "x", logprobs: [{ token: "x", logprob: 0 }] },
  { type: "text", text: "marked", extensions: { p: { a: 1 } } },
  { type: "reasoning", text: "hm", origin: { family: "f", data: { signature: "s" } } },
  { type: "reasoning", text: "", redacted: true },
  { type: "refusal", text: "I will not" },
  { type: "tool-call", id: "1", name: "f", arguments: {} },
  { type: "tool-call", id: "2", name: "f", arguments: { a: [0, null, false] }, executedBy: "provider" },
  { type: "tool-result", id: "2", content: "3", executedBy: "provider" },
  { type: "source", url: "https://example.com" },
  { type: "image", mediaType: "image/png", data: "AAAA" },
];

describe("a response", () => {
  it("is the same from events as from the whole reply", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 8 }), fc.boolean(), (content, counted) => {
        const facts: EndFacts = {
          ...stop,
          ...(counted ? { usage: { inputTokens: 0, outputTokens: 0 } } : {}),
        };
        expect(folded(replayEvents(content, facts), facts)).toEqual(buildResponse(content, facts, [], frame));
      }),
    );
  });

  it("takes each part at its place, however the deltas are interleaved", () => {
    const [first, second] = [text(0, "a", "b"), text(1, "c", "d")];
    const mixed = first.flatMap((event, i) => [event, second[i] as ChatEvent]);
    expect(folded(mixed).content).toEqual([
      { type: "text", text: "ab" },
      { type: "text", text: "cd" },
    ]);
  });

  it("skips indices at which nothing began", () => {
    expect(folded(text(5, "a")).content).toEqual([{ type: "text", text: "a" }]);
  });

  it("has the ending's id and model, else the start's, else the call's", () => {
    const start: ChatEvent = { type: "start", id: "s", model: "started" };
    expect(folded([start], { ...stop, id: "e", model: "ended" })).toMatchObject({ id: "e", model: "ended" });
    expect(folded([start])).toMatchObject({ id: "s", model: "started" });
    expect(folded([])).toMatchObject({ id: "made-up", model: "asked" });
  });

  it("estimates usage if none was reported, and accepts a usage of 0", () => {
    expect(folded(text(0, "12345678"))).toMatchObject({
      usage: { inputTokens: 7, outputTokens: 2 },
      usageStatus: "estimated",
    });
    const usage = { inputTokens: 0, outputTokens: 0 };
    expect(folded(text(0, "12345678"), { ...stop, usage })).toMatchObject({ usage, usageStatus: "final" });
  });

  it.each([
    ["stop", true, "tool-calls"],
    ["tool-calls", true, "tool-calls"],
    ["tool-calls", false, "stop"],
    ["length", true, "length"],
    ["other", true, "other"],
  ] as const)("that ended with %s, calls: %s, ended with %s", (finishReason, calls, settled) => {
    expect(folded(calls ? toolCall(0, "{}") : text(0, "a"), { finishReason }).finishReason).toBe(settled);
  });

  it("does not count a provider's own calls as the caller's", () => {
    const own: ContentPart = {
      type: "tool-call",
      id: "1",
      name: "search",
      arguments: {},
      executedBy: "provider",
    };
    const response = buildResponse([own], { finishReason: "tool-calls" }, [], frame);
    expect([response.toolCalls, response.finishReason]).toEqual([[], "stop"]);
  });

  it("keeps the state that a part ended with", () => {
    const origin = { family: "f", data: { id: "1" } };
    const events: ChatEvent[] = [
      { type: "part-start", index: 0, part: { type: "text" } },
      { type: "part-end", index: 0, origin },
    ];
    expect(folded(events).content).toEqual([{ type: "text", text: "", origin }]);
  });

  it("starts again at a restart", () => {
    const events: ChatEvent[] = [
      { type: "start", id: "1" },
      ...text(0, "old"),
      ...text(1, "old"),
      { type: "restart", id: "2" },
      ...text(0, "new"),
    ];
    expect(folded(events)).toMatchObject({ id: "2", text: "new", content: { length: 1 } });
  });
});

describe("a tool call", () => {
  it.each([
    ["in pieces", ['{"a"', ":", "0}"], { a: 0 }],
    ["without any text", [], {}],
    ["of blanks", ["  "], {}],
    ["of null", ["null"], {}],
  ])("has its arguments parsed once, %s", (_, pieces, args) => {
    expect(folded(toolCall(0, ...pieces)).toolCalls).toEqual([
      { type: "tool-call", id: "c0", name: "f", arguments: args },
    ]);
  });

  it.each(["[1]", "7", '"a"', "{", "{}{}", "true"])(
    "with %s for arguments keeps it as text, with a warning",
    (raw) => {
      const response = folded([...toolCall(0, raw), ...toolCall(1, "{}")]);
      expect(response.toolCalls).toMatchObject([{ argumentsText: raw }, { arguments: {} }]);
      expect(response.warnings).toMatchObject([{ code: "malformed", field: "content.0" }]);
      expect(response.finishReason).toBe("tool-calls");
    },
  );

  it("cut at the token limit keeps its raw text and has no arguments", () => {
    const [call] = folded(toolCall(0, '{"path": "/ho'), { finishReason: "length" }).toolCalls;
    expect(call).toEqual({ type: "tool-call", id: "c0", name: "f", argumentsText: '{"path": "/ho' });
  });

  it("of an answer that broke has no arguments, even if its text looks complete", () => {
    const fold = new Fold();
    for (const event of toolCall(0, "{}")) fold.add(event);
    expect(fold.partial(frame)?.toolCalls[0]).toEqual({
      type: "tool-call",
      id: "c0",
      name: "f",
      argumentsText: "{}",
    });
  });
});

describe("a partial answer", () => {
  it("is marked incomplete, and is absent before any content", () => {
    const fold = new Fold();
    fold.add({ type: "start", id: "s" });
    expect(fold.partial(frame)).toBeUndefined();
    for (const event of text(0, "so far")) fold.add(event);
    expect(fold.partial(frame)).toMatchObject({
      id: "s",
      text: "so far",
      finishReason: "other",
      message: { incomplete: true },
    });
  });
});

describe("an invalid answer", () => {
  const wrong: [string, ChatEvent[]][] = [
    ["go on with a part that never began", [{ type: "text-delta", index: 0, text: "a" }]],
    ["end a part that never began", [{ type: "part-end", index: 0 }]],
    [
      "go on with a part that came whole",
      [
        { type: "part", index: 0, part: { type: "text", text: "a" } },
        { type: "text-delta", index: 0, text: "b" },
      ],
    ],
    ...[-1, 0.5, 1e9, Number.NaN, "0", "__proto__"].map((index): [string, ChatEvent[]] => [
      `begin a part at ${String(index)}`,
      [{ type: "part-start", index: index as number, part: { type: "text" } }],
    ]),
  ];
  it.each(wrong)("%s", (_, events) => {
    expect(thrownBy(() => folded(events)).code).toBe("INVALID_RESPONSE");
  });

  it("grow without end", () => {
    const fold = new Fold();
    fold.add({ type: "part-start", index: 0, part: { type: "text" } });
    const piece = "x".repeat(8 * 1024 * 1024);
    const grow = () => {
      for (let i = 0; i < 20; i++) fold.add({ type: "text-delta", index: 0, text: piece });
    };
    expect(thrownBy(grow)).toMatchObject({
      code: "INVALID_RESPONSE",
      message: expect.stringContaining("stopped"),
    });
  });
});

it("base64 pieces are joined by their bytes, padded or not", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 6 }), (pieces) => {
      const encoded = pieces.map((piece) => Buffer.from(piece).toString("base64"));
      expect(joinBase64(encoded)).toBe(Buffer.concat(pieces).toString("base64"));
    }),
  );
});

it("the parts left open are those that began and did not end", () => {
  const fold = new Fold();
  for (const event of [
    ...text(0, "a"),
    ...toolCall(1),
    { type: "part", index: 2, part: { type: "text", text: "b" } } as const,
  ])
    fold.add(event);
  expect(fold.closing()).toEqual([{ type: "part-end", index: 1 }]);
});
