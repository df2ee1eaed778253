import type { Database } from "../../src/store/sql/database.js";

const DAY = 24 * 3_600_000;

/** The time that generated calls spread over. */
export const MANY = { from: Date.UTC(2026, 7, 1), to: Date.UTC(2026, 7, 1) + 90 * DAY } as const;

/** Dollars of one generated call: 1,000 tokens in for $1 and 100 out for $4 a million. */
export const DOLLARS_EACH = 0.0014;

/** Keys, and models, of generated calls. */
export const KEYS = 200;
const MODELS = 5;
const COMBINATIONS = KEYS * MODELS;

/**
 * Fills an empty store with calls, one attempt each, and with their rollups, over 90 days: 200 keys in 20 groups of one
 * organisation, four routes, five models, sessions of twenty calls.
 */
export async function fillStore(database: Database, count: number): Promise<void> {
  const sqlite = database.kind === "sqlite";
  const step = (MANY.to - MANY.from) / count;
  const numbers = sqlite
    ? `(WITH RECURSIVE counted(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counted WHERE n < ${count - 1}) SELECT n FROM counted)`
    : `(SELECT generate_series(0, ${count - 1}) AS n)`;
  const at = `CAST(${MANY.from} + CAST(n AS DOUBLE PRECISION) * ${step} AS BIGINT)`;
  const path = (n: string) => `'["acme","group-' || (${n} % 20) || '"]'`;
  const day = `${at} - ${at} % ${DAY}`;
  const ofSession = `n / ${20 * COMBINATIONS} * ${COMBINATIONS} + n % ${COMBINATIONS}`;
  const session = `'session-' || (${ofSession})`;
  const all = async (...statements: readonly string[]) => {
    for (const statement of statements) await database.transaction((sql) => sql.run(statement));
  };
  await all(
    `INSERT INTO gateway_rates (id, provider, model, variant, since, price, edited)
      SELECT 'rate-' || n, 'openai', 'model-' || n, '', 0, '{"input":1,"output":4}', 0
      FROM ${numbers.replace(String(count - 1), String(MODELS - 1))} numbers`,
    `INSERT INTO gateway_lists (list, member)
      SELECT ${path("n")}, 'acme' FROM ${numbers.replace(String(count - 1), "19")} numbers`,
    `INSERT INTO gateway_lists (list, member)
      SELECT ${path("n")}, 'group-' || n FROM ${numbers.replace(String(count - 1), "19")} numbers`,
    `INSERT INTO gateway_dimensions (id, key_id, path, user_id, tags, route, kind, provider, model, rate)
      SELECT n, 'key-' || (n % ${KEYS}), ${path("n")}, NULL, '[]', 'route-' || (n % 4), 'chat', 'openai',
        'model-' || (n / ${KEYS}), 'rate-' || (n / ${KEYS})
      FROM ${numbers.replace(String(count - 1), String(COMBINATIONS - 1))} numbers`,
    `INSERT INTO gateway_forms (id, mode, dialect, model, status, code, outcome, attempt_code, attempt_status, estimated)
      VALUES (0, 'unary', 'openai-chat', 'chat', 'success', NULL, 'success', NULL, 200, 0)`,
    `INSERT INTO gateway_log (ended_at, started_at, serial, n, key_id, dimension, form, session_id, first_content_ms,
        attempt_after_ms, attempt_ms, attempt_first_content_ms, input, output, cached, cache_write, reasoning, others, billed)
      SELECT ${at}, ${at}, n, 0, 'key-' || (n % ${KEYS}), n % ${COMBINATIONS}, 0, ${session}, 100, 0, 0, 100, 1000, 100, 0, 0, 0,
        NULL, NULL
      FROM ${numbers} numbers`,
    `INSERT INTO gateway_sessions (at, id, session_id, dimension, calls, errors, attempts, estimated, input, output, cached,
        cache_write, reasoning, billed, billed_attempts)
      SELECT at, id, 'session-' || id, id % ${COMBINATIONS}, calls, 0, calls, 0, 1000 * calls, 100 * calls, 0, 0, 0, 0, 0
      FROM (SELECT ${day} AS at, ${ofSession} AS id, COUNT(*) AS calls FROM ${numbers} numbers
        GROUP BY ${day}, ${ofSession}) sessions`,
    ...[3_600_000, DAY].map(
      (
        span,
      ) => `INSERT INTO gateway_sums (span, at, dimension, calls, errors, attempts, estimated, input, output, cached,
          cache_write, reasoning, billed, billed_attempts)
        SELECT ${span}, at - at % ${span}, dimension, COUNT(*), 0, COUNT(*), 0, 1000 * COUNT(*), 100 * COUNT(*), 0, 0, 0, 0, 0
        FROM (SELECT ${at} AS at, n % ${COMBINATIONS} AS dimension FROM ${numbers} numbers) calls
        GROUP BY at - at % ${span}, dimension`,
    ),
  );
  await database.run("ANALYZE");
}
