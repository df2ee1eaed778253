import { describe, expect, it } from "vitest";
import { errorOf, read, request } from "../../../test/support/calls.js";
import { AiLibError } from "../../core/errors/error.js";
import type { ChatEvent } from "../../core/values/chat-event.js";
import { settled, VirtualClock } from "../../testing/virtual-clock.js";
import { type ChatProviderDefinition, defineChatProvider } from "./adapter.js";

type Stream = NonNullable<ChatProviderDefinition["stream"]>;

function streaming(stream: Stream) {
  return defineChatProvider({ name: "mine", stream });
}

describe("a user's generator", () => {
  it("is whole when it returns, with what it returned", async () => {
    const provider = streaming(async function* () {
      yield "Hel";
      yield "lo";
      return { usage: { inputTokens: 3, outputTokens: 2 }, finishReason: "length" as const };
    });
    const response = await provider.chat(request);
    expect(response).toMatchObject({
      text: "Hello",
      finishReason: "length",
      usage: { inputTokens: 3, outputTokens: 2 },
      usageStatus: "final",
    });
    expect((await read(provider.stream(request))).map(({ type }) => type)).toEqual([
      "start",
      "part-start",
      "text-delta",
      "text-delta",
      "part-end",
      "finish",
    ]);
  });

  it("that yields nothing is an empty answer", async () => {
    const response = await streaming(async function* () {}).chat(request);
    expect(response).toMatchObject({ content: [], text: "", finishReason: "stop" });
  });

  it("that throws midway fails the call with the content so far", async () => {
    const provider = streaming(async function* () {
      yield "so far";
      throw new Error("broke");
    });
    const error = await errorOf(provider.stream(request).response());
    expect(error).toMatchObject({ code: "PROVIDER_ERROR", committed: true });
    expect(error.partial?.text).toBe("so far");
    expect(error.partial?.message.incomplete).toBe(true);
  });

  const wrong: [what: string, event: unknown][] = [
    ["an index below 0", { type: "part", index: -1, part: { type: "text", text: "x" } }],
    ["an index that is no number", { type: "part", index: "0", part: { type: "text", text: "x" } }],
    ["an index far off", { type: "part-start", index: 4e9, part: { type: "text" } }],
    ["a delta of a part that never began", { type: "text-delta", index: 3, text: "x" }],
    ["an event that does not exist", { type: "nonsense" }],
    ["null", null],
  ];
  it.each(wrong)("that yields %s fails the call, and is closed", async (_, event) => {
    let closed = false;
    const provider = streaming(async function* () {
      try {
        yield event as ChatEvent;
        yield "never asked for";
      } finally {
        closed = true;
      }
    });
    const error = await errorOf(provider.stream(request).response());
    expect(["INVALID_RESPONSE", "PROVIDER_ERROR"]).toContain(error.code);
    await settled();
    expect(closed).toBe(true);
  });

  it("that ignores the abort never holds up the caller's ending", async () => {
    const abort = new AbortController();
    const provider = streaming(async function* () {
      yield "a";
      await new Promise(() => {});
    });
    const stream = provider.stream(request, { signal: abort.signal });
    const response = errorOf(stream.response());
    await settled();
    abort.abort();
    expect(await response).toMatchObject({ code: "CANCELLED" });
  });

  it("is notified of the abort", async () => {
    let told: AbortSignal | undefined;
    const provider = streaming(async function* (_request, { signal }) {
      told = signal;
      yield "a";
      yield "b";
    });
    for await (const event of provider.stream(request)) if (event.type === "text-delta") break;
    expect(told?.aborted).toBe(true);
  });

  it("is pulled no further while its reader is away", async () => {
    let made = 0;
    const provider = streaming(async function* () {
      for (; made < 10_000; made++) yield "x";
    });
    const iterator = provider.stream(request)[Symbol.asyncIterator]();
    await iterator.next();
    await settled();
    await settled();
    expect(made).toBeLessThan(300);
    await iterator.return?.();
  });

  it("that is silent ends by the timeouts of the attempt", async () => {
    const clock = new VirtualClock();
    const provider = streaming(async function* () {
      await new Promise(() => {});
      yield "never";
    });
    const error = errorOf(provider.chat(request, { clock, timeouts: { answerMs: 50 } }));
    await settled();
    await clock.advance(50);
    expect(await error).toMatchObject({ code: "TIMEOUT", phase: "answer" });
    expect(clock.pending).toBe(0);
  });
});

describe("a user's chat", () => {
  const answers = (chat: NonNullable<ChatProviderDefinition["chat"]>) =>
    defineChatProvider({ name: "mine", chat });

  it("may return a text, and is replayed as a stream", async () => {
    const provider = answers(() => "Hello");
    expect((await provider.chat(request)).text).toBe("Hello");
    expect((await read(provider.stream(request))).map(({ type }) => type)).toEqual([
      "start",
      "part-start",
      "text-delta",
      "part-end",
      "finish",
    ]);
  });

  it.each([
    ["nothing", undefined],
    ["a content that is no list", { content: "Hello" }],
    ["a content with a hole", { content: [null] }],
  ])("that returns %s fails the call, in both modes", async (_, reply) => {
    const provider = answers(() => reply as unknown as string);
    expect((await errorOf(provider.chat(request))).message).not.toBe("");
    expect((await errorOf(provider.stream(request).response())).message).not.toBe("");
  });

  it("that throws immediately, or one of the library's errors, is that error", async () => {
    const provider = answers(() => {
      throw new AiLibError({ code: "RATE_LIMIT", message: "slow down", retryAt: 5 });
    });
    expect(await errorOf(provider.chat(request))).toMatchObject({ code: "RATE_LIMIT", retryAt: 5 });
  });

  it("that returns another provider's whole answer keeps its warnings and what it cost", async () => {
    const inner = await answers(() => "Hello").chat(request);
    const outer = answers(() => ({
      ...inner,
      cost: 0.5,
      serviceTier: "flex",
      warnings: [{ code: "other" as const, message: "so it is" }],
    }));
    for (const response of [await outer.chat(request), await outer.stream(request).response()])
      expect(response).toMatchObject({
        text: "Hello",
        cost: 0.5,
        serviceTier: "flex",
        usageStatus: "estimated",
        warnings: [{ message: "so it is" }],
      });
  });
});

it.each([
  ["a name", {}, /needs a `name`/],
  ["a way to answer", { name: "x" }, /one of `stream`, `chat`, `open` and `kinds`/],
  ["known fields alone", { name: "x", chat: () => "y", retries: 3 }, /Unknown field .*"retries"/],
])("needs %s", (_, definition, message) => {
  expect(() => defineChatProvider(definition as ChatProviderDefinition)).toThrow(message);
});
