import { closeSync, openSync } from "node:fs";
import { systemClock } from "ai-lib";
import { configError } from "../../config-error.js";
import type { Database, SqlRow, SqlRunner, SqlValue, Table } from "./database.js";
import { placeholders } from "./database.js";

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

/** Codes of SQLite that tell of the moment and not of the statement: busy, locked, out of memory, I/O, full, cannot open. */
const TRANSIENT: ReadonlySet<number> = new Set([5, 6, 7, 10, 13, 14]);

const BUSY = 5;

/** Milliseconds that a statement waits for another process that writes. */
const BUSY_MS = 10_000;

/**
 * Opens a file of SQLite, which only its owner can read; `:memory:`, or `""`, for one that ends with the process.
 * @throws {AiLibError} `CONFIG_ERROR` where there is no SQLite, and for a file that cannot be used.
 */
export async function openSqlite(path: string): Promise<Database> {
  const { DatabaseSync } = await loadModule();
  try {
    if (path !== ":memory:" && path !== "") closeSync(openSync(path, "a", 0o600));
    const connection = new DatabaseSync(path);
    connection.exec("PRAGMA busy_timeout = 1000");
    connection.exec("PRAGMA journal_mode = WAL");
    // From here on it waits without blocking the thread.
    connection.exec("PRAGMA busy_timeout = 0");
    // A crash of the process loses nothing; one of the machine may lose the last transactions, and breaks nothing.
    connection.exec("PRAGMA synchronous = NORMAL");
    connection.exec("PRAGMA cache_size = -32000");
    return new SqliteDatabase(connection);
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

  constructor(private readonly connection: Connection) {}

  all(sql: string, values: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return this.next(() => whenFree(() => this.direct.all(sql, values)));
  }

  run(sql: string, values: readonly SqlValue[] = []): Promise<number> {
    return this.next(() => whenFree(() => this.direct.run(sql, values)));
  }

  insert(table: Table, rows: readonly (readonly SqlValue[])[], conflict: string): Promise<void> {
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
    const code = codeOf(error);
    return code !== undefined && TRANSIENT.has(code);
  }

  async close(): Promise<void> {
    await this.next(async () => {
      this.statements.clear();
      this.connection.close();
    });
  }

  /** Runs statements without waiting. Only the caller whose turn it is may call it. */
  private readonly direct: SqlRunner = {
    all: async (sql, values = []) => this.statement(sql).all(...values) as SqlRow[],
    run: async (sql, values = []) => Number(this.statement(sql).run(...values).changes),
    insert: async (table, rows, conflict) => {
      if (rows.length === 0) return;
      let done = 0;
      if (rows.length >= ROWS_TOGETHER) {
        const many = this.statement(insertion(table, ROWS_TOGETHER, conflict));
        const values: SqlValue[] = [];
        while (done + ROWS_TOGETHER <= rows.length) {
          values.length = 0;
          for (const end = done + ROWS_TOGETHER; done < end; done++)
            for (const value of rows[done] ?? []) values.push(value);
          many.run(...values);
        }
      }
      if (done === rows.length) return;
      const one = this.statement(insertion(table, 1, conflict));
      for (; done < rows.length; done++) one.run(...(rows[done] ?? []));
    },
  };

  private next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work, work);
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
