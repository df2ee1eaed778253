import { configError } from "../../config-error.js";
import { type Database, one } from "./database.js";
import { LOG_SCHEMA } from "./log-schema.js";

/** One step of the schema. A step that was released never changes. */
export interface Migration {
  /** Statements of the common subset, with the {@link WORDS} of a database in braces. */
  readonly statements: readonly string[];
}

/** All steps; the version of a schema is the number of steps that it went through. */
export const MIGRATIONS: readonly Migration[] = [
  {
    statements: [
      `CREATE TABLE gateway_calls (
        ended_at BIGINT NOT NULL, id TEXT NOT NULL, started_at BIGINT NOT NULL, first_content_ms BIGINT,
        key_id TEXT NOT NULL, path TEXT NOT NULL, user_id TEXT, session_id TEXT, tags TEXT NOT NULL,
        route TEXT NOT NULL, kind TEXT NOT NULL, mode TEXT NOT NULL, dialect TEXT NOT NULL, model TEXT,
        status TEXT NOT NULL, code TEXT,
        PRIMARY KEY (ended_at, id)
      ) {clustered}`,
      "CREATE UNIQUE INDEX gateway_calls_id ON gateway_calls (id)",
      "CREATE INDEX gateway_calls_key ON gateway_calls (key_id, ended_at, id)",
      "CREATE INDEX gateway_calls_session ON gateway_calls (session_id, ended_at, id) WHERE session_id IS NOT NULL",
      `CREATE TABLE gateway_attempts (
        call_id TEXT NOT NULL, n BIGINT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, outcome TEXT NOT NULL,
        code TEXT, status BIGINT, started_at BIGINT NOT NULL, ended_at BIGINT NOT NULL, first_content_ms BIGINT,
        input BIGINT, output BIGINT, cached BIGINT, cache_write BIGINT, reasoning BIGINT, others TEXT,
        estimated BIGINT NOT NULL, rate TEXT, billed DOUBLE PRECISION,
        PRIMARY KEY (call_id, n)
      ) {clustered}`,
      `CREATE TABLE gateway_contents (
        call_id TEXT NOT NULL PRIMARY KEY, ended_at BIGINT NOT NULL, request TEXT NOT NULL, response TEXT
      )`,
      "CREATE INDEX gateway_contents_at ON gateway_contents (ended_at)",
      "CREATE TABLE gateway_lists (list TEXT NOT NULL, member TEXT NOT NULL, PRIMARY KEY (member, list)) {clustered}",
      `CREATE TABLE gateway_dimensions (
        id BIGINT NOT NULL PRIMARY KEY, key_id TEXT NOT NULL, path TEXT NOT NULL, user_id TEXT, tags TEXT NOT NULL,
        route TEXT NOT NULL, kind TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, rate TEXT NOT NULL
      )`,
      "CREATE INDEX gateway_dimensions_key ON gateway_dimensions (key_id)",
      "CREATE INDEX gateway_dimensions_path ON gateway_dimensions (path)",
      `CREATE TABLE gateway_sums (
        span BIGINT NOT NULL, at BIGINT NOT NULL, dimension BIGINT NOT NULL, calls BIGINT NOT NULL, errors BIGINT NOT NULL,
        attempts BIGINT NOT NULL, estimated BIGINT NOT NULL, input BIGINT NOT NULL, output BIGINT NOT NULL,
        cached BIGINT NOT NULL, cache_write BIGINT NOT NULL, reasoning BIGINT NOT NULL,
        billed DOUBLE PRECISION NOT NULL, billed_attempts BIGINT NOT NULL,
        PRIMARY KEY (span, at, dimension)
      ) {clustered}`,
      "CREATE INDEX gateway_sums_dimension ON gateway_sums (dimension, span, at)",
      `CREATE TABLE gateway_other_sums (
        span BIGINT NOT NULL, at BIGINT NOT NULL, dimension BIGINT NOT NULL, meter TEXT NOT NULL,
        amount DOUBLE PRECISION NOT NULL,
        PRIMARY KEY (span, at, dimension, meter)
      ) {clustered}`,
      `CREATE TABLE gateway_rates (
        id TEXT NOT NULL PRIMARY KEY, provider TEXT NOT NULL, model TEXT NOT NULL, variant TEXT NOT NULL,
        since BIGINT NOT NULL, price TEXT, edited BIGINT NOT NULL
      )`,
      `CREATE TABLE gateway_documents (
        kind TEXT NOT NULL, id TEXT NOT NULL, revision BIGINT NOT NULL, value TEXT NOT NULL, expires_at BIGINT,
        touched_at BIGINT,
        PRIMARY KEY (kind, id)
      )`,
      `CREATE TABLE gateway_audit (
        id TEXT NOT NULL PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, action TEXT NOT NULL,
        target TEXT NOT NULL, status BIGINT NOT NULL, details TEXT
      )`,
    ],
  },
  {
    statements: [
      `CREATE TABLE gateway_sessions (
        at BIGINT NOT NULL, id BIGINT NOT NULL, session_id TEXT NOT NULL, key_id TEXT NOT NULL, path TEXT NOT NULL,
        user_id TEXT, tags TEXT NOT NULL, route TEXT NOT NULL, kind TEXT NOT NULL, provider TEXT NOT NULL,
        model TEXT NOT NULL, rate TEXT NOT NULL, calls BIGINT NOT NULL, errors BIGINT NOT NULL,
        attempts BIGINT NOT NULL, estimated BIGINT NOT NULL, input BIGINT NOT NULL, output BIGINT NOT NULL,
        cached BIGINT NOT NULL, cache_write BIGINT NOT NULL, reasoning BIGINT NOT NULL,
        billed DOUBLE PRECISION NOT NULL, billed_attempts BIGINT NOT NULL,
        PRIMARY KEY (at, id)
      ) {clustered}`,
      "CREATE INDEX gateway_sessions_session ON gateway_sessions (session_id, at, id)",
    ],
  },
  { statements: LOG_SCHEMA },
  {
    // The dialect of a provider is the same in many rows, so it is in their form. It is unknown in those that exist.
    statements: [
      "ALTER TABLE gateway_forms ADD COLUMN attempt_dialect TEXT",
      "ALTER TABLE gateway_contents ADD COLUMN errors TEXT",
      "DROP VIEW gateway_attempts",
      `CREATE VIEW gateway_attempts AS
        SELECT {call id} AS call_id, l.n, d.provider, d.model, f.attempt_dialect AS dialect, f.outcome,
          f.attempt_code AS code, f.attempt_status AS status, l.started_at + l.attempt_after_ms AS started_at,
          l.started_at + l.attempt_after_ms + l.attempt_ms AS ended_at, l.attempt_first_content_ms AS first_content_ms,
          l.input, l.output, l.cached, l.cache_write, l.reasoning, l.others, f.estimated, NULLIF(d.rate, '') AS rate,
          l.billed
        FROM gateway_log l JOIN gateway_dimensions d ON d.id = l.dimension JOIN gateway_forms f ON f.id = l.form
        WHERE f.outcome IS NOT NULL`,
    ],
  },
];

/** @throws {AiLibError} `CONFIG_ERROR` for a schema that a newer gateway made */
export function refuseNewer(version: number, known = MIGRATIONS.length): void {
  if (version > known)
    throw configError(
      `The store has schema version ${version}, and this gateway knows versions up to ${known}: use a newer gateway`,
    );
}

/** What the databases have no common words for. */
const WORDS: Readonly<Record<Database["kind"], Readonly<Record<string, string>>>> = {
  sqlite: {
    "{clustered}": "WITHOUT ROWID",
    "{for sqlite}": "",
    "{position}": "instr",
    "{call id}": "'call_' || printf('%012x%012x', l.started_at, l.serial)",
  },
  postgres: {
    "{clustered}": "",
    // PostgreSQL joins without an index, and its entries have less room.
    "{for sqlite}": "-- ",
    "{position}": "strpos",
    "{call id}": "'call_' || lpad(to_hex(l.started_at), 12, '0') || lpad(to_hex(l.serial), 12, '0')",
  },
};

function inWordsOf({ kind }: Database, statement: string): string {
  return statement.replace(/\{[a-z ]+\}/g, (word) => WORDS[kind][word] ?? word);
}

/**
 * Brings the schema of a store to the newest version, in one transaction.
 * @throws {AiLibError} `CONFIG_ERROR` for a store of a newer version of the gateway: it is left untouched.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  await database.exclusive(async (sql) => {
    await sql.run("CREATE TABLE IF NOT EXISTS gateway_schema (version BIGINT NOT NULL)");
    const row = await one(sql, "SELECT version FROM gateway_schema", []);
    const version = Number(row?.["version"] ?? 0);
    refuseNewer(version, migrations.length);
    // Tables that a step filled have no statistics: PostgreSQL would compare each row with each.
    if (database.kind === "postgres") await sql.run("SET LOCAL enable_nestloop = off");
    for (const { statements } of migrations.slice(version))
      for (const statement of statements) await sql.run(inWordsOf(database, statement));
    if (row === undefined)
      await sql.run("INSERT INTO gateway_schema (version) VALUES (?)", [migrations.length]);
    else await sql.run("UPDATE gateway_schema SET version = ?", [migrations.length]);
  });
}
