import type { Clock } from "../core/contract/clock.js";
import type { RateLimit, RateLimits } from "../core/values/answer.js";
import { resetTime } from "../core/values/retry-time.js";

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
 * Reads the rate limits in a reply's headers, for every provider: `x-ratelimit-{limit,remaining,reset}-*` (OpenAI and
 * most others, also with windows such as `-req-minute` or `-tokens-day`), `anthropic-ratelimit-*`, and the plain
 * `x-ratelimit-limit`, `ratelimit-remaining` and so on, which count requests. Where a kind has several limits, returns
 * the one without further words (Anthropic's `tokens` is the tightest in effect), else the one that is nearest to its
 * end. Limits of other kinds (images, pages, seconds of audio) are left out.
 * @param headers lower-case names.
 * @param clock tells when the reply arrived, for resets that are durations.
 */
export function rateLimits(
  headers: Readonly<Record<string, string>>,
  clock: Pick<Clock, "now">,
): RateLimits | undefined {
  let groups: { requests: Map<string, Group>; tokens: Map<string, Group> } | undefined;
  for (const name in headers) {
    const place = knownPlaceOf(name);
    if (place === undefined) continue;
    groups ??= { requests: new Map(), tokens: new Map() };
    const kind = groups[place.kind];
    const group = kind.get(place.group) ?? {};
    group[place.field] = headers[name] ?? "";
    kind.set(place.group, group);
  }
  if (groups === undefined) return undefined;
  const now = clock.now();
  const requests = tightest(groups.requests, now);
  const tokens = tightest(groups.tokens, now);
  if (requests === undefined && tokens === undefined) return undefined;
  return { ...(requests === undefined ? {} : { requests }), ...(tokens === undefined ? {} : { tokens }) };
}

/** Which limit a header is about. */
interface Place {
  readonly kind: "requests" | "tokens";
  readonly group: string;
  readonly field: Field;
}

/** The places of names that were seen, null for other headers: replies of one provider have the same names. */
const places = new Map<string, Place | null>();

/** Names come from the network, so only the first ones are remembered. */
const MOST_PLACES = 1_024;

function knownPlaceOf(name: string): Place | undefined {
  const known = places.get(name);
  if (known !== undefined) return known ?? undefined;
  const place = name.includes("ratelimit-") ? placeOf(name) : undefined;
  if (places.size < MOST_PLACES && name.length < 64) places.set(name, place ?? null);
  return place;
}

/** The place of a header: `x-ratelimit-remaining-tokens-minute` is the `remaining` of `tokens-minute`. */
function placeOf(name: string): Place | undefined {
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

/** A count; -1, which Azure sends at times, is none. */
function count(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  // Most values are digits alone, which a number shows faster than a pattern.
  const whole = value.length < 16 ? +value : Number.NaN;
  if (String(whole) === value && whole >= 0) return whole;
  return value !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}
