import { randomBytes } from "node:crypto";
import { AiLibError } from "ai-lib";
import { configError } from "../../config-error.js";
import type { SpendQuery, SpentHour } from "../../limits/limit-state.js";
import type { CallEntry, ContentRecord } from "../call-record.js";
import type { CallCursor, CallPage, CallQuery, UsageQuery, UsageReport } from "../queries.js";
import type { LedgerBatch, Retention, Store, UsageReader } from "../store.js";
import { SqlAuditLog } from "./audit.js";
import { readCall, readCalls, readContent, readEnd } from "./calls.js";
import type { Database } from "./database.js";
import { hashWith } from "./dimensions.js";
import { SqlDocuments } from "./documents.js";
import { migrate } from "./migrations.js";
import { prune } from "./prune.js";
import { SqlRateCard } from "./rates.js";
import { readSpent, readUsage } from "./usage.js";
import { BatchWriter, WrittenMeanwhile } from "./write.js";

/** A store over a database with SQL. */
export class SqlStore implements Store {
  readonly documents: SqlDocuments;
  readonly audit: SqlAuditLog;
  readonly rates: SqlRateCard;
  readonly usage: UsageReader;
  private readonly writer: BatchWriter;

  private constructor(
    private readonly database: Database,
    private readonly now: () => number,
    documents: SqlDocuments,
    salt: string,
  ) {
    this.documents = documents;
    this.audit = new SqlAuditLog(database);
    this.rates = new SqlRateCard(database);
    this.usage = new SqlUsageReader(database, this.rates, now);
    this.writer = new BatchWriter(database, hashWith(salt));
  }

  /**
   * Opens the store of a database, and brings its schema to the newest version.
   * @param now epoch milliseconds
   * @throws {AiLibError} `CONFIG_ERROR` for a newer schema, and for a database that cannot be upgraded.
   */
  static async open(database: Database, now: () => number): Promise<SqlStore> {
    try {
      await migrate(database);
      const documents = new SqlDocuments(database, now);
      return new SqlStore(database, now, documents, await saltOf(documents));
    } catch (error) {
      await database.close();
      if (AiLibError.is(error)) throw error;
      throw configError(`The store cannot be opened: ${(error as Error).message}`);
    }
  }

  write(batch: LedgerBatch, again = false): Promise<void> {
    return this.writer.write(batch, again);
  }

  isTransient(error: unknown): boolean {
    if (error instanceof WrittenMeanwhile) return true;
    const isFault = error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
    return !isFault && this.database.isTransient(error);
  }

  prune(before: Retention): Promise<boolean> {
    return prune(this.database, before, this.now());
  }

  close(): Promise<void> {
    return this.database.close();
  }
}

/** The salt of a store. The first process that opens it makes it. */
async function saltOf(documents: SqlDocuments): Promise<string> {
  for (;;) {
    const known = await documents.get<string>("store", "salt");
    if (known !== undefined) return known.value;
    await documents.put("store", { id: "salt", revision: 1, value: randomBytes(16).toString("hex") });
  }
}

class SqlUsageReader implements UsageReader {
  constructor(
    private readonly database: Database,
    private readonly rates: SqlRateCard,
    private readonly now: () => number,
  ) {}

  async usage(query: UsageQuery): Promise<UsageReport> {
    return readUsage(this.database, query, await this.rates.prices());
  }

  async calls(query: CallQuery): Promise<CallPage> {
    return readCalls(this.database, query, await this.rates.prices());
  }

  async call(id: string): Promise<CallEntry | undefined> {
    return readCall(this.database, id, await this.rates.prices());
  }

  content(call: string): Promise<ContentRecord | undefined> {
    return readContent(this.database, call);
  }

  end(): Promise<CallCursor> {
    return readEnd(this.database);
  }

  async spentSince(query: SpendQuery): Promise<readonly SpentHour[]> {
    return readSpent(this.database, query, this.now(), await this.rates.prices());
  }
}
