import type { SpendHistory } from "../limits/limit-state.js";
import type { AuditLog } from "./audit.js";
import type { CallEntry, ContentRecord } from "./call-record.js";
import type { Documents } from "./documents.js";
import type { PackedCalls } from "./packed-calls.js";
import type { CallCursor, CallPage, CallQuery, UsageQuery, UsageReport } from "./queries.js";
import type { Rate, RateCard } from "./rates.js";

/** What is written together, or not at all. */
export interface LedgerBatch {
  readonly calls: PackedCalls;
  readonly contents: readonly ContentRecord[];
  /** Rates that the calls name and that the writer has not written before. Known ones are left as they are. */
  readonly rates: readonly Rate[];
}

/** What a gateway keeps: its ledger, its documents and its audit log. SQLite and PostgreSQL have the same behaviour. */
export interface Store {
  /**
   * Writes calls and adds them to the rollups, in one transaction. The batch stays as it is.
   * @param again whether the batch was sent before and its outcome is unknown: calls that were written are skipped
   */
  write(batch: LedgerBatch, again?: boolean): Promise<void>;
  /** Whether a write that failed may succeed later as it is. */
  isTransient(error: unknown): boolean;
  readonly usage: UsageReader;
  readonly documents: Documents;
  readonly audit: AuditLog;
  readonly rates: RateCard;
  /** Deletes what is older than the times given in epoch milliseconds, a bounded number of rows. @returns whether there is more */
  prune(before: Retention): Promise<boolean>;
  /** Closes its connections. */
  close(): Promise<void>;
}

/** Reads the ledger. */
export interface UsageReader extends SpendHistory {
  usage(query: UsageQuery): Promise<UsageReport>;
  calls(query: CallQuery): Promise<CallPage>;
  call(id: string): Promise<CallEntry | undefined>;
  content(call: string): Promise<ContentRecord | undefined>;
  /** The place behind the latest call, where a tail begins. */
  end(): Promise<CallCursor>;
}

/** Times in epoch milliseconds; what is older is deleted. Rollups stay. */
export interface Retention {
  readonly calls?: number | undefined;
  readonly contents?: number | undefined;
  readonly audit?: number | undefined;
}
