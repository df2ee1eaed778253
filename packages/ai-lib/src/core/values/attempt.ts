import type { ErrorCode, ErrorScope } from "./error-code.js";
import type { Target } from "./target.js";
import type { Usage, UsageStatus } from "./usage.js";

/** One call of a leaf, or a member that was skipped. Plain data; times are epoch milliseconds. */
export interface Attempt {
  readonly target: Target;
  /** `running` until it ends; `skipped` for a member that was not asked, which does not count as an attempt. */
  readonly outcome: "running" | "success" | "error" | "cancelled" | "skipped";
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Time to first content, in milliseconds from `startedAt`. */
  readonly firstContentMs?: number;
  readonly code?: ErrorCode;
  readonly scope?: ErrorScope;
  readonly status?: number;
  /** The error's message, or why the member was skipped. */
  readonly message?: string;
  /** The earliest time for another attempt that the provider named, in epoch milliseconds. */
  readonly retryAt?: number;
  /** Milliseconds waited before this attempt, and why. */
  readonly waitMs?: number;
  readonly waitReason?: string;
  readonly usage?: Usage;
  readonly usageStatus?: UsageStatus;
  /** US dollars, where the price is known. */
  readonly cost?: number;
}

/** The host and port that an attempt's request goes to. */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}
