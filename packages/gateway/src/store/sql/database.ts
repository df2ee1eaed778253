/** What a cell holds. Money and time are integers, or doubles where they have fractions. */
export type SqlValue = string | number | null;

/** A row by the names of its columns. */
export type SqlRow = Readonly<Record<string, SqlValue>>;

/** A table, for inserting: its columns in the order of the values. */
export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, "TEXT" | "BIGINT" | "DOUBLE PRECISION">>;
}

/** Runs statements of the common subset of SQLite and PostgreSQL, with `?` for values. */
export interface SqlRunner {
  /** Runs a statement. @returns its rows */
  all(sql: string, values?: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** Runs a statement. @returns the number of rows that it changed */
  run(sql: string, values?: readonly SqlValue[]): Promise<number>;
  /**
   * Inserts many rows.
   * @param conflict what happens to a row whose key exists: `ON CONFLICT ...`
   * @returns the number of rows that it inserted or changed
   */
  insert(table: Table, rows: readonly (readonly SqlValue[])[], conflict: string): Promise<number>;
}

/** A database with one or several connections. */
export interface Database extends SqlRunner {
  readonly kind: "sqlite" | "postgres";
  /** Runs statements together, or none of them where one fails. */
  transaction<T>(work: (sql: SqlRunner) => Promise<T>): Promise<T>;
  /** As `transaction`, while no other process does so, and without limits of time. */
  exclusive<T>(work: (sql: SqlRunner) => Promise<T>): Promise<T>;
  /**
   * Whether a statement that failed may succeed later as it is: the connection was lost, the disk is full, or somebody
   * has to change a setting. Otherwise its values are wrong.
   */
  isTransient(error: unknown): boolean;
  close(): Promise<void>;
}

/** The only row of a question that has one. */
export async function one(
  sql: SqlRunner,
  text: string,
  values: readonly SqlValue[],
): Promise<SqlRow | undefined> {
  const [row] = await sql.all(text, values);
  return row;
}

/** `?, ?, ?` */
export function placeholders(count: number): string {
  return Array.from({ length: count }, () => "?").join(", ");
}
