import type { ContentRecord } from "../call-record.js";
import { CELL, endOfCall, type PackedCalls, WIDTH } from "../packed-calls.js";
import type { LedgerBatch } from "../store.js";
import type { Database, SqlRunner, SqlValue, Table } from "./database.js";
import { ABOUT, Combinations, FORM, type Hash, numberOr } from "./dimensions.js";
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

/** Rows that were written while the same rows were being written: by an earlier try, which was believed lost. */
export class WrittenMeanwhile extends Error {
  override readonly name = "WrittenMeanwhile";

  constructor() {
    super("An earlier try to write the same calls has succeeded");
  }
}

/** Writes batches of finished calls. */
export class BatchWriter {
  private readonly dimensions: Combinations;
  private readonly forms: Combinations;
  private readonly roller: Roller;
  /** Lists whose members are written. */
  private readonly lists = new Set<string>();

  /** @param hash makes the ids of combinations */
  constructor(
    private readonly database: Database,
    hash: Hash,
  ) {
    this.dimensions = new Combinations(ABOUT, hash);
    this.forms = new Combinations(FORM, hash);
    this.roller = new Roller(this.dimensions, hash);
  }

  /** @param again whether calls of the batch may have been written before */
  async write(batch: LedgerBatch, again: boolean): Promise<void> {
    try {
      await this.database.transaction(async (sql) => {
        await this.writeCalls(sql, batch.calls, again ? await knownOf(sql, batch.calls) : new Set());
        await sql.insert(RATES, batch.rates.map(rateRow).sort(byTexts), KEEP);
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

  /** @param known calls that are left out, by {@link placeOf} */
  private async writeCalls(sql: SqlRunner, calls: PackedCalls, known: ReadonlySet<string>): Promise<void> {
    const log: SqlValue[][] = [];
    for (let from = 0, to = 0; from < calls.cells.length; from = to) {
      to = endOfCall(calls, from);
      if (known.size > 0 && known.has(placeOf(calls, from))) continue;
      this.roller.add(calls, from, to);
      for (let at = from; at < to; at += WIDTH)
        log.push(logRow(calls, at, this.dimensions.of(calls, at).id, this.forms.of(calls, at).id));
    }
    const { sessions, sums, others } = this.roller.take();
    const dimensions = this.dimensions.take().map(({ id, values }) => [id, ...values]);
    const forms = this.forms.take().map(({ id, values }) => [id, ...values]);
    // A try whose connection was lost may end after this one has looked for its rows. Sums must not count them twice.
    if ((await sql.insert(LOG, log, KEEP)) < log.length) throw new WrittenMeanwhile();
    await sql.insert(LISTS, this.newLists(dimensions), KEEP);
    await sql.insert(DIMENSIONS, dimensions, KEEP);
    await sql.insert(FORMS, forms, KEEP);
    await sql.insert(SUMS, sums, ADD.sums);
    await sql.insert(SESSIONS, sessions, ADD.sessions);
    await sql.insert(OTHER_SUMS, others, ADD.others);
  }

  /** The members of lists that rows of `gateway_dimensions` have and that are not written. */
  private newLists(dimensions: readonly (readonly SqlValue[])[]): SqlValue[][] {
    if (this.lists.size > 50_000) this.lists.clear();
    const rows: SqlValue[][] = [];
    for (const dimension of dimensions)
      for (const list of [dimension[PATH], dimension[TAGS]]) {
        if (typeof list !== "string" || this.lists.has(list)) continue;
        this.lists.add(list);
        for (const member of new Set(JSON.parse(list) as string[])) rows.push([list, member]);
      }
    return rows.sort(byTexts);
  }
}

const PATH = Object.keys(DIMENSIONS.columns).indexOf("path");
const TAGS = Object.keys(DIMENSIONS.columns).indexOf("tags");

/** One order for all, so that two processes that write the same texts do not wait for each other. */
function byTexts(a: readonly SqlValue[], b: readonly SqlValue[]): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? "";
    if (value !== other) return String(value) < String(other) ? -1 : 1;
  }
  return 0;
}

/** Tells calls apart. */
function placeOf({ cells }: PackedCalls, at: number): string {
  return `${cells[at + CELL.startedAt]} ${cells[at + CELL.serial]}`;
}

/** The calls of a batch that the store has. */
async function knownOf(sql: SqlRunner, calls: PackedCalls): Promise<ReadonlySet<string>> {
  // A batch is written whole or not at all; but the parts of one may have been batches before.
  const known = new Set<string>();
  const halves: SqlValue[][] = [];
  for (let at = 0; at < calls.cells.length; at = endOfCall(calls, at))
    halves.push([calls.cells[at + CELL.startedAt] ?? 0, calls.cells[at + CELL.serial] ?? 0]);
  for (let start = 0; start < halves.length; start += 500) {
    const some = halves.slice(start, start + 500);
    const places = some.map(() => "(CAST(? AS BIGINT), CAST(? AS BIGINT))").join(", ");
    const rows = await sql.all(
      `SELECT started_at, serial FROM gateway_log WHERE n = 0 AND (started_at, serial) IN (VALUES ${places})`,
      some.flat(),
    );
    for (const row of rows) known.add(`${row["started_at"]} ${row["serial"]}`);
  }
  return known;
}

/** A row of `gateway_log`. Its values are written out, since every call has one: a loop takes far longer. */
function logRow({ cells, texts }: PackedCalls, at: number, dimension: number, form: number): SqlValue[] {
  const isFirst = cells[at + CELL.n] === 0;
  const session = cells[at + CELL.session] ?? 0;
  const others = cells[at + CELL.others] ?? 0;
  return [
    cells[at + CELL.endedAt] ?? 0,
    cells[at + CELL.startedAt] ?? 0,
    cells[at + CELL.serial] ?? 0,
    cells[at + CELL.n] ?? 0,
    texts[cells[at + CELL.key] ?? 0] ?? "",
    dimension,
    form,
    isFirst && session > 0 ? (texts[session] ?? null) : null,
    isFirst ? numberOr(cells[at + CELL.firstContentMs], null) : null,
    numberOr(cells[at + CELL.afterMs], null),
    numberOr(cells[at + CELL.attemptMs], null),
    numberOr(cells[at + CELL.attemptFirstContentMs], null),
    numberOr(cells[at + CELL.input], null),
    numberOr(cells[at + CELL.output], null),
    numberOr(cells[at + CELL.cached], null),
    numberOr(cells[at + CELL.cacheWrite], null),
    numberOr(cells[at + CELL.reasoning], null),
    others > 0 ? (texts[others] ?? null) : null,
    numberOr(cells[at + CELL.billed], null),
  ];
}

function contentRow({ call, endedAt, request, response, errors }: ContentRecord): SqlValue[] {
  return [call, endedAt, request, response ?? null, errors ?? null];
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
