import type { Price } from "ai-lib";
import { dollarsOf } from "../meters.js";
import type { UsageSum } from "../queries.js";
import type { SqlRow, SqlRunner, SqlValue } from "./database.js";
import { SESSION_SPAN } from "./rollup.js";
import { DIMENSIONS, SESSIONS, SUMS } from "./tables.js";

/** Which rollups are summed up. */
export interface SumQuery {
  /** The length of the rollups in milliseconds; `SESSION_SPAN` for those of sessions. */
  readonly span: number;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Group by time as well: the length of a group in milliseconds. */
  readonly every?: number | undefined;
  /** Columns of the dimensions to group by. */
  readonly columns: readonly (keyof typeof SESSIONS.columns)[];
  /** Conditions on the dimensions, with `?` for values. */
  readonly where: readonly string[];
  readonly values: readonly SqlValue[];
}

/** One group with its sums. */
export interface SummedRow {
  /** The beginning of the time, where the query groups by time. */
  readonly at: number | undefined;
  readonly columns: SqlRow;
  readonly sum: UsageSum;
}

const COUNTS = Object.keys(SUMS.columns).slice(3);

/** Sums rollups up, and prices them: one row for each group and rate. */
export async function sumUp(
  sql: SqlRunner,
  query: SumQuery,
  prices: ReadonlyMap<string, Price | undefined>,
): Promise<SummedRow[]> {
  const rows = await sql.all(statement(query, SUMS.name, [], COUNTS), valuesOf(query));
  const others = await sql.all(
    statement(query, "gateway_other_sums", ["meter"], ["amount"]),
    valuesOf(query),
  );
  const found = new Map<string, Record<string, number>>();
  for (const row of others) {
    const name = groupOf(row, query);
    const meters = found.get(name) ?? {};
    meters[String(row["meter"])] = Number(row["amount"]);
    found.set(name, meters);
  }
  return rows.map((row) => ({
    at: query.every === undefined ? undefined : Number(row["at"]),
    columns: row,
    sum: priced(row, found.get(groupOf(row, query)), prices),
  }));
}

function statement(
  query: SumQuery,
  table: string,
  more: readonly string[],
  counts: readonly string[],
): string {
  const by = [
    ...query.columns.map((name) => `d.${name}`),
    "d.rate",
    ...more.map((name) => `s.${name}`),
    ...(query.every === undefined ? [] : ["s.at"]),
  ];
  const sums = counts.map((name) => `${cast(name, `SUM(s.${name})`)} AS ${name}`);
  const source =
    query.span === SESSION_SPAN
      ? sessionSource(query, table)
      : `(${dimensionSource(query, table, more, counts)}) s JOIN ${DIMENSIONS.name} d ON d.id = s.dimension`;
  return `SELECT ${[...by, ...sums].join(", ")} FROM ${source} GROUP BY ${by.join(", ")}`;
}

/** Sessions and their sums are in the same order, that of their days: both are read once. */
function sessionSource({ where }: SumQuery, table: string): string {
  const conditions = ["s.span = ?", "s.at >= ?", "s.at < ?", ...where];
  return `${table} s JOIN ${SESSIONS.name} d ON d.at = s.at AND d.id = s.dimension WHERE ${conditions.join(" AND ")}`;
}

/**
 * Without time, the rollups are added up by dimension first, so that each dimension is looked up once. With time, that
 * would add little up.
 */
function dimensionSource(
  { span, every, where }: SumQuery,
  table: string,
  more: readonly string[],
  counts: readonly string[],
): string {
  const dimensions =
    where.length === 0
      ? ""
      : `AND dimension IN (SELECT id FROM ${DIMENSIONS.name} WHERE ${where.join(" AND ")})`;
  const rollups = `${table} WHERE span = ? AND at >= ? AND at < ? ${dimensions}`;
  return every === undefined
    ? `SELECT ${["dimension", ...more, ...counts.map((name) => `SUM(${name}) AS ${name}`)].join(", ")}
       FROM ${rollups} GROUP BY ${["dimension", ...more].join(", ")}`
    : `SELECT ${["dimension", ...more, `${every === span ? "at" : `at - at % ${every}`} AS at`, ...counts].join(", ")}
       FROM ${rollups}`;
}

/** PostgreSQL sums integers up to decimals. */
function cast(name: string, sum: string): string {
  return name === "billed" || name === "amount" ? sum : `CAST(${sum} AS BIGINT)`;
}

function valuesOf({ span, from, to, values }: SumQuery): SqlValue[] {
  return [span, from, to, ...values];
}

function groupOf(row: SqlRow, { columns }: SumQuery): string {
  return JSON.stringify([row["at"] ?? null, row["rate"], ...columns.map((name) => row[name])]);
}

function priced(
  row: SqlRow,
  others: Readonly<Record<string, number>> | undefined,
  prices: ReadonlyMap<string, Price | undefined>,
): UsageSum {
  const count = (name: string) => Number(row[name]);
  const meters = {
    input: count("input"),
    output: count("output"),
    cached: count("cached"),
    cacheWrite: count("cache_write"),
    reasoning: count("reasoning"),
    ...(others !== undefined && { others }),
  };
  const attempts = count("attempts");
  const toPrice = attempts - count("billed_attempts");
  const rate = String(row["rate"]);
  const dollars = toPrice === 0 ? 0 : dollarsOf(meters, toPrice, prices.get(rate));
  return {
    ...meters,
    calls: count("calls"),
    errors: count("errors"),
    attempts,
    estimated: count("estimated"),
    dollars: (dollars ?? 0) + count("billed"),
    unpriced: dollars === undefined ? toPrice : 0,
  };
}

/** Nothing. */
export const NO_USAGE: UsageSum = {
  ...{ input: 0, output: 0, cached: 0, cacheWrite: 0, reasoning: 0 },
  ...{ calls: 0, errors: 0, attempts: 0, estimated: 0, dollars: 0, unpriced: 0 },
};

/** Two sums together. */
export function added(a: UsageSum, b: UsageSum): UsageSum {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cached: a.cached + b.cached,
    cacheWrite: a.cacheWrite + b.cacheWrite,
    reasoning: a.reasoning + b.reasoning,
    calls: a.calls + b.calls,
    errors: a.errors + b.errors,
    attempts: a.attempts + b.attempts,
    estimated: a.estimated + b.estimated,
    dollars: a.dollars + b.dollars,
    unpriced: a.unpriced + b.unpriced,
    ...((a.others ?? b.others) !== undefined && { others: addedOthers(a.others, b.others) }),
  };
}

function addedOthers(a: UsageSum["others"], b: UsageSum["others"]): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { ...a };
  for (const [name, amount] of Object.entries(b ?? {})) sum[name] = (sum[name] ?? 0) + amount;
  return sum;
}
