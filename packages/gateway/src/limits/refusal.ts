import { AiLibError } from "ai-lib";
import { NANO } from "./bucket.js";
import type { ChainLimit } from "./chain.js";
import type { Exhausted } from "./reservation.js";

/** Milliseconds after which a call may find a place among the running ones: their ends are not known. */
const PLACE_MS = 1_000;

/** A limit without room for a call. */
export interface FullLimit extends Exhausted {
  readonly limit: ChainLimit;
  /** What the call needs, in the unit of the bucket. */
  readonly amount: number;
}

/**
 * The refusal of a further attempt of a call that runs: `QUOTA_EXHAUSTED`, so that the others continue. Clients see it
 * only if no other attempt answers.
 */
export function attemptRefusal(full: readonly FullLimit[]): AiLibError {
  const names = full.map(({ limit }) => limit.bucket.name).join(" and ");
  return refuse("QUOTA_EXHAUSTED", `There is no room for another attempt in ${names}`, undefined);
}

/**
 * The refusal of a call, by the limit that has room last. Limits per minute and hour and of running calls give
 * `RATE_LIMIT`, longer ones `QUOTA_EXHAUSTED`, both with `retryAt`; a call that is larger than a whole limit gives
 * `INVALID_REQUEST`, since waiting does not help.
 */
export function refusalOf(full: readonly [FullLimit, ...FullLimit[]], now: number): AiLibError {
  const [last] = [...full].sort((a, b) => retryAt(b, now) - retryAt(a, now)) as [FullLimit];
  const { limit, amount } = last;
  const { per } = limit.limit;
  const most = `${limit.bucket.name} (${formatAmount(limit, limit.max)})`;
  if (amount > limit.max)
    return refuse(
      "INVALID_REQUEST",
      `The call may use ${formatAmount(limit, amount)}, more than the limit allows: ${most}. Set a lower limit of output tokens, or shorten the prompt`,
      undefined,
    );
  if (per === undefined)
    return refuse(
      "RATE_LIMIT",
      `The limit is reached: ${most}. It has room when a running call ends`,
      now + PLACE_MS,
    );
  const left = Math.max(0, limit.max - limit.bucket.taken(now));
  const at = retryAt(last, now);
  const reset = Number.isFinite(at)
    ? `it has room at ${new Date(Math.ceil(at)).toISOString()}`
    : "it does not reset";
  return refuse(
    per === "minute" || per === "hour" ? "RATE_LIMIT" : "QUOTA_EXHAUSTED",
    `The limit is reached: ${most}. The call may use ${formatAmount(limit, amount)}, ${formatAmount(limit, left)} are left; ${reset}`,
    Number.isFinite(at) ? at : undefined,
  );
}

function refuse(
  code: "RATE_LIMIT" | "QUOTA_EXHAUSTED" | "INVALID_REQUEST",
  message: string,
  at: number | undefined,
): AiLibError {
  return new AiLibError({ code, message, local: true, ...(at !== undefined && { retryAt: at }) });
}

/** When there is room; `Infinity` for never. */
function retryAt({ limit, resetAt, amount }: FullLimit, now: number): number {
  if (amount > limit.max) return Number.POSITIVE_INFINITY;
  return resetAt ?? (limit.limit.per === undefined ? now : Number.POSITIVE_INFINITY);
}

const DIGITS = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });

function formatAmount({ limit }: ChainLimit, amount: number): string {
  if (limit.dollars !== undefined) return `$${DIGITS.format(amount / NANO)}`;
  if (limit.tokens !== undefined) return `${DIGITS.format(amount)} tokens`;
  return `${DIGITS.format(amount)} ${amount === 1 ? "call" : "calls"}`;
}
