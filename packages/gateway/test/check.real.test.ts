import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Directory } from "../src/keys/directory.js";
import type { GroupRecord, Limit } from "../src/keys/record.js";
import type { StoreLocation } from "../src/store/location.js";
import { openStore } from "../src/store/open-store.js";
import type { Database } from "../src/store/sql/database.js";
import { MIGRATIONS, migrate } from "../src/store/sql/migrations.js";
import { openPostgres } from "../src/store/sql/postgres.js";
import { openSqlite } from "../src/store/sql/sqlite.js";
import { StoredKeys } from "../src/store/stored-keys.js";
import { Command } from "./support/command.js";
import { type Postgres, startPostgres } from "./support/postgres.js";

const NEWEST = MIGRATIONS.length;
const ACME: GroupRecord = {
  ...{ id: "acme", level: "organisation", createdAt: 0, revision: 1, managed: "file" },
};
const DIVERTED: Limit = { requests: 1, per: "day", onExhausted: { route: "cheap" } };

let folder: string;
let postgres: Postgres;
let count = 0;
/** More variables of a command. */
let environment: Readonly<Record<string, string>> = {};
afterEach(() => {
  environment = {};
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gateway-check-"));
  postgres = await startPostgres();
}, 60_000);
afterAll(async () => {
  await postgres?.close();
  rmSync(folder, { recursive: true });
}, 60_000);

const places: Readonly<Record<string, () => Promise<StoreLocation>>> = {
  SQLite: async () => ({ sqlite: join(folder, `${++count}.db`) }),
  PostgreSQL: async () => ({ postgres: await postgres.database(`check_${++count}`) }),
};

/** Runs `check` for a file with this store. */
function check(location: StoreLocation | "none", ...options: string[]) {
  return checkConfig({}, location, ...options);
}

/** Runs `check` for a file with more of a configuration. */
async function checkConfig(
  more: object,
  location: StoreLocation | "none",
  ...options: string[]
): Promise<{ code: number; out: string; error: string }> {
  const file = join(folder, `${++count}.json`);
  const store =
    location === "none" || "sqlite" in location ? location : { postgres: { env: "DATABASE_URL" } };
  const providers = { up: { dialect: "openai-chat", baseUrl: "http://127.0.0.1:9/v1", model: "m" } };
  writeFileSync(file, JSON.stringify({ providers, store, ...more }));
  const database =
    typeof location === "object" && "postgres" in location ? { DATABASE_URL: location.postgres } : {};
  const command = new Command(["check", file, ...options], {
    ...{ TEAM_KEY: "0123456789abcdef", ...environment },
    ...database,
  });
  return { code: await command.code, out: command.out, error: command.error };
}

function openDatabase(place: StoreLocation): Promise<Database> {
  return "sqlite" in place ? openSqlite(place.sqlite) : openPostgres(place.postgres);
}

/** What there is of a store, to see that nothing changes. */
async function contentOf(place: StoreLocation): Promise<unknown> {
  if ("sqlite" in place) return existsSync(place.sqlite) && readFileSync(place.sqlite, "hex");
  const database = await openPostgres(place.postgres);
  const tables = await database.all("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
  await database.close();
  return tables;
}

describe.each(Object.entries(places))("check of a file with a store in %s", (_, place) => {
  it("says that a start makes its tables, and makes none", async () => {
    const where = await place();
    const before = await contentOf(where);
    const files = new Set(readdirSync(folder));
    expect(await check(where)).toMatchObject({
      code: 0,
      error: "",
      out: expect.stringContaining(`is new: a start makes its tables, of schema version ${NEWEST}`),
    });
    expect(await contentOf(where)).toEqual(before);
    // Of the configuration alone. Files of stores that close may go meanwhile.
    expect(readdirSync(folder).filter((name) => !files.has(name))).toHaveLength(1);
  });

  it("says that it has the newest version, also while a gateway has it open", async () => {
    const where = await place();
    const store = await openStore(where);
    const words = expect.stringContaining(`can be opened; its schema has the newest version, ${NEWEST}`);
    expect(await check(where)).toMatchObject({ code: 0, out: words });
    await store.close();
    const before = await contentOf(where);
    expect(await check(where)).toMatchObject({ code: 0, out: words });
    expect(await contentOf(where)).toEqual(before);
  });

  it("says that a start upgrades an older version, and does not", async () => {
    const where = await place();
    const database = await openDatabase(where);
    await migrate(database, MIGRATIONS.slice(0, 2));
    await database.close();
    for (let i = 0; i < 2; i++)
      expect((await check(where)).out).toContain(
        `its schema has version 2, and a start upgrades it to ${NEWEST}`,
      );
  });

  it("compares the keys and groups of the file with those of the store, as a start does", async () => {
    const where = await place();
    const store = await openStore(where);
    const directory = await Directory.open({ store: new StoredKeys(store.documents) });
    await directory.declare({ keys: [], groups: [ACME] });
    await directory.createKey({ id: "tk", group: "acme" });
    await directory.createGroup({ id: "team1", parent: "acme" });
    await store.close();
    const before = await contentOf(where);
    const groups = { acme: { level: "organisation" } };
    expect(await checkConfig({ groups }, where)).toMatchObject({ code: 0, error: "" });
    const lost = "The key tk of the store is refused: there is no group acme. ";
    expect(await checkConfig({}, where)).toMatchObject({ code: 0, error: expect.stringContaining(lost) });
    expect(await checkConfig({}, where, "--no-store")).toMatchObject({ code: 0, error: "" });
    expect(await checkConfig({ open: true }, where)).toMatchObject({ code: 0, error: "" });
    for (const [kind, id, more] of [
      ["key", "tk", { groups, keys: { tk: { env: "TEAM_KEY" } } }],
      ["group", "team1", { groups: { ...groups, team1: {} } }],
    ] as const) {
      const { code, error, out } = await checkConfig(more, where);
      expect([code, out]).toEqual([2, ""]);
      expect(error).toContain(
        `The configuration declares the ${kind} ${id}, and the store has one of this id`,
      );
    }
    expect(await contentOf(where)).toEqual(before);
  });

  it("names limits that send calls to routes for which their keys may not ask, as a start does", async () => {
    const where = await place();
    const store = await openStore(where);
    const directory = await Directory.open({ store: new StoredKeys(store.documents) });
    await directory.createKey({ id: "stored", models: ["chat"], limits: [DIVERTED] });
    await store.close();
    const keys = {
      open: { secret: { env: "TEAM_KEY" }, group: "acme" },
      narrow: { secret: { env: "OTHER_KEY" }, group: "acme", routes: ["chat"] },
    };
    environment = { OTHER_KEY: "0123456789abcdefg" };
    const file = { groups: { acme: { limits: [DIVERTED] } }, keys, routes: { chat: "up", cheap: "up" } };
    const lines = (await checkConfig(file, where)).error.trim().split("\n");
    expect(lines).toEqual([
      expect.stringMatching(/^The key stored may not ask for cheap, so its calls are refused /),
      expect.stringMatching(/^The key narrow may not ask for cheap, /),
    ]);
    expect((await checkConfig(file, where, "--no-store")).error).toMatch(/^The key narrow .*\n$/);
    expect(await checkConfig({ routes: file.routes, open: true }, where)).toMatchObject({
      code: 0,
      error: "",
    });
  });

  it("knows the key of the environment, as a start does", async () => {
    const where = await place();
    const store = await openStore(where);
    const directory = await Directory.open({ store: new StoredKeys(store.documents) });
    await directory.createKey({ id: "first" });
    await store.close();
    expect(await check(where)).toMatchObject({ code: 0, error: "" });
    environment = { AI_LIB_GATEWAY_KEY: "0123456789abcdef" };
    expect(await check(where)).toMatchObject({ code: 2, error: expect.stringContaining("the key first") });
    const keys = { tk: { env: "TEAM_KEY" } };
    expect(await checkConfig({ keys }, where)).toMatchObject({ code: 0, error: "" });
    environment = { AI_LIB_GATEWAY_KEY: "short" };
    expect(await check(where)).toMatchObject({
      code: 2,
      error: expect.stringContaining("AI_LIB_GATEWAY_KEY"),
    });
  });

  it("refuses a newer version, as a start does", async () => {
    const where = await place();
    const database = await openDatabase(where);
    await migrate(database, [...MIGRATIONS, { statements: [] }]);
    await database.close();
    const { code, error } = await check(where);
    expect([code, error]).toEqual([2, expect.stringContaining(`has schema version ${NEWEST + 1}`)]);
  });
});

describe("check", () => {
  it("names a file or a folder that cannot be used", async () => {
    const garbage = join(folder, "garbage.db");
    writeFileSync(garbage, "this is no database ".repeat(500));
    expect(await check({ sqlite: garbage })).toMatchObject({
      code: 2,
      error: expect.stringContaining(garbage),
    });
    const away = join(folder, "no-such-folder", "a.db");
    expect(await check({ sqlite: away })).toMatchObject({
      code: 2,
      error: expect.stringContaining("no-such-folder"),
    });
  });

  it("says why a server cannot be used, without its password", async () => {
    const { code, error, out } = await check({ postgres: "postgres://a:the-password@127.0.0.1:9/b" });
    expect([code, error]).toEqual([2, expect.stringContaining("The store in PostgreSQL cannot be used")]);
    expect(`${error}${out}`).not.toContain("the-password");
  });

  it("refuses a server that takes no writes", async () => {
    const name = `check_${++count}`;
    const url = await postgres.database(name);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    await client.end();
    const { code, error } = await check({ postgres: url });
    expect([code, error]).toEqual([2, expect.stringContaining("takes no writes")]);
  });

  it("refuses a user of the server who may not create tables", async () => {
    const url = await postgres.database(`check_${++count}`);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query(`CREATE ROLE reader_${count} LOGIN`);
    await client.end();
    const { code, error } = await check({ postgres: url.replace("gateway@", `reader_${count}@`) });
    expect([code, error]).toEqual([2, expect.stringContaining("may not create tables")]);
  });

  it("leaves the store alone if asked to, and where there is none", async () => {
    expect(await check({ postgres: "postgres://a@127.0.0.1:9/b" }, "--no-store")).toMatchObject({
      code: 0,
      out: expect.stringContaining("The store was not opened"),
    });
    expect((await check("none")).out).toContain("There is no store");
    expect((await check({ sqlite: ":memory:" })).out).toContain("The store in memory is new");
  });
});
