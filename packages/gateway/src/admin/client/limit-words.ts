import { configError } from "../../config-error.js";
import type { Limit, Period } from "../../keys/record.js";

const AMOUNTS = ["requests", "tokens", "dollars", "concurrent"] as const;

/** How limits are written, for help and errors. */
export const LIMIT_SYNTAX =
  "requests=1000/minute, tokens=2000000/day, dollars=50/month or concurrent=10, with ,rolling ,soft ,route=NAME ,else=ROUTE behind it";

/**
 * Reads a limit of a command line, such as `dollars=50/month,rolling`. The server checks its meaning.
 * @throws {AiLibError} `CONFIG_ERROR` for a text that is none.
 */
export function readLimit(text: string): Limit {
  const [first = "", ...words] = text.split(",").map((word) => word.trim());
  const [, what, amount, per] = /^([a-z]+)=([\d.]+)(?:\/([a-z]+))?$/.exec(first) ?? [];
  const name = AMOUNTS.find((known) => known === what);
  if (name === undefined || amount === undefined || !Number.isFinite(Number(amount))) throw wrong(text);
  const routes: string[] = [];
  let limit: Limit = { [name]: Number(amount), ...(per !== undefined && { per: per as Period }) };
  for (const word of words) {
    const [key = "", value = ""] = splitOnce(word);
    if (word === "rolling" || word === "aligned") limit = { ...limit, window: word };
    else if (word === "soft") limit = { ...limit, soft: true };
    else if (key === "route" && value !== "") routes.push(value);
    else if (key === "else" && value !== "") limit = { ...limit, onExhausted: { route: value } };
    else throw wrong(text);
  }
  return routes.length === 0 ? limit : { ...limit, routes };
}

/** Writes a limit as {@link readLimit} reads it. */
export function formatLimit(limit: Limit): string {
  const { per, window, routes = [], soft, onExhausted } = limit;
  const name = AMOUNTS.find((known) => limit[known] !== undefined) ?? "requests";
  return [
    `${name}=${limit[name]}${per === undefined ? "" : `/${per}`}`,
    ...(window === undefined ? [] : [window]),
    ...(soft === true ? ["soft"] : []),
    ...routes.map((route) => `route=${route}`),
    ...(typeof onExhausted === "object" ? [`else=${onExhausted.route}`] : []),
  ].join(",");
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a time span such as `90s`, `30m`, `24h` or `7d`, in milliseconds.
 * @throws {AiLibError} `CONFIG_ERROR` for a text that is none.
 */
export function readSpan(option: string, text: string): number {
  if (text === "0") return 0;
  const [, count, unit = ""] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const ms = UNITS[unit];
  if (count !== undefined && ms !== undefined) return Number(count) * ms;
  throw configError(`${option} must be a time such as 30m, 24h or 7d, not ${JSON.stringify(text)}`);
}

function splitOnce(word: string): readonly string[] {
  const at = word.indexOf("=");
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function wrong(text: string): Error {
  return configError(`${JSON.stringify(text)} is not a limit; write ${LIMIT_SYNTAX}`);
}
