import { describe, expect, it } from "vitest";
import { errorOf, failing, outcomeOf, request } from "../../test/support/calls.js";
import { callOf, contextOf } from "../core/contract/call.js";
import { chatLaws } from "../core/kinds/chat/laws.js";
import { failover } from "../strategies/failover.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { concurrencyLimit } from "./concurrency.js";

describe("a concurrency limit", () => {
  it("lets so many run, so many wait in their order, and sheds the rest locally", async () => {
    const clock = new VirtualClock();
    const leaf = scripted({ name: "a", replies: [{ delayMs: 1_000 }] });
    const limited = concurrencyLimit(leaf, { limit: 2, maxQueue: 3 });
    const shed: number[] = [];
    const observer = {
      on(event: { type: string; queued?: number }) {
        if (event.type === "shed") shed.push(event.queued ?? -1);
      },
    };
    const calls = Array.from({ length: 6 }, (_, i) =>
      outcomeOf(limited.chat({ ...request, user: `${i}` }, { clock, observer })),
    );
    await clock.advance(0);
    expect([limited.running, limited.waiting]).toEqual([2, 3]);
    expect(calls.map((call) => call.value)).toEqual([...Array(5).fill("pending"), "OVERLOADED"]);
    expect(shed).toEqual([3]);
    await clock.advance(3_000);
    expect(calls.slice(0, 5).map((call) => call.value)).toEqual(Array(5).fill("a"));
    expect(leaf.requests.map((each) => each.user)).toEqual(["0", "1", "2", "3", "4"]);
    expect(leaf.peak).toBe(2);
    expect([limited.running, limited.waiting, clock.pending]).toEqual([0, 0, 0]);
  });

  it("moves what it sheds to the next member, and says why in the attempt log", async () => {
    const clock = new VirtualClock();
    const busy = scripted({ name: "a", replies: [{ delayMs: 1_000 }] });
    const chain = failover([concurrencyLimit(busy, { limit: 1, maxQueue: 0 }), scripted("b")]);
    const first = outcomeOf(chain.chat(request, { clock }));
    const second = chain.chat(request, { clock });
    await clock.advance(0);
    expect((await second).attempts).toMatchObject([
      { outcome: "skipped", message: "all 1 places are taken, and 0 calls wait already" },
      { outcome: "success", target: { provider: "b" } },
    ]);
    await clock.advance(1_000);
    expect(first.value).toBe("a");
  });

  it("gives the place back on every way out: an answer, an error, an abort, a stream that was left", async () => {
    const clock = new VirtualClock();
    const replies = [
      {},
      { error: { code: "PROVIDER_ERROR", message: "no" } } as const,
      { silent: true },
      { text: ["one", "two"], everyMs: 10 },
    ];
    const limited = concurrencyLimit(scripted({ name: "a", replies }), { limit: 1, maxQueue: 0 });
    await limited.chat(request, { clock });
    expect(limited.running).toBe(0);
    await errorOf(limited.chat(request, { clock }));
    expect(limited.running).toBe(0);
    const abort = new AbortController();
    const aborted = errorOf(limited.chat(request, { clock, signal: abort.signal }));
    await clock.advance(0);
    expect(limited.running).toBe(1);
    abort.abort();
    await aborted;
    expect(limited.running).toBe(0);
    for await (const event of limited.stream(request, { clock })) {
      expect(limited.running).toBe(1);
      if (event.type === "text-delta") break;
    }
    expect(limited.running).toBe(0);
  });

  it("lets a waiting call go when its caller aborts or its deadline comes, and takes no place for it", async () => {
    const clock = new VirtualClock();
    const leaf = scripted({ name: "a", replies: [{ delayMs: 1_000 }] });
    const limited = concurrencyLimit(leaf, { limit: 1 });
    const abort = new AbortController();
    const calls = [
      limited.chat(request, { clock }),
      limited.chat(request, { clock, signal: abort.signal }),
      limited.chat(request, { clock, timeouts: { totalMs: 500 } }),
      limited.chat(request, { clock }),
    ].map(outcomeOf);
    await clock.advance(100);
    abort.abort();
    await clock.advance(2_000);
    expect(calls.map((call) => call.value)).toEqual(["a", "CANCELLED", "TIMEOUT", "a"]);
    expect([leaf.calls, limited.running, limited.waiting, clock.pending]).toEqual([2, 0, 0, 0]);
  });

  it("fails a call that waited too long", async () => {
    const clock = new VirtualClock();
    const leaf = scripted({ name: "a", replies: [{ delayMs: 1_000 }] });
    const limited = concurrencyLimit(leaf, { limit: 1, maxWaitMs: 300 });
    const first = outcomeOf(limited.chat(request, { clock }));
    const error = errorOf(limited.chat(request, { clock }));
    await clock.advance(300);
    expect(await error).toMatchObject({ code: "OVERLOADED", local: true });
    await clock.advance(700);
    expect(first.value).toBe("a");
    expect([limited.running, limited.waiting]).toEqual([0, 0]);
  });

  it("keeps a pause for a call that still waits", async () => {
    const clock = new VirtualClock();
    const leaf = scripted({ name: "a", replies: [{ delayMs: 10 }, { text: Array(600).fill("x") }] });
    const limited = concurrencyLimit(leaf, { limit: 1 });
    const first = outcomeOf(limited.chat(request, { clock }));
    const sink = { event() {}, finish() {}, fail() {} };
    const flow = limited.open(callOf(chatLaws, request, "stream", contextOf({ clock })), sink);
    flow.pause();
    await clock.advance(10);
    expect(first.value).toBe("a");
    expect(leaf.paused).toBe(true);
    flow.abort();
    expect(limited.running).toBe(0);
  });

  it("reports how long a call waited for its place", async () => {
    const clock = new VirtualClock();
    const limited = concurrencyLimit(scripted({ name: "a", replies: [{ delayMs: 1_000 }] }), { limit: 1 });
    void limited.chat(request, { clock });
    const second = limited.chat(request, { clock });
    await clock.advance(2_000);
    expect((await second).attempts).toMatchObject([{ waitMs: 1_000, waitReason: "a place" }]);
  });

  it("does not pass a freed place to the call that failed", async () => {
    const clock = new VirtualClock();
    const limited = concurrencyLimit(failing("a", { code: "OVERLOADED", message: "no" }), { limit: 1 });
    const calls = [limited.chat(request, { clock }), limited.chat(request, { clock })].map(outcomeOf);
    await clock.advance(0);
    expect(calls.map((call) => call.value)).toEqual(["OVERLOADED", "OVERLOADED"]);
    expect(limited.running).toBe(0);
  });

  it.each([
    [{}, /limit/],
    [{ limit: 0 }, /limit/],
    [{ limit: 1, queue: 2 }, /"queue"/],
    [{ limit: 1, maxQueue: -1 }, /maxQueue/],
    [{ limit: 1, maxWaitMs: "1" }, /maxWaitMs/],
  ])("refuses %o", (options, message) => {
    expect(() => concurrencyLimit(scripted("a"), options as never)).toThrow(message);
  });
});
