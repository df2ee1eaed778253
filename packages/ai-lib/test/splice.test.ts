import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MidStream } from "../src/core/contract/call.js";
import { DeliveredParts } from "../src/core/kinds/chat/splice.js";
import type { ChatEvent } from "../src/core/values/chat-event.js";
import type { ChatResponse } from "../src/core/values/chat-response.js";
import { failover } from "../src/strategies/failover.js";
import { type ScriptedReply, scripted } from "../src/testing/scripted.js";
import { errorOf, read, request } from "./support/calls.js";

const head: ChatEvent = { type: "part-start", index: 0, part: { type: "text" } };
const said = (...pieces: string[]): ChatEvent[] => [
  head,
  ...pieces.map((text): ChatEvent => ({ type: "text-delta", index: 0, text })),
];
const called = (id: string, text: string, name = "f"): ChatEvent[] => [
  { type: "part-start", index: 0, part: { type: "tool-call", id, name } },
  { type: "tool-call-delta", index: 0, text },
];

/** A stream over members that play one reply each. */
function streamOf(midStream: MidStream, ...replies: ScriptedReply[]) {
  const members = replies.map((reply, i) => scripted({ name: `${i}`, replies: [reply] }));
  return { members, stream: failover(members).stream(request, { midStream }) };
}

const joined = (events: readonly { type: string }[]) =>
  events.map((event) => (event.type === "text-delta" && "text" in event ? event.text : "")).join("");

describe("a splice", () => {
  it("joins any two ways of cutting the same text into it once", async () => {
    const pieces = fc.array(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.nat(), fc.array(fc.nat(20)), async (written, at, cuts) => {
        const whole = written.join("");
        const broken = whole.slice(0, at % (whole.length + 1));
        const again: string[] = [];
        let from = 0;
        for (const cut of [...cuts, whole.length]) {
          again.push(whole.slice(from, from + cut));
          from += cut;
        }
        const { stream } = streamOf(
          "splice",
          { events: said(broken), cut: true },
          { events: said(...again) },
        );
        const events = await read(stream);
        expect(joined(events)).toBe(whole);
        expect(events.filter(({ type }) => type === "part-start")).toHaveLength(1);
        expect(events.at(-1)).toMatchObject({ response: { text: whole } });
      }),
      { numRuns: 60 },
    );
  });

  it("takes a tool call with another id for the same, and answers with the id that was delivered", async () => {
    const { stream } = streamOf(
      "splice",
      { events: called("1", '{"a"'), cut: true },
      { events: called("2", '{"a":1}') },
    );
    const events = await read(stream);
    expect(events.filter(({ type }) => type === "part-start")).toHaveLength(1);
    const { response } = events.at(-1) as { response: ChatResponse };
    expect(response.toolCalls).toMatchObject([{ id: "1", arguments: { a: 1 } }]);
    expect(response.message.content).toEqual(response.content);
  });

  const fails: [string, ScriptedReply[], number][] = [
    ["an answer without any content", [{ events: said("One"), cut: true }, { events: [] }], 2],
    ["an empty part", [{ events: said("One"), cut: true }, { events: [head] }], 2],
    ["a shorter answer", [{ events: said("One two"), cut: true }, { events: said("One") }], 2],
    ["another answer", [{ events: said("One"), cut: true }, { events: said("Two") }], 2],
    [
      "a call of another tool",
      [{ events: called("1", "{"), cut: true }, { events: called("1", "{}", "g") }],
      2,
    ],
    [
      "other arguments",
      [{ events: called("1", '{"a":1'), cut: true }, { events: called("1", '{"b":1}') }],
      2,
    ],
    [
      "a break at every try",
      [
        { events: said("One"), cut: true },
        { events: said("On"), cut: true },
        { events: said("One"), cut: true },
      ],
      3,
    ],
  ];
  it.each(fails)("fails with the delivered content after %s", async (_, replies, asked) => {
    const { stream, members } = streamOf("splice", ...replies);
    const events: string[] = [];
    const error = await errorOf(
      (async () => {
        for await (const event of stream) events.push(event.type);
      })(),
    );
    expect(error).toMatchObject({ code: "STREAM_TRUNCATED", committed: true });
    expect(error.partial?.content).toHaveLength(1);
    expect(events).not.toContain("finish");
    expect(events).not.toContain("restart");
    expect(members.filter(({ calls }) => calls === 1)).toHaveLength(asked);
  });

  it("continues with a tool call of the same id", async () => {
    const { stream } = streamOf(
      "splice",
      { events: called("1", '{"a"'), cut: true },
      { events: called("1", '{"a":0}'), finishReason: "tool-calls" },
    );
    expect((await stream.response()).toolCalls[0]?.arguments).toEqual({ a: 0 });
  });

  it("stops the member whose answer differs", async () => {
    const { stream, members } = streamOf(
      "splice",
      { events: said("One"), cut: true },
      { events: said("Two"), silent: true },
    );
    await errorOf(read(stream));
    expect(members[1]).toMatchObject({ aborted: 1, running: 0 });
  });
});

describe("a restart", () => {
  it("tells the reader to start again, and which member answers", async () => {
    const { stream } = streamOf("restart", { events: said("One"), cut: true }, { events: said("Two") });
    const events = await read(stream);
    expect(events.map(({ type }) => type)).toEqual([
      "start",
      "part-start",
      "text-delta",
      "restart",
      "part-start",
      "text-delta",
      "part-end",
      "finish",
    ]);
    expect(events[3]).toMatchObject({ type: "restart", provider: "1" });
    expect(events.at(-1)).toMatchObject({ response: { text: "Two", provider: "1" } });
  });

  it("may happen several times, within the budget", async () => {
    const { stream } = streamOf(
      "restart",
      { events: said("1"), cut: true },
      { events: said("2"), cut: true },
      { events: said("3") },
    );
    const events = await read(stream);
    expect(events.filter(({ type }) => type === "restart")).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ response: { text: "3", attempts: { length: 3 } } });
  });

  it("does not happen if it was not asked for", async () => {
    const { stream, members } = streamOf("fail", { events: said("One"), cut: true }, { events: said("Two") });
    expect(await errorOf(stream.response())).toMatchObject({ code: "STREAM_TRUNCATED", committed: true });
    expect(members[1]?.calls).toBe(0);
  });

  it("is an error for whoever reads the text alone: what was printed cannot be taken back", async () => {
    const { stream } = streamOf("restart", { events: said("One"), cut: true }, { events: said("Two") });
    let printed = "";
    const error = await errorOf(
      (async () => {
        for await (const piece of stream.text) printed += piece;
      })(),
    );
    expect(printed).toBe("One");
    expect(error).toMatchObject({ code: "STREAM_TRUNCATED", committed: true });
  });
});

it("what is delivered later changes no comparison that has begun", () => {
  const delivered = new DeliveredParts(request);
  for (const event of said("One")) delivered.add(event);
  const splicer = delivered.splicer();
  delivered.add({ type: "text-delta", index: 0, text: " two" });
  expect(splicer.rest(head)).toEqual([]);
  expect(splicer.rest({ type: "text-delta", index: 0, text: "One!" })).toMatchObject([{ text: "!" }]);
  expect(splicer.complete()).toBe(true);
});
