import { describe, expect, it } from "vitest";
import { errorOf, failing, outcomeOf, read, request } from "../../test/support/calls.js";
import { callOf, contextOf } from "../core/contract/call.js";
import { chatLaws } from "../core/kinds/chat/laws.js";
import type { ChatEvent } from "../core/values/chat-event.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import { type ScriptedReply, scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { hedged } from "./hedged.js";

const price = { input: 1_000_000, output: 1_000_000 };

function slow(name: string, delayMs: number, more: Partial<ScriptedReply> = {}) {
  return scripted({ name, replies: [{ delayMs, ...more }], facts: { price } });
}

describe("hedged", () => {
  it("asks no other member while the first has content in time", async () => {
    const clock = new VirtualClock();
    const [a, b] = [slow("a", 900, { text: ["one", "two"], everyMs: 900 }), slow("b", 0)];
    const reading = read(hedged([a, b], { afterMs: 1_000 }).stream(request, { clock }));
    await clock.advance(2_000);
    expect((await reading).at(-1)).toMatchObject({ response: { provider: "a" } });
    expect([b.calls, clock.pending]).toEqual([0, 0]);
  });

  it("asks a second when the first is silent, takes the first one with content, and closes the other", async () => {
    const clock = new VirtualClock();
    const [a, b] = [slow("a", 5_000), slow("b", 500)];
    const told: unknown[] = [];
    const observer = {
      on(event: { type: string; to?: string; afterMs?: number }) {
        if (event.type === "hedge") told.push([event.to, event.afterMs]);
      },
    };
    const reading = read(hedged([a, b], { afterMs: 1_000 }).stream(request, { clock, observer }));
    await clock.advance(1_500);
    const events = await reading;
    expect(events.map((event) => event.type)).toEqual([
      "start",
      "part-start",
      "text-delta",
      "part-end",
      "finish",
    ]);
    expect(events[0]).toMatchObject({ provider: "b" });
    expect([a.aborted, a.running, clock.pending]).toEqual([1, 0, 0]);
    expect(told).toEqual([["b", 1_000]]);
    const { attempts } = (events.at(-1) as unknown as { response: { attempts: { cost?: number }[] } })
      .response;
    expect(attempts).toMatchObject([
      { target: { provider: "a" }, outcome: "cancelled", usageStatus: "estimated" },
      { target: { provider: "b" }, outcome: "success" },
    ]);
    // The prompt was sent to the loser too.
    expect(attempts[0]?.cost).toBeGreaterThan(0);
  });

  it.each(["warnings", "empty deltas"])(
    "asks a second when the first has sent 70 %s and no content",
    async (what) => {
      const clock = new VirtualClock();
      const notice: ChatEvent =
        what === "warnings"
          ? { type: "warning", warning: { code: "other", message: "Careful" } }
          : { type: "text-delta", index: 0, text: "" };
      const head: ChatEvent = { type: "part-start", index: 0, part: { type: "text" } };
      const events = [head, ...Array.from({ length: 70 }, () => notice)];
      const a = scripted({ name: "a", replies: [{ events, silent: true }] });
      const reading = read(hedged([a, slow("b", 500)], { afterMs: 1_000 }).stream(request, { clock }));
      await clock.advance(1_500);
      expect((await reading).at(-1)).toMatchObject({ response: { provider: "b" } });
      expect(a.aborted).toBe(1);
    },
  );

  it("passes on the preamble of the winner in order, without the notices that do not fit", async () => {
    const warnings = Array.from(
      { length: 70 },
      (_, i): ChatEvent => ({ type: "warning", warning: { code: "other", message: `${i}` } }),
    );
    const events: ChatEvent[] = [
      ...warnings,
      { type: "part-start", index: 0, part: { type: "text" } },
      { type: "text-delta", index: 0, text: "Hello" },
    ];
    const seen = await read(
      hedged([scripted({ name: "a", replies: [{ events }] }), scripted("b")]).stream(request),
    );
    expect(seen.slice(-4).map(({ type }) => type)).toEqual([
      "part-start",
      "text-delta",
      "part-end",
      "finish",
    ]);
    expect(seen.filter(({ type }) => type === "warning")).toHaveLength(63);
    const { response } = seen.at(-1) as { response: ChatResponse };
    expect([response.text, response.warnings.length]).toEqual(["Hello", 70]);
  });

  it("lets the first win although a second was asked", async () => {
    const clock = new VirtualClock();
    const [a, b] = [slow("a", 1_200), slow("b", 500)];
    const outcome = outcomeOf(hedged([a, b], { afterMs: 1_000 }).chat(request, { clock }));
    await clock.advance(1_200);
    expect(outcome.value).toBe("a");
    expect([b.calls, b.aborted, b.running]).toEqual([1, 1, 0]);
  });

  it("asks the other immediately when the first fails before the delay", async () => {
    const clock = new VirtualClock();
    const a = failing("a", { code: "PROVIDER_ERROR", message: "no" });
    const outcome = outcomeOf(hedged([a, scripted("b")], { afterMs: 60_000 }).chat(request, { clock }));
    await clock.advance(0);
    expect(outcome.value).toBe("b");
    expect(clock.pending).toBe(0);
  });

  it("waits for the other when one of two fails, and names both when both do", async () => {
    const clock = new VirtualClock();
    const a = slow("a", 1_200, { error: { code: "OVERLOADED", message: "Busy" } });
    const b = slow("b", 900);
    const outcome = outcomeOf(hedged([a, b], { afterMs: 1_000 }).chat(request, { clock }));
    await clock.advance(1_900);
    expect(outcome.value).toBe("b");
    const c = slow("c", 900, { error: { code: "RATE_LIMIT", message: "Slow down", retryAt: 99_000 } });
    const error = errorOf(hedged([a, c], { afterMs: 1_000 }).chat(request, { clock }));
    await clock.advance(1_900);
    expect(await error).toMatchObject({ code: "RATE_LIMIT", retryAt: 99_000 });
    expect((await error).message).toMatch(/Attempt 1, a: OVERLOADED, Busy. Attempt 2, c: RATE_LIMIT/);
  });

  it("ends the race with an error after which no other member may be asked", async () => {
    const clock = new VirtualClock();
    const a = slow("a", 1_100, { error: { code: "CONTENT_FILTERED", message: "no" } });
    const b = slow("b", 900);
    const outcome = outcomeOf(hedged([a, b], { afterMs: 1_000 }).chat(request, { clock }));
    await clock.advance(1_100);
    expect(outcome.value).toBe("CONTENT_FILTERED");
    expect([b.aborted, b.running, clock.pending]).toEqual([1, 0, 0]);
  });

  it("closes everyone when the caller aborts", async () => {
    const clock = new VirtualClock();
    const members = ["a", "b", "c"].map((name) => slow(name, 60_000));
    const abort = new AbortController();
    const strategy = hedged(members, { afterMs: 100, maxHedges: 2 });
    const outcome = outcomeOf(strategy.chat(request, { clock, signal: abort.signal }));
    await clock.advance(1_000);
    expect(members.map((member) => member.running)).toEqual([1, 1, 1]);
    abort.abort();
    await clock.advance(0);
    expect(outcome.value).toBe("CANCELLED");
    expect(members.map((member) => member.running)).toEqual([0, 0, 0]);
    expect(clock.pending).toBe(0);
  });

  it("never makes more attempts than the call may", async () => {
    const clock = new VirtualClock();
    const members = ["a", "b", "c"].map((name) => slow(name, 3_000));
    const strategy = hedged(members, { afterMs: 100, maxHedges: 2 });
    const outcome = outcomeOf(strategy.chat(request, { clock, maxAttempts: 2 }));
    await clock.advance(3_000);
    expect(outcome.value).toBe("a");
    expect(members.map((member) => member.calls)).toEqual([1, 1, 0]);
  });

  it("hedges no more than maxHedges", async () => {
    const clock = new VirtualClock();
    const members = ["a", "b", "c"].map((name) => slow(name, 3_000));
    const outcome = outcomeOf(hedged(members, { afterMs: 100 }).chat(request, { clock }));
    await clock.advance(3_000);
    expect(outcome.value).toBe("a");
    expect(members.map((member) => member.calls)).toEqual([1, 1, 0]);
  });

  it("learns the delay from what the latest calls took", async () => {
    const clock = new VirtualClock();
    const a = scripted({
      name: "a",
      replies: (before) => ({ delayMs: before < 20 ? (before + 1) * 10 : 60_000 }),
    });
    const b = scripted("b");
    const strategy = hedged([a, b], { percentile: 0.9, afterMs: 30_000 });
    for (let i = 0; i < 20; i++) {
      const reading = read(strategy.stream(request, { clock }));
      await clock.advance(200);
      await reading;
    }
    const outcome = outcomeOf(strategy.stream(request, { clock }).response());
    await clock.advance(179);
    expect(b.calls).toBe(0);
    await clock.advance(1);
    expect(outcome.value).toBe("b");
    // Unary calls are measured apart.
    const unary = outcomeOf(strategy.chat(request, { clock }));
    await clock.advance(29_999);
    expect(unary.value).toBe("pending");
    await clock.advance(1);
    expect(unary.value).toBe("b");
  });

  it("applies a pause to members that are asked after it", async () => {
    const clock = new VirtualClock();
    const [a, b] = [slow("a", 5_000), slow("b", 5_000)];
    const sink = { event() {}, finish() {}, fail() {} };
    const call = callOf(chatLaws, request, "stream", contextOf({ clock }));
    const flow = hedged([a, b], { afterMs: 100 }).open(call, sink);
    flow.pause();
    await clock.advance(100);
    expect([a.paused, b.paused]).toEqual([true, true]);
    flow.resume();
    expect([a.paused, b.paused]).toEqual([false, false]);
    flow.abort();
    expect([a.running, b.running]).toEqual([0, 0]);
  });

  it("does not pause members that are asked after a resume", async () => {
    const clock = new VirtualClock();
    const [a, b] = [slow("a", 5_000), slow("b", 5_000)];
    const call = callOf(chatLaws, request, "stream", contextOf({ clock }));
    const flow = hedged([a, b], { afterMs: 100 }).open(call, { event() {}, finish() {}, fail() {} });
    flow.pause();
    flow.resume();
    await clock.advance(100);
    expect([a.paused, b.paused, b.running]).toEqual([false, false, 1]);
    flow.abort();
    expect(flow.abort()).toBeUndefined();
  });

  it("is aborted with the partial answer of the winner, and of a unary call with that of any member", async () => {
    const partial = async (mode: "stream" | "unary", ms: number) => {
      const clock = new VirtualClock();
      const members = [slow("a", 100, { text: ["One", " two"], everyMs: 1_000 }), slow("b", 5_000)];
      const call = callOf(chatLaws, request, mode, contextOf({ clock }));
      const flow = hedged(members, { afterMs: 50 }).open(call, { event() {}, finish() {}, fail() {} });
      await clock.advance(ms);
      return (flow.abort() as ChatResponse | undefined)?.text;
    };
    expect([await partial("stream", 150), await partial("stream", 60)]).toEqual(["One", undefined]);
    expect(await partial("unary", 150)).toBe("One");
  });

  it("asks one member after another where a call may not be sent twice", async () => {
    const clock = new VirtualClock();
    const [a, b] = [slow("a", 5_000), slow("b", 5_000)];
    const call = callOf({ ...chatLaws, idempotent: false }, request, "stream", contextOf({ clock }));
    const flow = hedged([a, b], { afterMs: 100 }).open(call, { event() {}, finish() {}, fail() {} });
    await clock.advance(1_000);
    expect([a.calls, b.calls]).toEqual([1, 0]);
    flow.abort();
  });

  it("ends with the error of a mapping that throws, when its member is needed", async () => {
    const clock = new VirtualClock();
    const mapping = (throwsAt: number) => {
      let calls = 0;
      return () => {
        if (++calls >= throwsAt) throw new Error("mine");
        return "m";
      };
    };
    const broken = (throwsAt: number) => ({ provider: scripted("b"), model: mapping(throwsAt) });
    const gone = failing("a", { code: "OVERLOADED", message: "no" });
    expect(await errorOf(hedged([gone, broken(1)]).chat(request, { clock }))).toMatchObject({
      code: "CONFIG_ERROR",
      message: "mine",
    });
    const waiting = outcomeOf(hedged([slow("a", 500), broken(1)], { afterMs: 100 }).chat(request, { clock }));
    await clock.advance(500);
    expect(waiting.value).toBe("a");
    expect(await errorOf(hedged([broken(2), scripted("c")]).chat(request, { clock }))).toMatchObject({
      message: "mine",
    });
  });

  it("asks the members that are left one after another once the winner broke", async () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    const member = (name: string, reply: (before: number) => ScriptedReply) =>
      scripted({
        name,
        replies: (before) => {
          order.push(name);
          return reply(before);
        },
      });
    const members = [
      member("a", (before) => (before === 0 ? { silent: true } : { text: "Whole." })),
      member("b", () => ({ delayMs: 10, text: ["Half", " an"], everyMs: 10, cut: true })),
      member("c", () => ({ error: { code: "OVERLOADED", message: "no" } })),
    ];
    const reading = read(hedged(members, { afterMs: 50 }).stream(request, { clock, midStream: "restart" }));
    await clock.advance(200);
    expect((await reading).at(-1)).toMatchObject({ response: { text: "Whole." } });
    expect(order.join("")).toBe("abca");
  });

  it("fails if no member can take a call", async () => {
    const blind = () => scripted({ name: "blind", facts: { tools: false } });
    const tools = [{ type: "function" as const, name: "f", parameters: { type: "object" } }];
    const error = await errorOf(hedged([blind(), blind()], { capable: true }).chat({ ...request, tools }));
    expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
  });

  it("fails with the partial answer when the winner breaks, and starts again if a restart is allowed", async () => {
    const clock = new VirtualClock();
    const members = () => [
      scripted({ name: "a", replies: [{ delayMs: 5_000 }, { text: "Whole." }] }),
      slow("b", 100, { text: ["Half", " an"], everyMs: 100, cut: true }),
    ];
    const failed = errorOf(read(hedged(members(), { afterMs: 50 }).stream(request, { clock })));
    await clock.advance(300);
    expect(await failed).toMatchObject({ code: "STREAM_TRUNCATED", partial: { text: "Half an" } });
    const [a, b] = members() as [ReturnType<typeof slow>, ReturnType<typeof slow>];
    const anew = read(hedged([a, b], { afterMs: 50 }).stream(request, { clock, midStream: "restart" }));
    await clock.advance(300);
    expect((await anew).at(-1)).toMatchObject({ response: { text: "Whole.", provider: "a" } });
    expect([a.calls, b.calls, clock.pending]).toEqual([2, 1, 0]);
  });

  it.each([
    ["one member", () => hedged([scripted("a")]), /at least two/],
    ["an unknown option", () => hedged([scripted("a"), scripted("b")], { delayMs: 1 } as never), /"delayMs"/],
    ["a percentile of 95", () => hedged([scripted("a"), scripted("b")], { percentile: 95 }), /percentile/],
    ["no hedge", () => hedged([scripted("a"), scripted("b")], { maxHedges: 0 }), /maxHedges/],
  ])("refuses %s", (_, build, message) => {
    expect(build).toThrow(message);
  });
});
