import type { Kind } from "ai-lib";
import type { CallEntry, CallRecord, Meters } from "./call-record.js";

/** What usage can be grouped by. A group's usage includes that of the groups within it. */
export const USAGE_DIMENSIONS = [
  "key",
  "group",
  "user",
  "session",
  "tag",
  "route",
  "kind",
  "provider",
  "model",
  "hour",
  "day",
] as const;

/** One of {@link USAGE_DIMENSIONS}. */
export type UsageDimension = (typeof USAGE_DIMENSIONS)[number];

/** What usage can be restricted to: exact values. */
export type UsageFilter = { readonly [D in Exclude<UsageDimension, "hour" | "day">]?: string | undefined };

/** A question about usage. It is answered from rollups by hour, for sessions by day; a call counts in the hour in which it began. */
export interface UsageQuery {
  /** Epoch milliseconds; rounded down to the hour, for sessions to the day. */
  readonly from: number;
  /** Epoch milliseconds, exclusive; rounded up to the hour, for sessions to the day. */
  readonly to: number;
  /**
   * At most three; `hour` at most over 31 days, and `session` over 7. With `session`, calls without a session are left
   * out; it excludes `hour`. Default: one sum of everything.
   */
  readonly groupBy?: readonly UsageDimension[] | undefined;
  readonly filter?: UsageFilter | undefined;
  /** The most groups, 1 to 10,000: the first hours or days, else the most expensive. Default 1,000. */
  readonly limit?: number | undefined;
}

/** What was used. */
export interface UsageSum extends Meters {
  /** Calls that ended. A call counts for the target of its last attempt. */
  readonly calls: number;
  /** Calls that failed; a part of `calls`. Those that clients cancelled are not in it. */
  readonly errors: number;
  /** Attempts with usage. */
  readonly attempts: number;
  /** Attempts whose usage or cost is an estimate; a part of `attempts`. */
  readonly estimated: number;
  /** US dollars of all attempts whose price is known. */
  readonly dollars: number;
  /** Attempts whose price is unknown; a part of `attempts`. */
  readonly unpriced: number;
}

/** The usage of one group. */
export interface UsageGroup extends UsageSum {
  /**
   * The values of the dimensions that were asked for. `hour` and `day` are their beginnings in epoch milliseconds; a
   * value is undefined for calls that have none, such as calls without a user.
   */
  readonly by: { readonly [D in UsageDimension]?: (D extends "hour" | "day" ? number : string) | undefined };
}

/** The answer to a {@link UsageQuery}. */
export interface UsageReport {
  /** The time that the sums cover: whole hours. */
  readonly from: number;
  readonly to: number;
  readonly groups: readonly UsageGroup[];
  /** Groups that the limit left out. */
  readonly omitted: number;
  /** Everything that the filter lets through, groups that were left out included. */
  readonly total: UsageSum;
}

/** A place in the ledger: between a call and the next. */
export interface CallCursor {
  readonly at: number;
  readonly id: string;
}

/** Which calls a {@link CallQuery} is about: exact values, all of which must match. */
export interface CallFilter {
  readonly key?: string | undefined;
  /** A group with everything in it. */
  readonly group?: string | undefined;
  readonly user?: string | undefined;
  readonly session?: string | undefined;
  readonly tag?: string | undefined;
  readonly route?: string | undefined;
  readonly kind?: Kind | undefined;
  /** The provider, and the model, of any attempt. */
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  readonly status?: CallRecord["status"] | undefined;
  readonly code?: string | undefined;
  /** Epoch milliseconds: calls that ended then or later. */
  readonly from?: number | undefined;
  /** Epoch milliseconds, exclusive. */
  readonly to?: number | undefined;
}

/** A question for calls. Without `before` and `after`: the latest. */
export interface CallQuery {
  readonly filter?: CallFilter | undefined;
  /** Calls that ended before this place, the latest first. */
  readonly before?: CallCursor | undefined;
  /** Calls that ended after this place, the earliest first: for a tail. Excludes `before`. */
  readonly after?: CallCursor | undefined;
  /** The most calls, 1 to 1,000. Default 50. */
  readonly limit?: number | undefined;
}

/** One page of calls. */
export interface CallPage {
  readonly calls: readonly CallEntry[];
  /**
   * Where the next page begins: `before`, or `after` where the query had it; undefined at the end. One query looks at
   * 100,000 calls at most, so that a page can be short, even empty, and have a next one.
   */
  readonly next: CallCursor | undefined;
}
