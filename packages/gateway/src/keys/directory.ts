import { randomBytes, timingSafeEqual } from "node:crypto";
import { systemClock } from "ai-lib";
import { within } from "../within.js";
import { checkGroupDraft, checkKeyDraft } from "./check-draft.js";
import { combine, type DeclaredRecords, unusableKeys } from "./combined.js";
import { closedDiversions } from "./diversions.js";
import {
  type DirectoryChange,
  DirectoryError,
  type GroupDraft,
  type IssuedKey,
  type KeyDirectory,
  type KeyDraft,
} from "./key-directory.js";
import type { KeyStore } from "./key-store.js";
import { hasOtherPepper, pepperMark } from "./pepper.js";
import type { GroupRecord, KeyRecord, KeySecret, RecordKind, RecordKinds } from "./record.js";
import { hashSecret, makeSecret, publicPartOf } from "./secret.js";
import { changeProblem, groupProblem, pathTo } from "./tree.js";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const MAX_GRACE_MS = 30 * DAY_MS;

/** Secrets that are remembered. */
const MAX_KNOWN = 1_000;

/** Milliseconds that closing waits for a store. */
const CLOSE_MS = 2_000;

/** What a directory is made of. */
export interface DirectoryOptions {
  readonly store: KeyStore;
  /** Mixed into the hashes of secrets. Default: nothing. */
  readonly pepper?: string | undefined;
  /** Epoch milliseconds. Default: the machine's time. */
  readonly now?: (() => number) | undefined;
}

const NOTHING: DeclaredRecords = { keys: [], groups: [] };

/** A secret that a client may have sent. */
interface Candidate {
  readonly id: string;
  readonly hash: Buffer;
  readonly expiresAt: number;
}

type Records<K extends RecordKind> = Map<string, RecordKinds[K]>;

/** See {@link KeyDirectory}. */
export class Directory implements KeyDirectory {
  private readonly records = { key: new Map<string, KeyRecord>(), group: new Map<string, GroupRecord>() };
  /** The keys by the public parts of their secrets. Keys of a file may have secrets without one. */
  private byPart = new Map<string, Candidate[]>();
  /** What secrets belong to, which is hashed once: a client sends the same one with every request. */
  private readonly known = new Map<string, Candidate>();
  private readonly listeners = new Set<(change: DirectoryChange) => void>();
  private readonly uses = new Map<string, number>();
  private readonly store: KeyStore;
  private readonly pepper: string;
  private readonly mark: string;
  private readonly now: () => number;
  private usesWrittenAt: number;
  /** Whether the outcome of the last change of the store is unknown. */
  private isUncertain = false;
  /**
   * The running change. Changes run one after another, so that each is checked against the result of the previous one.
   */
  private last: Promise<unknown> = Promise.resolve();

  private constructor({ store, pepper = "", now = () => systemClock.now() }: DirectoryOptions) {
    this.store = store;
    this.pepper = pepper;
    this.mark = pepperMark(pepper);
    this.now = now;
    this.usesWrittenAt = now();
  }

  /**
   * Loads the records of the store, and adds those of the file.
   * @throws {DirectoryError} as {@link Directory.declare}
   */
  static async open(options: DirectoryOptions, declared: DeclaredRecords = NOTHING): Promise<Directory> {
    const directory = new Directory(options);
    await directory.refresh();
    await directory.declare(declared);
    return directory;
  }

  /**
   * Replaces the records of the file.
   * @throws {DirectoryError} as {@link combine}. Nothing changes then.
   */
  declare(declared: DeclaredRecords): Promise<void> {
    return this.inTurn(async () => {
      const next = combine({ keys: this.stored("key"), groups: this.stored("group") }, declared);
      this.replace("group", next.group);
      this.replace("key", next.key);
    }, false);
  }

  keys(): readonly KeyRecord[] {
    return sorted(this.records.key).map((record) => this.withUse(record));
  }

  groups(): readonly GroupRecord[] {
    return sorted(this.records.group);
  }

  key(id: string): KeyRecord | undefined {
    const record = this.records.key.get(id);
    return record === undefined ? undefined : this.withUse(record);
  }

  group(id: string): GroupRecord | undefined {
    return this.records.group.get(id);
  }

  pathOf(kind: RecordKind, id: string): readonly GroupRecord[] {
    const { key, group } = this.records;
    return pathTo(group, kind === "key" ? key.get(id)?.group : group.get(id)?.parent);
  }

  problemOf(id: string): string | undefined {
    const { key, group } = this.records;
    return groupProblem(group, key.get(id)?.group);
  }

  hasOtherPepper(id: string): boolean {
    const record = this.records.key.get(id);
    return record !== undefined && hasOtherPepper(record, this.mark, this.now());
  }

  /** What an operator reads about keys that are refused for their pepper or their groups. */
  unusableKeys(): readonly string[] {
    return unusableKeys(this.keys(), this.records.group, this.pepper, this.now());
  }

  /** See {@link closedDiversions}. */
  closedDiversions(routeOf: (name: string) => string | undefined): readonly string[] {
    return closedDiversions(this.keys(), this.records.group, routeOf);
  }

  /** The id of the key that a secret belongs to; undefined for none, and for a secret whose grace has ended. */
  find(secret: string): string | undefined {
    const now = this.now();
    const known = this.known.get(secret);
    if (known !== undefined && now < known.expiresAt) return known.id;
    const candidates = this.byPart.get(publicPartOf(secret)) ?? [];
    if (candidates.length === 0) return undefined;
    const hash = hashSecret(secret, this.pepper);
    let found: Candidate | undefined;
    // All are compared, so that the time does not reveal which one matched.
    for (const one of candidates)
      if (one.hash.length === hash.length && timingSafeEqual(one.hash, hash) && now < one.expiresAt)
        found = one;
    if (found === undefined) return undefined;
    if (this.known.size >= MAX_KNOWN) this.known.clear();
    this.known.set(secret, found);
    return found.id;
  }

  /** Records the use of a key; it is stored within a minute, with the next use. */
  noteUse(id: string): void {
    const now = this.now();
    this.uses.set(id, now);
    if (now - this.usesWrittenAt >= MINUTE_MS) this.writeUses().catch(() => undefined);
  }

  async createKey(draft: KeyDraft): Promise<IssuedKey> {
    checkKeyDraft(draft);
    const secret = makeSecret();
    const now = this.now();
    const record: KeyRecord = {
      ...draft,
      id: draft.id ?? `key_${randomBytes(9).toString("base64url")}`,
      secrets: [secretRecord(secret, this.pepper, now)],
      createdAt: now,
      revision: 1,
      managed: "store",
    };
    await this.inTurn(() => this.create("key", record));
    return { record, secret };
  }

  updateKey(id: string, draft: KeyDraft, revision?: number): Promise<KeyRecord> {
    return this.inTurn(async () => {
      const { secrets, createdAt, lastUsedAt } = this.changeable("key", id, revision);
      checkKeyDraft({ ...draft, id });
      const made = this.next("key", id);
      const used = lastUsedAt !== undefined && { lastUsedAt };
      return this.withUse(await this.write("key", { ...draft, id, secrets, createdAt, ...used, ...made }));
    });
  }

  rotateKey(
    id: string,
    {
      graceMs = DAY_MS,
      revision,
    }: { readonly graceMs?: number | undefined; readonly revision?: number | undefined } = {},
  ): Promise<IssuedKey> {
    return this.inTurn(async () => {
      if (!(graceMs >= 0 && graceMs <= MAX_GRACE_MS))
        throw new DirectoryError("invalid", "graceMs: 0 to 30 days in milliseconds", "graceMs");
      const known = this.changeable("key", id, revision);
      const secret = makeSecret();
      const now = this.now();
      const [newest] = known.secrets;
      const until = Math.min(now + graceMs, newest?.expiresAt ?? Number.POSITIVE_INFINITY);
      const secrets = [
        secretRecord(secret, this.pepper, now),
        ...(newest === undefined || graceMs === 0 ? [] : [{ ...newest, expiresAt: until }]),
      ];
      const record = await this.write("key", { ...known, secrets, ...this.next("key", id) });
      return { record: this.withUse(record), secret };
    });
  }

  deleteKey(id: string, revision?: number): Promise<void> {
    return this.inTurn(() => this.remove("key", id, revision));
  }

  async createGroup(draft: GroupDraft): Promise<GroupRecord> {
    checkGroupDraft(draft);
    const record: GroupRecord = {
      ...draft,
      level: draft.level ?? "team",
      createdAt: this.now(),
      revision: 1,
      managed: "store",
    };
    return this.inTurn(() => this.create("group", record));
  }

  updateGroup(id: string, draft: GroupDraft, revision?: number): Promise<GroupRecord> {
    return this.inTurn(async () => {
      const { createdAt } = this.changeable("group", id, revision);
      checkGroupDraft({ ...draft, id });
      const made = this.next("group", id);
      return this.write("group", { ...draft, id, level: draft.level ?? "team", createdAt, ...made });
    });
  }

  deleteGroup(id: string, revision?: number): Promise<void> {
    return this.inTurn(async () => {
      const inside =
        [...this.records.key.values()].find(({ group }) => group === id) ??
        [...this.records.group.values()].find(({ parent }) => parent === id);
      if (inside !== undefined)
        throw new DirectoryError("in_use", `${inside.id} is in the group ${id}; move or delete it first`);
      await this.remove("group", id, revision);
    });
  }

  subscribe(listener: (change: DirectoryChange) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Writes when keys were last used, if the store answers. */
  async close(): Promise<void> {
    const written = this.last.then(() => this.writeUses());
    await within(CLOSE_MS, written);
  }

  private async writeUses(): Promise<void> {
    this.usesWrittenAt = this.now();
    if (this.uses.size === 0) return;
    const uses = new Map(this.uses);
    for (const [id, at] of uses) {
      const record = this.records.key.get(id);
      if (record !== undefined) this.records.key.set(id, { ...record, lastUsedAt: at });
    }
    this.uses.clear();
    try {
      await this.store.noteUse(uses);
    } catch (error) {
      // The next use tries again, unless there was a later one.
      for (const [id, at] of uses) if (!this.uses.has(id)) this.uses.set(id, at);
      throw error;
    }
  }

  private withUse(record: KeyRecord): KeyRecord {
    const lastUsedAt = this.uses.get(record.id);
    return lastUsedAt === undefined ? record : { ...record, lastUsedAt };
  }

  /** @param isChange whether it changes the store */
  private inTurn<T>(run: () => Promise<T>, isChange = true): Promise<T> {
    const turn = async () => {
      if (isChange && this.isUncertain) await this.refresh();
      return run();
    };
    const result = this.last.then(turn, turn);
    this.last = result.catch(() => undefined);
    return result;
  }

  /** The record that a change is for. */
  private changeable<K extends RecordKind>(
    kind: K,
    id: string,
    revision: number | undefined,
  ): RecordKinds[K] {
    const record = this.of(kind).get(id);
    if (record === undefined) throw new DirectoryError("not_found", `There is no ${kind} ${id}`);
    if (record.managed === "file")
      throw new DirectoryError(
        "file_managed",
        `The ${kind} ${id} is declared in the configuration; change it there`,
      );
    if (revision !== undefined && revision !== record.revision)
      throw new DirectoryError(
        "version_conflict",
        `The ${kind} ${id} has the revision ${record.revision}, not ${revision}; read it again`,
      );
    return record;
  }

  private next(kind: RecordKind, id: string): { readonly revision: number; readonly managed: "store" } {
    return { revision: (this.of(kind).get(id)?.revision ?? 0) + 1, managed: "store" };
  }

  private async create<K extends RecordKind>(kind: K, record: RecordKinds[K]): Promise<RecordKinds[K]> {
    if (this.of(kind).has(record.id))
      throw new DirectoryError("exists", `There is a ${kind} ${record.id} already`, "id");
    return this.write(kind, record);
  }

  private async write<K extends RecordKind>(kind: K, record: RecordKinds[K]): Promise<RecordKinds[K]> {
    this.checkPlace(kind, record);
    if (!(await this.ask(() => this.store.put(kind, record)))) await this.refuseLate(kind, record.id);
    this.of(kind).set(record.id, record);
    if (kind === "key") this.index();
    this.notify(kind, record.id);
    return record;
  }

  private async remove(kind: RecordKind, id: string, revision: number | undefined): Promise<void> {
    const record = this.changeable(kind, id, revision);
    if (!(await this.ask(() => this.store.delete(kind, id, record.revision))))
      await this.refuseLate(kind, id);
    this.of(kind).delete(id);
    if (kind === "key") this.index();
    this.notify(kind, id);
  }

  /**
   * Changes the store. One that fails may have made the change, with its answer lost: the next change reads it again,
   * since a key that was revoked there and not here could be revoked no more.
   */
  private async ask(change: () => Promise<boolean>): Promise<boolean> {
    this.isUncertain = true;
    const made = await change();
    this.isUncertain = false;
    return made;
  }

  /** Refuses a change of a record that the store has in another revision, after reading what it has. */
  private async refuseLate(kind: RecordKind, id: string): Promise<never> {
    await this.refresh();
    throw new DirectoryError(
      "version_conflict",
      `The ${kind} ${id} was changed by another process; read it again`,
    );
  }

  /** Reads the records of the store again. Those of the file stay. */
  private async refresh(): Promise<void> {
    const { keys, groups } = await this.store.load();
    const declared = <K extends RecordKind>(kind: K): Records<K> =>
      new Map([...this.of(kind)].filter(([, { managed }]) => managed === "file"));
    this.replace(
      "group",
      new Map([...groups.map((group) => [group.id, group] as const), ...declared("group")]),
    );
    this.replace("key", new Map([...keys.map((key) => [key.id, key] as const), ...declared("key")]));
    this.isUncertain = false;
  }

  private checkPlace(kind: RecordKind, record: KeyRecord | GroupRecord): void {
    if (kind === "key") {
      const { id, group } = record as KeyRecord;
      const problem = groupProblem(this.records.group, group);
      // A key whose group is gone can still be disabled.
      if (problem === undefined || group === this.records.key.get(id)?.group) return;
      const help =
        "; make it first, with ai-lib-gateway groups create, with POST /admin/v1/groups, or in the file";
      throw new DirectoryError(
        "invalid",
        group !== undefined && this.records.group.has(group) ? problem : `${problem}${help}`,
        "group",
      );
    }
    const wrong = changeProblem(this.records.group, record as GroupRecord);
    if (wrong === undefined) return;
    const message = wrong.id === record.id ? wrong.message : `group ${wrong.id}: ${wrong.message}`;
    throw new DirectoryError("invalid", `parent: ${message}`, "parent");
  }

  private notify(kind: RecordKind, id: string): void {
    const change = { kind, id, record: this.of(kind).get(id) } as DirectoryChange;
    for (const listener of this.listeners) listener(change);
  }

  private index(): void {
    this.byPart = new Map();
    this.known.clear();
    for (const { id, secrets } of this.records.key.values())
      for (const { publicPart, hash, expiresAt = Number.POSITIVE_INFINITY } of secrets) {
        const candidate = { id, hash: Buffer.from(hash, "hex"), expiresAt };
        const same = this.byPart.get(publicPart);
        if (same === undefined) this.byPart.set(publicPart, [candidate]);
        else same.push(candidate);
      }
  }

  private of<K extends RecordKind>(kind: K): Records<K> {
    return this.records[kind] as Records<K>;
  }

  private stored<K extends RecordKind>(kind: K): RecordKinds[K][] {
    return [...this.of(kind).values()].filter(({ managed }) => managed === "store");
  }

  private replace<K extends RecordKind>(kind: K, next: Records<K>): void {
    const records = this.of(kind);
    const before = new Map(records);
    records.clear();
    for (const [id, record] of next) records.set(id, record);
    if (kind === "key") this.index();
    for (const id of new Set([...before.keys(), ...next.keys()]))
      if (before.get(id) !== next.get(id)) this.notify(kind, id);
  }
}

/** Makes the record of a key that a configuration declares. @param secret the secret itself, of any form */
export function declaredKey(
  id: string,
  secret: string,
  fields: Omit<KeyDraft, "id">,
  pepper: string,
): KeyRecord {
  const secrets = [secretRecord(secret, pepper, 0)];
  return { ...fields, id, secrets, createdAt: 0, revision: 1, managed: "file" };
}

function secretRecord(secret: string, pepper: string, createdAt: number): KeySecret {
  const hash = hashSecret(secret, pepper).toString("hex");
  return { publicPart: publicPartOf(secret), hash, pepper: pepperMark(pepper), createdAt };
}

function sorted<T extends { readonly id: string }>(records: ReadonlyMap<string, T>): readonly T[] {
  return [...records.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}
