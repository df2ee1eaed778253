/** Longest wait that is believed: a month, after which even a monthly quota begins anew. */
const LONGEST_MS = 31 * 24 * 60 * 60 * 1000;

/** Clocks differ by a little, and a reply takes its time. */
const JUST_PASSED_MS = 60_000;

type Headers = Readonly<Record<string, string>>;

/**
 * When a reply's headers say that asking again makes sense, in epoch milliseconds; undefined where they say nothing.
 * Read are `retry-after-ms` (OpenAI, Azure), `x-ms-retry-after-ms` (Azure) and `retry-after` in seconds, whole or
 * not, or as an HTTP date (RFC 9110, section 10.2.3). Where several stand side by side and differ the latest counts,
 * since asking early is the one thing that never helps. Negative and absurd values (more than a month) are ignored;
 * a date that has just passed means now. A long wait is told as it is: the caller moves on, and does not ask earlier.
 * @param headers lower-case names.
 * @param now epoch milliseconds when the reply came. A date is taken relative to the reply's own `date` header, so
 *   that a clock which is off does no harm.
 */
export function retryAfter(headers: Headers, now: number): number | undefined {
  const waits = [
    milliseconds(headers["retry-after-ms"], 1),
    milliseconds(headers["x-ms-retry-after-ms"], 1),
    milliseconds(headers["retry-after"], 1000) ?? untilDate(headers["retry-after"], headers["date"], now),
  ].filter((wait) => wait !== undefined);
  return waits.length === 0 ? undefined : now + Math.max(...waits);
}

function milliseconds(value: string | undefined, unit: number): number | undefined {
  if (value === undefined || !/^\s*\+?\d+(\.\d*)?\s*$/.test(value)) return undefined;
  const wait = Number(value) * unit;
  return wait <= LONGEST_MS ? wait : undefined;
}

function untilDate(value: string | undefined, date: string | undefined, now: number): number | undefined {
  // Every HTTP date names a day or a month; without this, Date.parse reads "-5" as a year.
  if (value === undefined || !/[a-z]{3}/i.test(value)) return undefined;
  const at = Date.parse(value);
  const sent = date === undefined ? Number.NaN : Date.parse(date);
  const wait = at - (Number.isNaN(sent) ? now : sent);
  return wait > -JUST_PASSED_MS && wait <= LONGEST_MS ? Math.max(0, wait) : undefined;
}
