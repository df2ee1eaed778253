import { type Database, openDatabase } from "../database.js";
import { usageError } from "../errors.js";
import { COLUMNS, type HistoryEntry } from "./entry.js";
import { locateHistory } from "./settings.js";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS calls (
    id INTEGER PRIMARY KEY, time TEXT NOT NULL, command TEXT NOT NULL, prompt TEXT NOT NULL, provider TEXT, model TEXT,
    text TEXT, input_tokens INTEGER, output_tokens INTEGER, usage_status TEXT, cost REAL, total_ms INTEGER,
    first_content_ms INTEGER, attempts INTEGER, finish_reason TEXT, error TEXT
  ) STRICT;
  CREATE INDEX IF NOT EXISTS calls_by_time ON calls (time);
  CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (prompt, text, model, content = calls, content_rowid = id);
  CREATE TRIGGER IF NOT EXISTS calls_added AFTER INSERT ON calls BEGIN
    INSERT INTO words (rowid, prompt, text, model) VALUES (new.id, new.prompt, new.text, new.model);
  END;
  CREATE TRIGGER IF NOT EXISTS calls_removed AFTER DELETE ON calls BEGIN
    INSERT INTO words (words, rowid, prompt, text, model) VALUES ('delete', old.id, old.prompt, old.text, old.model);
  END;
`;

/** What was spent at one model. */
export interface Spending {
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars of the calls whose price is known. */
  readonly cost: number;
  /** Calls whose price is unknown. */
  readonly unpriced: number;
}

/** The recorded calls, in one SQLite file that only its owner can read. */
export class HistoryStore {
  private constructor(private readonly database: Database) {}

  /** @throws {AiLibError} `CONFIG_ERROR` as {@link openDatabase} does. */
  static async open(environment: NodeJS.ProcessEnv): Promise<HistoryStore> {
    const path = locateHistory(environment);
    return new HistoryStore(await openDatabase("The history", path, SCHEMA));
  }

  add(entry: HistoryEntry): void {
    const columns = Object.keys(COLUMNS);
    const values = Object.values(COLUMNS).map((field) => entry[field] ?? null);
    this.database
      .prepare(`INSERT INTO calls (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`)
      .run(...values);
  }

  /**
   * The latest entries, oldest first.
   * @param count how many; 0 for all
   * @param words words that an entry must contain, or their beginnings, in upper or lower case
   */
  *read(count: number, words: string | undefined): Generator<HistoryEntry> {
    const limit = count === 0 ? -1 : count;
    const rows =
      words === undefined
        ? this.database.prepare("SELECT * FROM calls ORDER BY id DESC LIMIT ?").all(limit)
        : this.database
            .prepare(
              "SELECT calls.* FROM words JOIN calls ON calls.id = words.rowid WHERE words MATCH ? ORDER BY id DESC LIMIT ?",
            )
            .all(toMatch(words), limit);
    for (const row of rows.reverse()) yield toEntry(row as Record<string, unknown>);
  }

  /** What was spent since a time (ISO 8601), the dearest model first. */
  sum(since: string): Spending[] {
    return this.database
      .prepare(
        `SELECT provider, model, count(*) AS calls, coalesce(sum(input_tokens), 0) AS inputTokens,
           coalesce(sum(output_tokens), 0) AS outputTokens, coalesce(sum(cost), 0) AS cost,
           sum(cost IS NULL) AS unpriced
         FROM calls WHERE time >= ? AND provider IS NOT NULL GROUP BY provider, model ORDER BY cost DESC, calls DESC`,
      )
      .all(since) as Spending[];
  }

  /** Deletes the entries before a time (ISO 8601), or all; returns how many there were. */
  remove(before: string | undefined): number {
    const where = before === undefined ? "" : "WHERE time < ?";
    const values = before === undefined ? [] : [before];
    const { count } = this.database
      .prepare(`SELECT count(*) AS count FROM calls ${where}`)
      .get(...values) as {
      readonly count: number;
    };
    this.database.prepare(`DELETE FROM calls ${where}`).run(...values);
    // Deleted entries must not remain in the file.
    this.database.exec("INSERT INTO words (words) VALUES ('optimize')");
    this.database.exec("VACUUM");
    return count;
  }

  close(): void {
    this.database.close();
  }
}

/** A search for all words, each a beginning; no operators of the search language. */
function toMatch(words: string): string {
  const terms = words.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (terms.length === 0) throw usageError("--query takes words to search for");
  return terms.map((word) => `"${word.replaceAll('"', '""')}"*`).join(" ");
}

function toEntry(row: Readonly<Record<string, unknown>>): HistoryEntry {
  const fields = Object.entries(COLUMNS)
    .map(([column, field]) => [field, row[column]] as const)
    .filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(fields) as unknown as HistoryEntry;
}
