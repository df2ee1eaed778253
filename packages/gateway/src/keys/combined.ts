import { DirectoryError } from "./key-directory.js";
import type { StoredRecords } from "./key-store.js";
import { otherPepperLines } from "./pepper.js";
import type { GroupRecord, KeyRecord } from "./record.js";
import { groupProblem, treeProblem } from "./tree.js";

/** The records that a configuration declares. */
export interface DeclaredRecords {
  readonly keys: readonly KeyRecord[];
  readonly groups: readonly GroupRecord[];
}

/** All records, by their ids. */
export interface CombinedRecords {
  readonly key: Map<string, KeyRecord>;
  readonly group: Map<string, GroupRecord>;
}

/** Lines that a report of unusable keys has at most. */
const MAX_LINES = 10;

/**
 * The records of a store with those of a configuration. A record of the store may be at a wrong place here, since the
 * configuration changes without it: see {@link unusableKeys}.
 * @throws {DirectoryError} `exists` for an id that both have, `invalid` for a declared record at a wrong place.
 */
export function combine(stored: StoredRecords, declared: DeclaredRecords): CombinedRecords {
  const group = withDeclared("group", stored.groups, declared.groups);
  const key = withDeclared("key", stored.keys, declared.keys);
  const wrong = treeProblem(group, declared.groups);
  if (wrong !== undefined) throw new DirectoryError("invalid", `group ${wrong.id}: ${wrong.message}`);
  for (const { id, group: inside } of declared.keys) {
    const message = groupProblem(group, inside);
    if (message !== undefined) throw new DirectoryError("invalid", `key ${id}: ${message}`);
  }
  return { key, group };
}

/**
 * What an operator reads about keys that are refused, since the pepper is another one, or what they are in is missing or
 * at a wrong place.
 * @param now epoch milliseconds
 */
export function unusableKeys(
  keys: readonly KeyRecord[],
  groups: ReadonlyMap<string, GroupRecord>,
  pepper: string,
  now: number,
): readonly string[] {
  const lines = [...otherPepperLines(keys, pepper, now)];
  let others = 0;
  for (const { id, group } of keys) {
    const message = groupProblem(groups, group);
    if (message === undefined) continue;
    if (lines.length < MAX_LINES)
      lines.push(
        `The key ${id} of the store is refused: ${message}. Declare the group in the file again, or move or delete the key`,
      );
    else others++;
  }
  return others === 0 ? lines : [...lines, `${others} more keys of the store are refused for such reasons`];
}

function withDeclared<T extends KeyRecord | GroupRecord>(
  kind: "key" | "group",
  stored: readonly T[],
  declared: readonly T[],
): Map<string, T> {
  const records = new Map(stored.map((record) => [record.id, record]));
  for (const record of declared) {
    if (records.get(record.id)?.managed === "store")
      throw new DirectoryError(
        "exists",
        `The configuration declares the ${kind} ${record.id}, and the store has one of this id; rename one of both`,
      );
    records.set(record.id, record);
  }
  return records;
}
