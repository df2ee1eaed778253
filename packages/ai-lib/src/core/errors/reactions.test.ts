import { describe, expect, it } from "vitest";
import type { ErrorCode } from "../values/error-code.js";
import { isRetryable, REACTIONS, type Reaction, reactionTo } from "./reactions.js";

type Row = [Reaction["sameTarget"], Reaction["otherKey"], Reaction["otherProvider"], Reaction["breaker"]];
const counts: Row = ["backoff", "no", "yes", "counts"];
const final: Row = ["never", "no", "no", "none"];

/** The design's table, written down a second time. */
const table: Record<ErrorCode, Row> = {
  NETWORK_ERROR: counts,
  PROVIDER_ERROR: counts,
  STREAM_TRUNCATED: counts,
  INVALID_RESPONSE: counts,
  OVERLOADED: ["once", "no", "yes", "counts"],
  TIMEOUT: ["never", "no", "yes", "counts"],
  RATE_LIMIT: ["retry-at", "yes", "yes", "cooldown"],
  QUOTA_EXHAUSTED: ["never", "yes", "yes", "long-cooldown"],
  AUTH_FAILED: ["never", "yes", "yes", "cooldown"],
  PERMISSION_DENIED: ["never", "by-scope", "yes", "cooldown"],
  MODEL_NOT_FOUND: ["never", "no", "mapped", "cooldown"],
  CONTEXT_TOO_LONG: ["never", "no", "larger", "none"],
  UNSUPPORTED_FEATURE: ["never", "no", "yes", "none"],
  CONTENT_FILTERED: ["never", "no", "opt-in", "none"],
  INVALID_REQUEST: ["never", "no", "opt-in", "none"],
  CIRCUIT_OPEN: ["never", "yes", "yes", "none"],
  CONFIG_ERROR: final,
  FILE_ERROR: final,
  CANCELLED: final,
};

const rowOf = ({ sameTarget, otherKey, otherProvider, breaker }: Reaction): Row => [
  sameTarget,
  otherKey,
  otherProvider,
  breaker,
];

describe("the reaction to an error", () => {
  it.each(Object.entries(table) as [ErrorCode, Row][])("%s", (code, row) => {
    expect(rowOf(reactionTo({ code }))).toEqual(row);
  });

  it("is to stop after the deadline of the whole call", () => {
    expect(rowOf(reactionTo({ code: "TIMEOUT", phase: "total" }))).toEqual(final);
    for (const phase of ["first-content", "idle", "attempt"] as const)
      expect(rowOf(reactionTo({ code: "TIMEOUT", phase }))).toEqual(table.TIMEOUT);
  });

  it("never counts against a target that was not asked, and allows another one", () => {
    for (const code of Object.keys(table) as ErrorCode[]) {
      const local = reactionTo({ code, local: true });
      expect(local.breaker).toBe("none");
      expect(local.sameTarget).toBe("never");
      if (REACTIONS[code].breaker !== "none") expect(local.otherKey).toBe("yes");
      else expect(rowOf(local)).toEqual(table[code]);
    }
    expect(reactionTo({ code: "MODEL_NOT_FOUND", local: true }).otherProvider).toBe("mapped");
  });

  it("is retryable exactly if a member may be asked without an option", () => {
    const hopeless = (Object.keys(table) as ErrorCode[]).filter((code) => !isRetryable({ code }));
    expect(hopeless.sort()).toEqual(
      ["CANCELLED", "CONFIG_ERROR", "CONTENT_FILTERED", "FILE_ERROR", "INVALID_REQUEST"].sort(),
    );
    expect(isRetryable({ code: "TIMEOUT", phase: "total" })).toBe(false);
  });
});
