import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { errorOf, read, request } from "../../../test/support/calls.js";
import { scripted } from "../../testing/scripted.js";
import { settled, VirtualClock } from "../../testing/virtual-clock.js";

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", note);
});
afterEach(async () => {
  await settled();
  await settled();
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});

const spoken = (text: readonly string[] = ["a", "b", "c"]) => scripted({ name: "p", replies: [{ text }] });
const broken = () =>
  scripted({ name: "p", replies: [{ text: "so far", error: { code: "NETWORK_ERROR", message: "reset" } }] });

describe("a stream", () => {
  it("sends nothing before it is read", async () => {
    const provider = spoken();
    provider.stream(request);
    await settled();
    expect(provider.calls).toBe(0);
  });

  it("begins once, ends once, and is over then", async () => {
    const stream = spoken().stream(request);
    const types = (await read(stream)).map(({ type }) => type);
    expect(types.filter((type) => type === "start")).toHaveLength(1);
    expect(types.indexOf("finish")).toBe(types.length - 1);
  });

  it("can be iterated once", async () => {
    const stream = spoken().stream(request);
    await read(stream);
    expect(() => stream[Symbol.asyncIterator]()).toThrow(/iterated once/);
  });

  it.each(["before", "during", "after"])("gives its response %s the loop", async (when) => {
    const stream = spoken().stream(request);
    const early = when === "before" ? stream.response() : undefined;
    let middle: Promise<unknown> | undefined;
    let events = 0;
    for await (const _ of stream) {
      events++;
      if (when === "during") middle ??= stream.response();
    }
    expect(events).toBeGreaterThan(4);
    expect(await (early ?? middle ?? stream.response())).toMatchObject({ text: "abc" });
  });

  it("drains itself for its response without a loop", async () => {
    const stream = spoken(Array.from({ length: 2_000 }, () => "x")).stream(request);
    expect((await stream.response()).text).toHaveLength(2_000);
    expect(() => stream[Symbol.asyncIterator]()).toThrow(/already read/);
  });

  it("that was left rejects its response with the content so far, and aborts its source", async () => {
    const provider = scripted({ name: "p", replies: [{ text: ["a", "b"], silent: true }] });
    const stream = provider.stream(request);
    for await (const event of stream) if (event.type === "text-delta") break;
    const error = await errorOf(stream.response());
    expect(error).toMatchObject({ code: "CANCELLED", committed: true });
    expect(error.partial?.text).toMatch(/^a/);
    expect(provider.aborted).toBe(1);
  });

  it("throws its error in the loop, once, and from its response", async () => {
    const stream = broken().stream(request);
    expect(await errorOf(read(stream))).toMatchObject({ code: "NETWORK_ERROR", committed: true });
    const error = await errorOf(stream.response());
    expect(error.partial?.text).toBe("so far");
  });

  it("raises no unhandled rejection if only the loop's error is handled", async () => {
    const stream = broken().stream(request);
    void stream.response();
    await errorOf(read(stream));
  });

  it("sends nothing if it is left before it began", async () => {
    const provider = spoken();
    const stream = provider.stream(request);
    await stream[Symbol.asyncIterator]().return?.();
    expect(await errorOf(stream.response())).toMatchObject({ code: "CANCELLED" });
    expect(provider.calls).toBe(0);
  });

  it("refuses a second next() before the first has settled", async () => {
    const provider = scripted({ name: "p", replies: [{ text: ["a"], silent: true }] });
    const iterator = provider.stream(request)[Symbol.asyncIterator]();
    for (let type = ""; type !== "text-delta"; ) type = (await iterator.next()).value?.type ?? "";
    const waiting = iterator.next();
    expect(await errorOf(iterator.next())).toMatchObject({ code: "CONFIG_ERROR" });
    await iterator.return?.();
    expect(await waiting).toEqual({ value: undefined, done: true });
  });

  it("gives its text alone, and its events as lines", async () => {
    let text = "";
    for await (const piece of spoken().stream(request).text) text += piece;
    expect(text).toBe("abc");
    const lines = await new Response(spoken().stream(request).toReadableStream()).text();
    expect(
      lines
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { type: string }).type)
        .at(-1),
    ).toBe("finish");
  });

  it("ends its lines with an error, and keeps details of the server private", async () => {
    const linesOf = async (provider: ReturnType<typeof scripted>, expose?: boolean) => {
      const body = provider.stream(request).toReadableStream(expose === undefined ? {} : { expose });
      const lines = (await new Response(body).text()).trim().split("\n");
      return lines.map((line) => JSON.parse(line) as Record<string, never>);
    };
    const failing = () =>
      scripted({ name: "p", replies: [{ error: { code: "AUTH_FAILED", message: "key 7 of 10.0.0.1" } }] });
    expect((await linesOf(failing())).at(-1)).toEqual({
      type: "error",
      error: {
        code: "AUTH_FAILED",
        message: "The answer failed with AUTH_FAILED",
        retryable: true,
        committed: false,
      },
    });
    expect((await linesOf(failing(), true)).at(-1)).toMatchObject({
      error: { message: expect.stringContaining("key 7") },
    });
    expect((await linesOf(spoken())).at(-1)).toMatchObject({ response: { text: "abc", attempts: [] } });
    expect((await linesOf(spoken(), true)).at(-1)).toMatchObject({
      response: { attempts: [{ outcome: "success" }] },
    });
  });

  it("cancelled as a readable stream closes its source", async () => {
    const provider = scripted({ name: "p", replies: [{ text: ["a"], silent: true }] });
    const reader = provider.stream(request).toReadableStream().getReader();
    await reader.read();
    await reader.cancel();
    expect(provider.aborted).toBe(1);
  });
});

describe("an abort", () => {
  const states: [
    state: string,
    wait: (clock: VirtualClock) => Promise<unknown>,
    content: string | undefined,
  ][] = [
    ["in the same turn", async () => {}, undefined],
    ["before anything came", (clock) => clock.advance(5), undefined],
    ["after content", (clock) => clock.advance(15), "a"],
  ];
  it.each(states)("%s ends the call as cancelled, and leaves nothing behind", async (_, wait, content) => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const provider = scripted({
      name: "p",
      replies: [{ delayMs: 10, text: ["a", "b"], everyMs: 100 }],
    });
    const stream = provider.stream(request, { clock, signal: abort.signal });
    const response = errorOf(stream.response());
    await settled();
    await wait(clock);
    abort.abort("enough");
    const error = await response;
    expect(error).toMatchObject({ code: "CANCELLED", cause: "enough" });
    expect(error.partial?.text).toBe(content);
    expect(clock.pending).toBe(0);
    expect(getEventListeners(abort.signal, "abort")).toHaveLength(0);
  });

  it("that came before the call sends nothing", async () => {
    const provider = spoken();
    const signal = AbortSignal.abort();
    expect(await errorOf(provider.chat(request, { signal }))).toMatchObject({ code: "CANCELLED" });
    expect(await errorOf(provider.stream(request, { signal }).response())).toMatchObject({
      code: "CANCELLED",
    });
    expect(provider.calls).toBe(0);
  });

  it("after the end changes nothing", async () => {
    const abort = new AbortController();
    const stream = spoken().stream(request, { signal: abort.signal });
    const response = await stream.response();
    abort.abort();
    expect(await stream.response()).toBe(response);
  });

  it("has one listener a call on a signal that outlives many", async () => {
    const { signal } = new AbortController();
    for (let i = 0; i < 50; i++) await spoken().chat(request, { signal });
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
