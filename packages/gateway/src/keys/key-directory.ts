import type { GroupRecord, KeyRecord, RecordKind } from "./record.js";

/** The fields of a key that an operator sets; the directory adds the others. */
export type KeyDraft = Omit<
  KeyRecord,
  "id" | "secrets" | "createdAt" | "revision" | "managed" | "lastUsedAt"
> & {
  /** Default: `key_` and random characters. */
  readonly id?: string | undefined;
};

/** The fields of a group that an operator sets; the directory adds the others. */
export type GroupDraft = Omit<GroupRecord, "level" | "createdAt" | "revision" | "managed"> & {
  /** Default `team`. */
  readonly level?: GroupRecord["level"] | undefined;
};

/** A key whose secret was just made. The secret is shown once and cannot be read again. */
export interface IssuedKey {
  readonly record: KeyRecord;
  /** `aik_`, 8 public characters, and 32 random bytes in base64url. */
  readonly secret: string;
}

/** One change of the directory. `record` is undefined for a record that was deleted. */
export type DirectoryChange =
  | { readonly kind: "key"; readonly id: string; readonly record: KeyRecord | undefined }
  | { readonly kind: "group"; readonly id: string; readonly record: GroupRecord | undefined };

/** Why the directory refuses a change. */
export type DirectoryErrorCode =
  /** The record has another revision than the one that the change is for: read it and try again. */
  | "version_conflict"
  /** A record with this id exists. */
  | "exists"
  | "not_found"
  /** The record is declared in the configuration, and is changed only there. */
  | "file_managed"
  /** A group that keys or groups are in cannot be deleted. */
  | "in_use"
  /** A value is wrong; the message names the field. */
  | "invalid";

/** A refusal of the directory. */
export class DirectoryError extends Error {
  constructor(
    readonly code: DirectoryErrorCode,
    message: string,
    /** The field that is wrong, such as `limits[0].tokens`. */
    readonly field?: string,
  ) {
    super(message);
    this.name = "DirectoryError";
  }
}

/**
 * All keys and groups of a gateway, in memory, over those of the file and of a store. Reading is synchronous. Changes
 * are checked, written to the store, and then take effect for the next call.
 */
export interface KeyDirectory {
  /** Sorted by id. */
  keys(): readonly KeyRecord[];
  groups(): readonly GroupRecord[];
  key(id: string): KeyRecord | undefined;
  group(id: string): GroupRecord | undefined;
  /** The groups that a key or a group is in, the outermost first. */
  pathOf(kind: RecordKind, id: string): readonly GroupRecord[];
  /** Why a key is refused though it is valid: a group that it is in is missing or at a wrong place. */
  problemOf(id: string): string | undefined;
  /** Whether a key is refused since all of its secrets that have not expired were made with another pepper. */
  hasOtherPepper(id: string): boolean;
  /** @throws {DirectoryError} `exists`, `invalid` */
  createKey(draft: KeyDraft): Promise<IssuedKey>;
  /**
   * Replaces the fields that an operator sets; secrets do not change.
   * @param revision that of the record that the change is for. Default: any
   * @throws {DirectoryError} `not_found`, `file_managed`, `version_conflict`, `invalid`
   */
  updateKey(id: string, draft: KeyDraft, revision?: number): Promise<KeyRecord>;
  /**
   * Adds a new secret. The one before stays valid during the grace; an older one ends immediately.
   * @param graceMs 0 to 30 days. Default: one day
   * @throws {DirectoryError} as `updateKey`
   */
  rotateKey(
    id: string,
    options?: { readonly graceMs?: number; readonly revision?: number | undefined },
  ): Promise<IssuedKey>;
  /** @throws {DirectoryError} as `updateKey` */
  deleteKey(id: string, revision?: number): Promise<void>;
  /** @throws {DirectoryError} `exists`, `invalid` */
  createGroup(draft: GroupDraft): Promise<GroupRecord>;
  /** @throws {DirectoryError} as `updateKey` */
  updateGroup(id: string, draft: GroupDraft, revision?: number): Promise<GroupRecord>;
  /** @throws {DirectoryError} as `updateKey`, and `in_use` */
  deleteGroup(id: string, revision?: number): Promise<void>;
  /** Runs a listener after each change, also after those of a reload of the file. @returns ends the subscription */
  subscribe(listener: (change: DirectoryChange) => void): () => void;
}
