/** One change of an operator. It holds no secrets. */
export interface AuditEntry {
  /** Sorts after those of earlier entries: twelve hexadecimal digits of time, and random ones. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Who did it: the id of a token, or the subject of a person. */
  readonly actor: string;
  readonly role: string;
  /** What was done, such as `keys.create`. */
  readonly action: string;
  /** What it was done to, such as `key/team-a`. */
  readonly target: string;
  /** The status of the answer. */
  readonly status: number;
  /** What changed; JSON without secrets. */
  readonly details?: unknown;
}

/** A question for audit entries, the latest first. */
export interface AuditQuery {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  /** Epoch milliseconds. */
  readonly from?: number | undefined;
  /** Epoch milliseconds, exclusive. */
  readonly to?: number | undefined;
  /** The id of the last entry of the page before. */
  readonly before?: string | undefined;
  /** The most entries, 1 to 1,000. Default 50. */
  readonly limit?: number | undefined;
}

/** What operators did. Entries are added and never changed. */
export interface AuditLog {
  /** Adds an entry; a store skips one that it has, so that a write of unknown outcome can be repeated. */
  append(entry: AuditEntry): Promise<void>;
  read(query: AuditQuery): Promise<{
    readonly entries: readonly AuditEntry[];
    /** `before` of the next page; undefined at the end. */
    readonly next: string | undefined;
  }>;
}
