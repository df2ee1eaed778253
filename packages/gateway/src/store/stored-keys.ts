import type { KeyStore, StoredRecords } from "../keys/key-store.js";
import type { GroupRecord, KeyRecord, RecordKind, RecordKinds } from "../keys/record.js";
import type { Documents } from "./documents.js";

/** Keys and groups as documents of a store. */
export class StoredKeys implements KeyStore {
  constructor(private readonly documents: Documents) {}

  async load(): Promise<StoredRecords> {
    const [keys, groups] = await Promise.all([
      this.documents.list<KeyRecord>("key"),
      this.documents.list<GroupRecord>("group"),
    ]);
    return {
      keys: keys.map(({ value, touchedAt }) =>
        touchedAt === undefined ? value : { ...value, lastUsedAt: touchedAt },
      ),
      groups: groups.map(({ value }) => value),
    };
  }

  put<K extends RecordKind>(kind: K, record: RecordKinds[K]): Promise<boolean> {
    const { id, revision } = record;
    return this.documents.put(kind, { id, revision, value: record });
  }

  delete(kind: RecordKind, id: string, revision: number): Promise<boolean> {
    return this.documents.delete(kind, id, revision);
  }

  noteUse(uses: ReadonlyMap<string, number>): Promise<void> {
    return this.documents.touch("key", uses);
  }
}
