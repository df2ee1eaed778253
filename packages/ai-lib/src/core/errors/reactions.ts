import type { ErrorCode, ErrorScope, Severity, TimeoutPhase } from "../values/error-code.js";

/** What follows from a code; the one table that retry, failover, breakers and key holds look at. */
export interface Reaction {
  readonly severity: Severity;
  /** The scope of an error whose classifier named none. */
  readonly scope: ErrorScope;
  /**
   * Ask the same target again: `backoff` up to the retry limit, `once` a single time, `retry-at` only when the
   * provider's time fits the deadline, or `never`.
   */
  readonly sameTarget: "backoff" | "once" | "retry-at" | "never";
  /** Try another key of the same provider; `by-scope` where the scope is the key. */
  readonly otherKey: "yes" | "by-scope" | "no";
  /**
   * Try another provider; `mapped` only one that maps the model by itself, `larger` only one with a larger
   * context window, `opt-in` only where the strategy has the option.
   */
  readonly otherProvider: "yes" | "mapped" | "larger" | "opt-in" | "no";
  /** What a breaker makes of it: count a failure, hold the target (by scope) for a time, or nothing. */
  readonly breaker: "counts" | "cooldown" | "long-cooldown" | "none";
}

const server: Omit<Reaction, "severity"> = {
  scope: "provider",
  sameTarget: "backoff",
  otherKey: "no",
  otherProvider: "yes",
  breaker: "counts",
};

const final: Omit<Reaction, "severity"> = {
  scope: "request",
  sameTarget: "never",
  otherKey: "no",
  otherProvider: "no",
  breaker: "none",
};

/** Code to reaction. An error with `local` set overrides its row: see {@link reactionTo}. */
export const REACTIONS: Readonly<Record<ErrorCode, Reaction>> = {
  NETWORK_ERROR: { severity: "TRANSIENT", ...server },
  PROVIDER_ERROR: { severity: "SERVER", ...server },
  STREAM_TRUNCATED: { severity: "TRANSIENT", ...server },
  INVALID_RESPONSE: { severity: "SERVER", ...server },
  OVERLOADED: { severity: "TRANSIENT", ...server, sameTarget: "once" },
  TIMEOUT: { severity: "TRANSIENT", ...server, sameTarget: "never" },
  RATE_LIMIT: {
    severity: "TRANSIENT",
    scope: "key",
    sameTarget: "retry-at",
    otherKey: "yes",
    otherProvider: "yes",
    breaker: "cooldown",
  },
  QUOTA_EXHAUSTED: {
    severity: "FATAL",
    scope: "account",
    sameTarget: "never",
    otherKey: "yes",
    otherProvider: "yes",
    breaker: "long-cooldown",
  },
  AUTH_FAILED: {
    severity: "FATAL",
    scope: "key",
    sameTarget: "never",
    otherKey: "yes",
    otherProvider: "yes",
    breaker: "cooldown",
  },
  PERMISSION_DENIED: {
    severity: "FATAL",
    scope: "account",
    sameTarget: "never",
    otherKey: "by-scope",
    otherProvider: "yes",
    breaker: "cooldown",
  },
  MODEL_NOT_FOUND: {
    severity: "CLIENT",
    scope: "model",
    sameTarget: "never",
    otherKey: "no",
    otherProvider: "mapped",
    breaker: "cooldown",
  },
  CONTEXT_TOO_LONG: { severity: "CLIENT", ...final, otherProvider: "larger" },
  UNSUPPORTED_FEATURE: { severity: "CLIENT", ...final, otherProvider: "yes" },
  CONTENT_FILTERED: { severity: "CLIENT", ...final, otherProvider: "opt-in" },
  INVALID_REQUEST: { severity: "CLIENT", ...final, otherProvider: "opt-in" },
  CIRCUIT_OPEN: { severity: "TRANSIENT", ...final, scope: "provider", otherKey: "yes", otherProvider: "yes" },
  CONFIG_ERROR: { severity: "FATAL", ...final },
  FILE_ERROR: { severity: "CLIENT", ...final },
  CANCELLED: { severity: "CLIENT", ...final },
};

/** The facts of an error that its reaction depends on. */
export interface ReactionFacts {
  readonly code: ErrorCode;
  /** Nothing left the process: an open breaker, a shed call, an own limiter. */
  readonly local?: boolean | undefined;
  /** Which timeout passed; `total` is the deadline of the whole. */
  readonly phase?: TimeoutPhase | undefined;
}

/** Codes whose local form (raised here, nothing sent) still means "another target may serve". */
const NEVER_LOCAL: ReadonlySet<ErrorCode> = new Set([
  "CONFIG_ERROR",
  "FILE_ERROR",
  "CANCELLED",
  "INVALID_REQUEST",
]);

/** What may follow an error: its row, the row of local errors, or nothing after the deadline. */
export function reactionTo(error: ReactionFacts): Reaction {
  const row = REACTIONS[error.code];
  if (error.code === "TIMEOUT" && error.phase === "total") return { severity: row.severity, ...final };
  if (error.local === true && !NEVER_LOCAL.has(error.code) && row.breaker !== "none")
    return {
      ...row,
      sameTarget: "never",
      otherKey: "yes",
      otherProvider: row.otherProvider === "mapped" ? "mapped" : "yes",
      breaker: "none",
    };
  return row;
}

/** Whether anything at all could be tried after the error. */
export function isRetryable(error: ReactionFacts): boolean {
  const { sameTarget, otherKey, otherProvider } = reactionTo(error);
  return (
    sameTarget !== "never" || otherKey !== "no" || (otherProvider !== "no" && otherProvider !== "opt-in")
  );
}
