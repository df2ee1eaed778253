import { systemClock } from "ai-lib";
import { bootPlan, FILE_NAMES, findFile } from "./boot.js";
import type { Declared } from "./config/declared.js";
import { configError } from "./config-error.js";
import { givenKey, withFirstKey } from "./first-key.js";
import type { Io } from "./io.js";
import { combine, unusableKeys } from "./keys/combined.js";
import { closedDiversions } from "./keys/diversions.js";
import { DirectoryError } from "./keys/key-directory.js";
import type { StoredRecords } from "./keys/key-store.js";
import type { ModelTable } from "./model-table.js";
import type { StoreState } from "./store/inspect-store.js";
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
  const plan = await bootPlan(file, io.environment);
  const { table, revision, storage } = plan;
  const declared = withFirstKey(plan.declared, givenKey(io.environment), plan.declared.pepper);
  const names = table.names();
  const state = store && storage.location !== undefined ? await inspect(storage.location) : undefined;
  const warnings =
    plan.config.open === true
      ? []
      : compare(state?.records ?? NOTHING, { ...plan.declared, ...declared }, table);
  io.stdout.write(`${file}: revision ${revision} can be served; models: ${names.join(", ")}\n`);
  io.stdout.write(`${store ? describeStore(storage.location, state) : "The store was not opened"}\n`);
  for (const line of warnings) io.stderr.write(`${line}\n`);
}

const NOTHING: StoredRecords = { keys: [], groups: [] };

async function inspect(location: StoreLocation): Promise<StoreState> {
  const { inspectStore } = await import("./store/inspect-store.js");
  return inspectStore(location);
}

/**
 * Puts the records of a file over those of the store, as a start does.
 * @returns which keys of the store a start would refuse, and which limits send calls where keys may not ask
 * @throws {AiLibError} `CONFIG_ERROR` for an id that both have
 */
function compare(stored: StoredRecords, declared: Declared, table: ModelTable): readonly string[] {
  try {
    const { key, group } = combine(stored, declared);
    return [
      ...unusableKeys([...key.values()], group, declared.pepper, systemClock.now()),
      ...closedDiversions(key.values(), group, (name) => table.named(name)?.route),
    ];
  } catch (error) {
    throw error instanceof DirectoryError ? configError(error.message) : error;
  }
}

/** What a start would find in the store. */
function describeStore(location: StoreLocation | undefined, state: StoreState | undefined): string {
  if (location === undefined || state === undefined) return "There is no store: the gateway keeps no ledger";
  const { version, newest } = state;
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
