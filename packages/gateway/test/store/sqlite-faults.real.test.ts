import { copyFile, mkdtemp, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { CallRates } from "../../src/ledger/call-rates.js";
import { LedgerQueue } from "../../src/ledger/queue.js";
import { openStore } from "../../src/store/open-store.js";
import type { Database } from "../../src/store/sql/database.js";
import { openSqlite } from "../../src/store/sql/sqlite.js";
import { SqlStore } from "../../src/store/sql/store.js";
import { call, packed } from "../support/calls.js";
import { ledgerRow } from "../support/rows.js";

let folder: string;
let path: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sqlite-faults-"));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  path = join(folder, `${++count}.db`);
});

/** A ledger whose connection the test can change. */
async function openLedger(): Promise<{ database: Database; store: SqlStore; queue: LedgerQueue }> {
  const database = await openSqlite(path);
  const store = await SqlStore.open(database, Date.now);
  const queue = new LedgerQueue({ store });
  queue.serve({ rates: new CallRates({ price: () => undefined, cost: () => undefined }, () => undefined) });
  return { database, store, queue };
}

async function stored(): Promise<number> {
  const store = await openStore({ sqlite: path });
  const { calls } = await store.usage.calls({ limit: 1_000 });
  const { total } = await store.usage.usage({ from: 0, to: Date.now() });
  await store.close();
  expect(total.calls).toBe(calls.length);
  return calls.length;
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1_500 && !holds(); i++) await sleep(10);
  expect(holds()).toBe(true);
}

const one = () => ({ calls: packed([call(Date.now())]), contents: [], rates: [] });

describe("a ledger in SQLite", () => {
  it.each([
    ["for a second", 1_000, 0],
    ["for longer than a write waits", 10_500, 1],
  ])(
    "waits while another process locks it %s",
    async (_, ms, failures) => {
      const { store, queue } = await openLedger();
      const other = await openSqlite(path);
      await other.run("BEGIN EXCLUSIVE");
      for (let i = 0; i < 10; i++) queue.record(ledgerRow());
      await sleep(ms);
      expect(queue.numbers()).toMatchObject({ queued: 10, failures });
      await other.run("COMMIT");
      await other.close();
      await until(() => queue.numbers().queued === 0);
      await queue.close();
      await store.close();
      expect(await stored()).toBe(10);
    },
    30_000,
  );

  it.each([
    ["the disk is full", "PRAGMA max_page_count = 1", "PRAGMA max_page_count = 100000"],
    ["the file is read-only", "PRAGMA query_only = 1", "PRAGMA query_only = 0"],
    [
      "a table is missing",
      "ALTER TABLE gateway_sums RENAME TO gone",
      "ALTER TABLE gone RENAME TO gateway_sums",
    ],
  ])("keeps calls while %s, and writes them afterwards", async (_, begin, end) => {
    const { database, store, queue } = await openLedger();
    await database.all(begin);
    let made = 0;
    for (let i = 0; i < 30; i++) {
      for (let n = 0; n < 20; n++, made++) queue.record(ledgerRow({ user: `user ${made}` }));
      await sleep(20);
    }
    await until(() => queue.numbers().failures >= 2);
    expect(queue.numbers()).toMatchObject({ droppedCalls: 0 });
    await database.all(end);
    await until(() => queue.numbers().queued === 0);
    expect(queue.numbers()).toMatchObject({ written: made, droppedCalls: 0 });
    await queue.close();
    await store.close();
    expect(await stored()).toBe(made);
  });

  it.each(["deleted", "replaced"])("is not written once its file was %s", async (how) => {
    const store = await openStore({ sqlite: path });
    await store.write(one());
    await copyFile(path, `${path}.copy`);
    await rm(path);
    if (how === "replaced") await copyFile(`${path}.copy`, path);
    for (const failed of [store.write(one()), store.usage.calls({}), store.documents.get("key", "a")]) {
      const error = await failed.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(String(error)).toContain(`${path} was ${how}`);
      expect(store.isTransient(error)).toBe(true);
    }
    await store.close();
    const left = await readFile(path).catch(() => undefined);
    expect(left).toEqual(how === "replaced" ? await readFile(`${path}.copy`) : undefined);
  });

  it("refuses a file that is damaged or no database, and leaves it as it is", async () => {
    await writeFile(path, "no database, but a text that is longer than a header of SQLite".repeat(100));
    await expect(openStore({ sqlite: path })).rejects.toMatchObject({
      code: "CONFIG_ERROR",
      message: expect.stringContaining("not a database"),
    });
    const damaged = join(folder, "damaged.db");
    const store = await openStore({ sqlite: damaged });
    await store.write(one());
    await store.close();
    const file = await open(damaged, "r+");
    await file.write(Buffer.alloc(4_000, 0xff), 0, 4_000, 100);
    await file.close();
    await expect(openStore({ sqlite: damaged })).rejects.toMatchObject({
      code: "CONFIG_ERROR",
      message: expect.stringContaining("malformed"),
    });
  });

  it("is not opened while another process locks it, and says why", async () => {
    const other = await openSqlite(path);
    await other.run("BEGIN EXCLUSIVE");
    await expect(openStore({ sqlite: path })).rejects.toMatchObject({
      code: "CONFIG_ERROR",
      message: "The store cannot be opened: database is locked",
    });
    await other.run("COMMIT");
    await other.close();
  }, 30_000);

  it("has a log that becomes short again after a reader let it grow", async () => {
    const store = await openStore({ sqlite: path });
    await store.write(one());
    const reader = await openSqlite(path);
    await reader.all("BEGIN");
    await reader.all("SELECT * FROM gateway_log");
    const text = JSON.stringify("x".repeat(200_000));
    for (let i = 0; i < 100; i++) {
      const written = call(Date.now());
      const content = { call: written.id, endedAt: written.endedAt, request: text, response: text };
      await store.write({ calls: packed([written]), contents: [content], rates: [] });
    }
    const bytes = async () => (await stat(`${path}-wal`)).size;
    expect(await bytes()).toBeGreaterThan(30e6);
    await reader.all("COMMIT");
    await reader.close();
    for (let i = 0; i < 3; i++) await store.write(one());
    expect(await bytes()).toBeLessThan(17e6);
    await store.close();
  });

  it("is whole in its file once it is closed", async () => {
    const store = await openStore({ sqlite: path });
    await store.write(one());
    await store.close();
    await copyFile(path, `${path}.copy`);
    path = `${path}.copy`;
    expect(await stored()).toBe(1);
  });

  it("counts what two processes write at the same time", async () => {
    const stores = [await openStore({ sqlite: path }), await openStore({ sqlite: path })];
    await Promise.all(
      stores.flatMap((store) =>
        Array.from({ length: 50 }, async (_, index) => {
          await sleep(index);
          await store.write(one());
        }),
      ),
    );
    for (const store of stores) await store.close();
    expect(await stored()).toBe(100);
  });
});
