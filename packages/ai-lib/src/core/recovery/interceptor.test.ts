import { describe, expect, it, vi } from "vitest";
import { errorOf, read, request } from "../../../test/support/calls.js";
import { type ScriptedReply, scripted } from "../../testing/scripted.js";
import { settled, VirtualClock } from "../../testing/virtual-clock.js";
import type { Call } from "../contract/call.js";
import type { ChatProvider } from "../contract/provider.js";
import type { EventSink, Flow } from "../contract/sink.js";
import { AiLibError } from "../errors/error.js";
import { Wrapper } from "../run/compose.js";
import type { EventOf } from "../values/kinds.js";
import { CallInterceptor, type Outcome } from "./interceptor.js";

type Act = "at once" | "later" | "refuse" | "interrupt";

/** An interceptor that opens its member immediately, after 10 ms or never, and records the outcomes. */
class Noting extends CallInterceptor {
  constructor(
    call: Call,
    sink: EventSink,
    private readonly notes: string[],
    provider: ChatProvider,
    act: Act,
  ) {
    super(call, sink);
    const { clock } = call.context;
    if (act === "refuse") this.refuse(new AiLibError({ code: "CIRCUIT_OPEN", message: "shut", local: true }));
    else if (act === "later") clock.after(10, () => !this.over && this.begin(provider));
    else this.begin(provider);
    if (act === "interrupt")
      clock.after(10, () =>
        this.interrupt(new AiLibError({ code: "TIMEOUT", phase: "idle", message: "enough" })),
      );
  }
  protected override onFirstContent(): void {
    this.notes.push("content");
  }
  protected onEnd(outcome: Outcome): void {
    this.notes.push(outcome.kind);
  }
}

class Noted extends Wrapper {
  readonly notes: string[] = [];
  constructor(
    provider: ChatProvider,
    private readonly act: Act = "at once",
  ) {
    super("noted", provider);
  }
  open(call: Call, sink: EventSink): Flow {
    return new Noting(call, sink, this.notes, this.inner, this.act);
  }
}

async function play(reply: ScriptedReply, act?: Act) {
  const clock = new VirtualClock();
  const leaf = scripted({ name: "a", replies: [reply] });
  const noted = new Noted(leaf, act);
  const answer = noted.stream(request, { clock, timeouts: { firstContentMs: 100 } }).response();
  const outcome = answer.then(
    ({ text }) => text,
    (error: AiLibError) => error,
  );
  await clock.drain();
  return { notes: noted.notes, outcome: await outcome, leaf };
}

describe("an interceptor learns once how a call ended", () => {
  it.each([
    ["an answer", { text: ["a", "b"] }, undefined, ["content", "success"]],
    ["an answer of a member that was opened later", { text: "a" }, "later", ["content", "success"]],
    ["a failure before content", { error: { code: "OVERLOADED", message: "no" } }, undefined, ["error"]],
    ["a failure after content", { text: "a", cut: true }, undefined, ["content", "error"]],
    [
      "an abort that the member reports",
      { error: { code: "CANCELLED", message: "no" } },
      undefined,
      ["cancelled"],
    ],
    ["a refusal", {}, "refuse", ["error"]],
    ["its own interruption", { text: ["a"], silent: true }, "interrupt", ["content", "error"]],
  ] as [string, ScriptedReply, Act | undefined, string[]][])("%s", async (_, reply, act, notes) => {
    expect((await play(reply, act)).notes).toEqual(notes);
  });

  it("by an interruption closes its member and keeps the content so far", async () => {
    const { outcome, leaf } = await play({ text: ["a"], silent: true }, "interrupt");
    expect(outcome).toMatchObject({ code: "TIMEOUT", committed: true, partial: { text: "a" } });
    expect(leaf.aborted).toBe(1);
  });

  it("before its member was opened, by an abort, opens none", async () => {
    const clock = new VirtualClock();
    const leaf = scripted("a");
    const noted = new Noted(leaf, "later");
    const abort = new AbortController();
    const gone = errorOf(noted.chat(request, { clock, signal: abort.signal }));
    await settled();
    abort.abort();
    await gone;
    await clock.drain();
    expect([noted.notes, leaf.calls]).toEqual([["cancelled"], 0]);
  });

  it("by a member whose open throws", async () => {
    const thrower: ChatProvider = Object.assign(scripted("a"), {
      open() {
        throw new TypeError("unwritten");
      },
    });
    const noted = new Noted(thrower);
    expect(await errorOf(noted.chat(request))).toMatchObject({ message: "unwritten" });
    expect(noted.notes).toEqual(["error"]);
  });
});

/** A wrapper that reads every event. */
class Shouted extends Wrapper {
  constructor(provider: ChatProvider) {
    super("shouted", provider);
  }
  open(call: Call, sink: EventSink): Flow {
    return new Shouting(call, sink, this.inner);
  }
}

class Shouting extends CallInterceptor {
  constructor(call: Call, sink: EventSink, provider: ChatProvider) {
    super(call, sink);
    this.begin(provider);
  }
  override event(event: EventOf): void {
    super.event("text" in event ? { ...event, text: String(event.text).toUpperCase() } : event);
  }
  protected onEnd(): void {}
}

describe("events after the first content", () => {
  const leaf = () => scripted({ name: "a", replies: [{ text: ["a", "b", "c"] }] });

  it("still pass a wrapper that reads them, inside any other layers", async () => {
    const events = await read(new Noted(new Shouted(new Noted(leaf()))).stream(request));
    expect(events.flatMap((event) => (event.type === "text-delta" ? [event.text] : []))).toEqual([
      "A",
      "B",
      "C",
    ]);
  });

  it("go past wrappers that only pass them on", async () => {
    const passed = vi.spyOn(CallInterceptor.prototype, "event");
    const noted = new Noted(new Noted(leaf()));
    const events = await read(noted.stream(request));
    const calls = passed.mock.calls.length;
    passed.mockRestore();
    expect(events.map(({ type }) => type)).toEqual([
      "start",
      "part-start",
      "text-delta",
      "text-delta",
      "text-delta",
      "part-end",
      "finish",
    ]);
    expect(calls).toBe(2 * 3);
    expect(noted.notes).toEqual(["content", "success"]);
  });
});
