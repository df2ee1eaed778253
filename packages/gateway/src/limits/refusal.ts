import { AiLibError } from "ai-lib";
import type { ChosenRoute } from "../chosen-route.js";
import { NANO } from "./bucket.js";
import type { ChainLimit } from "./chain.js";
import type { Exhausted } from "./reservation.js";

/** Milliseconds after which a call may find the room that running ones take now: their ends are not known. */
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
 * The refusal of a call, by the limit that has room last. Limits per minute and hour, of running calls, and those whose
 * room running calls reserve, give `RATE_LIMIT`; others that are longer give `QUOTA_EXHAUSTED`, both with `retryAt`. A
 * call that is larger than a whole limit gives `INVALID_REQUEST`, since waiting does not help.
 * @param closed the key may not ask for the route that a limit names in place of a refusal
 */
export function refusalOf(
  full: readonly [FullLimit, ...FullLimit[]],
  now: number,
  closed: boolean = false,
): AiLibError {
  const refusal = refusalOfLast(full, now);
  if (!closed) return refusal;
  const { code, retryAt: at, message } = refusal;
  return new AiLibError({
    ...{ code, local: true, ...(at !== undefined && { retryAt: at }) },
    message: `${message}. This key may not ask for the route that would answer instead`,
  });
}

function refusalOfLast(full: readonly [FullLimit, ...FullLimit[]], now: number): AiLibError {
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
  const needs = `The call may use ${formatAmount(limit, amount)}, ${formatAmount(limit, left)} are left`;
  if (isReserved(last, now)) {
    const held = formatAmount(limit, limit.bucket.held(now));
    return refuse(
      "RATE_LIMIT",
      `The limit is reached: ${most}. ${needs}, and running calls reserve ${held}: it may have room when one of them ends`,
      retryAt(last, now),
    );
  }
  const at = retryAt(last, now);
  const reset = Number.isFinite(at)
    ? `it has room at ${new Date(Math.ceil(at)).toISOString()}`
    : "it does not reset";
  return refuse(
    per === "minute" || per === "hour" ? "RATE_LIMIT" : "QUOTA_EXHAUSTED",
    `The limit is reached: ${most}. ${needs}; ${reset}`,
    Number.isFinite(at) ? at : undefined,
  );
}

/** The refusal of a call that limits in dollars count and whose price is unknown. */
export function priceRefusal(
  { route, model }: Pick<ChosenRoute, "route" | "model">,
  limits: readonly ChainLimit[],
): AiLibError {
  const names = limits.filter(({ limit }) => limit.dollars !== undefined).map(({ bucket }) => bucket.name);
  return refuse(
    "QUOTA_EXHAUSTED",
    `The price of ${model ?? route} is unknown, and ${names.join(" and ")} counts the call; the operator adds it to \`prices\``,
    undefined,
  );
}

function refuse(
  code: "RATE_LIMIT" | "QUOTA_EXHAUSTED" | "INVALID_REQUEST",
  message: string,
  at: number | undefined,
): AiLibError {
  return new AiLibError({ code, message, local: true, ...(at !== undefined && { retryAt: at }) });
}

/**
 * Whether running calls reserve the tokens or dollars that a call needs. They may use less, and what they do not use is
 * free again; of a number of calls, each uses what it reserves.
 */
function isReserved({ limit, amount }: FullLimit, now: number): boolean {
  const { tokens, dollars } = limit.limit;
  const counted = tokens !== undefined || dollars !== undefined;
  return counted && limit.bucket.used(now) + amount <= limit.max;
}

/** When there may be room; `Infinity` for never. */
function retryAt(full: FullLimit, now: number): number {
  const { limit, resetAt, amount } = full;
  if (amount > limit.max) return Number.POSITIVE_INFINITY;
  if (isReserved(full, now)) return Math.min(now + PLACE_MS, resetAt ?? Number.POSITIVE_INFINITY);
  return resetAt ?? (limit.limit.per === undefined ? now : Number.POSITIVE_INFINITY);
}

const DIGITS = new Intl.NumberFormat("en", { maximumFractionDigits: 6 });

function formatAmount({ limit }: ChainLimit, amount: number): string {
  if (limit.dollars !== undefined) return `$${DIGITS.format(amount / NANO)}`;
  if (limit.tokens !== undefined) return `${DIGITS.format(amount)} tokens`;
  return `${DIGITS.format(amount)} ${amount === 1 ? "call" : "calls"}`;
}
