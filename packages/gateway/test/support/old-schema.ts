import type { CallRecord } from "../../src/store/call-record.js";
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
