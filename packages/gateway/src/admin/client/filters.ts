import { systemClock } from "ai-lib";
import { configError } from "../../config-error.js";
import type { AdminOptions } from "./connect.js";
import { readSpan } from "./limit-words.js";

/** Filters of `usage` and of `logs`, as texts. */
export interface FilterOptions extends AdminOptions {
  readonly since?: string;
  readonly until?: string;
  readonly key?: string;
  readonly group?: string;
  readonly user?: string;
  readonly session?: string;
  readonly tag?: string;
  readonly route?: string;
  readonly kind?: string;
  readonly provider?: string;
  readonly model?: string;
}

/** The part of a query that both commands have. */
export function filterOf({ since, until, ...options }: FilterOptions): Record<string, string | undefined> {
  const { key, group, user, session, tag, route, kind, provider, model } = options;
  return {
    ...{ key, group, user, session, tag, route, kind, provider, model },
    from: since === undefined ? undefined : timeOf(since, "--since"),
    to: until === undefined ? undefined : timeOf(until, "--until"),
  };
}

/** A moment: a date and time, or a span before now, such as `24h`. */
export function timeOf(text: string, option: string): string {
  const at = /^\d+[smhd]$/.test(text) ? systemClock.now() - readSpan(option, text) : Date.parse(text);
  if (Number.isNaN(at)) throw configError(`${option} takes a time such as 2027-01-31, or a span such as 24h`);
  return new Date(at).toISOString();
}

/** Entries of a list at most. Default 50. @param what they are, for people */
export function limitOf(limit: string | undefined, what: string): number {
  if (limit === undefined) return 50;
  if (/^\d{1,6}$/.test(limit) && Number(limit) > 0) return Number(limit);
  throw configError(`--limit must be a number of ${what}, not ${JSON.stringify(limit)}`);
}
