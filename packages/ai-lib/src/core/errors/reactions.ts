import type { ErrorCode, ErrorScope, Severity, TimeoutPhase } from "../values/error-code.js";

/** The reaction to an error code. Retry, failover, breakers and cooldowns of keys use only this table. */
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
  /** The reaction of a breaker: it counts a failure, starts a cooldown of the target (by scope), or does nothing. */
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
  /** Nothing was sent: a breaker was open, or a limiter of this process refused the call. */
  readonly local?: boolean | undefined;
  /** The timeout that passed; `total` is the deadline of the whole call. */
  readonly phase?: TimeoutPhase | undefined;
}

/** Codes after whose local form (nothing was sent) another target may still be asked. */
const NEVER_LOCAL: ReadonlySet<ErrorCode> = new Set([
  "CONFIG_ERROR",
  "FILE_ERROR",
  "CANCELLED",
  "INVALID_REQUEST",
]);

/** The reaction to an error: its row, the row of local errors, or none after the deadline. */
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
