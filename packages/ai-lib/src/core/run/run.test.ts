import { describe, expect, it } from "vitest";
import { errorOf, IDLE_FLOW, request } from "../../../test/support/calls.js";
import { scripted } from "../../testing/scripted.js";
import { settled, VirtualClock } from "../../testing/virtual-clock.js";
import type { ObserverEvent } from "../contract/observer.js";
import type { EventSink, Flow } from "../contract/sink.js";
import { AiLibError } from "../errors/error.js";
import { OpenProvider } from "./compose.js";

/** A provider that does with its sink what it likes. */
class Odd extends OpenProvider {
  readonly name = "odd";
  constructor(private readonly act: (sink: EventSink) => Flow) {
    super();
  }
  open(_call: unknown, sink: EventSink): Flow {
    return this.act(sink);
  }
}

const broken = new AiLibError({ code: "PROVIDER_ERROR", message: "first" });

describe("a call", () => {
  it("reports one ending if its source reports several", async () => {
    const events: ObserverEvent[] = [];
    const odd = new Odd((sink) => {
      queueMicrotask(() => {
        sink.fail(broken);
        sink.fail(new AiLibError({ code: "OVERLOADED", message: "second" }));
      });
      return IDLE_FLOW;
    });
    const error = await errorOf(odd.chat(request, { observer: { on: (event) => events.push(event) } }));
    expect(error.message).toBe("first");
    expect(events.map(({ type }) => type)).toEqual(["request-start", "request-end"]);
  });

  it("turns what an open throws into its error", async () => {
    const odd = new Odd(() => {
      throw new TypeError("unwritten");
    });
    expect(await errorOf(odd.chat(request))).toMatchObject({ code: "PROVIDER_ERROR", message: "unwritten" });
    expect(await errorOf(odd.stream(request).response())).toMatchObject({ message: "unwritten" });
  });

  it("closes a source that ended it before open had returned", async () => {
    let aborted = 0;
    const odd = new Odd((sink) => {
      sink.fail(broken);
      return { pause() {}, resume() {}, abort: () => void aborted++ as undefined };
    });
    await errorOf(odd.chat(request));
    expect(aborted).toBe(1);
  });

  it("is reported to its observer completely: its start, its end and how long it took", async () => {
    const clock = new VirtualClock(5);
    const events: ObserverEvent[] = [];
    const answer = scripted({ name: "p", replies: [{ delayMs: 20 }] }).chat(request, {
      clock,
      observer: { on: (event) => events.push(event) },
    });
    await clock.drain();
    await answer;
    expect(events[0]).toMatchObject({ type: "request-start", provider: "p", mode: "unary", at: 5 });
    expect(events.at(-1)).toMatchObject({
      type: "request-end",
      startedAt: 5,
      at: 25,
      response: { provider: "p" },
    });
    expect(events.at(-1)).not.toHaveProperty("error");
  });

  it("fails with a total timeout past its deadline, and is not repeated", async () => {
    const clock = new VirtualClock();
    const provider = scripted({ name: "p", replies: [{ silent: true }] });
    const error = errorOf(provider.stream(request, { clock, timeouts: { totalMs: 40 } }).response());
    await clock.advance(40);
    expect(await error).toMatchObject({
      code: "TIMEOUT",
      phase: "total",
      retryable: false,
      committed: false,
    });
    expect(provider.aborted).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it("that ended leaves no timer of its deadline", async () => {
    const clock = new VirtualClock();
    await scripted("p").chat(request, { clock });
    await settled();
    expect(clock.pending).toBe(0);
  });

  it("of one provider within another is reported to the observer once", async () => {
    const events: string[] = [];
    const inner = scripted("p");
    const outer = new Odd((sink) => {
      queueMicrotask(() => sink.fail(broken));
      return IDLE_FLOW;
    });
    const observer = { on: ({ type }: ObserverEvent) => void events.push(type) };
    await errorOf(outer.chat(request, { observer }));
    await inner.chat(request, { observer });
    expect(events.filter((type) => type === "request-start")).toHaveLength(2);
  });
});
