import { closeSync, openSync, statSync } from "node:fs";

/** The file of a store is not the one that was opened. */
export class FileChanged extends Error {
  override readonly name = "FileChanged";

  constructor(path: string, how: "deleted" | "replaced") {
    super(
      `The file ${path} was ${how} while the gateway had it open: stop the gateway, delete ${path}-wal and ${path}-shm, and start it again`,
    );
  }
}

/**
 * The file of a store. SQLite goes on with a file that was deleted, and what it writes then is lost when it closes it. A
 * new file is not opened here: connections to both files would share one log, which damages the new one
 * (https://www.sqlite.org/howtocorrupt.html#_unlinking_or_renaming_a_database_file_while_in_use).
 */
export class SqliteFile {
  private constructor(
    private readonly path: string,
    private readonly id: string | undefined,
  ) {}

  /** Makes the file, if there is none, so that only its owner can read it. `:memory:` and `""` are no files. */
  static make(path: string): SqliteFile {
    if (path === ":memory:" || path === "") return new SqliteFile(path, undefined);
    closeSync(openSync(path, "a", 0o600));
    return new SqliteFile(path, idOf(path));
  }

  /** @throws {FileChanged} for a file that was deleted or replaced. */
  check(): void {
    if (this.id === undefined) return;
    const now = idOf(this.path);
    if (now !== this.id) throw new FileChanged(this.path, now === undefined ? "deleted" : "replaced");
  }
}

function idOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.dev} ${found.ino}`;
}
