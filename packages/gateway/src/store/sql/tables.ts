import type { Table } from "./database.js";

/** One row per call, in the order of their ends. */
export const CALLS = {
  name: "gateway_calls",
  columns: {
    ended_at: "BIGINT",
    id: "TEXT",
    started_at: "BIGINT",
    first_content_ms: "BIGINT",
    key_id: "TEXT",
    path: "TEXT",
    user_id: "TEXT",
    session_id: "TEXT",
    tags: "TEXT",
    route: "TEXT",
    kind: "TEXT",
    mode: "TEXT",
    dialect: "TEXT",
    model: "TEXT",
    status: "TEXT",
    code: "TEXT",
  },
} as const satisfies Table;

/** One row per attempt. */
export const ATTEMPTS = {
  name: "gateway_attempts",
  columns: {
    call_id: "TEXT",
    n: "BIGINT",
    provider: "TEXT",
    model: "TEXT",
    outcome: "TEXT",
    code: "TEXT",
    status: "BIGINT",
    started_at: "BIGINT",
    ended_at: "BIGINT",
    first_content_ms: "BIGINT",
    input: "BIGINT",
    output: "BIGINT",
    cached: "BIGINT",
    cache_write: "BIGINT",
    reasoning: "BIGINT",
    others: "TEXT",
    estimated: "BIGINT",
    rate: "TEXT",
    billed: "DOUBLE PRECISION",
  },
} as const satisfies Table;

/** What clients asked and got, where the configuration keeps it. */
export const CONTENTS = {
  name: "gateway_contents",
  columns: { call_id: "TEXT", ended_at: "BIGINT", request: "TEXT", response: "TEXT" },
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

/** What sums are about: each combination once, by a hash. */
export const DIMENSIONS = {
  name: "gateway_dimensions",
  columns: { id: "BIGINT", ...ABOUT },
} as const satisfies Table;

/** Rollups by hour and by day. `span` is their length in milliseconds. */
export const SUMS = {
  name: "gateway_sums",
  columns: { span: "BIGINT", at: "BIGINT", dimension: "BIGINT", ...COUNTS },
} as const satisfies Table;

/**
 * Rollups of sessions by day, each with what it is about: sessions are many, and each combination is needed on few days.
 * They end with their calls.
 */
export const SESSIONS = {
  name: "gateway_sessions",
  columns: { at: "BIGINT", id: "BIGINT", session_id: "TEXT", ...ABOUT, ...COUNTS },
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
