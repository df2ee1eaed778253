import type { Retention } from "../store.js";
import type { Database } from "./database.js";
import { DAY, SESSION_SPAN } from "./rollup.js";
import { OTHER_SUMS, SESSIONS } from "./tables.js";

/** Rows that one call deletes of each table at most: writing waits for it. */
const MAX_ROWS = 2_000;

/** Deletes what is older than its time. @returns whether there is more */
export async function prune(
  database: Database,
  { calls, contents, audit }: Retention,
  now: number,
): Promise<boolean> {
  const counts: number[] = [];
  if (calls !== undefined) {
    const place = "ended_at, started_at, serial, n";
    const old = `SELECT ${place} FROM gateway_log WHERE ended_at < ? ORDER BY ${place} LIMIT ${MAX_ROWS}`;
    const before = Math.round(calls);
    counts.push(
      await database.run(`DELETE FROM gateway_log WHERE (${place}) IN (${old})`, [before]),
      await pruneSessions(database, before - DAY),
    );
  }
  const remove = (table: string, id: string, condition: string, time: number) =>
    database.run(
      `DELETE FROM ${table} WHERE ${id} IN (SELECT ${id} FROM ${table} WHERE ${condition} LIMIT ${MAX_ROWS})`,
      [Math.round(time)],
    );
  // Content does not outlive its call.
  if (contents !== undefined || calls !== undefined)
    counts.push(
      await remove("gateway_contents", "call_id", "ended_at < ?", Math.max(contents ?? 0, calls ?? 0)),
    );
  if (audit !== undefined) counts.push(await remove("gateway_audit", "id", "at < ?", audit));
  await database.run("DELETE FROM gateway_documents WHERE expires_at <= ?", [Math.round(now)]);
  return counts.some((count) => count >= MAX_ROWS);
}

/** Deletes the sums of sessions of days that begin before a time. @returns how many */
function pruneSessions(database: Database, before: number): Promise<number> {
  const old = `SELECT at, id FROM ${SESSIONS.name} WHERE at < ? ORDER BY at, id LIMIT ${MAX_ROWS}`;
  return database.transaction(async (sql) => {
    const others = `DELETE FROM ${OTHER_SUMS.name} WHERE span = ? AND (at, dimension) IN (${old})`;
    await sql.run(others, [SESSION_SPAN, before]);
    return await sql.run(`DELETE FROM ${SESSIONS.name} WHERE (at, id) IN (${old})`, [before]);
  });
}
