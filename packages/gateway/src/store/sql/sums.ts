import type { Price } from "ai-lib";
import { dollarsOf } from "../meters.js";
import type { UsageSum } from "../queries.js";
import type { SqlRow, SqlRunner, SqlValue } from "./database.js";
import { SESSION_SPAN } from "./rollup.js";
import { COUNT_NAMES, DIMENSIONS, OTHER_SUMS, SESSIONS, SUMS } from "./tables.js";

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
  readonly columns: readonly (keyof typeof DIMENSIONS.columns | "session_id")[];
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

/** Sums rollups up, and prices them: one row for each group and rate. */
export async function sumUp(
  sql: SqlRunner,
  query: SumQuery,
  prices: ReadonlyMap<string, Price | undefined>,
): Promise<SummedRow[]> {
  const ofSessions = query.span === SESSION_SPAN;
  const rows = ofSessions
    ? await sql.all(sessionStatement(query), [query.from, query.to, ...query.values])
    : await sql.all(statement(query, SUMS.name, [], COUNT_NAMES), valuesOf(query));
  const others = await sql.all(
    ofSessions ? otherSessionStatement(query) : statement(query, OTHER_SUMS.name, ["meter"], ["amount"]),
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
    sum: priced(row, found.size === 0 ? undefined : found.get(groupOf(row, query)), prices),
  }));
}

function statement(
  query: SumQuery,
  table: string,
  more: readonly string[],
  counts: readonly string[],
): string {
  const source = `(${dimensionSource(query, table, more, counts)}) s JOIN ${DIMENSIONS.name} d ON d.id = s.dimension`;
  return grouped(query, source, more, counts);
}

const WITH_DIMENSIONS = `JOIN ${DIMENSIONS.name} d ON d.id = s.dimension`;

function sessionStatement(query: SumQuery): string {
  const conditions = ["s.at >= ?", "s.at < ?", ...query.where].join(" AND ");
  return grouped(query, `${SESSIONS.name} s ${WITH_DIMENSIONS} WHERE ${conditions}`, [], COUNT_NAMES);
}

/** The rarer meters of sessions, which few calls have. */
function otherSessionStatement(query: SumQuery): string {
  const conditions = ["o.span = ?", "o.at >= ?", "o.at < ?", ...query.where].join(" AND ");
  const source = `${OTHER_SUMS.name} o JOIN ${SESSIONS.name} s ON s.at = o.at AND s.id = o.dimension`;
  return grouped(query, `${source} ${WITH_DIMENSIONS} WHERE ${conditions}`, ["meter"], ["amount"], "o");
}

/** Adds up what a source has. @param counted the name of the table with the counts */
function grouped(
  { columns, every }: SumQuery,
  source: string,
  more: readonly string[],
  counts: readonly string[],
  counted = "s",
): string {
  const by = [
    ...columns.map((name) => `${name === "session_id" ? "s" : "d"}.${name}`),
    "d.rate",
    ...more.map((name) => `${counted}.${name}`),
    ...(every === undefined ? [] : ["s.at"]),
  ];
  const sums = counts.map((name) => `${cast(name, `SUM(${counted}.${name})`)} AS ${name}`);
  return `SELECT ${[...by, ...sums].join(", ")} FROM ${source} GROUP BY ${by.join(", ")}`;
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
  const input = Number(row["input"]);
  const output = Number(row["output"]);
  const cached = Number(row["cached"]);
  const cacheWrite = Number(row["cache_write"]);
  const reasoning = Number(row["reasoning"]);
  const attempts = Number(row["attempts"]);
  const toPrice = attempts - Number(row["billed_attempts"]);
  const meters = { input, output, cached, cacheWrite, reasoning, others };
  const dollars = toPrice === 0 ? 0 : dollarsOf(meters, toPrice, prices.get(String(row["rate"])));
  return {
    input,
    output,
    cached,
    cacheWrite,
    reasoning,
    calls: Number(row["calls"]),
    errors: Number(row["errors"]),
    attempts,
    estimated: Number(row["estimated"]),
    dollars: (dollars ?? 0) + Number(row["billed"]),
    unpriced: dollars === undefined ? toPrice : 0,
    ...(others !== undefined && { others }),
  };
}

/** Nothing. */
export const NO_USAGE: UsageSum = {
  ...{ input: 0, output: 0, cached: 0, cacheWrite: 0, reasoning: 0 },
  ...{ calls: 0, errors: 0, attempts: 0, estimated: 0, dollars: 0, unpriced: 0 },
};

/** A sum that is being added up. */
export type Sums = { -readonly [N in keyof UsageSum]: UsageSum[N] };

/** Adds a sum to another. */
export function add(to: Sums, sum: UsageSum): void {
  to.input += sum.input;
  to.output += sum.output;
  to.cached += sum.cached;
  to.cacheWrite += sum.cacheWrite;
  to.reasoning += sum.reasoning;
  to.calls += sum.calls;
  to.errors += sum.errors;
  to.attempts += sum.attempts;
  to.estimated += sum.estimated;
  to.dollars += sum.dollars;
  to.unpriced += sum.unpriced;
  if (sum.others !== undefined) to.others = addedOthers(to.others, sum.others);
}

function addedOthers(a: UsageSum["others"], b: UsageSum["others"]): Readonly<Record<string, number>> {
  const sum: Record<string, number> = { ...a };
  for (const [name, amount] of Object.entries(b ?? {})) sum[name] = (sum[name] ?? 0) + amount;
  return sum;
}
