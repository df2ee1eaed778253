import type { RateLimit, RateLimits } from "../core/response.js";

/** Epoch milliseconds from here on; smaller numbers are spans. 2001-09-09. */
const EPOCH_MS = 1_000_000_000_000;
/** Epoch seconds from here on. 2001-09-09. */
const EPOCH_S = 1_000_000_000;

type Found = { -readonly [K in keyof RateLimit]: RateLimit[K] };

/** The header families that vendors use: `x-ratelimit-limit-requests` and its likes, and Anthropic's own order. */
const VENDOR = /^x-ratelimit-(limit|remaining|reset)(?:-(requests|req|tokens))?(?:-(?:minute|day))?$/;
const ANTHROPIC = /^anthropic-ratelimit-(requests|tokens)-(limit|remaining|reset)$/;

/**
 * The rate limits that a reply's headers tell; undefined where they tell none. Plain `x-ratelimit-limit` and its
 * likes count requests (OpenRouter, Together). Resets come as spans (`1s`, `6m0s`, `500ms`), as seconds, as epoch
 * seconds or milliseconds, or as an ISO date.
 */
export function rateLimits(headers: Readonly<Record<string, string>>, now: number): RateLimits | undefined {
  let requests: Found | undefined;
  let tokens: Found | undefined;
  for (const name in headers) {
    if (!name.startsWith("x-ratelimit-") && !name.startsWith("anthropic-ratelimit-")) continue;
    const vendor = VENDOR.exec(name);
    const anthropic = vendor === null ? ANTHROPIC.exec(name) : null;
    const field = vendor?.[1] ?? anthropic?.[2];
    const value = headers[name];
    if (field === undefined || value === undefined) continue;
    const isTokens = (vendor?.[2] ?? anthropic?.[1]) === "tokens";
    const into: Found = (isTokens ? tokens : requests) ?? {};
    if (!note(into, field, value, now)) continue;
    if (isTokens) tokens = into;
    else requests = into;
  }
  if (requests === undefined && tokens === undefined) return undefined;
  return { ...(requests && { requests }), ...(tokens && { tokens }) };
}

function note(into: Found, field: string, value: string, now: number): boolean {
  if (field === "reset") {
    const resetAt = resetOf(value.trim(), now);
    if (resetAt === undefined) return false;
    into.resetAt = resetAt;
    return true;
  }
  const count = Number(value);
  if (value.trim() === "" || !Number.isFinite(count) || count < 0) return false;
  if (field === "limit") into.limit = count;
  else into.remaining = count;
  return true;
}

function resetOf(value: string, now: number): number | undefined {
  if (/^\d+(\.\d+)?$/.test(value)) {
    const number = Number(value);
    if (number >= EPOCH_MS) return number;
    return number >= EPOCH_S ? number * 1000 : now + number * 1000;
  }
  const span = spanMs(value);
  if (span !== undefined) return now + span;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : date;
}

const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Milliseconds of a span such as `4m18.807s`, as Go prints them. */
export function spanMs(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|d|h|m|s))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|d|h|m|s)/g))
    total += Number(amount) * (UNITS[unit ?? ""] ?? 0);
  return total;
}
