import { AiLibError, type DialectId, type ErrorCode, type Kind, type Price } from "ai-lib";
import type {
  AttemptRecord,
  CallEntry,
  CallRecord,
  ContentRecord,
  Meters,
  PricedAttempt,
} from "../call-record.js";
import { dollarsOf } from "../meters.js";
import type { CallCursor, CallFilter, CallPage, CallQuery } from "../queries.js";
import { one, placeholders, type SqlRow, type SqlRunner, type SqlValue } from "./database.js";

type Prices = ReadonlyMap<string, Price | undefined>;

/** The most calls of one page. */
const MAX_PAGE = 1_000;

/** The most calls that one query looks at, where no index has what it asks for. */
const MAX_SCANNED = 100_000;

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
  const order = after === undefined ? "ended_at DESC, id DESC" : "ended_at, id";
  const indexed = indexedConditions(query);
  const bound = needsScan(filter) ? await boundOf(sql, indexed, order) : undefined;
  const conditions = new Conditions();
  for (const text of indexed.texts) conditions.add(text);
  conditions.values.push(...indexed.values);
  if (bound !== undefined)
    conditions.add(`(ended_at, id) ${after === undefined ? ">=" : "<="} (?, ?)`, bound.at, bound.id);
  addScanned(conditions, filter);
  const rows = await sql.all(`SELECT * FROM gateway_calls ${conditions.where} ORDER BY ${order} LIMIT ?`, [
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
  const row = await one(sql, "SELECT * FROM gateway_calls WHERE id = ?", [id]);
  return row === undefined ? undefined : (await entriesOf(sql, [row], prices))[0];
}

/** The place behind the latest call. */
export async function readEnd(sql: SqlRunner): Promise<CallCursor> {
  const text = "SELECT ended_at, id FROM gateway_calls ORDER BY ended_at DESC, id DESC LIMIT 1";
  const row = await one(sql, text, []);
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
      };
}

/** What indexes find: a place, a time, a key and a session. */
function indexedConditions({ filter = {}, before, after }: CallQuery): Conditions {
  const conditions = new Conditions();
  conditions.add("key_id = ?", filter.key);
  conditions.add("session_id = ?", filter.session);
  conditions.add("ended_at >= ?", whole(filter.from));
  conditions.add("ended_at < ?", whole(filter.to));
  if (before !== undefined) conditions.add("(ended_at, id) < (?, ?)", before.at, before.id);
  if (after !== undefined) conditions.add("(ended_at, id) > (?, ?)", after.at, after.id);
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
  const attempt = "EXISTS (SELECT 1 FROM gateway_attempts a WHERE a.call_id = gateway_calls.id AND";
  conditions.add(`path ${member}`, filter.group);
  conditions.add(`tags ${member}`, filter.tag);
  conditions.add("user_id = ?", filter.user);
  conditions.add("route = ?", filter.route);
  conditions.add("kind = ?", filter.kind);
  conditions.add("status = ?", filter.status);
  conditions.add("code = ?", filter.code);
  conditions.add(`${attempt} a.provider = ?)`, filter.provider);
  conditions.add(`${attempt} a.model = ?)`, filter.model);
}

/** The last call that a scan may look at; undefined where it may look at all that there are. */
async function boundOf(
  sql: SqlRunner,
  { where, values }: Conditions,
  order: string,
): Promise<CallCursor | undefined> {
  const text = `SELECT ended_at, id FROM gateway_calls ${where} ORDER BY ${order} LIMIT 1 OFFSET ?`;
  const row = await one(sql, text, [...values, MAX_SCANNED - 1]);
  return row === undefined ? undefined : cursorOf(row);
}

function cursorOf(row: SqlRow): CallCursor {
  return { at: Number(row["ended_at"]), id: String(row["id"]) };
}

async function entriesOf(sql: SqlRunner, rows: readonly SqlRow[], prices: Prices): Promise<CallEntry[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id ?? null);
  const attempts = new Map<string, PricedAttempt[]>();
  for (const row of await sql.all(
    `SELECT * FROM gateway_attempts WHERE call_id IN (${placeholders(ids.length)}) ORDER BY call_id, n`,
    ids,
  )) {
    const call = String(row["call_id"]);
    const known = attempts.get(call);
    const attempt = attemptOf(row, prices);
    if (known === undefined) attempts.set(call, [attempt]);
    else known.push(attempt);
  }
  return rows.map((row) => entryOf(row, attempts.get(String(row["id"])) ?? []));
}

function entryOf(row: SqlRow, attempts: readonly PricedAttempt[]): CallEntry {
  const used = attempts.filter(({ meters }) => meters !== undefined);
  const sum = (name: keyof CallEntry["meters"]) =>
    used.reduce((total, { meters }) => total + (meters?.[name] ?? 0), 0);
  return {
    id: String(row["id"]),
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
  const rate = text(row["rate"]);
  return {
    provider: String(row["provider"]),
    model: String(row["model"]),
    outcome: row["outcome"] as AttemptRecord["outcome"],
    code: text(row["code"]) as ErrorCode | undefined,
    status: number(row["status"]),
    startedAt: Number(row["started_at"]),
    endedAt: Number(row["ended_at"]),
    firstContentMs: number(row["first_content_ms"]),
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
