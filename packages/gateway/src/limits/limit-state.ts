import type { Limit } from "../keys/record.js";

/** How full one limit is, for an operator and for `explain`. Plain JSON. */
export interface LimitState {
  /** The key or group whose limit it is, and its id. */
  readonly node: { readonly kind: "key" | "group"; readonly id: string };
  /** The name in refusals, such as `group acme: tokens per minute`. */
  readonly bucket: string;
  readonly limit: Limit;
  /** In the unit of the limit: calls, tokens or dollars. */
  readonly max: number;
  /** What ended calls used in the current period. */
  readonly used: number;
  /** What running calls hold at most. */
  readonly reserved: number;
  /**
   * Epoch milliseconds at which there is room again: the end of the aligned period, or when the oldest use leaves the
   * window.
   */
  readonly resetAt?: number | undefined;
}

/** What a node used before this process began. */
export interface SpendQuery {
  /** The id of a key, or of a group with everything in it. */
  readonly node: { readonly kind: "key" | "group"; readonly id: string };
  /** Only calls to these routes, whose names may end with `*`. Default: all. */
  readonly routes?: readonly string[] | undefined;
  /** Epoch milliseconds, at the beginning of an hour; 0 for everything. */
  readonly from: number;
}

/** What was used in one hour. */
export interface SpentHour {
  /** Epoch milliseconds of its beginning. */
  readonly at: number;
  /** Calls for which something was sent to a provider. */
  readonly requests: number;
  /** Those of prompts and answers together. */
  readonly tokens: number;
  readonly dollars: number;
}

/** The past, as the ledger's rollups have it. Limits longer than a minute are restored from it at each start. */
export interface SpendHistory {
  /** In order of time, hours without any call left out; for `from: 0` one sum of everything is enough. */
  spentSince(query: SpendQuery): Promise<readonly SpentHour[]>;
}
