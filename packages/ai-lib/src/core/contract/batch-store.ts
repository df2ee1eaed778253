/** A job as it is stored. Plain JSON, whose fields belong to the library. */
export interface StoredBatch {
  readonly id: string;
  /** Epoch milliseconds; lists are ordered by it. */
  readonly createdAt: number;
}

/** Writes one file of lines. */
export interface LineWriter {
  /**
   * Adds a line, without its end. Returns a promise where the writer is full: await it before the next line.
   */
  write(line: string): Promise<void> | undefined;
  /** Makes the written lines durable and visible. Nothing can be written afterwards. */
  end(): Promise<void>;
  /** Discards the written lines. */
  abort(): Promise<void>;
}

/** Lets one process at a time change a job. */
export interface BatchLock {
  release(): Promise<void>;
}

/**
 * The store of batch jobs: records, and the files of lines that belong to them. What `put` and `end` wrote must survive
 * a crash once they have resolved, and a file must never be visible in part. `batchStoreConformance` in
 * `ai-lib/testing` checks an implementation.
 */
export interface BatchStore {
  get(id: string): Promise<StoredBatch | undefined>;
  /** Adds or replaces a record atomically. */
  put(record: StoredBatch): Promise<void>;
  /** Records after the one named by `after`, the newest first. */
  list(after: string | undefined, limit: number): Promise<readonly StoredBatch[]>;
  /** Removes a record and its files. */
  delete(id: string): Promise<void>;
  /**
   * Undefined while another process has the lock of this name. The lock of a process that ended must expire.
   * @param name `"steps"`, or the file that the holder writes
   */
  lock(id: string, name: string): Promise<BatchLock | undefined>;
  /** Begins a file, which replaces one of the same name when it ends. */
  write(id: string, file: string): Promise<LineWriter>;
  /**
   * Continues a file after its last complete line. New lines are visible once `end` or a full buffer has written them.
   */
  append(id: string, file: string): Promise<LineWriter>;
  /** Length of a file in bytes; undefined where it does not exist. */
  size(id: string, file: string): Promise<number | undefined>;
  /** The bytes of a file from `position`, in pieces. */
  read(id: string, file: string, position?: number): AsyncIterable<Uint8Array>;
  /** `length` bytes from `position`, fewer at the end of the file. */
  slice(id: string, file: string, position: number, length: number): Promise<Uint8Array>;
}
