import { AiLibError } from "ai-lib";
import type { AuditEntry, AuditLog, AuditQuery } from "../audit.js";
import type { Database, SqlRow, SqlValue } from "./database.js";

const MAX_PAGE = 1_000;

/** The audit log in a table. */
export class SqlAuditLog implements AuditLog {
  constructor(private readonly database: Database) {}

  async append({ id, at, actor, role, action, target, status, details }: AuditEntry): Promise<void> {
    await this.database.run(
      `INSERT INTO gateway_audit (id, at, actor, role, action, target, status, details)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO NOTHING`,
      [
        ...[id, Math.round(at), actor, role, action, target, status],
        details === undefined ? null : JSON.stringify(details),
      ],
    );
  }

  async read(query: AuditQuery): Promise<{ entries: AuditEntry[]; next: string | undefined }> {
    const { limit = 50 } = query;
    if (!(limit >= 1 && limit <= MAX_PAGE))
      throw new AiLibError({
        code: "INVALID_REQUEST",
        message: `limit must be 1 to ${MAX_PAGE}`,
        local: true,
      });
    const conditions: [string, SqlValue | undefined][] = [
      ["actor = ?", query.actor],
      ["action = ?", query.action],
      ["target = ?", query.target],
      ["at >= ?", query.from === undefined ? undefined : Math.ceil(query.from)],
      ["at < ?", query.to === undefined ? undefined : Math.ceil(query.to)],
      ["id < ?", query.before],
    ];
    const given = conditions.flatMap(([text, value]) => (value === undefined ? [] : [{ text, value }]));
    const where = given.length === 0 ? "" : `WHERE ${given.map(({ text }) => text).join(" AND ")}`;
    const rows = await this.database.all(`SELECT * FROM gateway_audit ${where} ORDER BY id DESC LIMIT ?`, [
      ...given.map(({ value }) => value),
      limit + 1,
    ]);
    const entries = rows.slice(0, limit).map(entryOf);
    return { entries, next: rows.length > limit ? entries.at(-1)?.id : undefined };
  }
}

function entryOf(row: SqlRow): AuditEntry {
  const { details } = row;
  return {
    id: String(row["id"]),
    at: Number(row["at"]),
    actor: String(row["actor"]),
    role: String(row["role"]),
    action: String(row["action"]),
    target: String(row["target"]),
    status: Number(row["status"]),
    ...(typeof details === "string" && { details: JSON.parse(details) }),
  };
}
