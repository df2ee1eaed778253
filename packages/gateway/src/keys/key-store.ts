import type { GroupRecord, KeyRecord, RecordKind, RecordKinds } from "./record.js";

/** All records of a store. */
export interface StoredRecords {
  readonly keys: readonly KeyRecord[];
  readonly groups: readonly GroupRecord[];
}

/**
 * The durable store of the records of keys and groups. One process writes; it loads everything at its start and reads
 * from memory afterwards. Records are plain JSON; a store need not understand them beyond `id` and `revision`.
 */
export interface KeyStore {
  load(): Promise<StoredRecords>;
  /**
   * Writes a record whose `revision` is one more than that of the record it replaces; 1 for a new one.
   * @returns false, and nothing is written, where the stored record has another revision than the one before, or exists
   *   although the record is new.
   */
  put<K extends RecordKind>(kind: K, record: RecordKinds[K]): Promise<boolean>;
  /** @returns false, and nothing is deleted, where the record has another revision or does not exist. */
  delete(kind: RecordKind, id: string, revision: number): Promise<boolean>;
  /** Stores when keys were last used: epoch milliseconds by key id. Changes no revision; unknown ids are skipped. */
  noteUse(uses: ReadonlyMap<string, number>): Promise<void>;
}

/** A store in the memory of this process, for tests and for a gateway without a database. */
export class MemoryKeyStore implements KeyStore {
  private readonly records = {
    key: new Map<string, KeyRecord>(),
    group: new Map<string, GroupRecord>(),
  };

  async load(): Promise<StoredRecords> {
    return { keys: [...this.records.key.values()], groups: [...this.records.group.values()] };
  }

  async put<K extends RecordKind>(kind: K, record: RecordKinds[K]): Promise<boolean> {
    const records: Map<string, RecordKinds[K]> = this.of(kind);
    if ((records.get(record.id)?.revision ?? 0) !== record.revision - 1) return false;
    records.set(record.id, record);
    return true;
  }

  async delete(kind: RecordKind, id: string, revision: number): Promise<boolean> {
    const records = this.of(kind);
    return records.get(id)?.revision === revision && records.delete(id);
  }

  async noteUse(uses: ReadonlyMap<string, number>): Promise<void> {
    for (const [id, lastUsedAt] of uses) {
      const record = this.records.key.get(id);
      if (record !== undefined) this.records.key.set(id, { ...record, lastUsedAt });
    }
  }

  private of<K extends RecordKind>(kind: K): Map<string, RecordKinds[K]> {
    return this.records[kind] as Map<string, RecordKinds[K]>;
  }
}
