import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Attempt } from "ai-lib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { GroupRecord, KeyRecord } from "../../src/keys/record.js";
import { CallRates } from "../../src/ledger/call-rates.js";
import { ContentWriter } from "../../src/ledger/content.js";
import { LedgerQueue } from "../../src/ledger/queue.js";
import type { StoreLocation } from "../../src/store/location.js";
import { openStore } from "../../src/store/open-store.js";
import type { Database } from "../../src/store/sql/database.js";
import { MIGRATIONS, migrate } from "../../src/store/sql/migrations.js";
import { openPostgres } from "../../src/store/sql/postgres.js";
import { openSqlite } from "../../src/store/sql/sqlite.js";
import { StoredKeys } from "../../src/store/stored-keys.js";
import { attempt, call, packed } from "../support/calls.js";
import { writeVersion2, writeVersion3 } from "../support/old-schema.js";
import { type Postgres, startPostgres } from "../support/postgres.js";
import { ledgerRow } from "../support/rows.js";
import { storeContract } from "./contract.js";

let folder: string;
let postgres: Postgres;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "gateway-store-"));
  postgres = await startPostgres();
}, 60_000);
afterAll(async () => {
  await postgres?.close();
  await rm(folder, { recursive: true });
}, 60_000);

const places: Readonly<Record<string, () => Promise<StoreLocation>>> = {
  SQLite: async () => ({ sqlite: join(folder, `${++count}.db`) }),
  PostgreSQL: async () => ({ postgres: await postgres.database(`store_${++count}`) }),
};

function openDatabase(place: StoreLocation): Promise<Database> {
  return "sqlite" in place ? openSqlite(place.sqlite) : openPostgres(place.postgres);
}

describe.each(Object.entries(places))("a store in %s", (_name, place) => {
  storeContract(async (now) => openStore(await place(), now));

  it("is there after it was closed", async () => {
    const where = await place();
    const first = await openStore(where);
    await first.write({ calls: packed([call(1_000)]), contents: [], rates: [] });
    await first.close();
    const second = await openStore(where);
    expect((await second.usage.calls({})).calls).toHaveLength(1);
    await second.close();
  });

  it("goes through the steps of its schema once, and keeps what it has", async () => {
    const where = await place();
    const first = await openStore(where);
    await first.write({ calls: packed([call(1_000)]), contents: [], rates: [] });
    await first.close();
    const database = await openDatabase(where);
    const next = { statements: ["ALTER TABLE gateway_log ADD COLUMN region TEXT"] };
    await migrate(database, [...MIGRATIONS, next]);
    await migrate(database, [...MIGRATIONS, next]);
    expect(await database.all("SELECT region, key_id FROM gateway_log")).toEqual([
      { region: null, key_id: "team-a" },
    ]);
    expect(await database.all("SELECT version FROM gateway_schema")).toEqual([
      { version: MIGRATIONS.length + 1 },
    ]);
    await database.close();
    await expect(openStore(where)).rejects.toMatchObject({
      code: "CONFIG_ERROR",
      message: expect.stringContaining(`schema version ${MIGRATIONS.length + 1}`),
    });
  });

  it("brings what version 2 of its schema had into the log", async () => {
    const where = await place();
    const database = await openDatabase(where);
    await migrate(database, MIGRATIONS.slice(0, 2));
    const at = Date.UTC(2026, 9, 1);
    const meters = { input: 9, output: 8, cached: 7, cacheWrite: 6, reasoning: 5 };
    const calls = [
      call(at + 5, {
        ...{ startedAt: at, user: "ann", session: "s", tags: ["a", "b"], mode: "stream" },
        attempts: [
          attempt({ outcome: "skipped", meters: undefined, rate: undefined, code: "CIRCUIT_OPEN" }),
          attempt({
            outcome: "error",
            status: 429,
            meters: { ...meters, others: { "in:audio": 2 } },
            billed: 2,
          }),
          attempt({ startedAt: at + 1, endedAt: at + 4, firstContentMs: 2, estimated: true }),
        ].map((each) => ({ ...each, startedAt: at + 1, endedAt: at + 4 })),
      }),
      call(at + 6, { attempts: [], status: "cancelled", code: "CANCELLED", model: undefined, groups: [] }),
      call(at + 7, { user: "ann", session: "s" }),
      call(at + 8),
      call(at + 9, { user: "bob", key: "other", attempts: [attempt({ rate: undefined, status: 200 })] }),
    ];
    await writeVersion2(database, calls);
    const tables = ["gateway_calls ORDER BY ended_at", "gateway_attempts ORDER BY call_id, n"];
    const read = async () => {
      const found = await Promise.all(tables.map((table) => database.all(`SELECT * FROM ${table}`)));
      return found.map((rows) => rows.map((row) => ({ ...row })));
    };
    const before = await read();
    await migrate(database);
    // The views of calls and attempts have the columns and rows of the tables before, and the dialects of providers.
    const [callsBefore, attemptsBefore = []] = before;
    expect(await read()).toEqual([callsBefore, attemptsBefore.map((row) => ({ ...row, dialect: null }))]);
    await database.close();
    const store = await openStore(where);
    const { calls: kept } = await store.usage.calls({ after: { at: 0, id: "" } });
    expect(kept).toMatchObject(calls);
    for (const { id } of calls) expect(await store.usage.call(id)).toMatchObject({ id });
    const day = { from: at, to: at + 1 };
    const sessions = async () => (await store.usage.usage({ ...day, groupBy: ["session"] })).groups;
    expect(await sessions()).toMatchObject([{ by: { session: "s" }, calls: 2 }]);
    await store.write(
      {
        ...{
          calls: packed([call(at + 10, { user: "ann", session: "s" }), ...calls]),
          contents: [],
          rates: [],
        },
      },
      true,
    );
    expect(await sessions()).toMatchObject([{ by: { session: "s" }, calls: 3 }]);
    expect((await store.usage.calls({ filter: { user: "ann" } })).calls).toHaveLength(3);
    await store.close();
  });

  it("keeps what version 3 of its schema had, and knows the dialects of providers from then on", async () => {
    const where = await place();
    const database = await openDatabase(where);
    await migrate(database, MIGRATIONS.slice(0, 3));
    const at = Date.UTC(2026, 9, 1);
    const calls = [
      call(at, { user: "ann", session: "s", tags: ["a"] }),
      call(at + 1, { attempts: [], status: "error", code: "TIMEOUT" }),
      call(at + 2, {
        attempts: [
          attempt({ outcome: "error", code: "RATE_LIMIT", status: 429, billed: 0.5, estimated: true }),
        ],
      }),
    ];
    await writeVersion3(database, calls);
    const content = { call: calls[0]?.id ?? "", endedAt: at, request: '{"a":1}', response: undefined };
    const columns = "call_id, ended_at, request";
    await database.run(`INSERT INTO gateway_contents (${columns}) VALUES (?, ?, ?)`, [
      ...[content.call, content.endedAt, content.request],
    ]);
    await migrate(database);
    expect(await database.all("SELECT dialect FROM gateway_attempts")).toEqual([
      { dialect: null },
      { dialect: null },
    ]);
    await database.close();
    const store = await openStore(where);
    const before = await store.usage.calls({ after: { at: 0, id: "" } });
    expect(before.calls).toMatchObject(calls);
    expect(before.calls.flatMap(({ attempts }) => attempts.map(({ dialect }) => dialect))).toEqual([
      undefined,
      undefined,
    ]);
    expect(await store.usage.content(content.call)).toEqual(content);
    const day = { from: at, to: at + 86_400_000 };
    expect((await store.usage.usage(day)).total).toMatchObject({ calls: 3, attempts: 2, input: 200 });
    const next = call(at + 3, {
      attempts: [attempt({ dialect: "gemini" }), attempt({ dialect: "deepgram-speak" }), attempt()],
    });
    // Those that the store has are sent again.
    await store.write({ calls: packed([...calls, next]), contents: [], rates: [] }, true);
    const found = await store.usage.calls({ after: { at: 0, id: "" } });
    expect(found.calls).toMatchObject([...before.calls, next]);
    expect((await store.usage.usage(day)).total).toMatchObject({ calls: 4, attempts: 5 });
    await store.close();
    const views = await openDatabase(where);
    const rows = await views.all("SELECT dialect FROM gateway_attempts WHERE call_id = ? ORDER BY n", [
      next.id,
    ]);
    expect(rows.map(({ dialect }) => dialect)).toEqual(["gemini", "deepgram-speak", null]);
    await views.close();
  });

  it("brings what version 1 of its schema had into the log", async () => {
    const where = await place();
    const database = await openDatabase(where);
    await migrate(database, MIGRATIONS.slice(0, 1));
    const at = Date.UTC(2026, 9, 1);
    const calls = [call(at), call(at + 1, { user: "ann", tags: ["a"] }), call(at + 2, { attempts: [] })];
    await writeVersion2(database, calls);
    await database.close();
    const store = await openStore(where);
    expect((await store.usage.calls({ after: { at: 0, id: "" } })).calls).toMatchObject(calls);
    // Its sums are those of the two calls with an attempt.
    expect((await store.usage.usage({ from: at, to: at + 86_400_000 })).total).toMatchObject({
      calls: 2,
      input: 200,
    });
    await store.write({ calls: packed([call(at + 3, { user: "ann" })]), contents: [], rates: [] });
    expect((await store.usage.calls({ filter: { user: "ann" } })).calls).toHaveLength(2);
    await store.close();
  });

  it("takes whatever clients and providers say", async () => {
    const store = await openStore(await place());
    const queue = new LedgerQueue({ store });
    const price = { input: 1, output: 1 };
    const content = new ContentWriter([]);
    queue.serve({
      rates: new CallRates({ price: () => price, cost: () => undefined }, () => undefined),
      content,
    });
    const half = "a\ud83d";
    const strange = ["a\0b", half, `${"x".repeat(255)}\u{1f389}`, "\u202e", "'; --", "\\", "{}", "null"];
    const [plain] = ledgerRow().end.attempts;
    for (const text of strange) {
      const usage = {
        ...{ inputTokens: 1e300, outputTokens: 0.5, cachedInputTokens: -1, reasoningTokens: 2 ** 60 },
        toolUses: { [text]: 2 },
        units: { seconds: Number.MAX_VALUE },
      };
      const attempt = { ...plain, usage, target: { provider: text, model: text } } as Attempt;
      queue.record(
        ledgerRow({
          ...{ model: text, user: text, session: text, tags: [text, "plain"], serviceTier: text },
          content: { request: { text }, response: { text, more: [text] } },
          end: { status: "success", usage: undefined, estimated: false, attempts: [attempt, attempt] },
        }),
      );
    }
    await queue.close();
    expect(queue.numbers()).toMatchObject({ written: strange.length, failures: 0, droppedCalls: 0 });
    const { calls } = await store.usage.calls({ filter: { tag: "plain" } });
    expect(calls).toHaveLength(strange.length);
    for (const { id, meters } of calls) {
      expect(meters).toMatchObject({ input: 2e9, output: 2, cached: 0, reasoning: 2e9 });
      expect((await store.usage.content(id))?.request).toContain("text");
    }
    const { groups } = await store.usage.usage({
      from: 0,
      to: Date.now(),
      groupBy: ["user", "model", "route"],
    });
    expect(groups).toHaveLength(strange.length);
    for (const user of ["a\ufffdb", half, "'; --", "null"])
      expect((await store.usage.calls({ filter: { user } })).calls).toHaveLength(1);
    await store.close();
  });

  it("has ids that nobody can compute elsewhere, and one id for what it has in common over restarts", async () => {
    const ids: unknown[] = [];
    const calls = packed([call(1_000, { session: "s" })]);
    for (const where of [await place(), await place()]) {
      for (const again of [false, true]) {
        const store = await openStore(where);
        await store.write({
          calls: again ? packed([call(2_000, { session: "s" })]) : calls,
          contents: [],
          rates: [],
        });
        await store.close();
      }
      const database = await openDatabase(where);
      for (const table of ["dimensions", "forms", "sessions"]) {
        const rows = await database.all(`SELECT id FROM gateway_${table}`);
        expect([table, rows.length]).toEqual([table, 1]);
        ids.push(...rows.map(({ id }) => id));
      }
      await database.close();
    }
    expect(new Set(ids).size).toBe(6);
  });

  it("takes no half of a step", async () => {
    const where = await place();
    const database = await openDatabase(where);
    const broken = { statements: ["CREATE TABLE gateway_new (a BIGINT)", "CREATE NONSENSE"] };
    await expect(migrate(database, [...MIGRATIONS, broken])).rejects.toThrow();
    await expect(database.all("SELECT * FROM gateway_new")).rejects.toThrow();
    await migrate(database);
    await database.close();
  });

  it("is opened by several processes that start at the same time", async () => {
    const where = await place();
    const stores = await Promise.all([openStore(where), openStore(where), openStore(where)]);
    await Promise.all(
      stores.map((store) => store.write({ calls: packed([call(1_000)]), contents: [], rates: [] })),
    );
    expect((await stores[0]?.usage.usage({ from: 0, to: 3_600_000 }))?.total.calls).toBe(3);
    for (const store of stores) await store.close();
  });
});

describe("keys and groups in a store", () => {
  it("are read with when they were used, and change by their revision", async () => {
    const store = await openStore({ sqlite: ":memory:" });
    const keys = new StoredKeys(store.documents);
    const common = { createdAt: 1, managed: "store" as const };
    const secrets = [{ publicPart: "abcdefgh", hash: "00", createdAt: 1 }];
    const key: KeyRecord = { ...common, id: "k", revision: 1, group: "g", secrets };
    const group: GroupRecord = { ...common, id: "g", revision: 1, level: "team" };
    expect(await keys.put("key", key)).toBe(true);
    expect(await keys.put("group", group)).toBe(true);
    expect(await keys.put("key", key)).toBe(false);
    await keys.noteUse(new Map([["k", 1_000]]));
    expect(await keys.load()).toEqual({ keys: [{ ...key, lastUsedAt: 1_000 }], groups: [group] });
    expect(await keys.delete("key", "k", 2)).toBe(false);
    expect(await keys.delete("key", "k", 1)).toBe(true);
    await store.close();
  });
});

describe("a store", () => {
  it("in SQLite is a file that only its owner reads", async () => {
    const path = join(folder, "private.db");
    const store = await openStore({ sqlite: path });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(`${path}-wal`)).mode & 0o777).toBe(0o600);
    await store.close();
  });

  it("that cannot be used is a configuration error, without the password", async () => {
    await expect(openStore({ sqlite: folder })).rejects.toMatchObject({ code: "CONFIG_ERROR" });
    await expect(openStore({ sqlite: join(folder, "no", "such", "folder") })).rejects.toMatchObject({
      code: "CONFIG_ERROR",
    });
    for (const url of ["postgres://u:hunter2@127.0.0.1:1/a", "postgres://u:hunter2@127.0.0.1:bad/a"]) {
      const error: Error = await openStore({ postgres: url }).then(Promise.reject, (reason) => reason);
      expect(error).toMatchObject({ code: "CONFIG_ERROR" });
      expect(String(error.stack)).not.toContain("hunter2");
    }
  });
});
