import { join } from "node:path";
import { type Database, openDatabase } from "./database.js";
import { usageError } from "./errors.js";
import { stateFolder } from "./private-store.js";

/** A stored text with its vector. */
export interface KeptText {
  readonly id: string;
  readonly text: string;
  readonly vector: Float32Array;
}

/** A collection of texts and their vectors, all of one model. */
export interface Collection {
  readonly name: string;
  /** `provider/model`, which also embeds the texts that are searched for. */
  readonly model: string;
  readonly dimensions: number;
  /** 1 where the model was asked for these dimensions, 0 where they are its own. */
  readonly shortened: 0 | 1;
  readonly texts: number;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS collections (
    name TEXT PRIMARY KEY, model TEXT NOT NULL, dimensions INTEGER NOT NULL, shortened INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS texts (
    collection TEXT NOT NULL REFERENCES collections (name) ON DELETE CASCADE,
    id TEXT NOT NULL, text TEXT NOT NULL, vector BLOB NOT NULL,
    PRIMARY KEY (collection, id)
  ) STRICT;
  PRAGMA foreign_keys = ON;
`;

/** Locates the collections: `collections.db` in the folder of what commands record. */
export function locateCollections(environment: NodeJS.ProcessEnv): string {
  return join(stateFolder(environment), "collections.db");
}

/** The collections of the user, in one SQLite file that only its owner can read. */
export class Collections {
  private constructor(private readonly database: Database) {}

  /** @throws {AiLibError} `CONFIG_ERROR` where there is no SQLite, or others may read the file. */
  static async open(environment: NodeJS.ProcessEnv): Promise<Collections> {
    return new Collections(await openDatabase("Collections", locateCollections(environment), SCHEMA));
  }

  list(): Collection[] {
    return this.database
      .prepare(
        `SELECT name, model, dimensions, shortened, (SELECT count(*) FROM texts WHERE collection = name) AS texts
         FROM collections ORDER BY name`,
      )
      .all() as Collection[];
  }

  find(name: string): Collection | undefined {
    return this.list().find((collection) => collection.name === name);
  }

  /**
   * Stores texts; a text with a known id replaces the previous one.
   * @throws {AiLibError} `CONFIG_ERROR` for vectors that the collection cannot compare with its own.
   */
  add(
    {
      name,
      model,
      shortened,
    }: { readonly name: string; readonly model: string; readonly shortened: boolean },
    texts: readonly KeptText[],
  ): void {
    const dimensions = texts[0]?.vector.length ?? 0;
    const known = this.find(name);
    if (known !== undefined && (known.model !== model || known.dimensions !== dimensions))
      throw usageError(
        `The collection "${name}" has vectors of ${known.model} with ${known.dimensions} dimensions; those of ${model} with ${dimensions} cannot be compared with them. Use another name, or delete it: ai-lib similar ${name} --delete`,
      );
    this.database.exec("BEGIN");
    try {
      this.database
        .prepare("INSERT OR IGNORE INTO collections (name, model, dimensions, shortened) VALUES (?, ?, ?, ?)")
        .run(name, model, dimensions, shortened ? 1 : 0);
      const insert = this.database.prepare(
        "INSERT OR REPLACE INTO texts (collection, id, text, vector) VALUES (?, ?, ?, ?)",
      );
      for (const { id, text, vector } of texts)
        insert.run(name, id, text, new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
      this.database.exec("COMMIT");
    } catch (error) {
      this.database.exec("ROLLBACK");
      throw error;
    }
  }

  /** The texts of a collection. */
  texts(name: string): KeptText[] {
    const rows = this.database
      .prepare("SELECT id, text, vector FROM texts WHERE collection = ? ORDER BY rowid")
      .all(name) as { id: string; text: string; vector: Uint8Array }[];
    // A copy: SQLite's bytes need not be aligned for floats.
    return rows.map(({ id, text, vector }) => ({
      id,
      text,
      vector: new Float32Array(vector.slice().buffer),
    }));
  }

  delete(name: string): void {
    this.database.prepare("DELETE FROM texts WHERE collection = ?").run(name);
    this.database.prepare("DELETE FROM collections WHERE name = ?").run(name);
  }

  close(): void {
    this.database.close();
  }
}
