import { systemClock } from "ai-lib";
import type { StoreLocation } from "./location.js";
import { openPostgres } from "./sql/postgres.js";
import { openSqlite } from "./sql/sqlite.js";
import { SqlStore } from "./sql/store.js";

/**
 * Opens a store in this thread, and brings its schema to the newest version.
 * @param now epoch milliseconds. Default: the system clock
 * @throws {AiLibError} `CONFIG_ERROR` for a store that cannot be used, and for one of a newer version.
 */
export async function openStore(
  location: StoreLocation,
  now: () => number = systemClock.now,
): Promise<SqlStore> {
  const database =
    "sqlite" in location ? await openSqlite(location.sqlite) : await openPostgres(location.postgres);
  return SqlStore.open(database, now);
}
