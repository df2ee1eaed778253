import { describe, expect, it, vi } from "vitest";
import { AiClientBuilder } from "../../src/client/builder.js";
import type { Transport } from "../../src/core/contract/transport.js";
import { VirtualClock } from "../../src/testing/virtual-clock.js";
import { errorOf } from "../support/calls.js";

/** What the first member of the chain sends, and when: milliseconds after the request. */
type Script = readonly (readonly [atMs: number, what: "head" | "end" | string])[];

const SSE = { "content-type": "text/event-stream" };
const JSON_HEAD = { "content-type": "application/json" };

const chunk = (delta: object, finish: string | null = null, usage?: object): string =>
  `data: ${JSON.stringify({
    id: "c1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...(usage === undefined ? {} : { usage }),
  })}\n\n`;
const USAGE = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
const ENDING = `${chunk({}, "stop", USAGE)}data: [DONE]\n\n`;
const whole = (content: string): string =>
  JSON.stringify({
    id: "c1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
    usage: USAGE,
  });

/**
 * The chain of the README with `forProduction()` and nothing else set, in virtual time. Its first member follows the
 * script; the second answers at once.
 */
async function play(script: Script, mode: "unary" | "stream") {
  const clock = new VirtualClock(1_760_000_000_000);
  const began = clock.now();
  const asked: string[] = [];
  const encoder = new TextEncoder();
  const transport: Transport = {
    open({ url }, sink) {
      const member = new URL(url).hostname;
      asked.push(member);
      const second: Script =
        mode === "unary"
          ? [
              [1, "head"],
              [2, whole("second")],
              [3, "end"],
            ]
          : [
              [1, "head"],
              [2, chunk({ content: "second" })],
              [3, ENDING],
              [4, "end"],
            ];
      let open = true;
      const cancels = (member === "first.test" ? script : second).map(([at, what]) =>
        clock.after(at, () => {
          if (!open) return;
          if (what === "head") sink.head(200, mode === "unary" ? JSON_HEAD : SSE);
          else if (what === "end") sink.end();
          else sink.data(encoder.encode(what));
        }),
      );
      return {
        pause() {},
        resume() {},
        abort() {
          open = false;
          for (const cancel of cancels) cancel();
        },
      };
    },
  };
  const client = new AiClientBuilder("groq")
    .withFailoverChain(["openai"])
    .withEnvironment({
      GROQ_API_KEY: "k1",
      OPENAI_API_KEY: "k2",
      GROQ_BASE_URL: "https://first.test/openai/v1",
      OPENAI_BASE_URL: "https://second.test/v1",
    })
    .withTransport(transport)
    .forProduction()
    .build();
  const call = mode === "unary" ? client.chat("Hi", { clock }) : client.stream("Hi", { clock }).response();
  const outcome = call.then(
    ({ text }) => ({ text, code: undefined }),
    async () => ({ text: undefined, code: (await errorOf(call)).code }),
  );
  const ended = outcome.then((it) => ({ ...it, afterMs: clock.now() - began }));
  // Code that is loaded with the first call takes real time: virtual time waits for the request.
  await vi.waitFor(() => expect(asked).not.toEqual([]), { timeout: 20_000, interval: 1 });
  await clock.drain();
  return { ...(await ended), asked, pending: clock.pending };
}

/** A text in pieces, one every so many milliseconds. */
function pieces(count: number, everyMs: number, from: number): Script {
  return Array.from({ length: count }, (_, i) => [from + i * everyMs, chunk({ content: "a" })] as const);
}

describe("forProduction() leaves the first member of a chain alone", () => {
  it("while a whole answer takes 40 s, and 9 minutes", async () => {
    for (const ms of [40_000, 540_000]) {
      const played = await play(
        [
          [ms, "head"],
          [ms + 1, whole("slow")],
          [ms + 2, "end"],
        ],
        "unary",
      );
      expect(played).toMatchObject({ text: "slow", asked: ["first.test"], pending: 0 });
    }
  });

  it("while a model is silent for 40 s after the head of its stream", async () => {
    const played = await play(
      [
        [100, "head"],
        [40_000, chunk({ content: "thought" })],
        [40_001, ENDING],
        [40_002, "end"],
      ],
      "stream",
    );
    expect(played).toMatchObject({ text: "thought", asked: ["first.test"] });
  });

  it("while comments keep the connection open for 100 s of thinking", async () => {
    const comments: Script = Array.from({ length: 10 }, (_, i) => [i * 10_000, ": thinking\n\n"] as const);
    const played = await play(
      [
        [0, "head"],
        ...comments,
        [100_000, chunk({ content: "thought" })],
        [100_001, ENDING],
        [100_002, "end"],
      ],
      "stream",
    );
    expect(played).toMatchObject({ text: "thought", asked: ["first.test"] });
  });

  it("while a stream makes progress for five minutes", async () => {
    const played = await play(
      [[0, "head"], ...pieces(300, 1_000, 1_000), [301_000, ENDING], [301_001, "end"]],
      "stream",
    );
    expect(played).toMatchObject({ text: "a".repeat(300), asked: ["first.test"] });
  });

  it("when its answer is complete but its connection never closes", async () => {
    const played = await play(
      [
        [0, "head"],
        [10, chunk({ content: "done" })],
        [20, ENDING],
      ],
      "stream",
    );
    expect(played).toMatchObject({ text: "done", asked: ["first.test"] });
    expect(played.afterMs).toBeLessThan(2_000);
  });
});

describe("forProduction() leaves the first member of a chain", () => {
  const endless = (what: string, fromMs: number): Script =>
    Array.from({ length: 400 }, (_, i) => [fromMs + i * 5_000, what] as const);

  it("after 15 s without the head of a stream", async () => {
    const played = await play([], "stream");
    expect(played).toMatchObject({ text: "second", asked: ["first.test", "second.test"] });
    expect(played.afterMs).toBeLessThan(16_000);
  });

  it.each([
    ["comments", ": still here\n\n"],
    ["empty deltas", chunk({ content: "" })],
    ["deltas of a role alone", chunk({ role: "assistant" })],
  ])("after two minutes of %s without content", async (_what, bytes) => {
    const played = await play([[0, "head"], ...endless(bytes, 0)], "stream");
    expect(played).toMatchObject({ text: "second", asked: ["first.test", "second.test"], pending: 0 });
    expect(played.afterMs).toBeLessThan(130_000);
  });

  it.each([
    ["comments", ": still here\n\n"],
    ["empty deltas", chunk({ content: "" })],
  ])("after two minutes of %s behind content, as a failure of the stream", async (_what, bytes) => {
    const played = await play(
      [[0, "head"], [10, chunk({ content: "begun" })], ...endless(bytes, 5_000)],
      "stream",
    );
    expect(played).toMatchObject({ code: "TIMEOUT", asked: ["first.test"], pending: 0 });
    expect(played.afterMs).toBeLessThan(130_000);
  });
});
