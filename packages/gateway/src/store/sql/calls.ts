import { AiLibError, type DialectId, type ErrorCode, type Kind, type KindApi, type Price } from "ai-lib";
import type {
  AttemptRecord,
  CallEntry,
  CallRecord,
  ContentRecord,
  Meters,
  PricedAttempt,
} from "../call-record.js";
import { dollarsOf } from "../meters.js";
import { callIdOf, halvesOf } from "../packed-calls.js";
import type { CallCursor, CallFilter, CallPage, CallQuery } from "../queries.js";
import { one, type SqlRow, type SqlRunner, type SqlValue } from "./database.js";

type Prices = ReadonlyMap<string, Price | undefined>;

/** The most calls of one page. */
const MAX_PAGE = 1_000;

/** The most calls that one query looks at, where no index has what it asks for. */
const MAX_SCANNED = 100_000;

/** The columns that the log is in order by, together with the number of the attempt. */
const PLACE = ["ended_at", "started_at", "serial"] as const;
const PLACES = `(${PLACE.join(", ")})`;

/** Rows of the log with what they refer to. */
const COLUMNS = `l.*, d.path, d.user_id, d.tags, d.route, d.kind, d.provider, d.model AS attempt_model, d.rate,
  f.mode, f.dialect, f.model, f.status, f.code, f.outcome, f.attempt_code, f.attempt_dialect, f.attempt_status,
  f.estimated`;
const JOINS = "JOIN gateway_dimensions d ON d.id = l.dimension JOIN gateway_forms f ON f.id = l.form";

/** Conditions with their values. */
class Conditions {
  readonly texts: string[] = [];
  readonly values: SqlValue[] = [];

  add(text: string, ...values: readonly (SqlValue | undefined)[]): void {
    if (values.includes(undefined)) return;
    this.texts.push(text);
    this.values.push(...(values as SqlValue[]));
  }

  get where(): string {
    return this.texts.length === 0 ? "" : `WHERE ${this.texts.join(" AND ")}`;
  }
}

/**
 * Reads one page of calls.
 * @throws {AiLibError} `INVALID_REQUEST` for a query that is out of range.
 */
export async function readCalls(sql: SqlRunner, query: CallQuery, prices: Prices): Promise<CallPage> {
  const { filter = {}, before, after, limit = 50 } = query;
  if (!(limit >= 1 && limit <= MAX_PAGE) || (before !== undefined && after !== undefined))
    throw new AiLibError({
      code: "INVALID_REQUEST",
      message: `limit must be 1 to ${MAX_PAGE}, and before excludes after`,
      local: true,
    });
  const order = after === undefined ? PLACE.map((name) => `${name} DESC`).join(", ") : PLACE.join(", ");
  const indexed = indexedConditions(query);
  const bound = needsScan(filter) ? await boundOf(sql, indexed, order) : undefined;
  const conditions = new Conditions();
  for (const text of indexed.texts) conditions.add(text);
  conditions.values.push(...indexed.values);
  if (bound !== undefined)
    conditions.add(`${PLACES} ${after === undefined ? ">=" : "<="} (?, ?, ?)`, ...placeOf(bound));
  addScanned(conditions, filter);
  const page = `SELECT * FROM gateway_log ${conditions.where} ORDER BY ${order} LIMIT ?`;
  const rows = await sql.all(`SELECT ${COLUMNS} FROM (${page}) l ${JOINS} ORDER BY ${order}`, [
    ...conditions.values,
    limit + 1,
  ]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    calls: await entriesOf(sql, shown, prices),
    next: rows.length > limit && last !== undefined ? cursorOf(last) : bound,
  };
}

/** Reads one call. */
export async function readCall(sql: SqlRunner, id: string, prices: Prices): Promise<CallEntry | undefined> {
  const halves = halvesOf(id);
  if (halves === undefined) return undefined;
  const text = `SELECT ${COLUMNS} FROM gateway_log l ${JOINS} WHERE l.n = 0 AND l.started_at = ? AND l.serial = ?`;
  const row = await one(sql, text, [halves.startedAt, halves.serial]);
  return row === undefined ? undefined : (await entriesOf(sql, [row], prices))[0];
}

/** The place behind the latest call. */
export async function readEnd(sql: SqlRunner): Promise<CallCursor> {
  const order = PLACE.map((name) => `${name} DESC`).join(", ");
  const row = await one(sql, `SELECT ${PLACE.join(", ")} FROM gateway_log ORDER BY ${order} LIMIT 1`, []);
  return row === undefined ? { at: 0, id: "" } : cursorOf(row);
}

/** Reads the content of a call. */
export async function readContent(sql: SqlRunner, call: string): Promise<ContentRecord | undefined> {
  const row = await one(sql, "SELECT * FROM gateway_contents WHERE call_id = ?", [call]);
  return row === undefined
    ? undefined
    : {
        call,
        endedAt: Number(row["ended_at"]),
        request: String(row["request"]),
        response: text(row["response"]),
        errors: text(row["errors"]),
      };
}

/** What indexes find: a place, a time, a key and a session. */
function indexedConditions({ filter = {}, before, after }: CallQuery): Conditions {
  const conditions = new Conditions();
  conditions.add("n = 0");
  conditions.add("key_id = ?", filter.key);
  conditions.add("session_id = ?", filter.session);
  conditions.add("ended_at >= ?", whole(filter.from));
  conditions.add("ended_at < ?", whole(filter.to));
  if (before !== undefined) conditions.add(`${PLACES} < (?, ?, ?)`, ...placeOf(before));
  if (after !== undefined) conditions.add(`${PLACES} > (?, ?, ?)`, ...placeOf(after));
  return conditions;
}

/** A time as columns have it: PostgreSQL takes no fractions there. */
function whole(time: number | undefined): number | undefined {
  return time === undefined ? undefined : Math.ceil(time);
}

function needsScan({ group, user, tag, route, kind, provider, model, status, code }: CallFilter): boolean {
  return [group, user, tag, route, kind, provider, model, status, code].some((value) => value !== undefined);
}

function addScanned(conditions: Conditions, filter: CallFilter): void {
  const member = "IN (SELECT list FROM gateway_lists WHERE member = ?)";
  const dimension = (condition: string) =>
    `dimension IN (SELECT id FROM gateway_dimensions WHERE ${condition})`;
  const form = (condition: string) => `form IN (SELECT id FROM gateway_forms WHERE ${condition})`;
  const attempt = (condition: string) =>
    `EXISTS (SELECT 1 FROM gateway_log a WHERE a.ended_at = gateway_log.ended_at AND
      a.started_at = gateway_log.started_at AND a.serial = gateway_log.serial AND a.${dimension(condition)})`;
  conditions.add(dimension(`path ${member}`), filter.group);
  conditions.add(dimension(`tags ${member}`), filter.tag);
  conditions.add(dimension("user_id = ?"), filter.user);
  conditions.add(dimension("route = ?"), filter.route);
  conditions.add(dimension("kind = ?"), filter.kind);
  conditions.add(form("status = ?"), filter.status);
  conditions.add(form("code = ?"), filter.code);
  conditions.add(attempt("provider = ?"), filter.provider);
  conditions.add(attempt("model = ?"), filter.model);
}

/** The last call that a scan may look at; undefined where it may look at all that there are. */
async function boundOf(
  sql: SqlRunner,
  { where, values }: Conditions,
  order: string,
): Promise<CallCursor | undefined> {
  const text = `SELECT ${PLACE.join(", ")} FROM gateway_log ${where} ORDER BY ${order} LIMIT 1 OFFSET ?`;
  const row = await one(sql, text, [...values, MAX_SCANNED - 1]);
  return row === undefined ? undefined : cursorOf(row);
}

function cursorOf(row: SqlRow): CallCursor {
  return { at: Number(row["ended_at"]), id: idOf(row) };
}

/** A place as the columns have it. A cursor without an id is before all calls of its time. */
function placeOf({ at, id }: CallCursor): [number, number, number] {
  const { startedAt, serial } = halvesOf(id) ?? { startedAt: -1, serial: -1 };
  return [whole(at) ?? at, startedAt, serial];
}

function idOf(row: SqlRow): string {
  return callIdOf(Number(row["started_at"]), Number(row["serial"]));
}

async function entriesOf(sql: SqlRunner, rows: readonly SqlRow[], prices: Prices): Promise<CallEntry[]> {
  if (rows.length === 0) return [];
  const attempts = new Map(
    rows.map((row) => [idOf(row), row["outcome"] === null ? [] : [attemptOf(row, prices)]]),
  );
  const places = rows.map(() => "(CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS BIGINT))").join(", ");
  for (const row of await sql.all(
    `SELECT ${COLUMNS} FROM gateway_log l ${JOINS} WHERE l.n > 0 AND ${PLACES} IN (VALUES ${places}) ORDER BY l.n`,
    rows.flatMap((row) => PLACE.map((name) => row[name] ?? null)),
  ))
    attempts.get(idOf(row))?.push(attemptOf(row, prices));
  return rows.map((row) => entryOf(row, attempts.get(idOf(row)) ?? []));
}

function entryOf(row: SqlRow, attempts: readonly PricedAttempt[]): CallEntry {
  const used = attempts.filter(({ meters }) => meters !== undefined);
  const sum = (name: keyof CallEntry["meters"]) =>
    used.reduce((total, { meters }) => total + (meters?.[name] ?? 0), 0);
  return {
    id: idOf(row),
    endedAt: Number(row["ended_at"]),
    startedAt: Number(row["started_at"]),
    firstContentMs: number(row["first_content_ms"]),
    key: String(row["key_id"]),
    groups: JSON.parse(String(row["path"])),
    user: text(row["user_id"]),
    session: text(row["session_id"]),
    tags: JSON.parse(String(row["tags"])),
    route: String(row["route"]),
    kind: row["kind"] as Kind,
    mode: row["mode"] as CallRecord["mode"],
    dialect: row["dialect"] as DialectId,
    model: text(row["model"]),
    status: row["status"] as CallRecord["status"],
    code: text(row["code"]) as ErrorCode | undefined,
    attempts,
    meters: {
      input: sum("input"),
      output: sum("output"),
      cached: sum("cached"),
      cacheWrite: sum("cacheWrite"),
      reasoning: sum("reasoning"),
    },
    dollars: used.every(({ dollars }) => dollars !== undefined)
      ? used.reduce((total, { dollars = 0 }) => total + dollars, 0)
      : undefined,
  };
}

function attemptOf(row: SqlRow, prices: Prices): PricedAttempt {
  const meters = metersIn(row);
  const billed = number(row["billed"]);
  const rate = row["rate"] === "" ? undefined : text(row["rate"]);
  const startedAt = Number(row["started_at"]) + Number(row["attempt_after_ms"]);
  return {
    provider: String(row["provider"]),
    model: String(row["attempt_model"]),
    dialect: text(row["attempt_dialect"]) as DialectId | KindApi | undefined,
    outcome: row["outcome"] as AttemptRecord["outcome"],
    code: text(row["attempt_code"]) as ErrorCode | undefined,
    status: number(row["attempt_status"]),
    startedAt,
    endedAt: startedAt + Number(row["attempt_ms"]),
    firstContentMs: number(row["attempt_first_content_ms"]),
    meters,
    estimated: row["estimated"] === 1,
    rate,
    billed,
    dollars:
      billed ??
      (meters === undefined || rate === undefined ? undefined : dollarsOf(meters, 1, prices.get(rate))),
  };
}

function metersIn(row: SqlRow): Meters | undefined {
  if (row["input"] === null) return undefined;
  const others = text(row["others"]);
  return {
    input: Number(row["input"]),
    output: Number(row["output"]),
    cached: Number(row["cached"]),
    cacheWrite: Number(row["cache_write"]),
    reasoning: Number(row["reasoning"]),
    ...(others !== undefined && { others: JSON.parse(others) }),
  };
}

function text(value: SqlValue | undefined): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

function number(value: SqlValue | undefined): number | undefined {
  return value === null || value === undefined ? undefined : Number(value);
}
