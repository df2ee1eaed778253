import type { CallRecord } from "../../src/store/call-record.js";
import { halvesOf } from "../../src/store/packed-calls.js";
import type { Database, SqlValue } from "../../src/store/sql/database.js";

/** Writes calls as a gateway with version 2 of the schema did: their rows, and the sums of sessions. */
export async function writeVersion2(database: Database, calls: readonly CallRecord[]): Promise<void> {
  const insert = (table: string, values: readonly SqlValue[]) =>
    database.run(`INSERT INTO ${table} VALUES (${values.map(() => "?").join(", ")})`, values);
  let ids = 0;
  for (const call of calls) {
    const about = [
      ...[call.key, JSON.stringify(call.groups), call.user ?? null, JSON.stringify(call.tags)],
      ...[call.route, call.kind],
    ];
    await insert("gateway_calls", [
      ...[call.endedAt, call.id, call.startedAt, call.firstContentMs ?? null, ...about.slice(0, 3)],
      ...[call.session ?? null, ...about.slice(3), call.mode, call.dialect, call.model ?? null, call.status],
      call.code ?? null,
    ]);
    for (const [n, attempt] of call.attempts.entries()) {
      const { meters } = attempt;
      await insert("gateway_attempts", [
        ...[call.id, n, attempt.provider, attempt.model, attempt.outcome, attempt.code ?? null],
        ...[attempt.status ?? null, attempt.startedAt, attempt.endedAt, attempt.firstContentMs ?? null],
        ...[
          meters?.input ?? null,
          meters?.output ?? null,
          meters?.cached ?? null,
          meters?.cacheWrite ?? null,
        ],
        ...[meters?.reasoning ?? null, meters?.others === undefined ? null : JSON.stringify(meters.others)],
        ...[attempt.estimated ? 1 : 0, attempt.rate ?? null, attempt.billed ?? null],
      ]);
    }
    const last = call.attempts.at(-1);
    if (last?.meters === undefined) continue;
    const combination = [...about, last.provider, last.model, last.rate ?? ""];
    await insert("gateway_dimensions", [++ids, ...combination]);
    const counts = [1, 0, 1, 0, last.meters.input, last.meters.output, 0, 0, 0, 0, 0];
    const day = call.startedAt - (call.startedAt % 86_400_000);
    await insert("gateway_sums", [86_400_000, day, ids, ...counts]);
    if (call.session !== undefined)
      await insert("gateway_sessions", [day, ids, call.session, ...combination, ...counts]);
  }
}

/**
 * Writes calls with one attempt each, or none, as a gateway with version 3 of the schema did: rows of the log with what
 * they refer to, and the sums by day.
 */
export async function writeVersion3(database: Database, calls: readonly CallRecord[]): Promise<void> {
  const insert = (table: string, values: readonly SqlValue[]) =>
    database.run(`INSERT INTO ${table} VALUES (${values.map(() => "?").join(", ")})`, values);
  for (const [id, call] of calls.entries()) {
    const { startedAt, serial } = halvesOf(call.id) ?? { startedAt: 0, serial: id };
    const [attempt] = call.attempts;
    await insert("gateway_dimensions", [
      ...[
        id,
        call.key,
        JSON.stringify(call.groups),
        call.user ?? null,
        JSON.stringify(call.tags),
        call.route,
      ],
      ...[call.kind, attempt?.provider ?? "", attempt?.model ?? "", attempt?.rate ?? ""],
    ]);
    await insert("gateway_forms", [
      ...[id, call.mode, call.dialect, call.model ?? null, call.status, call.code ?? null],
      ...[attempt?.outcome ?? null, attempt?.code ?? null, attempt?.status ?? null],
      attempt === undefined ? null : Number(attempt.estimated),
    ]);
    const {
      input = null,
      output = null,
      cached = null,
      cacheWrite = null,
      reasoning = null,
    } = attempt?.meters ?? {};
    await insert("gateway_log", [
      ...[
        call.endedAt,
        startedAt,
        serial,
        0,
        call.key,
        id,
        id,
        call.session ?? null,
        call.firstContentMs ?? null,
      ],
      ...(attempt === undefined
        ? [null, null]
        : [attempt.startedAt - startedAt, attempt.endedAt - attempt.startedAt]),
      ...[attempt?.firstContentMs ?? null, input, output, cached, cacheWrite, reasoning, null],
      attempt?.billed ?? null,
    ]);
    const day = startedAt - (startedAt % 86_400_000);
    const used = attempt?.meters === undefined ? 0 : 1;
    const counts = [
      1,
      0,
      used,
      0,
      input ?? 0,
      output ?? 0,
      cached ?? 0,
      cacheWrite ?? 0,
      reasoning ?? 0,
      0,
      0,
    ];
    await insert("gateway_sums", [86_400_000, day, id, ...counts]);
  }
}
