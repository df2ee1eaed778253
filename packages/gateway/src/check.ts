import { bootPlan, FILE_NAMES, findFile } from "./boot.js";
import { configError } from "./config-error.js";
import type { Io } from "./io.js";
import { type StoreLocation, TEMPORARY } from "./store/location.js";

/** Options of `check`. */
export interface CheckOptions {
  /** Whether the store is opened too. Default true. */
  readonly store?: boolean;
}

/**
 * Checks a file as a start does, and the store that it names. Nothing is changed.
 * @throws {AiLibError} `CONFIG_ERROR` that lists every problem with its file and line, or says why the store cannot be
 *   used.
 */
export async function checkFile(
  io: Io,
  given: string | undefined,
  { store = true }: CheckOptions = {},
): Promise<void> {
  const file = findFile(given);
  if (file === undefined) throw configError(`There is no file to check: name one, or write ${FILE_NAMES[0]}`);
  const { table, revision, storage } = await bootPlan(file, io.environment);
  const names = table.names();
  io.stdout.write(`${file}: revision ${revision} can be served; models: ${names.join(", ")}\n`);
  io.stdout.write(`${store ? await describeStore(storage.location) : "The store was not opened"}\n`);
}

/** What a start would find in the store. */
async function describeStore(location: StoreLocation | undefined): Promise<string> {
  if (location === undefined) return "There is no store: the gateway keeps no ledger";
  const { inspectStore } = await import("./store/inspect-store.js");
  const { version, newest } = await inspectStore(location);
  const place =
    "postgres" in location
      ? "The store in PostgreSQL"
      : location.sqlite === ":memory:" || location.sqlite === TEMPORARY
        ? "The store in memory"
        : `The store ${location.sqlite}`;
  if (version === 0) return `${place} is new: a start makes its tables, of schema version ${newest}`;
  return version === newest
    ? `${place} can be opened; its schema has the newest version, ${newest}`
    : `${place} can be opened; its schema has version ${version}, and a start upgrades it to ${newest}`;
}
