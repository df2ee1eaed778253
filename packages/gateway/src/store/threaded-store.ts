import type { Price } from "ai-lib";
import type { AuditEntry, AuditQuery } from "./audit.js";
import type { Documents, StoredDocument } from "./documents.js";
import type { StoreLocation } from "./location.js";
import type { Rate } from "./rates.js";
import type { LedgerBatch, Retention, Store } from "./store.js";
import { StoreError, StoreThread } from "./store-thread.js";

/**
 * A store in threads of its own: one that writes, and one that reads, so that a question that takes long delays neither
 * the answers of the gateway nor the writing of the ledger. The one that reads starts with the first question.
 */
export class ThreadedStore implements Store {
  readonly usage: Store["usage"];
  readonly documents: Documents;
  readonly audit: Store["audit"];
  readonly rates: Store["rates"];

  private constructor(
    private readonly writer: StoreThread,
    private readonly reader: StoreThread,
  ) {
    this.usage = {
      usage: (query) => reader.call("usage", query),
      calls: (query) => reader.call("calls", query),
      call: (id) => reader.call("call", id),
      content: (call) => reader.call("content", call),
      end: () => reader.call("end"),
      spentSince: (query) => reader.call("spentSince", query),
    };
    this.documents = new ThreadedDocuments(writer);
    this.audit = {
      append: (entry: AuditEntry) => writer.call("appendAudit", entry),
      read: (query: AuditQuery) => reader.call("readAudit", query),
    };
    this.rates = {
      list: (): Promise<readonly Rate[]> => reader.call("listRates"),
      setPrice: (id: string, price: Price, before: Price | undefined) =>
        writer.call("setPrice", id, price, before),
    };
  }

  /**
   * Opens a store, and brings its schema to the newest version.
   * @param file the file that the threads run. Default: that of this package
   * @throws {AiLibError} `CONFIG_ERROR` for a store that cannot be used, and for one of a newer version.
   */
  static async open(location: StoreLocation, file?: URL): Promise<ThreadedStore> {
    const writer = new StoreThread({ location, background: false }, file);
    const reader = new StoreThread({ location, background: true }, file);
    try {
      await writer.open();
    } catch (error) {
      await writer.close();
      throw error;
    }
    return new ThreadedStore(writer, reader);
  }

  write(batch: LedgerBatch, again?: boolean): Promise<void> {
    return this.writer.call("write", batch, again);
  }

  isTransient(error: unknown): boolean {
    return error instanceof StoreError && error.transient;
  }

  prune(before: Retention): Promise<boolean> {
    return this.writer.call("prune", before);
  }

  async close(): Promise<void> {
    await Promise.all([this.writer.close(), this.reader.close()]);
  }
}

/** Documents are read by the thread that writes them: a question about usage must not delay them. */
class ThreadedDocuments implements Documents {
  constructor(private readonly thread: StoreThread) {}

  get<T>(kind: string, id: string): Promise<StoredDocument<T> | undefined> {
    return this.thread.call("getDocument", kind, id) as Promise<StoredDocument<T> | undefined>;
  }

  list<T>(kind: string): Promise<readonly StoredDocument<T>[]> {
    return this.thread.call("listDocuments", kind) as Promise<readonly StoredDocument<T>[]>;
  }

  put<T>(kind: string, document: Omit<StoredDocument<T>, "touchedAt">): Promise<boolean> {
    return this.thread.call("putDocument", kind, document);
  }

  delete(kind: string, id: string, revision?: number): Promise<boolean> {
    return this.thread.call("deleteDocument", kind, id, revision);
  }

  touch(kind: string, times: ReadonlyMap<string, number>): Promise<void> {
    return this.thread.call("touchDocuments", kind, times);
  }
}
