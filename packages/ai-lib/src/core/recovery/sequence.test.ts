import { describe, expect, it } from "vitest";
import { errorOf, read, request } from "../../../test/support/calls.js";
import { failover } from "../../strategies/failover.js";
import { type ScriptedReply, scripted } from "../../testing/scripted.js";
import type { ChatEvent } from "../values/chat-event.js";

const head: ChatEvent = { type: "part-start", index: 0, part: { type: "text" } };
const warning: ChatEvent = { type: "warning", warning: { code: "other", message: "Careful" } };

/** What a stream gives whose first member sends some events and is then cut. */
async function cutAfter(events: readonly ChatEvent[]) {
  const chain = failover([scripted({ name: "a", replies: [{ events, cut: true }] }), scripted("b")]);
  const seen: string[] = [];
  const reading = (async () => {
    for await (const event of chain.stream(request)) seen.push(event.type);
  })();
  const error = await reading.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { seen, failed: error !== undefined };
}

describe("the commit point", () => {
  const preambles: [string, ChatEvent[]][] = [
    ["nothing at all", []],
    ["a start", [{ type: "start" }]],
    ["the start of a text", [head]],
    ["an empty delta", [head, { type: "text-delta", index: 0, text: "" }]],
    ["warnings", [warning, warning]],
    ["an empty part", [head, { type: "part-end", index: 0 }]],
    ["the start of reasoning", [{ type: "part-start", index: 0, part: { type: "reasoning" } }]],
    ["63 events and the start", [{ type: "start" }, ...Array.from({ length: 63 }, () => warning)]],
    ["warnings without a start", Array.from({ length: 60 }, () => warning)],
  ];
  it.each(preambles)("is not reached by %s: the caller sees one answer", async (_, events) => {
    const { seen, failed } = await cutAfter(events);
    expect(failed).toBe(false);
    expect(seen).toEqual(["start", "part-start", "text-delta", "part-end", "finish"]);
  });

  const contents: [string, ChatEvent[]][] = [
    ["a delta", [head, { type: "text-delta", index: 0, text: "a" }]],
    [
      "reasoning",
      [
        { type: "part-start", index: 0, part: { type: "reasoning" } },
        { type: "reasoning-delta", index: 0, text: "hm" },
      ],
    ],
    [
      "a tool call's start",
      [{ type: "part-start", index: 0, part: { type: "tool-call", id: "1", name: "f" } }],
    ],
    ["a whole part", [{ type: "part", index: 0, part: { type: "source", url: "https://example.com" } }]],
    ["a preamble too long to be held", [{ type: "start" }, ...Array.from({ length: 64 }, () => warning)]],
    [
      "a preamble too large to buffer",
      [{ type: "start" }, { type: "warning", warning: { code: "other", message: "x".repeat(300_000) } }],
    ],
  ];
  it.each(contents)("is reached by %s: nothing is asked again", async (_, events) => {
    const { seen, failed } = await cutAfter(events);
    expect(failed).toBe(true);
    expect(seen[0]).toBe("start");
    expect(seen.filter((type) => type === "start")).toHaveLength(1);
    expect(seen).not.toContain("finish");
  });
});

it("the start comes before warnings about dropped fields", async () => {
  const events: ChatEvent[] = [warning, head, { type: "text-delta", index: 0, text: "a" }];
  const seen = await read(scripted({ name: "a", replies: [{ events }] }).stream(request));
  expect(seen.map((event) => event.type)).toEqual([
    "start",
    "warning",
    "part-start",
    "text-delta",
    "part-end",
    "finish",
  ]);
});

/** Streams a broken answer and then another, spliced. */
async function splice(broken: ScriptedReply, again: ScriptedReply) {
  const chain = failover([
    scripted({ name: "a", replies: [broken] }),
    scripted({ name: "b", replies: [again] }),
  ]);
  return read(chain.stream(request, { midStream: "splice" }));
}

const text = (index: number, ...pieces: string[]): ChatEvent[] => [
  { type: "part-start", index, part: { type: "text" } },
  ...pieces.map((piece): ChatEvent => ({ type: "text-delta", index, text: piece })),
];
const thinking = (index: number, ...pieces: string[]): ChatEvent[] => [
  { type: "part-start", index, part: { type: "reasoning" } },
  ...pieces.map((piece): ChatEvent => ({ type: "reasoning-delta", index, text: piece })),
];
const end = (index: number): ChatEvent => ({ type: "part-end", index });

describe("a splice", () => {
  it("continues in the middle of a part, of a piece, and of several parts", async () => {
    const whole = [...thinking(0, "Let me", " think"), end(0), ...text(1, "One", " two")];
    for (const broken of [
      [...thinking(0, "Let")],
      [...thinking(0, "Let me think")],
      [...thinking(0, "Let me think"), end(0)],
      [...thinking(0, "Let me think"), end(0), ...text(1, "One t")],
    ]) {
      const events = await splice({ events: broken, cut: true }, { events: whole });
      const joined = (type: string) =>
        events.map((event) => (event.type === type && "text" in event ? event.text : "")).join("");
      expect([joined("reasoning-delta"), joined("text-delta")]).toEqual(["Let me think", "One two"]);
      expect(events.filter((event) => event.type === "part-start")).toHaveLength(2);
      expect(events.filter((event) => event.type === "part-end")).toHaveLength(2);
      expect(events.at(-1)).toMatchObject({ type: "finish", response: { text: "One two" } });
    }
  });

  it("treats the same part with other opaque state as the same", async () => {
    const origin = (id: string) => ({ family: "f", data: { id } });
    const source = (id: string): ChatEvent => ({
      type: "part",
      index: 0,
      part: { type: "source", url: "https://example.com", origin: origin(id) },
    });
    const events = await splice(
      { events: [source("1"), ...text(1, "a")], cut: true },
      { events: [source("2"), ...text(1, "a", "b")] },
    );
    expect(events.filter((event) => event.type === "part")).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ response: { text: "ab" } });
  });

  const others: [string, ChatEvent[], ChatEvent[]][] = [
    ["other words", text(0, "One two"), text(0, "One, two three")],
    ["another kind of part", text(0, "One"), thinking(0, "One")],
    ["another tool", call("f"), call("g")],
    ["a longer part where the delivered one had ended", [...text(0, "One"), end(0)], text(0, "One two")],
    ["a shorter part", text(0, "One two"), [...text(0, "One"), end(0), ...text(1, " two")]],
    ["a shorter answer", text(0, "One two"), text(0, "One")],
    ["a second part before the first is repeated", text(0, "One"), text(1, "One")],
  ];
  it.each(others)("fails with what the caller has after %s", async (_, broken, again) => {
    const error = await errorOf(splice({ events: broken, cut: true }, { events: again }));
    expect(error).toMatchObject({ code: "STREAM_TRUNCATED", committed: true });
    expect(error.partial?.content[0]).toBeDefined();
  });

  it("survives several breaks", async () => {
    const replies = [text(0, "One "), text(0, "One two "), text(0, "One two three")];
    const members = replies.map((events, i) => scripted({ name: `${i}`, replies: [{ events, cut: i < 2 }] }));
    const events = await read(failover(members).stream(request, { midStream: "splice" }));
    const deltas = events.flatMap((event) => (event.type === "text-delta" ? [event.text] : []));
    expect(deltas.join("")).toBe("One two three");
  });
});

function call(name: string): ChatEvent[] {
  return [{ type: "part-start", index: 0, part: { type: "tool-call", id: "1", name } }];
}
