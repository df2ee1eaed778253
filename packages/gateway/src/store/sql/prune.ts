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
    const old = `SELECT id FROM gateway_calls WHERE ended_at < ? ORDER BY ended_at, id LIMIT ${MAX_ROWS}`;
    const before = Math.round(calls);
    const removed = await database.transaction(async (sql) => {
      await sql.run(`DELETE FROM gateway_attempts WHERE call_id IN (${old})`, [before]);
      await sql.run(`DELETE FROM gateway_contents WHERE call_id IN (${old})`, [before]);
      return await sql.run(`DELETE FROM gateway_calls WHERE id IN (${old})`, [before]);
    });
    counts.push(removed, await pruneSessions(database, before - DAY));
  }
  const remove = (table: string, id: string, condition: string, time: number) =>
    database.run(
      `DELETE FROM ${table} WHERE ${id} IN (SELECT ${id} FROM ${table} WHERE ${condition} LIMIT ${MAX_ROWS})`,
      [Math.round(time)],
    );
  if (contents !== undefined)
    counts.push(await remove("gateway_contents", "call_id", "ended_at < ?", contents));
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
