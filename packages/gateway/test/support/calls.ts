import type { AttemptRecord, CallRecord } from "../../src/store/call-record.js";
import { CallPacker, type PackedCalls } from "../../src/store/packed-calls.js";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

let made = 0;

/** Calls as a store takes them. */
export function packed(calls: readonly CallRecord[]): PackedCalls {
  const packer = new CallPacker();
  for (const each of calls) packer.add(each);
  return packer.take();
}

/** The id of a call that began at a time. */
export function callId(at: number): string {
  return `call_${at.toString(16).padStart(12, "0")}${(++made).toString(16).padStart(12, "0")}`;
}

/** An attempt that succeeded with 100 tokens in and 10 out. */
export function attempt(given: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    provider: "openai",
    model: "gpt-x",
    outcome: "success",
    startedAt: 0,
    endedAt: 0,
    meters: { input: 100, output: 10, cached: 0, cacheWrite: 0, reasoning: 0 },
    estimated: false,
    rate: "rate-x",
    ...given,
  };
}

/** A call that began and ended at a time. */
export function call(endedAt: number, given: Partial<CallRecord> = {}): CallRecord {
  return {
    id: callId(given.startedAt ?? endedAt),
    endedAt,
    startedAt: endedAt,
    firstContentMs: 200,
    key: "team-a",
    groups: ["acme", "search"],
    user: undefined,
    session: undefined,
    tags: [],
    route: "chat",
    kind: "chat",
    mode: "unary",
    dialect: "openai-chat",
    model: "chat",
    status: "success",
    attempts: [attempt({ startedAt: endedAt, endedAt })],
    ...given,
  };
}
