/** A piece of JSON that the gateway keeps under a name. */
export interface StoredDocument<T = unknown> {
  readonly id: string;
  /** 1 for a new one; each change adds 1. */
  readonly revision: number;
  readonly value: T;
  /** Epoch milliseconds from which it is not found any more. Default: never. */
  readonly expiresAt?: number | undefined;
  /** Epoch milliseconds of the last `touch`. */
  readonly touchedAt?: number | undefined;
}

/**
 * Named JSON in kinds, such as `key`, `group`, `session` and `idempotency`. A kind and an id have at most 200 characters,
 * a value at most 1 MiB of JSON.
 */
export interface Documents {
  get<T = unknown>(kind: string, id: string): Promise<StoredDocument<T> | undefined>;
  /** All of a kind, by id. */
  list<T = unknown>(kind: string): Promise<readonly StoredDocument<T>[]>;
  /**
   * Writes a document with the revision `revision`, which is one more than that of the document that it replaces; 1 for
   * a new one.
   * @returns false, and nothing is written, where the stored document has another revision than the one before, or
   *   exists although the document is new. An expired document does not exist.
   */
  put<T>(kind: string, document: Omit<StoredDocument<T>, "touchedAt">): Promise<boolean>;
  /**
   * @param revision that of the document to delete. Default: any
   * @returns false, and nothing is deleted, where it has another revision or does not exist.
   */
  delete(kind: string, id: string, revision?: number): Promise<boolean>;
  /** Notes when documents were last used: epoch milliseconds by id. Changes no revision; unknown ids are skipped. */
  touch(kind: string, times: ReadonlyMap<string, number>): Promise<void>;
}
