import { describe, expect, it } from "vitest";
import { settled } from "../../testing/virtual-clock.js";
import type { Attempt } from "../values/attempt.js";
import { type Observer, type ObserverEvent, observe, observeChunk, observers } from "./observer.js";

const event: ObserverEvent = { type: "wait", requestId: "r", at: 0, ms: 1, reason: "x", provider: "p" };
const attempt: Attempt = { target: { provider: "p" }, outcome: "running", startedAt: 0 };
const faulty: Observer = {
  on() {
    throw new Error("mine");
  },
  chunk() {
    throw new Error("mine");
  },
};

describe("an observer", () => {
  it("that throws, or is not an observer, has no effect on the call", () => {
    expect(() => observe(faulty, event)).not.toThrow();
    expect(() => observe(undefined, event)).not.toThrow();
  });

  it("whose chunk throws or rejects does not end the process", async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", listener);
    try {
      const rejecting = { on() {}, chunk: () => Promise.reject(new Error("metrics are down")) };
      expect(() => observeChunk(faulty, attempt, 1)).not.toThrow();
      observeChunk(rejecting, attempt, 1);
      observers([rejecting, rejecting]).chunk?.(attempt, 1);
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off("unhandledRejection", listener);
    }
    expect(unhandled).toEqual([]);
  });

  it("that is asynchronous and rejects does not end the process", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on("unhandledRejection", note);
    const late: Observer = { on: () => Promise.reject(new Error("late")) as unknown as undefined };
    observe(late, event);
    observe(observers([late, faulty]), event);
    await settled();
    await settled();
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });
});

describe("several observers", () => {
  it("are each notified, whatever the others do", () => {
    const told: unknown[] = [];
    const good: Observer = { on: ({ type }) => told.push(type), chunk: (_, ms) => told.push(ms) };
    const all = observers([faulty, good, { on: ({ type }) => told.push(type) }]);
    all.on(event);
    all.chunk?.(attempt, 3);
    expect(told).toEqual(["wait", "wait", 3]);
  });

  it("request chunks only if one of them does", () => {
    expect(observers([{ on() {} }, { on() {} }]).chunk).toBeUndefined();
    expect(observers([]).chunk).toBeUndefined();
  });
});
