import type { AiLibError } from "../errors/error.js";
import type { KindLaws } from "../kinds/laws.js";
import type { ChatInput } from "../values/chat-request.js";
import type { Kind, RequestOf, ResponseOf } from "../values/kinds.js";
import type { Usage } from "../values/usage.js";
import type { BatchStore } from "./batch-store.js";
import type { CallOptions } from "./call.js";

/** One request of a batch job. A text or a message list alone is a chat. */
export type BatchRow = {
  [K in Kind]: {
    /**
     * Your own id, returned with the result. Default: the row's number. It may repeat, since rows also have numbers.
     */
    readonly id?: string | undefined;
    /** Default `"chat"`. */
    readonly kind?: K | undefined;
    readonly request: K extends "chat" ? ChatInput : RequestOf<K>;
  };
}[Kind];

/** What answers the rows: a vendor's batch, or calls from this process. */
export type BatchExecutor = "batch" | "live";

/** Options of a new batch job. */
export interface SubmitBatchOptions extends CallOptions {
  /**
   * The time within which the results are needed: hours as `"24h"`, days as `"7d"`, or milliseconds. Default `"24h"`.
   * ai-lib requests the longest window that fits.
   */
  readonly window?: string | number | undefined;
  /**
   * What answers the rows. `"auto"` uses the vendor's batch if its window fits and it costs no more, else live calls;
   * {@link BatchPart.why} has the reason. Default `"batch"`, which fails if no vendor's window fits.
   */
  readonly executor?: BatchExecutor | "auto" | undefined;
  /**
   * Address that the vendor calls when a part has ended. `UNSUPPORTED_FEATURE` where the vendor takes none with a batch:
   * most have them in their settings. Pass what arrives to `notify`.
   */
  readonly webhook?: string | undefined;
  /**
   * If a job with the same key exists, it is returned: its items are neither read nor sent again. A job that was
   * interrupted while its items were stored is stored again from these items.
   */
  readonly idempotencyKey?: string | undefined;
  /** Receives the number of rows that have been stored, after every thousand and at the end. */
  readonly onStored?: ((rows: number) => void) | undefined;
}

/** The state of a batch job. `storing`: its items are being read. */
export type BatchJobState = "storing" | "pending" | "running" | "done" | "cancelled";

/** Rows of a job by their outcome. The sum is the job's `total`. */
export interface BatchJobCounts {
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly expired: number;
  /** Rows without a result yet. */
  readonly open: number;
}

/** Rows of a job that were sent together: of one provider, model and kind, within the vendor's limits. */
export interface BatchPart {
  readonly number: number;
  readonly executor: BatchExecutor;
  /** Why this executor and provider were chosen. */
  readonly why: string;
  readonly provider: string;
  readonly kind: string;
  readonly model: string;
  readonly rows: number;
  readonly bytes: number;
  /**
   * `ready`: stored and not sent. `sending`: the vendor may have it or not. `sent`: the vendor has it. `ended`: the vendor
   * has finished. `collected`: every row has its result here.
   */
  readonly state: "ready" | "sending" | "sent" | "ended" | "collected";
  /** The vendor's id of its batch. */
  readonly batch?: string | undefined;
  /** The state in the vendor's own word. */
  readonly word?: string | undefined;
  /** Rows that the vendor reports as done. */
  readonly done: number;
  /** Outcomes, once `collected`. */
  readonly counts?: Omit<BatchJobCounts, "open"> | undefined;
  readonly usage?: Usage | undefined;
  /** US dollars, where the prices of all answers are known. */
  readonly cost?: number | undefined;
  /** The last failure of a request about this part; it is tried again. */
  readonly problem?: string | undefined;
}

/** A batch job. Plain JSON. */
export interface BatchJob {
  readonly id: string;
  readonly state: BatchJobState;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly total: number;
  readonly counts: BatchJobCounts;
  /** From 0 to 1: rows that are done, those that a vendor only counts included. */
  readonly progress: number;
  readonly parts: readonly BatchPart[];
  /** Tokens of the results so far. */
  readonly usage: Usage;
  /** US dollars of the results so far; undefined where a price is unknown. */
  readonly cost?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  /** The job whose failed rows this one repeats. */
  readonly retryOf?: string | undefined;
}

/** The row that a result belongs to. */
interface ResultOf<K extends Kind> {
  /** The row's id. */
  readonly id: string;
  /** The row's number among the items, from 0. Unique within the job. */
  readonly index: number;
  readonly kind: K;
  /** {@link BatchPart.number}. */
  readonly part: number;
}

/** The result of one row: exactly one of `response` and `error`. */
export type BatchResult<K extends Kind = Kind> = {
  [P in K]: ResultOf<P> &
    (
      | {
          readonly outcome: "succeeded";
          readonly response: ResponseOf<P>;
          readonly usage: Usage;
          /** US dollars at the price of this row, if it is known. */
          readonly cost?: number | undefined;
          readonly error?: undefined;
        }
      | {
          readonly outcome: "failed" | "cancelled" | "expired";
          /** `retryable` says whether `retry` sends the row again. */
          readonly error: AiLibError;
          readonly response?: undefined;
          readonly usage?: undefined;
          readonly cost?: undefined;
        }
    );
}[K];

/** Options of {@link BatchJobs.results} and {@link BatchJobs.wait}. */
export interface BatchWaitOptions extends CallOptions {
  /** Default: 30 seconds, growing to 10 minutes. */
  readonly poll?: { readonly minMs?: number | undefined; readonly maxMs?: number | undefined } | undefined;
  /** Calls of the live executor under way at the same time. Default 8. */
  readonly concurrency?: number | undefined;
  /** Receives the job after every step. */
  readonly onProgress?: ((job: BatchJob) => void) | undefined;
}

/** Options of {@link BatchJobs.results}. */
export interface BatchResultsOptions extends BatchWaitOptions {
  /** Waits for rows that have no result yet. False ends after those that have one. Default true. */
  readonly wait?: boolean | undefined;
}

/** Options of a list of jobs. */
export interface ListBatchJobsOptions {
  /** Id of the last job of the page before. */
  readonly after?: string | undefined;
  /** Default 20. */
  readonly limit?: number | undefined;
}

/** Settings of the batch jobs of one client. */
export interface BatchJobsOptions {
  /** The store of jobs. Default: a folder, `.ai-lib/batches` in the working directory. */
  readonly store?: BatchStore | undefined;
  /** Rules of kinds of your own, which rows may be. */
  readonly kinds?: readonly KindLaws[] | undefined;
}

/** Many requests that a vendor answers later, at a lower price. */
export interface BatchJobs {
  /**
   * Stores items and sends them. Resolves when the vendors have every row; if the process ends before, `wait`,
   * `results` and a `submit` with the same `idempotencyKey` continue.
   * @throws {AiLibError} `UNSUPPORTED_FEATURE` where no provider can take a row, before anything is sent; else as calls do.
   */
  submit(
    items: Iterable<BatchRow> | AsyncIterable<BatchRow>,
    options?: SubmitBatchOptions,
  ): Promise<BatchJob>;
  /** A job, read from the store only; no vendor is asked. @throws {AiLibError} `INVALID_REQUEST` for an unknown id. */
  get(id: string): Promise<BatchJob>;
  /** Jobs, the newest first. */
  list(options?: ListBatchJobsOptions): Promise<readonly BatchJob[]>;
  /** Sends the rows that are not sent yet, and polls the vendors once. */
  refresh(id: string, options?: CallOptions): Promise<BatchJob>;
  /** Stops a job. Rows that were answered keep their answers, rows that were not sent are cancelled. */
  cancel(id: string, options?: CallOptions): Promise<BatchJob>;
  /** Waits until every row has a result. Live calls are made meanwhile. */
  wait(id: string, options?: BatchWaitOptions): Promise<BatchJob>;
  /** The result of every row, once, in the order in which parts end. Each iteration returns all of them. */
  results(id: string, options?: BatchResultsOptions): AsyncIterable<BatchResult>;
  /** A new job of the rows that failed, expired or were cancelled and may succeed now. The same job for the same id. */
  retry(id: string, options?: Omit<SubmitBatchOptions, "idempotencyKey">): Promise<BatchJob>;
  /**
   * Reports that a vendor's batch has changed, as a webhook says: waiting calls poll now. You can call it twice, late,
   * or for an unknown batch.
   * @param batch the vendor's id
   */
  notify(batch: string): void;
  /** Removes a job with its rows and results from the store. A running one is not stopped at its vendors. */
  remove(id: string): Promise<void>;
}
