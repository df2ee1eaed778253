import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { StreamEvent } from "./route.js";
import { Streams } from "./streams.js";

const MIB = 1024 * 1024;
const BEAT_MS = 15_000;

/** An answer whose client reads when it is told to. */
class Answer extends EventEmitter {
  writableLength = 0;
  ended = false;
  readonly written: string[] = [];

  writeHead(): this {
    return this;
  }

  write(text: string): boolean {
    this.written.push(text);
    this.writableLength += text.length;
    return true;
  }

  end(): void {
    this.ended = true;
    this.emit("close");
  }

  destroy(): void {
    this.end();
  }

  get response(): ServerResponse {
    return this as unknown as ServerResponse;
  }
}

let send: (event: StreamEvent) => void;
let stopped = 0;
const start = (given: (event: StreamEvent) => void) => {
  send = given;
  return () => {
    stopped++;
  };
};
const event = { event: "call", data: "x".repeat(100_000) };

beforeEach(() => {
  vi.useFakeTimers();
  stopped = 0;
});
afterEach(() => vi.useRealTimers());

describe("a stream whose client does not read", () => {
  it("holds a bounded number of bytes, and says how many events it dropped", () => {
    const answer = new Answer();
    new Streams().run(answer.response, start, "a", () => true);
    for (let i = 0; i < 1_000; i++) send(event);
    expect(answer.writableLength).toBeLessThan(1.2 * MIB);
    answer.writableLength = 0;
    send(event);
    expect(answer.written.at(-2)).toMatch(/^event: dropped\ndata: \{"events":9\d\d\}\n\n$/);
  });

  it("ends after two heartbeats, and takes no place any more", () => {
    const streams = new Streams();
    const answers = Array.from({ length: 16 }, () => new Answer());
    for (const answer of answers) {
      streams.run(answer.response, start, "a", () => true);
      for (let i = 0; i < 20; i++) send(event);
    }
    expect(() => streams.run(new Answer().response, start, "a", () => true)).toThrow("At most 16");
    vi.advanceTimersByTime(BEAT_MS);
    expect(answers.some(({ ended }) => ended)).toBe(false);
    vi.advanceTimersByTime(BEAT_MS);
    expect(answers.every(({ ended }) => ended)).toBe(true);
    expect(stopped).toBe(16);
    expect(() => streams.run(new Answer().response, start, "a", () => true)).not.toThrow();
  });

  it("stays where the client goes on reading in time", () => {
    const answer = new Answer();
    new Streams().run(answer.response, start, "a", () => true);
    for (let beat = 0; beat < 10; beat++) {
      for (let i = 0; i < 20; i++) send(event);
      vi.advanceTimersByTime(BEAT_MS);
      answer.writableLength = 0;
      vi.advanceTimersByTime(BEAT_MS);
    }
    expect(answer.ended).toBe(false);
  });
});

describe("streams", () => {
  it("are bounded for one reader and for all, and end when the server does", () => {
    const streams = new Streams();
    let open = 0;
    for (const principal of ["a", "b", "c", "d", "e"])
      for (let i = 0; i < 200; i++)
        try {
          streams.run(new Answer().response, start, principal, () => true);
          open++;
        } catch (error) {
          expect(error).toMatchObject({ code: "rate_limited", headers: { "retry-after": "10" } });
        }
    expect(open).toBe(64);
    streams.close();
    expect(stopped).toBe(64);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("end when their reader loses the right to read", () => {
    const answer = new Answer();
    let allowed = true;
    new Streams().run(answer.response, start, "a", () => allowed);
    allowed = false;
    vi.advanceTimersByTime(BEAT_MS);
    expect([answer.ended, stopped]).toEqual([true, 1]);
  });
});
