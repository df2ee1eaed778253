import type { Attempt, ObserverEvent } from "ai-lib";
import { describe, expect, it } from "vitest";
import { RouteCalls } from "./route-calls.js";

const START = Date.parse("2026-11-28T10:00:00Z");

type Draft = { -readonly [K in keyof Attempt]: Attempt[K] };

/** Begins an attempt. */
function begin(calls: RouteCalls, model: string, startedAt = START): Draft {
  const attempt: Draft = { target: { provider: "p", model }, outcome: "running", startedAt };
  calls.on({ type: "attempt-start", attempt } as unknown as ObserverEvent);
  return attempt;
}

function end(calls: RouteCalls, attempt: Draft, outcome: Attempt["outcome"] = "success"): void {
  attempt.outcome = outcome;
  calls.on({ type: "attempt-end", attempt, at: START + 20 } as unknown as ObserverEvent);
}

describe("the attempts of a route", () => {
  it("belong to the target that was asked for, whatever model answered", () => {
    const calls = new RouteCalls();
    const attempt = begin(calls, "m");
    expect(calls.attempts(START)).toMatchObject([{ target: { model: "m" }, activity: { running: 1 } }]);
    attempt.target = { provider: "p", model: "m-2026-11-28" };
    end(calls, attempt);
    expect(calls.attempts(START + 20)).toMatchObject([
      { target: { model: "m" }, activity: { running: 0, calls: 1, latency: { totalMs: { p50: 20 } } } },
    ]);
  });

  it("pass to another observer, too", () => {
    const seen: string[] = [];
    const other = { on: ({ type }: ObserverEvent) => void seen.push(type) };
    const calls = new RouteCalls();
    const both = calls.observerWith(other);
    expect(calls.observerWith(other)).toBe(both);
    const attempt: Draft = { target: { provider: "p" }, outcome: "running", startedAt: START };
    both.on({ type: "attempt-start", attempt } as unknown as ObserverEvent);
    expect([seen, calls.attempts(START).length]).toEqual([["attempt-start"], 1]);
    expect(both).not.toHaveProperty("chunk");
  });

  it("are known for a bounded number of targets: those that were asked last", () => {
    const calls = new RouteCalls();
    const first = begin(calls, "model-0", START - 1);
    for (let i = 1; i <= 1_000; i++) end(calls, begin(calls, `model-${i}`, START + i));
    const known = calls.attempts(START + 1_000);
    expect(known).toHaveLength(64);
    expect(known.map(({ target }) => target.model)).toContain("model-1000");
    end(calls, first);
    expect(calls.attempts(START + 1_000)).toHaveLength(64);
  });
});
