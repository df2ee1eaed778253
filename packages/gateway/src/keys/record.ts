import type { Kind } from "ai-lib";

/** The time over which a limit counts. `total` has no end. */
export type Period = "minute" | "hour" | "day" | "month" | "total";

/**
 * One limit of a key or of a group. Exactly one of `requests`, `tokens`, `dollars` and `concurrent` is set. Every limit
 * from a call's key up to the outermost group must have room for the call.
 */
export interface Limit {
  /** Calls in each period. */
  readonly requests?: number | undefined;
  /** Tokens in each period, those of the prompt and of the answer together. */
  readonly tokens?: number | undefined;
  /** US dollars in each period; fractions are allowed. */
  readonly dollars?: number | undefined;
  /** Calls at a time. */
  readonly concurrent?: number | undefined;
  /** Required, except with `concurrent`, which has none. */
  readonly per?: Period | undefined;
  /**
   * `aligned`: periods begin with the minute, hour, day or month in UTC. `rolling`: the period before each call; a month
   * is 30 days. Default `aligned`.
   */
  readonly window?: "aligned" | "rolling" | undefined;
  /** Count only calls to these routes. Default: all. */
  readonly routes?: readonly string[] | undefined;
  /**
   * Reserves the usual usage of calls of the route, if it is known, in place of the maximum of a call. More calls can
   * run at the same time, and they may exceed the limit by the difference. Default false.
   */
  readonly soft?: boolean | undefined;
  /** What happens to a call without room. Default `refuse`. */
  readonly onExhausted?: "refuse" | { readonly route: string } | undefined;
}

/** The allowed calls of a key or of a group. An absent list allows everything, an empty list nothing. */
export interface Access {
  /** Names of routes. A name may end with `*`. */
  readonly routes?: readonly string[] | undefined;
  /** Models by the names that clients send. A name may end with `*`. */
  readonly models?: readonly string[] | undefined;
  readonly kinds?: readonly Kind[] | undefined;
  /** Addresses of clients: networks such as `10.0.0.0/8`, or single addresses. */
  readonly networks?: readonly string[] | undefined;
}

/** One secret of a key. Only its client has the secret itself. */
export interface KeySecret {
  /** The eight characters after `aik_`, which identify the secret and are public. */
  readonly publicPart: string;
  /** SHA-256 of the pepper of the gateway, a line break and the secret, in hexadecimal digits. */
  readonly hash: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** The mark of the pepper. Secrets of an earlier version have none. */
  readonly pepper?: string | undefined;
  /** Epoch milliseconds from which the secret is refused: the end of the grace after a rotation. Default: never. */
  readonly expiresAt?: number | undefined;
}

/** What a key and a group have in common. */
export interface NodeRecord extends Access {
  /** Letters, digits and `. _ @ : + / -`, at most 200. It appears in logs and in the ledger and never changes. */
  readonly id: string;
  /** A name for people. Default: the id. */
  readonly name?: string | undefined;
  readonly limits?: readonly Limit[] | undefined;
  /** A disabled key, and every key within a disabled group, is refused. Default false. */
  readonly disabled?: boolean | undefined;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** 1 for a new record; each change adds 1. */
  readonly revision: number;
  /** `file`: declared in the configuration, and changed only there. `store`: in the store. */
  readonly managed: "file" | "store";
}

/** A key of a client. */
export interface KeyRecord extends NodeRecord {
  /** The group that the key is in. Default: none. */
  readonly group?: string | undefined;
  /** One secret; two during the grace after a rotation. */
  readonly secrets: readonly KeySecret[];
  /** Epoch milliseconds from which the key is refused. Default: never. */
  readonly expiresAt?: number | undefined;
  /** Epoch milliseconds of the last call, to within a minute. */
  readonly lastUsedAt?: number | undefined;
}

/** The level of a group. An organisation is outermost; a user contains only keys. */
export type GroupLevel = "organisation" | "team" | "user";

/** A group of keys and of other groups. All groups and keys are one tree, or several. */
export interface GroupRecord extends NodeRecord {
  readonly level: GroupLevel;
  /** The group that this one is in. Default: none. */
  readonly parent?: string | undefined;
}

/** The records of a store by their kinds. */
export interface RecordKinds {
  key: KeyRecord;
  group: GroupRecord;
}

/** The kind of a record. */
export type RecordKind = keyof RecordKinds;
