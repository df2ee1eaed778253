import { describe, expect, it } from "vitest";
import { Directory, declaredKey } from "./directory.js";
import type { DirectoryChange, DirectoryError } from "./key-directory.js";
import { MemoryKeyStore } from "./key-store.js";

const DAY_MS = 86_400_000;

async function open(store = new MemoryKeyStore()) {
  const clock = { now: 1_000 };
  const directory = await Directory.open({ store, pepper: "salt", now: () => clock.now });
  return { directory, store, clock };
}

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: DirectoryError) => [error.code, error.field],
  );

/** A store whose next answer is lost: the change is made, or it is not. */
class LosingStore extends MemoryKeyStore {
  lost: "made" | "not made" | undefined;

  override put(...args: Parameters<MemoryKeyStore["put"]>): Promise<boolean> {
    return this.losing(() => super.put(...args));
  }

  override delete(...args: Parameters<MemoryKeyStore["delete"]>): Promise<boolean> {
    return this.losing(() => super.delete(...args));
  }

  private async losing(change: () => Promise<boolean>): Promise<boolean> {
    const { lost } = this;
    this.lost = undefined;
    if (lost === "not made") throw new Error("the store is away");
    const made = await change();
    if (lost === "made") throw new Error("the store is away");
    return made;
  }
}

describe("a directory whose store loses an answer", () => {
  it.each(["made", "not made"] as const)("goes on with what the store has: %s", async (lost) => {
    const store = new LosingStore();
    const { directory } = await open(store);
    await directory.declare({ keys: [declaredKey("filed", "secret", {}, "salt")], groups: [] });
    await directory.createKey({ id: "a" });
    store.lost = lost;
    await expect(directory.updateKey("a", { disabled: true })).rejects.toThrow("away");
    // The key can be revoked, and deleted, whatever came of the change before.
    expect(await directory.updateKey("a", { disabled: true })).toMatchObject({ disabled: true });
    store.lost = lost;
    await expect(directory.createKey({ id: "b" })).rejects.toThrow("away");
    expect(await code(directory.createKey({ id: "b" }))).toEqual(
      lost === "made" ? ["exists", "id"] : undefined,
    );
    store.lost = lost;
    await expect(directory.deleteKey("a")).rejects.toThrow("away");
    expect(await code(directory.deleteKey("a"))).toEqual(
      lost === "made" ? ["not_found", undefined] : undefined,
    );
    expect(directory.keys().map(({ id }) => id)).toEqual(["b", "filed"]);
    expect((await store.load()).keys.map(({ id }) => id)).toEqual(["b"]);
  });

  it("knows what another process changed after the first refusal, and declares its file without the store", async () => {
    const store = new LosingStore();
    const { directory } = await open(store);
    const { directory: other } = await open(store);
    const { secret } = await directory.createKey({ id: "a" });
    await expect(other.createKey({ id: "a" })).rejects.toMatchObject({ code: "version_conflict" });
    expect(other.find(secret)).toBe("a");
    await directory.updateKey("a", { name: "b" });
    expect(await code(other.updateKey("a", { name: "c" }))).toEqual(["version_conflict", undefined]);
    expect(await other.updateKey("a", { name: "c" })).toMatchObject({ name: "c", revision: 3 });
    store.lost = "made";
    await expect(other.deleteKey("a")).rejects.toThrow("away");
    store.load = () => Promise.reject(new Error("still away"));
    await other.declare({ keys: [declaredKey("filed", "secret", {}, "salt")], groups: [] });
    expect(other.find("secret")).toBe("filed");
  });
});

describe("a directory of keys", () => {
  it("issues a secret that it finds again and does not keep", async () => {
    const { directory, store } = await open();
    const { record, secret } = await directory.createKey({ name: "CI" });
    expect(secret).toMatch(/^aik_[\w-]{51}$/);
    expect(record.secrets[0]?.publicPart).toBe(secret.slice(4, 12));
    expect(directory.find(secret)).toBe(record.id);
    expect(directory.find(`${secret.slice(0, -1)}${secret.endsWith("A") ? "B" : "A"}`)).toBeUndefined();
    expect(JSON.stringify([await store.load(), directory.keys()])).not.toContain(secret.slice(12));
  });

  it("finds a key only with the pepper that it was made with", async () => {
    const { directory, store } = await open();
    const { secret } = await directory.createKey({});
    const other = await Directory.open({ store, pepper: "another" });
    expect(other.keys()).toHaveLength(1);
    expect(other.find(secret)).toBeUndefined();
  });

  it("has two secrets during the grace of a rotation, and one after it", async () => {
    const { directory, clock } = await open();
    const first = await directory.createKey({ id: "ci" });
    const second = await directory.rotateKey("ci", { graceMs: DAY_MS });
    expect([directory.find(first.secret), directory.find(second.secret)]).toEqual(["ci", "ci"]);
    clock.now += DAY_MS;
    expect([directory.find(first.secret), directory.find(second.secret)]).toEqual([undefined, "ci"]);
  });

  it("ends the oldest secret with a second rotation, and all but the newest without grace", async () => {
    const { directory } = await open();
    const first = await directory.createKey({ id: "ci" });
    const second = await directory.rotateKey("ci");
    const third = await directory.rotateKey("ci");
    expect([first, second, third].map(({ secret }) => directory.find(secret))).toEqual([
      undefined,
      "ci",
      "ci",
    ]);
    const fourth = await directory.rotateKey("ci", { graceMs: 0 });
    expect([third, fourth].map(({ secret }) => directory.find(secret))).toEqual([undefined, "ci"]);
  });

  it("keeps records across a restart, with the time of the last use", async () => {
    const { directory, store, clock } = await open();
    await directory.createGroup({ id: "acme", level: "organisation" });
    const { record, secret } = await directory.createKey({ group: "acme" });
    clock.now = 70_000;
    directory.noteUse(record.id);
    await directory.close();
    const again = await Directory.open({ store, pepper: "salt" });
    expect(again.find(secret)).toBe(record.id);
    expect(again.key(record.id)).toEqual({ ...record, lastUsedAt: 70_000 });
    expect(again.pathOf("key", record.id).map(({ id }) => id)).toEqual(["acme"]);
  });

  it("keeps the time of the last use through a change", async () => {
    const { directory, clock } = await open();
    const { record } = await directory.createKey({ id: "ci" });
    clock.now = 70_000;
    directory.noteUse("ci");
    await directory.close();
    const changed = await directory.updateKey("ci", { name: "CI" }, record.revision);
    expect([changed.lastUsedAt, directory.key("ci")?.lastUsedAt]).toEqual([70_000, 70_000]);
    clock.now = 80_000;
    directory.noteUse("ci");
    expect((await directory.rotateKey("ci")).record.lastUsedAt).toBe(80_000);
  });

  it("changes a record only for its revision", async () => {
    const { directory } = await open();
    const { record } = await directory.createKey({ id: "ci" });
    const next = await directory.updateKey("ci", { name: "CI" }, record.revision);
    expect(next).toMatchObject({ revision: 2, name: "CI", secrets: record.secrets });
    expect(await code(directory.updateKey("ci", {}, 1))).toEqual(["version_conflict", undefined]);
    expect(await code(directory.deleteKey("ci", 1))).toEqual(["version_conflict", undefined]);
    await directory.deleteKey("ci", 2);
    expect(await code(directory.deleteKey("ci"))).toEqual(["not_found", undefined]);
  });

  it("lets one of two changes of a revision through", async () => {
    const { directory } = await open();
    await directory.createKey({ id: "ci" });
    const both = [directory.updateKey("ci", { name: "a" }, 1), directory.updateKey("ci", { name: "b" }, 1)];
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
  });

  it.each([
    [{ limits: [{ tokens: 5 }] }, "limits[0]"],
    [{ limits: [{ tokens: 5, per: "minute" as const, requests: 1 }] }, "limits[0]"],
    [{ limits: [{ concurrent: 5, per: "minute" as const }] }, "limits[0].per"],
    [{ limits: [{ tokens: 0, per: "minute" as const }] }, "limits[0].tokens"],
    [{ limits: [{ requests: 5, per: "minute" as const, soft: true }] }, "limits[0].soft"],
    [
      {
        limits: [
          { tokens: 5, per: "day" as const },
          { tokens: 9, per: "day" as const, window: "aligned" as const },
        ],
      },
      "limits[1]",
    ],
    [{ networks: ["10.0.0.0/33"] }, "networks[0]"],
    [{ group: "nowhere" }, "group"],
    [{ id: "a b" }, "id"],
    [{ budget: 5 } as object, "budget"],
  ])("refuses %j", async (draft, field) => {
    const { directory } = await open();
    expect(await code(directory.createKey(draft))).toEqual(["invalid", field]);
  });

  it("keeps groups trees", async () => {
    const { directory } = await open();
    await directory.createGroup({ id: "acme", level: "organisation" });
    await directory.createGroup({ id: "search", parent: "acme" });
    await directory.createGroup({ id: "kim", level: "user", parent: "search" });
    expect(await code(directory.createGroup({ id: "in-kim", parent: "kim" }))).toEqual(["invalid", "parent"]);
    expect(await code(directory.updateGroup("search", { id: "search", parent: "search" }))).toEqual([
      "invalid",
      "parent",
    ]);
    expect(
      await code(directory.updateGroup("search", { id: "search", level: "user", parent: "acme" })),
    ).toEqual(["invalid", "parent"]);
    expect(await code(directory.deleteGroup("acme"))).toEqual(["in_use", undefined]);
    expect(await code(directory.createGroup({ id: "acme" }))).toEqual(["exists", "id"]);
  });

  it("has the keys of a file beside those of the store, and changes them only with the file", async () => {
    const { directory } = await open();
    await directory.createKey({ id: "stored" });
    const changes: DirectoryChange[] = [];
    directory.subscribe((change) => changes.push(change));
    await directory.declare({
      keys: [declaredKey("file", "any text of the operator", {}, "salt")],
      groups: [],
    });
    expect(directory.keys().map(({ id, managed }) => [id, managed])).toEqual([
      ["file", "file"],
      ["stored", "store"],
    ]);
    expect(directory.find("any text of the operator")).toBe("file");
    expect(await code(directory.rotateKey("file"))).toEqual(["file_managed", undefined]);
    await directory.declare({ keys: [], groups: [] });
    expect(directory.find("any text of the operator")).toBeUndefined();
    expect(changes.map(({ id, record }) => [id, record === undefined])).toEqual([
      ["file", false],
      ["file", true],
    ]);
    const same = directory.declare({ keys: [declaredKey("stored", "x", {}, "salt")], groups: [] });
    expect(await code(same)).toEqual(["exists", undefined]);
    const lost = directory.declare({ keys: [declaredKey("k", "x", { group: "none" }, "salt")], groups: [] });
    expect(await code(lost)).toEqual(["invalid", undefined]);
    const group = {
      id: "g",
      parent: "none",
      level: "team",
      createdAt: 0,
      revision: 1,
      managed: "file",
    } as const;
    expect(await code(directory.declare({ keys: [], groups: [group] }))).toEqual(["invalid", undefined]);
    expect(directory.keys().map(({ id }) => id)).toEqual(["stored"]);
  });
});
