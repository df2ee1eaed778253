/** Twelve hexadecimal digits of a text as a number, in both databases. */
function hexadecimal(text: string, from: number): string {
  const digits = Array.from({ length: 12 }, (_, index) => {
    const digit = `({position}('0123456789abcdef', substr(${text}, ${from + index}, 1)) - 1)`;
    return `CAST(${digit} AS BIGINT) * ${16 ** (11 - index)}`;
  });
  return digits.join(" + ");
}

const ABOUT = ["key_id", "path", "user_id", "tags", "route", "kind", "provider", "model", "rate"];
const OF_CALL = ["key_id", "path", "user_id", "tags", "route", "kind"];

/** The columns of `gateway_forms`, as the joined tables `c` (calls) and `a` (attempts) have them. */
const FORM = {
  mode: "c.mode",
  dialect: "c.dialect",
  model: "c.model",
  status: "c.status",
  code: "c.code",
  outcome: "a.outcome",
  attempt_code: "a.code",
  attempt_status: "a.status",
  estimated: "a.estimated",
};

/** What a text or a number is compared as: no value is like an empty one. */
function key(column: string): string {
  return column.endsWith("status") || column.endsWith("estimated")
    ? `COALESCE(CAST(${column} AS TEXT), '')`
    : `COALESCE(${column}, '')`;
}

const JOINED = "gateway_calls_2 c LEFT JOIN gateway_attempts_2 a ON a.call_id = c.id";

const ABOUT_JOINED: Readonly<Record<string, string>> = Object.fromEntries(
  ABOUT.map((name) => [name, OF_CALL.includes(name) ? `c.${name}` : `COALESCE(a.${name}, '')`]),
);

const SAME_ABOUT = ABOUT.map((name) => `${key(`d.${name}`)} = ${key(ABOUT_JOINED[name] ?? "")}`).join(
  " AND ",
);

const COUNTS =
  "calls, errors, attempts, estimated, input, output, cached, cache_write, reasoning, billed, billed_attempts";

/**
 * The log in one table that refers to what many calls have in common, in place of a table of calls and one of attempts: a
 * call is one row of 100 bytes. What a store has is moved; the ids of combinations that it had no ids for are negative.
 */
export const LOG_SCHEMA: readonly string[] = [
  "ALTER TABLE gateway_calls RENAME TO gateway_calls_2",
  "ALTER TABLE gateway_attempts RENAME TO gateway_attempts_2",
  "ALTER TABLE gateway_sessions RENAME TO gateway_sessions_2",
  "ALTER TABLE gateway_dimensions RENAME TO gateway_dimensions_2",
  ...["calls_id", "calls_key", "calls_session", "dimensions_key", "dimensions_path", "sessions_session"].map(
    (name) => `DROP INDEX gateway_${name}`,
  ),
  `CREATE TABLE gateway_dimensions (
    id BIGINT NOT NULL, key_id TEXT NOT NULL, path TEXT NOT NULL, user_id TEXT, tags TEXT NOT NULL, route TEXT NOT NULL,
    kind TEXT NOT NULL, provider TEXT NOT NULL, model TEXT NOT NULL, rate TEXT NOT NULL,
    PRIMARY KEY (id)
  ) {clustered}`,
  `INSERT INTO gateway_dimensions (id, ${ABOUT.join(", ")}) SELECT id, ${ABOUT.join(", ")} FROM gateway_dimensions_2`,
  "DROP TABLE gateway_dimensions_2",
  "CREATE INDEX gateway_dimensions_key ON gateway_dimensions (key_id)",
  "CREATE INDEX gateway_dimensions_path ON gateway_dimensions (path)",
  `{for sqlite}CREATE INDEX gateway_dimensions_step ON gateway_dimensions (${ABOUT.map((name) => `(${key(name)})`).join(", ")})`,
  `INSERT INTO gateway_dimensions (id, ${ABOUT.join(", ")})
    SELECT -ROW_NUMBER() OVER (ORDER BY key_id), ${ABOUT.join(", ")} FROM (
      SELECT DISTINCT ${ABOUT.map((name) => `${ABOUT_JOINED[name]} AS ${name}`).join(", ")} FROM ${JOINED}
      WHERE NOT EXISTS (SELECT 1 FROM gateway_dimensions d WHERE ${SAME_ABOUT})
    ) found`,
  `CREATE TABLE gateway_forms (
    id BIGINT NOT NULL, mode TEXT NOT NULL, dialect TEXT NOT NULL, model TEXT, status TEXT NOT NULL, code TEXT, outcome TEXT,
    attempt_code TEXT, attempt_status BIGINT, estimated BIGINT,
    PRIMARY KEY (id)
  ) {clustered}`,
  `INSERT INTO gateway_forms (id, ${Object.keys(FORM).join(", ")})
    SELECT -ROW_NUMBER() OVER (ORDER BY mode), ${Object.keys(FORM).join(", ")} FROM (
      SELECT DISTINCT ${Object.entries(FORM)
        .map(([name, column]) => `${column} AS ${name}`)
        .join(", ")} FROM ${JOINED}
    ) found`,
  `{for sqlite}CREATE INDEX gateway_forms_step ON gateway_forms (${Object.keys(FORM)
    .map((name) => `(${key(name)})`)
    .join(", ")})`,
  `CREATE TABLE gateway_log (
    ended_at BIGINT NOT NULL, started_at BIGINT NOT NULL, serial BIGINT NOT NULL, n BIGINT NOT NULL, key_id TEXT NOT NULL,
    dimension BIGINT NOT NULL, form BIGINT NOT NULL, session_id TEXT, first_content_ms BIGINT, attempt_after_ms BIGINT,
    attempt_ms BIGINT, attempt_first_content_ms BIGINT, input BIGINT, output BIGINT, cached BIGINT, cache_write BIGINT,
    reasoning BIGINT, others TEXT, billed DOUBLE PRECISION,
    PRIMARY KEY (ended_at, started_at, serial, n)
  ) {clustered}`,
  `INSERT INTO gateway_log
    SELECT c.ended_at, c.started_at, ${hexadecimal("c.id", 18)}, COALESCE(a.n, 0), c.key_id, d.id, f.id,
      CASE WHEN COALESCE(a.n, 0) = 0 THEN c.session_id END, CASE WHEN COALESCE(a.n, 0) = 0 THEN c.first_content_ms END,
      a.started_at - c.started_at, a.ended_at - a.started_at, a.first_content_ms, a.input, a.output, a.cached,
      a.cache_write, a.reasoning, a.others, a.billed
    FROM ${JOINED}
    JOIN gateway_dimensions d ON ${SAME_ABOUT}
    JOIN gateway_forms f ON ${Object.entries(FORM)
      .map(([name, column]) => `${key(`f.${name}`)} = ${key(column)}`)
      .join(" AND ")}`,
  "CREATE INDEX gateway_log_id ON gateway_log (started_at, serial) WHERE n = 0",
  "CREATE INDEX gateway_log_key ON gateway_log (key_id, ended_at, started_at, serial) WHERE n = 0",
  `CREATE INDEX gateway_log_session ON gateway_log (session_id, ended_at, started_at, serial)
    WHERE session_id IS NOT NULL`,
  `CREATE TABLE gateway_sessions (
    at BIGINT NOT NULL, id BIGINT NOT NULL, session_id TEXT NOT NULL, dimension BIGINT NOT NULL, calls BIGINT NOT NULL,
    errors BIGINT NOT NULL, attempts BIGINT NOT NULL, estimated BIGINT NOT NULL, input BIGINT NOT NULL,
    output BIGINT NOT NULL, cached BIGINT NOT NULL, cache_write BIGINT NOT NULL, reasoning BIGINT NOT NULL,
    billed DOUBLE PRECISION NOT NULL, billed_attempts BIGINT NOT NULL,
    PRIMARY KEY (at, id)
  ) {clustered}`,
  `INSERT INTO gateway_sessions (at, id, session_id, dimension, ${COUNTS})
    SELECT s.at, s.id, s.session_id, d.id, ${COUNTS} FROM gateway_sessions_2 s
    JOIN gateway_dimensions d ON ${ABOUT.map((name) => `${key(`d.${name}`)} = ${key(`s.${name}`)}`).join(" AND ")}`,
  "CREATE INDEX gateway_sessions_session ON gateway_sessions (session_id, at, id)",
  "{for sqlite}DROP INDEX gateway_dimensions_step",
  "{for sqlite}DROP INDEX gateway_forms_step",
  "DROP TABLE gateway_sessions_2",
  "DROP TABLE gateway_attempts_2",
  "DROP TABLE gateway_calls_2",
  `CREATE VIEW gateway_calls AS
    SELECT l.ended_at, {call id} AS id, l.started_at, l.first_content_ms, l.key_id, d.path, d.user_id, l.session_id, d.tags,
      d.route, d.kind, f.mode, f.dialect, f.model, f.status, f.code
    FROM gateway_log l JOIN gateway_dimensions d ON d.id = l.dimension JOIN gateway_forms f ON f.id = l.form
    WHERE l.n = 0`,
  `CREATE VIEW gateway_attempts AS
    SELECT {call id} AS call_id, l.n, d.provider, d.model, f.outcome, f.attempt_code AS code, f.attempt_status AS status,
      l.started_at + l.attempt_after_ms AS started_at, l.started_at + l.attempt_after_ms + l.attempt_ms AS ended_at,
      l.attempt_first_content_ms AS first_content_ms, l.input, l.output, l.cached, l.cache_write, l.reasoning, l.others,
      f.estimated, NULLIF(d.rate, '') AS rate, l.billed
    FROM gateway_log l JOIN gateway_dimensions d ON d.id = l.dimension JOIN gateway_forms f ON f.id = l.form
    WHERE f.outcome IS NOT NULL`,
];
