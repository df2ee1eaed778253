import { AiLibError } from "ai-lib";
import type { Documents, StoredDocument } from "../documents.js";
import { type Database, one, type SqlRow } from "./database.js";

const MAX_NAME = 200;
const MAX_VALUE = 1024 * 1024;

/** Documents in a table. */
export class SqlDocuments implements Documents {
  /** @param now epoch milliseconds */
  constructor(
    private readonly database: Database,
    private readonly now: () => number,
  ) {}

  async get<T>(kind: string, id: string): Promise<StoredDocument<T> | undefined> {
    const row = await one(
      this.database,
      "SELECT * FROM gateway_documents WHERE kind = ? AND id = ? AND (expires_at IS NULL OR expires_at > ?)",
      [kind, id, this.time],
    );
    return row === undefined ? undefined : documentOf<T>(row);
  }

  async list<T>(kind: string): Promise<readonly StoredDocument<T>[]> {
    const rows = await this.database.all(
      "SELECT * FROM gateway_documents WHERE kind = ? AND (expires_at IS NULL OR expires_at > ?)",
      [kind, this.time],
    );
    return rows.map((row) => documentOf<T>(row)).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async put<T>(kind: string, document: Omit<StoredDocument<T>, "touchedAt">): Promise<boolean> {
    const { id, revision, value, expiresAt } = document;
    const text = JSON.stringify(value);
    check(kind, id, text);
    const expiry = expiresAt === undefined ? null : Math.round(expiresAt);
    const written =
      revision === 1
        ? await this.database.run(
            `INSERT INTO gateway_documents (kind, id, revision, value, expires_at) VALUES (?, ?, 1, ?, ?)
             ON CONFLICT (kind, id) DO UPDATE SET revision = 1, value = excluded.value,
               expires_at = excluded.expires_at, touched_at = NULL
             WHERE gateway_documents.expires_at IS NOT NULL AND gateway_documents.expires_at <= ?`,
            [kind, id, text, expiry, this.time],
          )
        : await this.database.run(
            `UPDATE gateway_documents SET revision = ?, value = ?, expires_at = ?
             WHERE kind = ? AND id = ? AND revision = ? AND (expires_at IS NULL OR expires_at > ?)`,
            [revision, text, expiry, kind, id, revision - 1, this.time],
          );
    return written > 0;
  }

  async delete(kind: string, id: string, revision?: number): Promise<boolean> {
    const deleted = await this.database.run(
      `DELETE FROM gateway_documents WHERE kind = ? AND id = ? AND (expires_at IS NULL OR expires_at > ?)
       ${revision === undefined ? "" : "AND revision = ?"}`,
      [kind, id, this.time, ...(revision === undefined ? [] : [revision])],
    );
    return deleted > 0;
  }

  async touch(kind: string, times: ReadonlyMap<string, number>): Promise<void> {
    await this.database.transaction(async (sql) => {
      for (const [id, at] of times)
        await sql.run("UPDATE gateway_documents SET touched_at = ? WHERE kind = ? AND id = ?", [
          Math.round(at),
          kind,
          id,
        ]);
    });
  }

  private get time(): number {
    return Math.round(this.now());
  }
}

function check(kind: string, id: string, text: string | undefined): void {
  const wrong =
    kind.length > MAX_NAME || id.length > MAX_NAME || id === ""
      ? `A kind and an id of a document have 1 to ${MAX_NAME} characters`
      : text === undefined || text.length > MAX_VALUE
        ? `The value of a document is JSON of at most ${MAX_VALUE} characters`
        : undefined;
  if (wrong !== undefined) throw new AiLibError({ code: "INVALID_REQUEST", message: wrong, local: true });
}

function documentOf<T>(row: SqlRow): StoredDocument<T> {
  const { expires_at: expires, touched_at: touched } = row;
  return {
    id: String(row["id"]),
    revision: Number(row["revision"]),
    value: JSON.parse(String(row["value"])),
    ...(typeof expires === "number" && { expiresAt: expires }),
    ...(typeof touched === "number" && { touchedAt: touched }),
  };
}
