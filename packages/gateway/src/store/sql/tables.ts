import type { Table } from "./database.js";

/**
 * The log: one row per attempt, in the order in which calls ended. The first row of a call, with the number 0, has what is
 * known of the call, too; a call without an attempt has one row. The views `gateway_calls` and `gateway_attempts` show
 * calls and attempts with all that they refer to. `started_at` and `serial` are the two halves of the id of a call.
 */
export const LOG = {
  name: "gateway_log",
  columns: {
    ended_at: "BIGINT",
    started_at: "BIGINT",
    serial: "BIGINT",
    n: "BIGINT",
    key_id: "TEXT",
    dimension: "BIGINT",
    form: "BIGINT",
    session_id: "TEXT",
    first_content_ms: "BIGINT",
    attempt_after_ms: "BIGINT",
    attempt_ms: "BIGINT",
    attempt_first_content_ms: "BIGINT",
    input: "BIGINT",
    output: "BIGINT",
    cached: "BIGINT",
    cache_write: "BIGINT",
    reasoning: "BIGINT",
    others: "TEXT",
    billed: "DOUBLE PRECISION",
  },
} as const satisfies Table;

/** What rows of the log have in common besides dimensions: each combination once, by a hash. */
export const FORMS = {
  name: "gateway_forms",
  columns: {
    id: "BIGINT",
    mode: "TEXT",
    dialect: "TEXT",
    model: "TEXT",
    status: "TEXT",
    code: "TEXT",
    outcome: "TEXT",
    attempt_code: "TEXT",
    attempt_dialect: "TEXT",
    attempt_status: "BIGINT",
    estimated: "BIGINT",
  },
} as const satisfies Table;

/** What clients asked and got, where the configuration keeps it. */
export const CONTENTS = {
  name: "gateway_contents",
  columns: { call_id: "TEXT", ended_at: "BIGINT", request: "TEXT", response: "TEXT", errors: "TEXT" },
} as const satisfies Table;

/** Members of the lists that calls have as JSON: groups and tags. */
export const LISTS = {
  name: "gateway_lists",
  columns: { list: "TEXT", member: "TEXT" },
} as const satisfies Table;

/** What sums are about. */
const ABOUT = {
  key_id: "TEXT",
  path: "TEXT",
  user_id: "TEXT",
  tags: "TEXT",
  route: "TEXT",
  kind: "TEXT",
  provider: "TEXT",
  model: "TEXT",
  rate: "TEXT",
} as const;

const COUNTS = {
  calls: "BIGINT",
  errors: "BIGINT",
  attempts: "BIGINT",
  estimated: "BIGINT",
  input: "BIGINT",
  output: "BIGINT",
  cached: "BIGINT",
  cache_write: "BIGINT",
  reasoning: "BIGINT",
  billed: "DOUBLE PRECISION",
  billed_attempts: "BIGINT",
} as const;

/** The columns of sums. */
export const COUNT_NAMES: readonly string[] = Object.keys(COUNTS);

/** What sums and rows of the log are about: each combination once, by a hash. */
export const DIMENSIONS = {
  name: "gateway_dimensions",
  columns: { id: "BIGINT", ...ABOUT },
} as const satisfies Table;

/** Rollups by hour and by day. `span` is their length in milliseconds. */
export const SUMS = {
  name: "gateway_sums",
  columns: { span: "BIGINT", at: "BIGINT", dimension: "BIGINT", ...COUNTS },
} as const satisfies Table;

/** Rollups of sessions by day. They end with their calls. `id` is a hash of the session and of what it is about. */
export const SESSIONS = {
  name: "gateway_sessions",
  columns: { at: "BIGINT", id: "BIGINT", session_id: "TEXT", dimension: "BIGINT", ...COUNTS },
} as const satisfies Table;

/** Rollups of the rarer meters; with the `span` SESSION_SPAN, those of sessions. */
export const OTHER_SUMS = {
  name: "gateway_other_sums",
  columns: {
    span: "BIGINT",
    at: "BIGINT",
    dimension: "BIGINT",
    meter: "TEXT",
    amount: "DOUBLE PRECISION",
  },
} as const satisfies Table;

/** The rate card. */
export const RATES = {
  name: "gateway_rates",
  columns: {
    id: "TEXT",
    provider: "TEXT",
    model: "TEXT",
    variant: "TEXT",
    since: "BIGINT",
    price: "TEXT",
    edited: "BIGINT",
  },
} as const satisfies Table;
