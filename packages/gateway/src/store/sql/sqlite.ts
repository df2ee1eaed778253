import { systemClock } from "ai-lib";
import { configError } from "../../config-error.js";
import type { Database, SqlRow, SqlRunner, SqlValue, Table } from "./database.js";
import { placeholders } from "./database.js";
import { FileChanged, SqliteFile } from "./sqlite-file.js";

/** What is used of `node:sqlite`, which the package @photostructure/sqlite has too. */
interface Statement {
  run(...values: readonly SqlValue[]): { readonly changes: number | bigint };
  all(...values: readonly SqlValue[]): unknown[];
}

interface Connection {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

type Module = {
  readonly DatabaseSync: new (path: string, options?: { readonly readOnly?: boolean }) => Connection;
};

/** Rows that one statement inserts: each statement that runs takes as long as several values. */
const ROWS_TOGETHER = 16;

/** Statements that stay prepared. */
const MAX_STATEMENTS = 200;

/**
 * Codes of SQLite that tell of the values of a statement: too big, constraint, mismatch, misuse, range. All others tell
 * of the file or of the machine, which somebody can change: locked, full, read-only, corrupt.
 * https://www.sqlite.org/rescode.html
 */
const OF_VALUES: ReadonlySet<number> = new Set([18, 19, 20, 21, 25]);

const BUSY = 5;

/** Milliseconds that a statement waits for another process that writes. */
const BUSY_MS = 10_000;

/**
 * Bytes of the log of SQLite after which its pages are written into the file, and which it keeps on disk from then on.
 * Neighbouring calls change the same pages, so that a page is written once for many of them: with SQLite's default of
 * 4 MB, a call takes about a third more of the thread that writes.
 */
const LOG_BYTES = 16 * 1024 * 1024;
/** Bytes of a page: the default of SQLite. */
const PAGE_BYTES = 4_096;

/**
 * Opens a file of SQLite, which only its owner can read; `:memory:`, or `""`, for one that ends with the process.
 * @throws {AiLibError} `CONFIG_ERROR` where there is no SQLite, and for a file that cannot be used.
 */
export async function openSqlite(path: string): Promise<Database> {
  const { DatabaseSync } = await loadModule();
  try {
    const file = SqliteFile.make(path);
    const connection = new DatabaseSync(path);
    connection.exec("PRAGMA busy_timeout = 1000");
    connection.exec("PRAGMA journal_mode = WAL");
    // From here on it waits without blocking the thread.
    connection.exec("PRAGMA busy_timeout = 0");
    // A crash of the process loses nothing; one of the machine may lose the last transactions, and breaks nothing.
    connection.exec("PRAGMA synchronous = NORMAL");
    connection.exec("PRAGMA cache_size = -32000");
    connection.exec(`PRAGMA wal_autocheckpoint = ${LOG_BYTES / PAGE_BYTES}`);
    // A question that took long, or the upgrade of a large store, leaves a long log.
    connection.exec(`PRAGMA journal_size_limit = ${LOG_BYTES}`);
    return new SqliteDatabase(connection, file);
  } catch (error) {
    throw configError(`The store ${path} cannot be used: ${(error as Error).message}`);
  }
}

/** Loads SQLite. @throws {AiLibError} `CONFIG_ERROR` where there is none. */
export async function loadModule(): Promise<Module> {
  for (const name of ["node:sqlite", "@photostructure/sqlite"]) {
    try {
      return (await import(name)) as Module;
    } catch {
      // Node before 22.13 has no SQLite of its own.
    }
  }
  throw configError(
    "A store in SQLite needs Node 22.13 or later, or the package @photostructure/sqlite: npm install @photostructure/sqlite",
  );
}

/** One connection. Statements run one after another, and none within a transaction of another caller. */
class SqliteDatabase implements Database {
  readonly kind = "sqlite";
  private readonly statements = new Map<string, Statement>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly connection: Connection,
    private readonly file: SqliteFile,
  ) {}

  all(sql: string, values: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return this.next(() => whenFree(() => this.direct.all(sql, values)));
  }

  run(sql: string, values: readonly SqlValue[] = []): Promise<number> {
    return this.next(() => whenFree(() => this.direct.run(sql, values)));
  }

  insert(table: Table, rows: readonly (readonly SqlValue[])[], conflict: string): Promise<number> {
    return this.transaction((sql) => sql.insert(table, rows, conflict));
  }

  transaction<T>(work: (sql: SqlRunner) => Promise<T>): Promise<T> {
    return this.next(async () => {
      // Takes the lock for writing here, where waiting for it is possible.
      await whenFree(() => this.connection.exec("BEGIN IMMEDIATE"));
      try {
        const result = await work(this.direct);
        this.connection.exec("COMMIT");
        return result;
      } catch (error) {
        this.rollBack();
        throw error;
      }
    });
  }

  exclusive<T>(work: (sql: SqlRunner) => Promise<T>): Promise<T> {
    return this.transaction(work);
  }

  isTransient(error: unknown): boolean {
    if (error instanceof FileChanged) return true;
    const code = codeOf(error);
    return code !== undefined && !OF_VALUES.has(code);
  }

  async close(): Promise<void> {
    await this.last;
    this.statements.clear();
    try {
      this.file.check();
      // @photostructure/sqlite leaves what is in the log there when it closes: a copy of the file alone would lack it.
      this.connection.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // The log stays, and the next process reads it; that of another file has to be deleted.
    }
    this.connection.close();
  }

  /** Runs statements without waiting. Only the caller whose turn it is may call it. */
  private readonly direct: SqlRunner = {
    all: async (sql, values = []) => this.statement(sql).all(...values) as SqlRow[],
    run: async (sql, values = []) => Number(this.statement(sql).run(...values).changes),
    insert: async (table, rows, conflict) => {
      let done = 0;
      let changed = 0;
      if (rows.length >= ROWS_TOGETHER) {
        const many = this.statement(insertion(table, ROWS_TOGETHER, conflict));
        const values: SqlValue[] = [];
        while (done + ROWS_TOGETHER <= rows.length) {
          values.length = 0;
          for (const end = done + ROWS_TOGETHER; done < end; done++)
            for (const value of rows[done] ?? []) values.push(value);
          changed += Number(many.run(...values).changes);
        }
      }
      if (done === rows.length) return changed;
      const one = this.statement(insertion(table, 1, conflict));
      for (; done < rows.length; done++) changed += Number(one.run(...(rows[done] ?? [])).changes);
      return changed;
    },
  };

  private next<T>(work: () => Promise<T>): Promise<T> {
    const run = () => {
      this.file.check();
      return work();
    };
    const result = this.last.then(run, run);
    this.last = result.catch(() => undefined);
    return result;
  }

  private rollBack(): void {
    try {
      this.connection.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back itself, as it does when the disk is full.
    }
  }

  private statement(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      if (this.statements.size >= MAX_STATEMENTS) this.statements.clear();
      statement = this.connection.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}

const insertions = new Map<string, string>();

function insertion({ name, columns }: Table, rows: number, conflict: string): string {
  const id = `${rows} ${name} ${conflict}`;
  let text = insertions.get(id);
  if (text === undefined) {
    const names = Object.keys(columns);
    const row = `(${placeholders(names.length)})`;
    text = `INSERT INTO ${name} (${names.join(", ")}) VALUES ${Array(rows).fill(row).join(", ")} ${conflict}`;
    insertions.set(id, text);
  }
  return text;
}

/** The code of SQLite, without its extension; undefined for another error. */
function codeOf(error: unknown): number | undefined {
  const { errcode } = error as { readonly errcode?: number };
  return errcode === undefined ? undefined : errcode & 0xff;
}

/** Runs something outside of a transaction, and again while another process writes. */
async function whenFree<T>(run: () => T | Promise<T>): Promise<T> {
  const until = systemClock.now() + BUSY_MS;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (codeOf(error) !== BUSY || systemClock.now() > until) throw error;
    }
    await new Promise<void>((resolve) => systemClock.after(5, resolve));
  }
}
