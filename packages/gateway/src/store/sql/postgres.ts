import type { Pool, PoolClient } from "pg";
import { configError } from "../../config-error.js";
import type { Database, SqlRow, SqlRunner, SqlValue, Table } from "./database.js";

/** The number of the type `bigint`: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const BIGINT = 20;

/** Connections of one process of the gateway, at most. */
const CONNECTIONS = 4;

/** Milliseconds that one statement may take. */
const STATEMENT_MS = 30_000;

/** Options of {@link openPostgres}. */
export interface PostgresOptions {
  /** Milliseconds that one statement may take; 0 for any time. Default 30,000. */
  readonly statementMs?: number | undefined;
}

/** The number of the lock of `exclusive`, any that no other program uses. */
const LOCK = 4_100_736_182;

/** Classes of SQLSTATE that tell of the moment: connection, rollback, resources, not in state, intervention, system. */
const TRANSIENT = ["08", "40", "53", "55", "57", "58"];

const TYPES = { TEXT: "text", BIGINT: "bigint", "DOUBLE PRECISION": "double precision" } as const;

/**
 * Connects to PostgreSQL.
 * @param url `postgres://user:password@host:port/database`; it appears in no message
 * @throws {AiLibError} `CONFIG_ERROR` where the server cannot be used.
 */
export async function openPostgres(
  url: string,
  { statementMs = STATEMENT_MS }: PostgresOptions = {},
): Promise<Database> {
  const { default: pg } = await import("pg");
  const parse = (id: number, format?: "text" | "binary") =>
    id === BIGINT ? Number : pg.types.getTypeParser(id, format as "text");
  let pool: Pool;
  try {
    pool = new pg.Pool({
      connectionString: url,
      max: CONNECTIONS,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      application_name: "ai-lib-gateway",
      onConnect: (client) => client.query(`SET statement_timeout = ${statementMs}`),
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
  return new PostgresDatabase(pool);
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

  constructor(private readonly pool: Pool) {}

  all(sql: string, values: readonly SqlValue[] = []): Promise<readonly SqlRow[]> {
    return runner(this.pool).all(sql, values);
  }

  run(sql: string, values: readonly SqlValue[] = []): Promise<number> {
    return runner(this.pool).run(sql, values);
  }

  insert(table: Table, rows: readonly (readonly SqlValue[])[], conflict: string): Promise<void> {
    return runner(this.pool).insert(table, rows, conflict);
  }

  async transaction<T>(work: (sql: SqlRunner) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    try {
      await client.query("BEGIN");
      const result = await work(runner(client));
      await client.query("COMMIT");
      return result;
    } catch (error) {
      await client.query("ROLLBACK").catch((lost: Error) => {
        broken = lost;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  exclusive<T>(work: (sql: SqlRunner) => Promise<T>): Promise<T> {
    return this.transaction(async (sql) => {
      await sql.all("SELECT pg_advisory_xact_lock(?)", [LOCK]);
      return await work(sql);
    });
  }

  isTransient(error: unknown): boolean {
    const { code } = error as { readonly code?: unknown };
    // Errors of the network, and those of the pool, have no SQLSTATE of five characters.
    if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) return true;
    return TRANSIENT.some((start) => code.startsWith(start));
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

function runner(client: Pick<PoolClient, "query">): SqlRunner {
  return {
    all: async (sql, values = []) => (await client.query<SqlRow>(withNumbers(sql), [...values])).rows,
    run: async (sql, values = []) => (await client.query(withNumbers(sql), [...values])).rowCount ?? 0,
    insert: async (table, rows, conflict) => {
      if (rows.length === 0) return;
      const columns = Object.entries(table.columns);
      const lists = columns.map(([, type], index) => `$${index + 1}::${TYPES[type]}[]`).join(", ");
      const names = columns.map(([name]) => name).join(", ");
      await client.query(
        `INSERT INTO ${table.name} (${names}) SELECT * FROM unnest(${lists}) ${conflict}`,
        columns.map((_, index) => rows.map((row) => row[index])),
      );
    },
  };
}
