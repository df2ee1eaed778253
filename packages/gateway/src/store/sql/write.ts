import type { AttemptRecord, CallRecord, ContentRecord } from "../call-record.js";
import type { LedgerBatch } from "../store.js";
import type { Database, SqlRunner, SqlValue, Table } from "./database.js";
import { Dimensions, listOf } from "./dimensions.js";
import { Forms } from "./forms.js";
import { callIdOf, logRow, serialOf } from "./log-rows.js";
import { Roller } from "./rollup.js";
import {
  CONTENTS,
  COUNT_NAMES,
  DIMENSIONS,
  FORMS,
  LISTS,
  LOG,
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
  private readonly dimensions = new Dimensions();
  private readonly forms = new Forms();
  private readonly roller = new Roller(this.dimensions);
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
      this.dimensions.forget();
      this.forms.forget();
      this.roller.take();
      this.lists.clear();
      throw error;
    }
  }

  private async writeCalls(sql: SqlRunner, calls: readonly CallRecord[]): Promise<void> {
    const log = calls.flatMap((call) => {
      this.roller.add(call);
      return this.logRows(call);
    });
    const { sessions, sums, others } = this.roller.take();
    await sql.insert(LOG, log, KEEP);
    await sql.insert(LISTS, this.newLists(calls), KEEP);
    await sql.insert(DIMENSIONS, this.dimensions.take(), KEEP);
    await sql.insert(FORMS, this.forms.take(), KEEP);
    await sql.insert(SUMS, sums, ADD.sums);
    await sql.insert(SESSIONS, sessions, ADD.sessions);
    await sql.insert(OTHER_SUMS, others, ADD.others);
  }

  private logRows(call: CallRecord): SqlValue[][] {
    const rowOf = (n: number, attempt?: AttemptRecord) =>
      logRow(call, n, attempt, this.dimensions.of(call, attempt).id, this.forms.of(call, attempt));
    const { attempts } = call;
    return attempts.length === 0 ? [rowOf(0)] : attempts.map((attempt, n) => rowOf(n, attempt));
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
  const known = new Set<string>();
  for (let start = 0; start < calls.length; start += 500) {
    const some = calls.slice(start, start + 500);
    const halves = some.map(() => "(CAST(? AS BIGINT), CAST(? AS BIGINT))").join(", ");
    const rows = await sql.all(
      `SELECT started_at, serial FROM gateway_log WHERE n = 0 AND (started_at, serial) IN (VALUES ${halves})`,
      some.flatMap(({ startedAt, id }) => [startedAt, serialOf(id)]),
    );
    for (const row of rows) known.add(callIdOf(Number(row["started_at"]), Number(row["serial"])));
  }
  return calls.filter(({ id }) => !known.has(id));
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
