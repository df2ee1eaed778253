import { describe, expect, it } from "vitest";
import { scripted } from "../../testing/scripted.js";
import { settled, VirtualClock } from "../../testing/virtual-clock.js";
import type { EventFormat, NodeResponse, OutgoingEvent } from "../contract/stream.js";

const request = { messages: [{ role: "user" as const, content: "Hi" }] };
const speaking = () => scripted({ name: "p", replies: [{ text: ["a", "b"] }] });
const failing = () =>
  scripted({
    name: "p",
    replies: [{ text: ["a"], error: { code: "AUTH_FAILED", message: "key 7 of 10.0.0.1" } }],
  });

const parsed = (text: string): { type: string }[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line.replace(/^data: /, "")));
const typesOf = (text: string) => parsed(text).map(({ type }) => type);

/** A response of `node:http` that takes as many writes as `room` says before it is full. */
class FakeResponse implements NodeResponse {
  destroyed = false;
  writableFinished = false;
  readonly written: string[] = [];
  head: [number, Record<string, string>] | undefined;
  private readonly listeners = new Map<string, () => void>();
  constructor(public room = Number.POSITIVE_INFINITY) {}
  writeHead(status: number, headers: Record<string, string>): void {
    this.head = [status, headers];
  }
  write(chunk: string): boolean {
    this.written.push(chunk);
    return --this.room > 0;
  }
  end(): void {
    this.writableFinished = true;
    queueMicrotask(() => this.emit("close"));
  }
  on(event: "drain" | "close", listener: () => void): void {
    this.listeners.set(event, listener);
  }
  emit(event: "drain" | "close"): void {
    this.listeners.get(event)?.();
  }
}

describe("toResponse", () => {
  it.each<[EventFormat | undefined, string]>([
    [undefined, "application/x-ndjson; charset=utf-8"],
    ["ndjson", "application/x-ndjson; charset=utf-8"],
    ["sse", "text/event-stream; charset=utf-8"],
    ["ai-sdk", "text/event-stream; charset=utf-8"],
  ])("has the headers of %s, and the caller's besides", async (format, type) => {
    const response = speaking()
      .stream(request)
      .toResponse({ format, headers: { "x-own": "1" } });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("cache-control")).toContain("no-transform");
    expect(response.headers.get("x-own")).toBe("1");
    expect(response.headers.get("x-vercel-ai-ui-message-stream")).toBe(format === "ai-sdk" ? "v1" : null);
    await response.body?.cancel();
  });

  it("writes each event as a line, or as a server-sent event", async () => {
    const expected = ["start", "part-start", "text-delta", "text-delta", "part-end", "finish"];
    const lines = await speaking().stream(request).toResponse().text();
    expect(typesOf(lines)).toEqual(expected);
    const sse = await speaking().stream(request).toResponse({ format: "sse" }).text();
    expect(
      sse
        .split("\n\n")
        .filter((block) => block !== "")
        .every((block) => /^data: \{.*\}$/.test(block)),
    ).toBe(true);
    expect(typesOf(sse)).toEqual(expected);
  });

  it("asks for nothing before it is read, and stops the call when it is cancelled", async () => {
    const provider = scripted({ name: "p", replies: [{ text: ["a"], silent: true }] });
    const { body } = provider.stream(request).toResponse();
    await settled();
    expect(provider.calls).toBe(0);
    const reader = body?.getReader();
    await reader?.read();
    expect(provider.calls).toBe(1);
    await reader?.cancel();
    expect(provider.aborted).toBe(1);
  });

  it.each<EventFormat>(["ndjson", "sse"])("ends with a safe error in %s", async (format) => {
    const text = await failing().stream(request).toResponse({ format }).text();
    expect(parsed(text).at(-1)).toMatchObject({
      type: "error",
      error: { code: "AUTH_FAILED", message: "The answer failed with AUTH_FAILED", committed: true },
    });
    expect(text).not.toContain("10.0.0.1");
    expect(await failing().stream(request).toResponse({ format, expose: true }).text()).toContain("10.0.0.1");
  });

  it("lets a function decide what leaves, except that the last event stays", async () => {
    const seen: [OutgoingEvent, OutgoingEvent][] = [];
    const text = await speaking()
      .stream(request)
      .toResponse({
        expose: (event, safe) => {
          seen.push([event, safe]);
          return event.type === "text-delta" ? { ...event, text: event.text.toUpperCase() } : undefined;
        },
      })
      .text();
    expect(typesOf(text)).toEqual(["text-delta", "text-delta", "finish"]);
    expect(parsed(text)[0]).toMatchObject({ text: "A" });
    expect(parsed(text).at(-1)).toMatchObject({ response: { attempts: [] } });
    const [event, safe] = seen.at(-1) ?? [];
    expect(event).toMatchObject({ response: { attempts: [{ outcome: "success" }] } });
    expect(safe).toMatchObject({ response: { attempts: [] } });
  });

  it("ends with an error if that function throws, and stops the call", async () => {
    const provider = scripted({ name: "p", replies: [{ text: ["a"], silent: true }] });
    const text = await provider
      .stream(request)
      .toResponse({
        expose: () => {
          throw new Error("secret of my own");
        },
      })
      .text();
    expect(typesOf(text)).toEqual(["error"]);
    expect(text).not.toContain("secret");
    expect(provider.aborted).toBe(1);
  });

  it("sends heartbeats while no events arrive, and only then", async () => {
    const clock = new VirtualClock();
    const beats = async (format: EventFormat, heartbeatMs?: number) => {
      const provider = scripted({ name: "p", replies: [{ text: ["a", "b"], everyMs: 50_000 }] });
      const reading = provider.stream(request, { clock }).toResponse({ format, clock, heartbeatMs }).text();
      await clock.advance(60_000);
      return reading;
    };
    expect((await beats("sse")).match(/: ping\n\n/g)).toHaveLength(3);
    expect(typesOf(await beats("ndjson")).filter((type) => type === "ping")).toHaveLength(3);
    expect(await beats("sse", Number.POSITIVE_INFINITY)).not.toContain("ping");
    await clock.drain();
    expect(clock.pending).toBe(0);
  });

  it("does not pile up heartbeats for a slow reader", async () => {
    const clock = new VirtualClock();
    const provider = scripted({ name: "p", replies: [{ text: ["a", "b"], everyMs: 500_000 }] });
    const patient = { clock, timeouts: { idleMs: 1_000_000, streamMs: 1_000_000 } };
    const reader = provider.stream(request, patient).toReadableStream({ clock }).getReader();
    for (let text = ""; !text.includes("text-delta"); )
      text = new TextDecoder().decode((await reader.read()).value);
    const waiting = reader.read();
    await clock.advance(400_000);
    expect(new TextDecoder().decode((await waiting).value)).toBe('{"type":"ping"}\n');
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('{"type":"ping"}\n');
    await clock.advance(100_000);
    // One that was written while nobody read, and no more.
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('{"type":"ping"}\n');
    expect(new TextDecoder().decode((await reader.read()).value)).toContain("text-delta");
    await reader.cancel();
  });

  it("refuses wrong options", () => {
    const stream = () => speaking().stream(request);
    expect(() => stream().toResponse({ format: "xml" as never })).toThrow(/"ndjson", "sse" or "ai-sdk"/);
    expect(() => stream().toResponse({ heartbeatMs: 0 })).toThrow(/heartbeatMs/);
    expect(() => stream().toResponse({ formats: "sse" } as never)).toThrow(/formats/);
    expect(() => stream().toReadableStream({ headers: {} } as never)).toThrow(/headers/);
  });
});

describe("pipeTo", () => {
  it("writes the head, the events and the end", async () => {
    const response = new FakeResponse();
    await speaking()
      .stream(request)
      .pipeTo(response, { format: "sse", headers: { "x-own": "1" } });
    expect(response.head).toEqual([200, expect.objectContaining({ "x-own": "1" })]);
    expect(typesOf(response.written.join(""))).toHaveLength(6);
    expect(response.writableFinished).toBe(true);
  });

  it("waits for a slow client", async () => {
    const response = new FakeResponse(2);
    const piping = speaking().stream(request).pipeTo(response);
    await settled();
    await settled();
    expect(response.written).toHaveLength(2);
    response.room = 100;
    response.emit("drain");
    await piping;
    expect(response.written).toHaveLength(6);
  });

  it.each([
    ["between events", Number.POSITIVE_INFINITY],
    ["while the response is full", 1],
  ])("stops the call when the client leaves %s", async (_, room) => {
    const provider = scripted({ name: "p", replies: [{ text: ["a"], silent: true }] });
    const response = new FakeResponse(room);
    const piping = provider.stream(request).pipeTo(response);
    for (let i = 0; i < 4; i++) await settled();
    response.emit("close");
    await piping;
    expect(provider.aborted).toBe(1);
    expect(response.writableFinished).toBe(false);
  });

  it("does not begin for a client that has left", async () => {
    const provider = speaking();
    const response = new FakeResponse();
    response.destroyed = true;
    await provider.stream(request).pipeTo(response);
    expect([provider.calls, response.written]).toEqual([0, []]);
  });
});
