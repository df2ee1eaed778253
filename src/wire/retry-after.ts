/** Longest wait that is believed, in milliseconds: a day. A longer one is a mistake or an attack. */
const LONGEST_MS = 24 * 60 * 60 * 1000;

/**
 * When a reply's headers say to come back, in epoch milliseconds; undefined where they say nothing to be believed.
 * `retry-after-ms` and `x-ms-retry-after-ms` are milliseconds (OpenAI, Azure); `retry-after` is seconds, with a
 * fraction where a vendor likes, or an HTTP date (RFC 9110, section 10.2.3). Negative and absurd values are ignored.
 */
export function retryAfter(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  return (
    after(headers["retry-after-ms"], 1, now) ??
    after(headers["x-ms-retry-after-ms"], 1, now) ??
    after(headers["retry-after"], 1000, now)
  );
}

function after(value: string | undefined, unitMs: number, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (text === "") return undefined;
  const ms = /^\d+(\.\d+)?$/.test(text) ? Number(text) * unitMs : dateOf(text) - now;
  // A date just past means "now": clocks differ by a little.
  if (!(ms > -60_000) || ms > LONGEST_MS) return undefined;
  return now + Math.max(0, ms);
}

function dateOf(text: string): number {
  return /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
}
