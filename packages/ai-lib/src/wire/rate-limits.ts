import type { RateLimit, RateLimits } from "../core/values/chat-response.js";

type Field = "limit" | "remaining" | "reset" | "renewalperiod";
type Group = Partial<Record<Field, string>>;

/** Words beside `tokens` in a header's name that still count tokens of a text. */
const TOKEN_WORDS: ReadonlySet<string> = new Set([
  "input",
  "output",
  "prompt",
  "generated",
  "project",
  "second",
  "minute",
  "hour",
  "day",
]);
const WINDOWS: ReadonlySet<string> = new Set(["second", "minute", "hour", "day"]);
const REQUEST_WORDS: ReadonlySet<string> = new Set(["requests", "request", "req"]);

/**
 * The rate limits that a reply's headers tell, whoever the provider is: `x-ratelimit-{limit,remaining,reset}-*`
 * (OpenAI and most others, also with windows such as `-req-minute` or `-tokens-day`), `anthropic-ratelimit-*`,
 * and the plain `x-ratelimit-limit`, `ratelimit-remaining` and so on, which count requests. Where a kind has
 * several limits the one without further words is told (Anthropic's `tokens` is the tightest in effect), else the
 * one that is nearest to its end. Limits of other kinds (images, pages, seconds of audio) are left out.
 * @param headers lower-case names.
 * @param now epoch milliseconds when the reply came, for resets that are told as a duration.
 */
export function rateLimits(headers: Readonly<Record<string, string>>, now: number): RateLimits | undefined {
  let groups: { requests: Map<string, Group>; tokens: Map<string, Group> } | undefined;
  for (const name of Object.keys(headers)) {
    if (!name.includes("ratelimit-")) continue;
    const place = placeOf(name);
    if (place === undefined) continue;
    groups ??= { requests: new Map(), tokens: new Map() };
    const kind = groups[place.kind];
    const group = kind.get(place.group) ?? {};
    group[place.field] = headers[name] ?? "";
    kind.set(place.group, group);
  }
  if (groups === undefined) return undefined;
  const requests = tightest(groups.requests, now);
  const tokens = tightest(groups.tokens, now);
  if (requests === undefined && tokens === undefined) return undefined;
  return { ...(requests === undefined ? {} : { requests }), ...(tokens === undefined ? {} : { tokens }) };
}

/** Which limit a header is about: `x-ratelimit-remaining-tokens-minute` is the `remaining` of `tokens-minute`. */
function placeOf(name: string): { kind: "requests" | "tokens"; group: string; field: Field } | undefined {
  const match = /^(?:x-|anthropic-)?ratelimit-(.+)$/.exec(name);
  let field: Field | undefined;
  const words: string[] = [];
  for (const word of match?.[1]?.split("-") ?? []) {
    if (word === "limit" || word === "remaining" || word === "reset" || word === "renewalperiod")
      field = word;
    else words.push(word);
  }
  if (field === undefined) return undefined;
  const [first, ...rest] = words;
  const group = words.join("-");
  if (first === undefined) return { kind: "requests", group: "", field };
  if (REQUEST_WORDS.has(first) && rest.every((word) => WINDOWS.has(word)))
    return { kind: "requests", group: rest.join("-"), field };
  if (words.includes("tokens") && words.every((word) => word === "tokens" || TOKEN_WORDS.has(word)))
    return { kind: "tokens", group: group === "tokens" ? "" : group, field };
  return undefined;
}

function tightest(groups: ReadonlyMap<string, Group>, now: number): RateLimit | undefined {
  let best: RateLimit | undefined;
  let bestShare = Number.POSITIVE_INFINITY;
  for (const [name, group] of groups) {
    const limit = limitOf(group, now);
    if (limit === undefined) continue;
    if (name === "") return limit;
    const share =
      limit.remaining === undefined
        ? Number.MAX_VALUE
        : limit.limit === undefined || limit.limit === 0
          ? 1
          : limit.remaining / limit.limit;
    if (share >= bestShare) continue;
    best = limit;
    bestShare = share;
  }
  return best;
}

function limitOf(group: Group, now: number): RateLimit | undefined {
  const limit = count(group.limit);
  const remaining = count(group.remaining);
  const period = count(group.renewalperiod);
  const resetAt = group.reset === undefined ? undefined : resetTime(group.reset, now, period);
  if (limit === undefined && remaining === undefined && resetAt === undefined) return undefined;
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(resetAt === undefined ? {} : { resetAt }),
  };
}

/** A count; -1, as Azure says at times, is none. */
function count(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

/** Milliseconds of each unit in durations such as "1h2m", "6m0s", "2.5s", "120ms". */
const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Below this a bare number is a duration in seconds; above, an epoch in seconds (or, a thousand times more, in ms). */
const EPOCH_SECONDS = 1_000_000_000;

/**
 * When a limit is renewed, in epoch milliseconds, from any of the forms in use: a duration ("6m0s", "120ms"),
 * a date ("2026-01-30T23:09:18Z"), a number of seconds, an epoch in seconds or milliseconds.
 * @param period the length of the window in seconds, where a header tells it. A reset further away than that can
 *   only be meant in milliseconds (Azure says 500 where 120 requests renew within 60 seconds).
 */
export function resetTime(value: string, now: number, period?: number): number | undefined {
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) {
    const number = Number(text);
    if (number >= EPOCH_SECONDS * 1000) return number;
    if (number >= EPOCH_SECONDS) return number * 1000;
    return now + (period !== undefined && number > period ? number : number * 1000);
  }
  if (/^(\d+(\.\d+)?(d|h|ms|m|s))+$/.test(text)) {
    let wait = 0;
    for (const [, amount, unit] of text.matchAll(/([\d.]+)(ms|d|h|m|s)/g))
      wait += Number(amount) * (UNITS[unit ?? ""] ?? 0);
    return now + wait;
  }
  if (!/^\d{4}-\d\d-\d\d|^[a-z]{3}/i.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
