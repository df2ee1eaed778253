/** The longest accepted wait, in milliseconds: 31 days, after which even a monthly quota starts again. */
export const LONGEST_WAIT_MS = 31 * 24 * 60 * 60 * 1000;

/** Clocks differ a little, and a reply takes its time. */
const JUST_PASSED_MS = 60_000;

/** Below this a bare number is a duration in seconds; above, an epoch in seconds (or, a thousand times more, in ms). */
const EPOCH_SECONDS = 1_000_000_000;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Units of a duration, as a pattern: short ones and English words. */
export const DURATION_UNITS = "ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?";

const DURATION_PIECES = new RegExp(`(\\d+(?:\\.\\d+)?)\\s*(${DURATION_UNITS})`, "gi");

const DAY = 100;
const HOUR = 104;
const MINUTE = 109;
const SECOND = 115;
const DOT = 46;

/**
 * Milliseconds of a duration of digits and units alone, such as `"6m0s"` or `"8.64s"`; undefined for any other text.
 * Nearly every reply has some of these, so it reads them in one pass.
 */
function shortDurationMs(text: string): number | undefined {
  let ms = 0;
  for (let at = 0; at < text.length || at === 0; ) {
    const from = at;
    at = endOfDigits(text, from);
    if (at === from) return undefined;
    if (text.charCodeAt(at) === DOT) {
      const dot = at;
      at = endOfDigits(text, dot + 1);
      if (at === dot + 1) return undefined;
    }
    const amount = Number(text.slice(from, at));
    const unit = text.charCodeAt(at++);
    if (unit === MINUTE && text.charCodeAt(at) === SECOND) {
      at++;
      ms += amount;
    } else if (unit === SECOND) ms += amount * 1_000;
    else if (unit === MINUTE) ms += amount * 60_000;
    else if (unit === HOUR) ms += amount * 3_600_000;
    else if (unit === DAY) ms += amount * 86_400_000;
    else return undefined;
  }
  return ms;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  for (let code = text.charCodeAt(at); code >= 48 && code <= 57; code = text.charCodeAt(++at));
  return at;
}

type Headers = Readonly<Record<string, string>>;

/**
 * Milliseconds of a duration such as `"6m0s"`, `"1.5s"`, `"120ms"` or `"1 hour and 20 minutes"`: the sum of all numbers
 * before a unit. 0 if there are none.
 */
export function durationMs(text: string): number {
  let ms = 0;
  for (const [, amount, unit = ""] of text.slice(0, 200).matchAll(DURATION_PIECES)) {
    const word = unit.toLowerCase();
    const key = word === "ms" || word.startsWith("milli") ? "ms" : word.slice(0, 1);
    ms += Number(amount) * (UNIT_MS[key] ?? Number.NaN);
  }
  return ms;
}

/**
 * The time in a reply's headers from which another request makes sense, in epoch milliseconds; undefined if they name
 * none. Reads `retry-after-ms` (OpenAI, Azure), `x-ms-retry-after-ms` (Azure) and `retry-after` in seconds, whole or
 * not, or as an HTTP date (RFC 9110, section 10.2.3). Where several are present and differ, the latest counts, since an
 * early request never helps. Ignores negative values and those beyond {@link LONGEST_WAIT_MS}; a date that has just
 * passed means now.
 * @param headers lower-case names.
 * @param now epoch milliseconds when the reply arrived. A date is relative to the reply's own `date` header, so that a
 *   wrong clock does not matter.
 */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const waits = [
    waitOf(headers["retry-after-ms"], 1),
    waitOf(headers["x-ms-retry-after-ms"], 1),
    waitOf(headers["retry-after"], 1000) ?? waitUntil(headers["retry-after"], headers["date"], now),
  ].filter((wait) => wait !== undefined);
  return waits.length === 0 ? undefined : now + Math.max(...waits);
}

/**
 * When a limit is renewed, in epoch milliseconds, from any of the forms in use: a duration (`"6m0s"`, `"120ms"`), a
 * date (`"2026-01-30T23:09:18Z"`), a number of seconds, an epoch in seconds or milliseconds; undefined for anything
 * else.
 * @param now epoch milliseconds when the reply arrived.
 * @param period length of the window in seconds, where a header names it. A reset further away than that can only be
 *   meant in milliseconds (Azure says 500 where 120 requests renew within 60 seconds).
 */
export function resetTime(value: string, now: number, period?: number): number | undefined {
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) {
    const number = Number(text);
    if (number >= EPOCH_SECONDS * 1000) return number;
    if (number >= EPOCH_SECONDS) return number * 1000;
    return now + (period !== undefined && number > period ? number : number * 1000);
  }
  const duration = shortDurationMs(text);
  if (duration !== undefined) return now + duration;
  if (!/^\d{4}-\d\d-\d\d|^[a-z]{3}/i.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

function waitOf(value: string | undefined, unit: number): number | undefined {
  if (value === undefined || !/^\s*\+?\d+(\.\d*)?\s*$/.test(value)) return undefined;
  const wait = Number(value) * unit;
  return wait <= LONGEST_WAIT_MS ? wait : undefined;
}

function waitUntil(value: string | undefined, date: string | undefined, now: number): number | undefined {
  // Every HTTP date names a day or a month; without this, Date.parse reads "-5" as a year.
  if (value === undefined || !/[a-z]{3}/i.test(value)) return undefined;
  const at = Date.parse(value);
  const sent = date === undefined ? Number.NaN : Date.parse(date);
  const wait = at - (Number.isNaN(sent) ? now : sent);
  return wait > -JUST_PASSED_MS && wait <= LONGEST_WAIT_MS ? Math.max(0, wait) : undefined;
}
