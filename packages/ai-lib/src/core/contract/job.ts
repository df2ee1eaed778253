import type { AiLibError } from "../errors/error.js";
import type { KindLaws } from "../kinds/laws.js";
import type { Warning } from "../values/answer.js";
import type { Kind, RequestOf, ResponseOf } from "../values/kinds.js";
import type { CallOptions } from "./call.js";
import type { Job } from "./dialect.js";
import type { ChatStream } from "./stream.js";

/** The state of a job. The vendor's own word is in {@link JobReport.word}. */
export type JobState = "pending" | "running" | "done" | "failed" | "cancelled" | "expired";

/** What is stored of a job to ask for it later, also from another process. Plain JSON without secrets. */
export interface JobHandle {
  /** The id of the provider. */
  readonly provider: string;
  /** The kind of call. */
  readonly kind: string;
  readonly model: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly job: Job;
  /** Whether the request asks for files as bytes. */
  readonly files?: boolean;
  /** What could not be said in the request. */
  readonly warnings?: readonly Warning[];
  /** Tools of a chat that were sent under other names (by the name that was sent), and those whose input is a text. */
  readonly tools?: { readonly names: Readonly<Record<string, string>>; readonly texts: readonly string[] };
}

/** The state of a job. `handle` replaces the one that was polled. */
export type JobReport<R> =
  | {
      readonly state: "pending" | "running";
      readonly handle: JobHandle;
      /** From 0 to 1, where the vendor says. */
      readonly progress?: number | undefined;
      /** The vendor's word for the state. */
      readonly word?: string | undefined;
      /** Milliseconds until the next poll makes sense, if the vendor or the step names them. */
      readonly afterMs?: number | undefined;
    }
  | { readonly state: "done"; readonly handle: JobHandle; readonly result: R }
  | {
      readonly state: "failed" | "cancelled" | "expired";
      readonly handle: JobHandle;
      readonly error: AiLibError;
    };

/** Options of a job that is started. */
export interface StartOptions extends CallOptions {
  /**
   * Address that the vendor calls when the job has ended; `ai-lib/webhooks` checks such calls. `UNSUPPORTED_FEATURE`
   * where the vendor takes none with a request: OpenAI has them in the settings of the project.
   */
  readonly webhook?: string | undefined;
  /**
   * Chats: the answer can be followed as a stream later, with `run.stream()`. Default false: `run.result()` asks for it.
   * `UNSUPPORTED_FEATURE` for work that has no stream.
   */
  readonly follow?: boolean | undefined;
}

/** Options of a stream that is followed. */
export interface FollowOptions extends CallOptions {
  /** Only events after this one: the `cursor` of an event. Default: from the beginning. */
  readonly after?: number | undefined;
}

/** Polls, stops and follows the jobs of one kind. `Run` in `ai-lib/jobs` waits with it. */
export interface JobSource<R> {
  /** Polls once. @throws {AiLibError} if the poll fails; a job that failed is a report. */
  poll(handle: JobHandle, options?: CallOptions): Promise<JobReport<R>>;
  /** Stops the work. @throws {AiLibError} `UNSUPPORTED_FEATURE` where the vendor cannot. */
  cancel(handle: JobHandle, options?: CallOptions): Promise<void>;
  /**
   * Streams the answer while the vendor generates it, or after it has ended. A broken connection is opened again after
   * the last event. Absent where the kind has no such stream.
   */
  stream?(handle: JobHandle, options?: FollowOptions): ChatStream;
}

/** Calls of a provider that its vendor answers with jobs. */
export interface JobService {
  /**
   * Starts the job of a call and resolves when the vendor has accepted it; `done` if the vendor answered immediately.
   * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a kind that the vendor answers without a job; else as calls do.
   */
  start<K extends Kind>(
    laws: KindLaws<K>,
    request: RequestOf<K>,
    options?: StartOptions,
  ): Promise<JobReport<ResponseOf<K>>>;
  /** The jobs of a kind. */
  source<K extends Kind>(laws: KindLaws<K>): JobSource<ResponseOf<K>>;
}
