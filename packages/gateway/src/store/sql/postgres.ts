import type { Pool, PoolClient } from "pg";
import { configError } from "../../config-error.js";
import { cleanText } from "../clean-text.js";
import type { Database, SqlRow, SqlRunner, SqlValue, Table } from "./database.js";

/** The number of the type `bigint`: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const BIGINT = 20;

/** Connections of one process of the gateway, at most. */
const CONNECTIONS = 4;

/** Milliseconds that one statement may take. */
const STATEMENT_MS = 30_000;

/** Milliseconds beyond those of a statement after which a server that does not answer counts as lost. */
const SILENCE_MS = 5_000;

/** Milliseconds after which an idle connection is probed. */
const KEEP_ALIVE_MS = 10_000;

/** Options of {@link openPostgres}. */
export interface PostgresOptions {
  /** Milliseconds that one statement may take; 0 for any time. Default 30,000. */
  readonly statementMs?: number | undefined;
  /** Milliseconds beyond those of a statement after which a connection counts as lost. Default 5,000. */
  readonly silenceMs?: number | undefined;
}

/** The number of the lock of `exclusive`, any that no other program uses. */
const LOCK = 4_100_736_182;

/**
 * Classes of SQLSTATE that tell of the values of a statement: cardinality, data, constraints, limits of the program. All
 * others tell of the server or of its settings, which somebody can change: a wrong password, a standby, a missing table.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const OF_VALUES = ["21", "22", "23", "54"];

const TYPES = { TEXT: "text", BIGINT: "bigint", "DOUBLE PRECISION": "double precision" } as const;

/**
 * Connects to PostgreSQL.
 * @param url `postgres://user:password@host:port/database`; it appears in no message
 * @throws {AiLibError} `CONFIG_ERROR` where the server cannot be used.
 */
export async function openPostgres(
  url: string,
  { statementMs = STATEMENT_MS, silenceMs = SILENCE_MS }: PostgresOptions = {},
): Promise<Database> {
  const { default: pg } = await import("pg");
  const parse = (id: number, format?: "text" | "binary") =>
    id === BIGINT ? Number : pg.types.getTypeParser(id, format as "text");
  const answerMs = statementMs === 0 ? 0 : statementMs + silenceMs;
  // A transaction whose client was cut off would lock its rows until the server notices.
  const limits = `SET statement_timeout = ${statementMs}; SET idle_in_transaction_session_timeout = ${statementMs}`;
  let pool: Pool;
  try {
    pool = new pg.Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      application_name: "ai-lib-gateway",
      onConnect: (client) => ask(client, limits, [], answerMs),
      types: { getTypeParser: parse as typeof pg.types.getTypeParser },
    });
  } catch {
    throw configError("The address of the store is no URL of PostgreSQL");
  }
  // An idle connection that breaks is replaced by the next statement.
  pool.on("error", () => undefined);
  try {
    await pool.query("SELECT 1");
  } catch (error) {
    await pool.end();
    const { code, message } = error as { readonly code?: string; readonly message: string };
    throw configError(`The store in PostgreSQL cannot be used: ${message === "" ? code : message}`);
  }
  return new PostgresDatabase(pool, answerMs);
}

/**
 * Runs a statement.
 * @param answerMs milliseconds after which it fails where the server does not answer; 0 for any time. The limit of the
 *   server does not end the wait for one that is stopped, or behind a network that is cut
 */
function ask(client: Pick<PoolClient, "query">, text: string, values: readonly unknown[], answerMs: number) {
  const query = { text, values: [...values], query_timeout: answerMs };
  return client.query<SqlRow>(query);
}

/** Statements with `?` for values, as PostgreSQL reads them. */
const numbered = new Map<string, string>();

function withNumbers(sql: string): string {
  let text = numbered.get(sql);
  if (text === undefined) {
    let count = 0;
    text = sql.replace(/\?/g, () => `$${++count}`);
    if (numbered.size >= 500) numbered.clear();
    numbered.set(sql, text);
  }
  return text;
}

class PostgresDatabase implements Database {
  readonly kind = "postgres";
  private readonly direct: SqlRunner;

  constructor(
    private readonly pool: Pool,
    private readonly answerMs: number,
  ) {
    this.direct = runner(pool, answerMs);
  }

  all(sql: string, values: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return this.direct.all(sql, values);
  }

  run(sql: string, values: readonly SqlValue[] = []): Promise<number> {
    return this.direct.run(sql, values);
  }

  insert(table: Table, rows: readonly (readonly SqlValue[])[], conflict: string): Promise<number> {
    return this.direct.insert(table, rows, conflict);
  }

  transaction<T>(work: (sql: SqlRunner) => Promise<T>): Promise<T> {
    return this.together(work, this.answerMs);
  }

  exclusive<T>(work: (sql: SqlRunner) => Promise<T>): Promise<T> {
    return this.together(async (sql) => {
      // The limits of time are for questions: another process may be moving as many rows as there are.
      await sql.run("SET LOCAL statement_timeout = 0");
      await sql.all("SELECT pg_advisory_xact_lock(?)", [LOCK]);
      return await work(sql);
    }, 0);
  }

  isTransient(error: unknown): boolean {
    const state = stateOf(error);
    return state === undefined || !OF_VALUES.some((start) => state.startsWith(start));
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async together<T>(work: (sql: SqlRunner) => Promise<T>, answerMs: number): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error) => {
      broken = error;
    };
    // Without a listener, a connection that is lost between two statements would end the thread.
    client.on("error", onError);
    try {
      await ask(client, "BEGIN", [], answerMs);
      const result = await work(runner(client, answerMs));
      await ask(client, "COMMIT", [], answerMs);
      return result;
    } catch (error) {
      // A statement that the server did not answer may still run: nothing can follow it on its connection.
      if (stateOf(error) === undefined) broken ??= error as Error;
      else await ask(client, "ROLLBACK", [], answerMs).catch(onError);
      throw error;
    } finally {
      client.off("error", onError);
      client.release(broken);
    }
  }
}

/** The SQLSTATE of an error; undefined for errors of the network, those of the pool, and others that no server sent. */
function stateOf(error: unknown): string | undefined {
  const { code, severity } = error as { readonly code?: unknown; readonly severity?: unknown };
  return typeof code === "string" && severity !== undefined ? code : undefined;
}

/** Values of filters and of operators. PostgreSQL refuses a character that it does not have, and rows have none. */
function clean(values: readonly SqlValue[]): SqlValue[] {
  return values.map((value) => (typeof value === "string" ? cleanText(value) : value));
}

function runner(client: Pick<PoolClient, "query">, answerMs: number): SqlRunner {
  return {
    all: async (sql, values = []) => (await ask(client, withNumbers(sql), clean(values), answerMs)).rows,
    run: async (sql, values = []) =>
      (await ask(client, withNumbers(sql), clean(values), answerMs)).rowCount ?? 0,
    insert: async (table, rows, conflict) => {
      if (rows.length === 0) return 0;
      const columns = Object.entries(table.columns);
      const lists = columns.map(([, type], index) => `$${index + 1}::${TYPES[type]}[]`).join(", ");
      const names = columns.map(([name]) => name).join(", ");
      const text = `INSERT INTO ${table.name} (${names}) SELECT * FROM unnest(${lists}) ${conflict}`;
      const values = columns.map((_, index) => rows.map((row) => row[index]));
      return (await ask(client, text, values, answerMs)).rowCount ?? 0;
    },
  };
}
