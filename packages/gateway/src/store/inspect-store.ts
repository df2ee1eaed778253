import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { configError } from "../config-error.js";
import { type StoreLocation, TEMPORARY } from "./location.js";
import { type Database, one } from "./sql/database.js";
import { MIGRATIONS, refuseNewer } from "./sql/migrations.js";
import { openPostgres } from "./sql/postgres.js";
import { loadModule } from "./sql/sqlite.js";

/** What a start would find. */
export interface StoreState {
  /** The version of its schema; 0 for a store that a start makes. */
  readonly version: number;
  /** The version that a start brings it to. */
  readonly newest: number;
}

/** Milliseconds that one statement may take. */
const STATEMENT_MS = 10_000;

/**
 * Looks at a store, and changes nothing: whether it can be read and written, and which version its schema has.
 * @throws {AiLibError} `CONFIG_ERROR` for a store that a start could not use
 */
export async function inspectStore(location: StoreLocation): Promise<StoreState> {
  const version =
    "sqlite" in location ? await inspectFile(location.sqlite) : await inspectServer(location.postgres);
  refuseNewer(version);
  return { version, newest: MIGRATIONS.length };
}

async function inspectFile(path: string): Promise<number> {
  const { DatabaseSync } = await loadModule();
  if (path === ":memory:" || path === TEMPORARY) return 0;
  try {
    // SQLite writes files beside its own.
    accessSync(dirname(path), constants.R_OK | constants.W_OK | constants.X_OK);
    if (!existsSync(path)) return 0;
    accessSync(path, constants.R_OK | constants.W_OK);
    if (statSync(path).size === 0) return 0;
    const connection = new DatabaseSync(path, { readOnly: true });
    try {
      const read = (sql: string) => connection.prepare(sql).all() as { readonly version?: number }[];
      const [table] = read("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'gateway_schema'");
      return table === undefined ? 0 : Number(read("SELECT version FROM gateway_schema")[0]?.version ?? 0);
    } finally {
      connection.close();
    }
  } catch (error) {
    throw configError(`The store ${path} cannot be used: ${(error as Error).message}`);
  }
}

async function inspectServer(url: string): Promise<number> {
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
    if (version < MIGRATIONS.length && state?.["creates"] !== "true")
      throw configError(
        "The user of the store in PostgreSQL may not create tables, which a start has to: GRANT CREATE ON SCHEMA",
      );
    return version;
  } finally {
    await database.close();
  }
}

async function versionOf(database: Database): Promise<number> {
  try {
    return Number((await one(database, "SELECT version FROM gateway_schema", []))?.["version"] ?? 0);
  } catch (error) {
    throw configError(`The store in PostgreSQL cannot be used: ${(error as Error).message}`);
  }
}
