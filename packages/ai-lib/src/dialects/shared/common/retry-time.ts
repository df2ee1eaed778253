import { asNumber, asString, type JsonObject } from "../../../core/values/json.js";

/** A wait longer than this is no rate limit that anybody sat out. */
const LONGEST_MS = 31 * 24 * 3_600_000;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const UNIT = "ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?";
const PIECE = `\\d+(?:\\.\\d+)?\\s*(?:${UNIT})\\b`;
/** "Please try again in 1m2.5s" (OpenAI, Groq), "retry after 20 seconds" (Azure). */
const WAIT = new RegExp(
  `(?:again|retry|wait|resets?|available)\\b[^.\\d]{0,24}?((?:${PIECE.replace("\\b", "")}[\\s,]*(?:and\\s+)?)+)`,
  "i",
);
const PIECES = new RegExp(`(\\d+(?:\\.\\d+)?)\\s*(${UNIT})`, "gi");
/** Zhipu: "Your limit will reset at 2025-10-23 12:34:56", in the time of Beijing. */
const RESET_AT = /(?:reset at|将在)\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/;

/** Epoch milliseconds that an error's text tells to wait for; undefined where it tells none, or an absurd one. */
export function retryAtOfText(message: string, now: number): number | undefined {
  const text = message.slice(0, 4_000);
  const reset = RESET_AT.exec(text);
  if (reset !== null) return sane(Date.parse(`${reset[1]}T${reset[2]}+08:00`), now);
  const wait = WAIT.exec(text)?.[1];
  return wait === undefined ? undefined : sane(now + durationOf(wait), now);
}

/** Epoch milliseconds after a delay such as `"34s"` or `"1.5s"`. */
export function retryAtOfDelay(delay: string, now: number): number | undefined {
  return sane(now + durationOf(delay), now);
}

/** Epoch milliseconds from headers that a gateway quotes in its body (OpenRouter's `metadata.headers`). */
export function retryAtOfHeaders(headers: JsonObject, now: number): number | undefined {
  const lower: Record<string, unknown> = {};
  for (const name of Object.keys(headers)) lower[name.toLowerCase()] = headers[name];
  const after = Number(asString(lower["retry-after"]) ?? asNumber(lower["retry-after"]));
  if (Number.isFinite(after)) return sane(now + after * 1_000, now);
  const reset = Number(asString(lower["x-ratelimit-reset"]) ?? asNumber(lower["x-ratelimit-reset"]));
  return sane(reset, now);
}

function durationOf(text: string): number {
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(PIECES)) {
    const word = (unit ?? "").toLowerCase();
    const key = word === "ms" || word.startsWith("milli") ? "ms" : word.slice(0, 1);
    ms += Number(amount) * (UNIT_MS[key] ?? Number.NaN);
  }
  return ms;
}

function sane(at: number, now: number): number | undefined {
  return Number.isFinite(at) && at > now && at - now <= LONGEST_MS ? Math.ceil(at) : undefined;
}
