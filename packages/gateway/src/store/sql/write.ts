import type { CallRecord, ContentRecord } from "../call-record.js";
import type { LedgerBatch } from "../store.js";
import { type Database, placeholders, type SqlRunner, type SqlValue, type Table } from "./database.js";
import { listOf, Roller } from "./rollup.js";
import {
  ATTEMPTS,
  CALLS,
  CONTENTS,
  COUNT_NAMES,
  DIMENSIONS,
  LISTS,
  OTHER_SUMS,
  RATES,
  SESSIONS,
  SUMS,
} from "./tables.js";

const KEEP = "ON CONFLICT DO NOTHING";

const ADD = {
  sums: addition(SUMS, ["span", "at", "dimension"]),
  sessions: addition(SESSIONS, ["at", "id"]),
  others: addition(OTHER_SUMS, ["span", "at", "dimension", "meter"], ["amount"]),
};

function addition({ name: table }: Table, key: readonly string[], counts = COUNT_NAMES): string {
  const sets = counts.map((name) => `${name} = ${table}.${name} + excluded.${name}`);
  return `ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${sets.join(", ")}`;
}

/** Writes batches of finished calls. */
export class BatchWriter {
  private readonly roller = new Roller();
  /** Lists whose members are written. */
  private readonly lists = new Set<string>();

  constructor(private readonly database: Database) {}

  async write(batch: LedgerBatch, again: boolean): Promise<void> {
    try {
      await this.database.transaction(async (sql) => {
        const calls = again ? await withoutKnown(sql, batch.calls) : batch.calls;
        await this.writeCalls(sql, calls);
        await sql.insert(RATES, batch.rates.map(rateRow), KEEP);
        await sql.insert(CONTENTS, batch.contents.map(contentRow), KEEP);
      });
    } catch (error) {
      this.roller.forget();
      this.lists.clear();
      throw error;
    }
  }

  private async writeCalls(sql: SqlRunner, calls: readonly CallRecord[]): Promise<void> {
    const { dimensions, sessions, sums, others } = this.roller.roll(calls);
    await sql.insert(CALLS, calls.map(callRow), KEEP);
    await sql.insert(ATTEMPTS, calls.flatMap(attemptRows), KEEP);
    await sql.insert(LISTS, this.newLists(calls), KEEP);
    await sql.insert(DIMENSIONS, dimensions, KEEP);
    await sql.insert(SUMS, sums, ADD.sums);
    await sql.insert(SESSIONS, sessions, ADD.sessions);
    await sql.insert(OTHER_SUMS, others, ADD.others);
  }

  private newLists(calls: readonly CallRecord[]): SqlValue[][] {
    if (this.lists.size > 50_000) this.lists.clear();
    const rows: SqlValue[][] = [];
    for (const { groups, tags } of calls)
      for (const members of [groups, tags]) {
        if (members.length === 0) continue;
        const list = listOf(members);
        if (this.lists.has(list)) continue;
        this.lists.add(list);
        for (const member of new Set(members)) rows.push([list, member]);
      }
    return rows;
  }
}

/** The calls of a batch that the store does not have. */
async function withoutKnown(sql: SqlRunner, calls: readonly CallRecord[]): Promise<readonly CallRecord[]> {
  // A batch is written whole or not at all; but the parts of one may have been batches before.
  const known = new Set<SqlValue | undefined>();
  for (let start = 0; start < calls.length; start += 500) {
    const ids = calls.slice(start, start + 500).map(({ id }) => id);
    const rows = await sql.all(`SELECT id FROM gateway_calls WHERE id IN (${placeholders(ids.length)})`, ids);
    for (const row of rows) known.add(row["id"]);
  }
  return calls.filter(({ id }) => !known.has(id));
}

function callRow(call: CallRecord): SqlValue[] {
  return [
    ...[call.endedAt, call.id, call.startedAt, call.firstContentMs ?? null, call.key, listOf(call.groups)],
    ...[call.user ?? null, call.session ?? null, listOf(call.tags), call.route, call.kind, call.mode],
    ...[call.dialect, call.model ?? null, call.status, call.code ?? null],
  ];
}

function attemptRows({ id, attempts }: CallRecord): SqlValue[][] {
  return attempts.map((attempt, n) => {
    const { meters } = attempt;
    const others = meters?.others === undefined ? null : JSON.stringify(meters.others);
    return [
      ...[
        id,
        n,
        attempt.provider,
        attempt.model,
        attempt.outcome,
        attempt.code ?? null,
        attempt.status ?? null,
      ],
      ...[attempt.startedAt, attempt.endedAt, attempt.firstContentMs ?? null],
      ...[meters?.input ?? null, meters?.output ?? null, meters?.cached ?? null, meters?.cacheWrite ?? null],
      ...[meters?.reasoning ?? null, others, attempt.estimated ? 1 : 0],
      ...[attempt.rate ?? null, attempt.billed ?? null],
    ];
  });
}

function contentRow({ call, endedAt, request, response }: ContentRecord): SqlValue[] {
  return [call, endedAt, request, response ?? null];
}

function rateRow({
  id,
  provider,
  model,
  variant,
  since,
  price,
  edited,
}: LedgerBatch["rates"][number]): SqlValue[] {
  const text = price === undefined ? null : JSON.stringify(price);
  return [id, provider, model, variant, since, text, edited ? 1 : 0];
}
