import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { AiLibError } from "ai-lib";
import { configError } from "../config-error.js";
import type { StoredRecords } from "../keys/key-store.js";
import type { GroupRecord, KeyRecord } from "../keys/record.js";
import { type StoreLocation, TEMPORARY } from "./location.js";
import { type Database, one, type SqlRow } from "./sql/database.js";
import { MIGRATIONS, refuseNewer } from "./sql/migrations.js";
import { openPostgres } from "./sql/postgres.js";
import { loadModule } from "./sql/sqlite.js";

/** What a start would find. */
export interface StoreState {
  /** The version of its schema; 0 for a store that a start makes. */
  readonly version: number;
  /** The version that a start brings it to. */
  readonly newest: number;
  /** Its keys and groups. */
  readonly records: StoredRecords;
}

/** What is found in a store. */
type Found = Omit<StoreState, "newest">;

const NOTHING: Found = { version: 0, records: { keys: [], groups: [] } };

const RECORDS = "SELECT kind, value FROM gateway_documents WHERE kind IN ('group', 'key') ORDER BY kind, id";

/** Milliseconds that one statement may take. */
const STATEMENT_MS = 10_000;

/**
 * Looks at a store, and changes nothing: whether it can be read and written, and which version its schema has.
 * @throws {AiLibError} `CONFIG_ERROR` for a store that a start could not use
 */
export async function inspectStore(location: StoreLocation): Promise<StoreState> {
  const found =
    "sqlite" in location ? await inspectFile(location.sqlite) : await inspectServer(location.postgres);
  return { ...found, newest: MIGRATIONS.length };
}

async function inspectFile(path: string): Promise<Found> {
  const { DatabaseSync } = await loadModule();
  if (path === ":memory:" || path === TEMPORARY) return NOTHING;
  try {
    // SQLite writes files beside its own.
    accessSync(dirname(path), constants.R_OK | constants.W_OK | constants.X_OK);
    if (!existsSync(path)) return NOTHING;
    accessSync(path, constants.R_OK | constants.W_OK);
    if (statSync(path).size === 0) return NOTHING;
    const connection = new DatabaseSync(path, { readOnly: true });
    try {
      const read = (sql: string) => connection.prepare(sql).all() as SqlRow[];
      const [table] = read("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'gateway_schema'");
      if (table === undefined) return NOTHING;
      const version = Number(read("SELECT version FROM gateway_schema")[0]?.["version"] ?? 0);
      refuseNewer(version);
      return version === 0 ? NOTHING : { version, records: recordsOf(read(RECORDS)) };
    } finally {
      connection.close();
    }
  } catch (error) {
    if (AiLibError.is(error)) throw error;
    throw configError(`The store ${path} cannot be used: ${(error as Error).message}`);
  }
}

async function inspectServer(url: string): Promise<Found> {
  const database = await openPostgres(url, { statementMs: STATEMENT_MS });
  try {
    const state = await one(
      database,
      `SELECT current_setting('transaction_read_only') AS read_only, CAST(to_regclass('gateway_schema') AS TEXT) AS found,
        CAST(COALESCE(has_schema_privilege(current_schema(), 'CREATE'), false) AS TEXT) AS creates`,
      [],
    );
    if (state?.["read_only"] === "on")
      throw configError(
        "The store in PostgreSQL takes no writes: it is a standby, or default_transaction_read_only is on. Name the primary server",
      );
    const version = state?.["found"] === null ? 0 : await versionOf(database);
    refuseNewer(version);
    if (version < MIGRATIONS.length && state?.["creates"] !== "true")
      throw configError(
        "The user of the store in PostgreSQL may not create tables, which a start has to: GRANT CREATE ON SCHEMA",
      );
    return version === 0 ? NOTHING : { version, records: recordsOf(await read(database, RECORDS)) };
  } finally {
    await database.close();
  }
}

async function versionOf(database: Database): Promise<number> {
  return Number((await read(database, "SELECT version FROM gateway_schema"))[0]?.["version"] ?? 0);
}

function recordsOf(rows: readonly SqlRow[]): StoredRecords {
  const of = <T>(kind: string) =>
    rows.flatMap((row) => (row["kind"] === kind ? [JSON.parse(String(row["value"])) as T] : []));
  return { keys: of<KeyRecord>("key"), groups: of<GroupRecord>("group") };
}

async function read(database: Database, sql: string): Promise<readonly SqlRow[]> {
  try {
    return await database.all(sql);
  } catch (error) {
    throw configError(`The store in PostgreSQL cannot be used: ${(error as Error).message}`);
  }
}
