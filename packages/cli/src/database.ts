import { constants } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { usageError } from "./errors.js";
import { openPrivate } from "./private-file.js";

/** What commands need of `node:sqlite`, which the package @photostructure/sqlite has too. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): {
    run(...values: readonly (string | number | null | Uint8Array)[]): unknown;
    get(...values: readonly (string | number)[]): unknown;
    all(...values: readonly (string | number)[]): unknown[];
  };
  close(): void;
}

type Opener = { readonly DatabaseSync: new (path: string) => Database };

/**
 * Opens an SQLite file that only its owner can read, and creates it where there is none. SQLite is that of Node since
 * 22.13, else that of a package with the same classes.
 * @param what what needs it, for the error: `"Collections"`
 * @throws {AiLibError} `CONFIG_ERROR` where there is no SQLite, where others may read the file, and for one that is none.
 */
export async function openDatabase(what: string, path: string, schema: string): Promise<Database> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await openPrivate(path, constants.O_RDWR | constants.O_CREAT);
  await file.close();
  for (const name of ["node:sqlite", "@photostructure/sqlite"]) {
    let module: Opener;
    try {
      module = (await import(name)) as Opener;
    } catch {
      continue;
    }
    try {
      const database = new module.DatabaseSync(path);
      database.exec("PRAGMA busy_timeout = 5000");
      database.exec(schema);
      return database;
    } catch (error) {
      throw usageError(`${what} cannot use ${path}: ${(error as Error).message}`);
    }
  }
  throw usageError(
    `${what} need SQLite: use Node 22.13 or later, or run \`npm install --global @photostructure/sqlite\``,
  );
}
