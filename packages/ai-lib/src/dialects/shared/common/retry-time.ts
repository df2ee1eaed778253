import { asNumber, asString, type JsonObject } from "../../../core/values/json.js";
import { DURATION_UNITS, durationMs, LONGEST_WAIT_MS, retryAfter } from "../../../core/values/retry-time.js";

const PIECE = `\\d+(?:\\.\\d+)?\\s*(?:${DURATION_UNITS})`;
/** "Please try again in 1m2.5s" (OpenAI, Groq), "retry after 20 seconds" (Azure). */
const WAIT = new RegExp(
  `(?:again|retry|wait|resets?|available)\\b[^.\\d]{0,24}?((?:${PIECE}[\\s,]*(?:and\\s+)?)+)`,
  "i",
);
/** Zhipu: "Your limit will reset at 2025-10-23 12:34:56", in the time of Beijing. */
const RESET_AT = /(?:reset at|将在)\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/;

/** When an error's message says to try again, in epoch milliseconds; undefined if it says nothing, or an absurd time. */
export function retryAtOfText(message: string, now: number): number | undefined {
  const text = message.slice(0, 4_000);
  const reset = RESET_AT.exec(text);
  if (reset !== null) return sane(Date.parse(`${reset[1]}T${reset[2]}+08:00`), now);
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

function sane(at: number, now: number): number | undefined {
  return Number.isFinite(at) && at > now && at - now <= LONGEST_WAIT_MS ? Math.ceil(at) : undefined;
}
