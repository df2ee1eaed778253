import type { KindLaws } from "../kinds/laws.js";
import type { Warning } from "../values/answer.js";
import type { JsonObject } from "../values/json.js";
import type { Kind, RequestOf, ResponseOf } from "../values/kinds.js";
import type { CallOptions } from "./call.js";
import type { JobState } from "./job.js";

/** Rows of a batch by their outcome, as far as the vendor reports it. */
export interface BatchCounts {
  readonly total?: number | undefined;
  readonly succeeded?: number | undefined;
  readonly failed?: number | undefined;
  readonly cancelled?: number | undefined;
  readonly expired?: number | undefined;
}

/** Why a vendor refused a batch, or one of its rows. */
export interface BatchFault {
  readonly message: string;
  readonly code?: string | undefined;
  /** Line of the input, from 1, if the fault is in one row. */
  readonly line?: number | undefined;
}

/** A batch as its vendor describes it. Plain JSON. */
export interface VendorBatch {
  /** The vendor's id. */
  readonly id: string;
  /** `done` means that the vendor has finished, not that every row succeeded. */
  readonly state: JobState;
  /** The vendor's word for the state. */
  readonly word?: string | undefined;
  readonly counts: BatchCounts;
  /** Epoch milliseconds. */
  readonly createdAt?: number | undefined;
  /** Epoch milliseconds at which rows without an answer expire at the vendor. */
  readonly expiresAt?: number | undefined;
  /** The name of the batch, if the vendor stores one: see {@link BatchInput.token}. */
  readonly token?: string | undefined;
  /** Ids of files in the vendor's store. */
  readonly inputFile?: string | undefined;
  readonly outputFile?: string | undefined;
  readonly errorFile?: string | undefined;
  readonly resultsUrl?: string | undefined;
  /** Results that arrived with the batch itself. */
  readonly rows?: readonly JsonObject[] | undefined;
  readonly faults?: readonly BatchFault[] | undefined;
}

/** The result of one row, in the vendor's form. */
export interface RowReply {
  /** The key that the row was sent with; undefined where the vendor names none. */
  readonly key: string | undefined;
  readonly outcome: "succeeded" | "failed" | "cancelled" | "expired";
  /** Status of the row's own reply. */
  readonly status: number;
  /** The reply of the row's endpoint as JSON text: an answer, or an error. */
  readonly body: string;
  readonly requestId?: string | undefined;
}

/** One batch as it is sent: rows of one kind and one model. */
export interface BatchInput {
  /**
   * A name of letters, digits and dashes, unique to this batch. Vendors that store a name return it, so that a batch
   * whose id was lost can be found.
   */
  readonly token: string;
  readonly kind: Kind;
  readonly model: string;
  /** Path of the rows' endpoint below the base URL, from {@link RowCodec.encode}. */
  readonly path: string;
  readonly rows: number;
  /** Bytes of all lines, with their ends. */
  readonly bytes: number;
  /** The lines, each ended by a line feed. Called again for another attempt. */
  lines(): AsyncIterable<Uint8Array>;
  /** Hours within which the vendor must answer, one of {@link BatchFacts.windows}. */
  readonly windowHours: number;
  /** Address that the vendor calls when the batch has ended. Only where {@link BatchFacts.webhook} is set. */
  readonly webhook?: string | undefined;
  /** The progress of an earlier attempt. */
  readonly progress?: BatchProgress | undefined;
}

/** The parts of a batch that the vendor already has, if it is sent in several requests. Plain JSON. */
export interface BatchProgress {
  /** The file with the rows. */
  readonly file?: string | undefined;
  /** A batch that is created before its rows are. */
  readonly batch?: string | undefined;
}

/** What is known of a batch whose id was lost. */
export interface BatchSought {
  readonly token: string;
  readonly file?: string | undefined;
  readonly rows: number;
  /** Epoch milliseconds before which it was not sent. */
  readonly since: number;
  /** Ids of batches that are known to be different ones. */
  readonly others: ReadonlySet<string>;
}

/** A batch that may be the lost one. */
export interface FoundBatch {
  readonly batch: VendorBatch;
  /** False if only time and size match; the keys of its results then decide. */
  readonly certain: boolean;
  /** Rows are missing: continue from here. */
  readonly progress?: BatchProgress | undefined;
}

/** The limits and the price of a vendor's batches. */
export interface BatchFacts {
  /** Kinds of call that rows may be. */
  readonly kinds: readonly string[];
  /** Most rows of one batch. */
  readonly rows: number;
  /** Most bytes of the lines of one batch. */
  readonly bytes: number;
  /** Price of tokens as a share of the list price. Absent where it differs by model. */
  readonly price?: number | undefined;
  /** Hours that can be asked for, the shortest first. */
  readonly windows: readonly number[];
  /** The vendor calls an address that is given with a batch. Default false. */
  readonly webhook?: boolean | undefined;
  /** Fewest rows of one batch. Default 1. */
  readonly minRows?: number | undefined;
  /** Names of the variables that must be set before the endpoint has batches. Absent: none. */
  readonly missing?: string | undefined;
}

/** An encoded row. */
export interface EncodedRow {
  /** Path of the endpoint that answers it; rows of one batch have the same. */
  readonly path: string;
  /** The request of the endpoint as JSON text, without line ends. */
  readonly body: string;
  /** Fields that the request cannot express. */
  readonly warnings: readonly Warning[];
}

/** Writes and reads the rows of one kind, by the dialect of its provider. Synchronous and pure. */
export interface RowCodec<K extends Kind = Kind> {
  /** @throws {AiLibError} `INVALID_REQUEST` or `UNSUPPORTED_FEATURE` for a request that a row cannot express. */
  encode(request: RequestOf<K>, model: string): EncodedRow;
  /** The line of a row, without its end. What surrounds the body is ASCII. @param key letters, digits, `-` and `_` */
  line(key: string, row: EncodedRow): string;
  /**
   * The answer of a row, with its cost at the price of batches.
   * @param warnings those of {@link EncodedRow}
   * @throws {AiLibError} the classified error of a row that failed.
   */
  decode(reply: RowReply, request: RequestOf<K>, model: string, warnings: readonly Warning[]): ResponseOf<K>;
}

/** A page of a vendor's batches. */
export interface BatchPage {
  readonly batches: readonly VendorBatch[];
  /** Cursor of the next page; absent on the last one. */
  readonly next?: string | undefined;
}

/** Options of a list of batches. */
export interface ListBatchesOptions extends CallOptions {
  /** Cursor of the page before. */
  readonly after?: string | undefined;
  /** Batches of one page. Default: the vendor's. */
  readonly limit?: number | undefined;
}

/**
 * The batches of one vendor, one request at a time. `ai-lib/batches` splits, stores and waits with it, and continues
 * after a crash. Every method fails as calls do.
 */
export interface BatchService {
  readonly facts: BatchFacts;
  /** The model of requests of a kind that name none; undefined where there is no default. */
  model(kind: Kind): string | undefined;
  /** @throws {AiLibError} `UNSUPPORTED_FEATURE` for a kind that its rows cannot be. */
  rows<K extends Kind>(laws: KindLaws<K>, options?: CallOptions): Promise<RowCodec<K>>;
  /**
   * Sends a batch.
   * @param save stores the progress, before the next request is sent.
   */
  create(
    input: BatchInput,
    save: (progress: BatchProgress) => Promise<void>,
    options?: CallOptions,
  ): Promise<VendorBatch>;
  /** Looks for a batch that the vendor may have received. */
  find(sought: BatchSought, options?: CallOptions): Promise<FoundBatch | undefined>;
  get(id: string, options?: CallOptions): Promise<VendorBatch>;
  /** Stops a batch. Rows that were answered keep their answers. */
  cancel(id: string, options?: CallOptions): Promise<VendorBatch>;
  list(options?: ListBatchesOptions): Promise<BatchPage>;
  /** The results of a batch that has ended, streamed, in any order. */
  results(batch: VendorBatch, options?: CallOptions): AsyncIterable<RowReply>;
}
