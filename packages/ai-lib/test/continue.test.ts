import { describe, expect, it } from "vitest";
import { AiClientBuilder } from "../src/client/builder.js";
import type { ChatEvent } from "../src/core/values/chat-event.js";
import type { ChatRequest } from "../src/core/values/chat-request.js";
import type { ChatResponse } from "../src/core/values/chat-response.js";
import { retry } from "../src/resilience/retry.js";
import { failover } from "../src/strategies/failover.js";
import { type ScriptedReply, scripted } from "../src/testing/scripted.js";
import { VirtualClock } from "../src/testing/virtual-clock.js";
import { errorOf, read, request } from "./support/calls.js";

const text = (index: number, ...pieces: string[]): ChatEvent[] => [
  { type: "part-start", index, part: { type: "text" } },
  ...pieces.map((piece): ChatEvent => ({ type: "text-delta", index, text: piece })),
];
const thinking = (index: number, piece: string): ChatEvent[] => [
  { type: "part-start", index, part: { type: "reasoning" } },
  { type: "reasoning-delta", index, text: piece },
  { type: "part-end", index },
];
const call = (index: number): ChatEvent[] => [
  { type: "part-start", index, part: { type: "tool-call", id: "1", name: "f" } },
  { type: "tool-call-delta", index, text: "{}" },
];

function leaf(name: string, reply: ScriptedReply, prefill = true) {
  return scripted({ name, target: { provider: name, model: "m" }, replies: [reply], facts: { prefill } });
}

/** Reads a stream of members, the first of which breaks off. */
async function play(members: readonly ReturnType<typeof leaf>[], ask: ChatRequest = request) {
  const events = await read(failover(members).stream(ask, { midStream: "continue" }));
  const response = (events.at(-1) as { response: ChatResponse }).response;
  const deltas = events.flatMap((event) => (event.type === "text-delta" ? [event.text] : []));
  return { events, response, shown: deltas.join("") };
}

describe("a stream that continues", () => {
  it("asks the next member for the rest of the text, and joins it", async () => {
    const members = [
      leaf("a", { events: text(0, "The sky", " is "), cut: true }),
      leaf("b", { text: ["is", " blue."] }),
    ];
    const { events, response, shown } = await play(members);
    expect(shown).toBe("The sky is blue.");
    expect(response).toMatchObject({ text: shown, provider: "b", content: [{ type: "text", text: shown }] });
    expect(response.message.content).toEqual(response.content);
    expect(events.map(({ type }) => type)).toEqual([
      "start",
      "part-start",
      "text-delta",
      "text-delta",
      "text-delta",
      "part-end",
      "finish",
    ]);
    expect(members[1]?.requests[0]?.messages).toEqual([
      ...request.messages,
      { role: "assistant", content: "The sky is" },
    ]);
  });

  it("continues again if the rest breaks off, too", async () => {
    const members = [
      leaf("a", { events: text(0, "One "), cut: true }),
      leaf("b", { events: text(0, "two "), cut: true }),
      leaf("c", { text: "three" }),
    ];
    const { response, shown } = await play(members);
    expect([shown, response.text]).toEqual(["One two three", "One two three"]);
    expect(members[2]?.requests[0]?.messages.at(-1)).toEqual({ role: "assistant", content: "One two" });
  });

  it("adds to the beginning of an answer that the caller gave", async () => {
    const ask: ChatRequest = { messages: [...request.messages, { role: "assistant", content: "Well, " }] };
    const members = [leaf("a", { events: text(0, "it"), cut: true }), leaf("b", { text: " it is" })];
    const { response } = await play(members, ask);
    expect(response.text).toBe("it is");
    expect(members[1]?.requests[0]?.messages).toEqual([
      ...request.messages,
      { role: "assistant", content: "Well, it" },
    ]);
  });

  it("keeps reasoning that was delivered, discards that of the rest, and takes further parts", async () => {
    const members = [
      leaf("a", { events: [...thinking(0, "Hm."), ...text(1, "Let me look")], cut: true }),
      leaf("b", {
        events: [...thinking(0, "Oh."), ...text(1, " it up."), { type: "part-end", index: 1 }, ...call(2)],
      }),
    ];
    const { events, response } = await play(members);
    expect(response.content).toMatchObject([
      { type: "reasoning", text: "Hm." },
      { type: "text", text: "Let me look it up." },
      { type: "tool-call", name: "f", arguments: {} },
    ]);
    expect(response.finishReason).toBe("tool-calls");
    const starts = events.flatMap((event) => (event.type === "part-start" ? [event.index] : []));
    const ends = events.flatMap((event) => (event.type === "part-end" ? [event.index] : []));
    expect([starts, ends]).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
  });

  it("ends if the model adds nothing", async () => {
    const members = [leaf("a", { events: text(0, "All of it."), cut: true }), leaf("b", { events: [] })];
    const { events, response } = await play(members);
    expect(response.text).toBe("All of it.");
    expect(events.slice(-2).map(({ type }) => type)).toEqual(["part-end", "finish"]);
  });

  it("passes over members whose model is not known to continue", async () => {
    const members = [
      leaf("a", { events: text(0, "One"), cut: true }),
      leaf("b", { text: "Another answer" }, false),
      leaf("c", { text: " two" }),
    ];
    const { response } = await play(members);
    expect(response.text).toBe("One two");
    expect(members[1]?.calls).toBe(0);
    expect(response.attempts.map(({ outcome }) => outcome)).toEqual(["error", "skipped", "success"]);
  });

  const refused: [string, ScriptedReply, boolean][] = [
    ["inside a tool call", { events: call(0), cut: true }, true],
    ["behind a tool call", { events: [...text(0, "a"), ...call(1)], cut: true }, true],
    ["within reasoning", { events: thinking(0, "Hm.").slice(0, 2), cut: true }, true],
    ["where no other model goes on", { events: text(0, "One"), cut: true }, false],
    [
      "after an error that no other member helps",
      { events: text(0, "One"), error: { code: "CONTENT_FILTERED", message: "no" } },
      true,
    ],
  ];
  it.each(refused)("fails with the delivered content %s", async (_what, reply, prefill) => {
    const members = [leaf("a", reply), leaf("b", { text: "x" }, prefill)];
    const error = await errorOf(read(failover(members).stream(request, { midStream: "continue" })));
    expect(error).toMatchObject({ committed: true, code: reply.error?.code ?? "STREAM_TRUNCATED" });
    expect(error.partial?.content).toHaveLength(
      reply.events?.filter(({ type }) => type === "part-start").length ?? 0,
    );
    expect(members[1]?.calls).toBe(0);
  });

  it("fails with all that was delivered if the rest breaks off and no member is left", async () => {
    const members = [
      leaf("a", { events: text(0, "One"), cut: true }),
      leaf("b", { events: text(0, " two"), cut: true }),
    ];
    const error = await errorOf(read(failover(members).stream(request, { midStream: "continue" })));
    expect(error).toMatchObject({ code: "STREAM_TRUNCATED", committed: true, partial: { text: "One two" } });
  });

  it("gives what was delivered to a caller that aborts the rest", async () => {
    const abort = new AbortController();
    const members = [
      leaf("a", { events: text(0, "One"), cut: true }),
      leaf("b", { text: [" two"], silent: true }),
    ];
    const stream = failover(members).stream(request, { midStream: "continue", signal: abort.signal });
    const error = await errorOf(
      (async () => {
        for await (const event of stream)
          if (event.type === "text-delta" && event.text === " two") abort.abort();
      })(),
    );
    expect(error).toMatchObject({ code: "CANCELLED", partial: { text: "One two" } });
  });

  it("asks the same target for the rest if no other member is left, as often as repeats allow", async () => {
    const clock = new VirtualClock();
    const member = scripted({
      name: "a",
      facts: { prefill: true },
      replies: ["One ", "two ", "three ", "four"].map((piece) => ({ events: text(0, piece), cut: true })),
    });
    const reading = errorOf(
      read(retry(member, { maxRetries: 9 }).stream(request, { clock, midStream: "continue", maxRepeats: 2 })),
    );
    await clock.advance(60_000);
    expect(await reading).toMatchObject({ partial: { text: "One two three " } });
    expect(member.calls).toBe(3);
  });

  it("is a setting of the builder", async () => {
    const [first, ...chain] = [leaf("a", { events: text(0, "One"), cut: true }), leaf("b", { text: " two" })];
    const client = new AiClientBuilder(first).withFailoverChain(chain).withMidStream("continue").build();
    expect((await client.stream(request).response()).text).toBe("One two");
  });
});
