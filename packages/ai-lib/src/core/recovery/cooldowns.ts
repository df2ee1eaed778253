import type { AiLibError } from "../errors/error.js";
import { reactionTo } from "../errors/reactions.js";

/** How long a target is left alone after an error that names no time itself. Milliseconds. */
export interface CooldownTimes {
  /** After `RATE_LIMIT`. Default 5,000. */
  readonly rateLimitMs?: number | undefined;
  /** After `AUTH_FAILED`, `PERMISSION_DENIED` and `MODEL_NOT_FOUND`. Default 60,000. */
  readonly cooldownMs?: number | undefined;
  /** After `QUOTA_EXHAUSTED`. Default 600,000. */
  readonly quotaCooldownMs?: number | undefined;
}

/** Names of {@link CooldownTimes}. */
export const COOLDOWN_NAMES = ["rateLimitMs", "cooldownMs", "quotaCooldownMs"] as const;

/**
 * Until when an error holds what it is about, in epoch milliseconds: the time that it names, else a default of its
 * row in the reaction table; undefined where its row holds nothing.
 */
export function cooldownUntil(error: AiLibError, now: number, times: CooldownTimes): number | undefined {
  switch (reactionTo(error).breaker) {
    case "cooldown": {
      const ms = error.code === "RATE_LIMIT" ? (times.rateLimitMs ?? 5_000) : (times.cooldownMs ?? 60_000);
      return error.retryAt ?? now + ms;
    }
    case "long-cooldown":
      return error.retryAt ?? now + (times.quotaCooldownMs ?? 600_000);
    case "counts":
    case "none":
      return undefined;
    default: {
      const never: never = reactionTo(error).breaker as never;
      throw new TypeError(`Unknown reaction ${String(never)}`);
    }
  }
}
