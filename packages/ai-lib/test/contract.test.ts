import type { Call, ChatProvider, Frame } from "ai-lib";
import { AiLibError, failover } from "ai-lib";
import { client as anthropicClient } from "ai-lib/dialects/anthropic-messages/client";
import { server as anthropicServer } from "ai-lib/dialects/anthropic-messages/server";
import { client as openAiClient } from "ai-lib/dialects/openai-chat/client";
import { server as openAiServer } from "ai-lib/dialects/openai-chat/server";
import { scripted, settled, VirtualClock } from "ai-lib/testing";
import { describe, expect, it } from "vitest";
import { callOf, contextOf } from "../src/core/contract/call.js";
import { formatTarget } from "../src/core/errors/attempt-log.js";
import { chatLaws } from "../src/core/kinds/chat/laws.js";
import type { ChatEvent } from "../src/core/values/chat-event.js";
import {
  type ForeignModel,
  type ForeignPart,
  fromForeign,
  goOn,
  relay,
  Spaced,
  shout,
  textOfEvents,
  toForeign,
  twoKeys,
} from "./contract.types.js";
import { errorOf, read, request } from "./support/calls.js";
import { replayFrames, targetFor } from "./support/halves.js";

const ask = (content: string) => ({ messages: [{ role: "user" as const, content }] });

describe("a provider of your own, from a generator", () => {
  it("answers whole and as it arrives, with the usage that it returned", async () => {
    const response = await shout.chat(ask("to be or"));
    expect(response).toMatchObject({
      text: "TO BE OR ",
      finishReason: "stop",
      provider: "shout",
      usage: { inputTokens: 3, outputTokens: 3 },
      usageStatus: "final",
    });
    const events = await read(shout.stream(ask("to be or")));
    const deltas = events.filter((event): event is ChatEvent => event.type !== "finish");
    expect(textOfEvents(deltas)).toBe("TO BE OR ");
  });

  it("is in a chain like any other", async () => {
    const down = scripted({ name: "down", replies: [{ error: { code: "OVERLOADED", message: "no" } }] });
    const response = await failover([down, shout]).chat(ask("hi"));
    expect(response.attempts.map(({ target }) => target.provider)).toEqual(["down", "shout"]);
  });

  it("continues from what it answered", async () => {
    const first = await shout.chat(ask("one"));
    const next = goOn(ask("one"), first, "two");
    expect(next.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
    expect((await shout.chat(next)).text).toBe("TWO ");
  });
});

/** A model in another library's shape: it says the prompt backwards, letter by letter, and never ends of itself if so told. */
function foreign(endless = false) {
  const state = { aborted: false };
  const model: ForeignModel = {
    modelId: "backwards",
    async doGenerate({ prompt }) {
      const text = [...(prompt.at(-1)?.content ?? "")].reverse().join("");
      return {
        content: [{ type: "text", text }],
        finishReason: "length",
        usage: { inputTokens: 0, outputTokens: 1 },
      };
    },
    async doStream({ prompt, abortSignal }) {
      abortSignal?.addEventListener("abort", () => {
        state.aborted = true;
      });
      const letters = [...(prompt.at(-1)?.content ?? "")].reverse();
      const stream = new ReadableStream<ForeignPart>({
        pull(controller) {
          const delta = letters.shift();
          if (delta !== undefined) controller.enqueue({ type: "text-delta", delta });
          else if (!endless) {
            controller.enqueue({
              type: "finish",
              finishReason: "length",
              usage: { inputTokens: 0, outputTokens: 1 },
            });
            controller.close();
          }
        },
      });
      return { stream };
    },
  };
  return { model, state };
}

describe("a model of another library's shape", () => {
  it("is a provider: whole and as it arrives", async () => {
    const provider = fromForeign(foreign().model);
    const facts = { text: "cba", finishReason: "length", usage: { inputTokens: 0, outputTokens: 1 } };
    expect(await provider.chat(ask("abc"))).toMatchObject(facts);
    expect(await provider.stream(ask("abc")).response()).toMatchObject({ ...facts, model: "backwards" });
  });

  it("is notified that its reader has left", async () => {
    const { model, state } = foreign(true);
    const provider = fromForeign(model);
    for await (const event of provider.stream(ask("abc"))) if (event.type === "text-delta") break;
    await settled();
    expect(state.aborted).toBe(true);
  });

  it("is made of a provider, and a provider again of that", async () => {
    const back = toForeign(fromForeign(foreign().model));
    expect(await back.doGenerate({ prompt: [{ role: "user", content: "abc" }] })).toEqual({
      content: [{ type: "text", text: "cba" }],
      finishReason: "length",
      usage: { inputTokens: 0, outputTokens: 1 },
    });
    const again = fromForeign(toForeign(fromForeign(back)));
    expect(await again.stream(ask("abc")).response()).toMatchObject({ text: "cba", finishReason: "length" });
  });

  it("made of a provider, closes that when its stream is cancelled", async () => {
    const provider = scripted({ name: "p", replies: [{ text: ["a"], silent: true }] });
    const { stream } = await toForeign(provider).doStream({ prompt: [{ role: "user", content: "x" }] });
    const reader = stream.getReader();
    expect(await reader.read()).toMatchObject({ value: { type: "text-delta", delta: "a" } });
    await reader.cancel();
    expect(provider.aborted).toBe(1);
  });
});

describe("a relay between two dialects", () => {
  const relays = [
    ["openai-chat", openAiServer, openAiClient],
    ["anthropic-messages", anthropicServer, anthropicClient],
  ] as const;

  /** What a relayed call writes, for a provider's events. */
  async function relayed(provider: ChatProvider, server: (typeof relays)[number][1]) {
    const frames: Frame[] = [];
    const call: Call = callOf(chatLaws, request, "stream", contextOf());
    relay(provider, server, call, (frame) => frames.push(frame));
    await settled();
    await settled();
    return frames;
  }

  const reply = {
    events: [
      { type: "part-start", index: 0, part: { type: "text" } },
      { type: "text-delta", index: 0, text: "Let me " },
      { type: "text-delta", index: 0, text: "look." },
      { type: "part-end", index: 0 },
      { type: "part-start", index: 1, part: { type: "tool-call", id: "c1", name: "look" } },
      { type: "tool-call-delta", index: 1, text: '{"at":' },
      { type: "tool-call-delta", index: 1, text: "0}" },
      { type: "part-end", index: 1 },
    ] satisfies ChatEvent[],
    finishReason: "tool-calls" as const,
    usage: { inputTokens: 5, outputTokens: 7 },
  };

  it.each(relays)("arrives whole at a client of %s", async (id, server, client) => {
    const frames = await relayed(scripted({ name: "p", replies: [reply] }), server);
    const { outcome } = replayFrames(client, targetFor(id), frames);
    const response = outcome !== undefined && "response" in outcome ? outcome.response : undefined;
    expect(response).toMatchObject({ text: "Let me look.", finishReason: "tool-calls" });
    expect(response?.toolCalls[0]).toMatchObject({ id: "c1", name: "look", arguments: { at: 0 } });
    expect(response?.usage).toMatchObject({ outputTokens: 7 });
  });

  it.each(relays)(
    "that breaks never arrives as a whole answer at a client of %s",
    async (id, server, client) => {
      const broken = scripted({ name: "p", replies: [{ text: ["so", " far"], cut: true }] });
      const { outcome } = replayFrames(client, targetFor(id), await relayed(broken, server));
      const error = outcome !== undefined && "error" in outcome ? outcome.error : undefined;
      expect(AiLibError.is(error)).toBe(true);
      expect(error?.partial?.text).toBe("so far");
    },
  );
});

describe("a layer of your own", () => {
  it("spaces its calls by the clock that they bring", async () => {
    const clock = new VirtualClock();
    const leaf = scripted("a");
    const spaced = new Spaced(leaf, 100);
    const answers = [0, 1, 2].map(() => spaced.chat(request, { clock }));
    await clock.drain();
    for (const answer of answers) expect((await answer).provider).toBe("a");
    expect(leaf.times).toEqual([0, 100, 200]);
    await clock.advance(1_000 - clock.now());
    await spaced.chat(request, { clock });
    expect(leaf.times.at(-1)).toBe(1_000);
  });

  it("that still waits asks no member after an abort, and leaves no timer", async () => {
    const clock = new VirtualClock();
    const leaf = scripted("a");
    const spaced = new Spaced(leaf, 100);
    await spaced.chat(request, { clock });
    const abort = new AbortController();
    const waiting = errorOf(spaced.stream(request, { clock, signal: abort.signal }).response());
    await settled();
    abort.abort();
    expect((await waiting).code).toBe("CANCELLED");
    expect([leaf.calls, clock.pending]).toEqual([1, 0]);
  });

  it("keeps the deadline of the call while it waits", async () => {
    const clock = new VirtualClock();
    const spaced = new Spaced(scripted("a"), 100);
    await spaced.chat(request, { clock });
    const late = errorOf(spaced.chat(request, { clock, timeouts: { totalMs: 50 } }));
    await clock.drain();
    expect(await late).toMatchObject({ code: "TIMEOUT", phase: "total", attempts: [] });
  });

  it("nests with the library's own", async () => {
    const clock = new VirtualClock();
    const down = scripted({ name: "down", replies: [{ error: { code: "OVERLOADED", message: "no" } }] });
    const stack = failover([new Spaced(down, 100), new Spaced(shout, 100)]);
    const answers = [1, 2].map(() => stack.chat(ask("hi"), { clock }));
    await clock.drain();
    expect((await Promise.all(answers)).map(({ text }) => text)).toEqual(["HI ", "HI "]);
    expect(down.times).toEqual([0, 100]);
  });
});

it("two keys of one provider are distinguished by their names, and never by the keys", () => {
  const chain = twoKeys("sk-first-secret", "sk-second-secret");
  expect(chain.members?.map(({ target }) => (target === undefined ? "" : formatTarget(target)))).toEqual([
    expect.stringMatching(/^groq.*\(key team\)$/),
    expect.stringMatching(/^groq.*\(key backup\)$/),
    expect.stringMatching(/^labs\/gpt-x/),
  ]);
  expect(
    JSON.stringify([chain.name, chain.members?.map(({ name, target }) => [name, target])]),
  ).not.toContain("secret");
});
