import { asNumber, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import {
  DURATION_UNITS,
  durationMs,
  LONGEST_WAIT_MS,
  resetTime,
  retryAfter,
} from "../../../core/values/retry-time.js";

const PIECE = `\\d+(?:\\.\\d+)?\\s*(?:${DURATION_UNITS})`;
/** "Please try again in 1m2.5s" (OpenAI, Groq), "retry after 20 seconds" (Azure). */
const WAIT = new RegExp(
  `(?:again|retry|wait|resets?|available)\\b[^.\\d]{0,24}?((?:${PIECE}[\\s,]*(?:and\\s+)?)+)`,
  "i",
);
/** Zhipu: "Your limit will reset at 2025-10-23 12:34:56", in the time of Beijing. */
const RESET_AT = /(?:reset at|将在)\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/;

/** "regain access on 2026-01-01 at 00:00 UTC", "try again at 2026-01-01T00:00:00Z". */
const UNTIL =
  /(?:again|access|resets?|renews?|available|until)\b[^.\d]{0,24}(\d{4}-\d\d-\d\d)(?:T|\s+(?:at\s+)?)(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?\s*(Z|UTC|GMT|[+-]\d\d:\d\d)/i;

/** When an error's message says to try again, in epoch milliseconds; undefined if it says nothing, or an absurd time. */
export function retryAtOfText(message: string, now: number): number | undefined {
  const text = message.slice(0, 4_000);
  const reset = RESET_AT.exec(text);
  if (reset !== null) return sane(Date.parse(`${reset[1]}T${reset[2]}+08:00`), now);
  const until = UNTIL.exec(text);
  if (until !== null) {
    const zone = /^[+-]/.test(until[3] ?? "") ? until[3] : "Z";
    return sane(Date.parse(`${until[1]}T${until[2]}${zone}`), now);
  }
  const wait = WAIT.exec(text)?.[1];
  return wait === undefined ? undefined : sane(now + durationMs(wait), now);
}

/** The epoch milliseconds after a delay such as `"34s"` or `"1.5s"`; undefined for anything else and for a negative one. */
export function retryAtOfDelay(delay: string, now: number): number | undefined {
  return /^\s*-/.test(delay) ? undefined : sane(now + durationMs(delay), now);
}

/** When headers that a gateway quotes in its body (OpenRouter's `metadata.headers`) say to try again, in epoch milliseconds. */
export function retryAtOfHeaders(headers: JsonObject, now: number): number | undefined {
  const lower: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const value = asString(headers[name]) ?? asNumber(headers[name])?.toString();
    if (value !== undefined) lower[name.toLowerCase()] = value;
  }
  // OpenRouter's reset is an epoch in milliseconds.
  return sane(retryAfter(lower, now) ?? Number(lower["x-ratelimit-reset"]), now);
}

/** Fields of an error that say when to retry, as vendors name them: an epoch or a date, or a number of seconds. */
const RESET_FIELDS = [
  "resets_at",
  "reset_at",
  "resetsAt",
  "resetAt",
  "reset_time",
  "resets_in_seconds",
  "reset_after_seconds",
] as const;

/** The objects of a body that may have such fields: an error, alone, in a reply or in an event. */
const PATHS: readonly (readonly string[])[] = [
  ["error"],
  ["response", "error"],
  ["error", "metadata"],
  ["error", "details"],
  [],
];

/**
 * When the body of an error says to try again, in epoch milliseconds; undefined if it says nothing. The limits of a plan
 * say so in fields of their own: ChatGPT's backend for Codex has `resets_at`, in seconds, and `resets_in_seconds`
 * (https://github.com/openai/codex, `codex-rs/codex-api/src/error.rs`). Events of a socket also quote headers.
 */
export function retryAtOfBody(body: unknown, now: number): number | undefined {
  const outer = Array.isArray(body) ? (body as readonly unknown[])[0] : body;
  for (const path of PATHS) {
    let at: unknown = outer;
    for (const key of path) at = isObject(at) ? at[key] : undefined;
    if (!isObject(at)) continue;
    for (const field of RESET_FIELDS) {
      const found = retryAtOfField(at[field], now);
      if (found !== undefined) return found;
    }
    const wait = asNumber(at["retry_after_ms"]) ?? (asNumber(at["retry_after"]) ?? Number.NaN) * 1000;
    const found =
      sane(now + wait, now) ?? (isObject(at["headers"]) ? retryAtOfHeaders(at["headers"], now) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function retryAtOfField(value: unknown, now: number): number | undefined {
  const text = asString(value) ?? asNumber(value)?.toString();
  const at = text === undefined ? undefined : resetTime(text, now);
  return at === undefined ? undefined : sane(at, now);
}

function sane(at: number, now: number): number | undefined {
  return Number.isFinite(at) && at > now && at - now <= LONGEST_WAIT_MS ? Math.ceil(at) : undefined;
}
