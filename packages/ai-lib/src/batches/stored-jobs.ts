import type {
  BatchJob,
  BatchJobs,
  BatchJobsOptions,
  BatchResult,
  BatchResultsOptions,
  BatchWaitOptions,
  ListBatchJobsOptions,
  SubmitBatchOptions,
} from "../core/contract/batch-job.js";
import type { BatchStore } from "../core/contract/batch-store.js";
import type { CallOptions } from "../core/contract/call.js";
import { systemClock, systemRandom } from "../core/contract/clock.js";
import { invalidRequest } from "../core/errors/error.js";
import { refuseUnknown, wholeAtLeast } from "../core/errors/options.js";
import { pollDelay, type ResolvedPoll, resolvePoll } from "../core/run/poll.js";
import { report } from "../core/run/report.js";
import { failedRows } from "./failed-rows.js";
import { type BatchHost, JobHost } from "./job-host.js";
import { sendParts, takeSteps } from "./job-steps.js";
import { LiveRun } from "./live-run.js";
import { Notices } from "./notices.js";
import { files, type JobRecord, jobOf } from "./record.js";
import { readResult } from "./result-line.js";
import { type BatchRows, storeRows } from "./store-rows.js";
import { linesFrom } from "./stored-lines.js";

/** Calls of the live executor under way at the same time, by default. */
const DEFAULT_CONCURRENCY = 8;

const OPTIONS: ReadonlySet<string> = new Set(["store", "kinds"] satisfies (keyof BatchJobsOptions)[]);

/** Batch jobs that survive the process: every step is stored before and after it is taken. */
export class StoredBatchJobs implements BatchJobs {
  private readonly host: JobHost;
  private readonly notices = new Notices();

  constructor(host: BatchHost, options: BatchJobsOptions & { readonly store: BatchStore }) {
    refuseUnknown("option of batch jobs", options, OPTIONS);
    this.host = new JobHost(host, options);
  }

  async submit(items: BatchRows, options: SubmitBatchOptions = {}): Promise<BatchJob> {
    const { id, call } = await storeRows(this.host, items, options);
    return sendParts(this.host, id, call);
  }

  async get(id: string): Promise<BatchJob> {
    return jobOf(await this.host.load(id));
  }

  async list({ after, limit = 20 }: ListBatchJobsOptions = {}): Promise<readonly BatchJob[]> {
    wholeAtLeast("limit", limit, 1);
    return (await this.host.store.list(after, limit)).map((record) => jobOf(record as JobRecord));
  }

  async refresh(id: string, options: CallOptions = {}): Promise<BatchJob> {
    await this.host.load(id);
    return jobOf((await takeSteps(this.host, id, this.host.callOptions(options), false)).record);
  }

  async cancel(id: string, options: CallOptions = {}): Promise<BatchJob> {
    const record = await this.host.load(id);
    if (record.state === "closed") return jobOf(record);
    await this.host.markCancelled(id);
    return this.refresh(id, options);
  }

  async wait(id: string, options: BatchWaitOptions = {}): Promise<BatchJob> {
    let last: JobRecord | undefined;
    for await (const record of this.follow(id, options)) last = record;
    return jobOf(last ?? (await this.host.load(id)));
  }

  async *results(id: string, options: BatchResultsOptions = {}): AsyncGenerator<BatchResult> {
    const { wait: waits = true, ...rest } = options;
    const positions = new Map<number, number>();
    for await (const record of this.follow(id, rest, waits)) {
      for (const part of record.parts) {
        if (part.state !== "collected" && part.executor !== "live") continue;
        const file = files.results(part.number);
        for await (const { text, next } of linesFrom(
          this.host.store,
          id,
          file,
          positions.get(part.number) ?? 0,
        )) {
          positions.set(part.number, next);
          yield readResult(text, part.number, part.kind);
        }
      }
    }
  }

  async retry(id: string, options: Omit<SubmitBatchOptions, "idempotencyKey"> = {}): Promise<BatchJob> {
    const record = await this.host.load(id);
    if (record.state !== "closed")
      throw invalidRequest(`The batch job ${id} has rows without a result; wait for them or cancel it first`);
    const rows = failedRows(this.host.store, record);
    const stored = await storeRows(this.host, rows, { ...options, idempotencyKey: `retry of ${id}` }, id);
    return sendParts(this.host, stored.id, stored.call);
  }

  notify(batch: string): void {
    this.notices.notify(batch);
  }

  async remove(id: string): Promise<void> {
    await this.host.load(id);
    await this.host.store.delete(id);
  }

  /** The record after every round of steps, until every row has a result. Makes live calls meanwhile. */
  private async *follow(
    id: string,
    { poll, concurrency = DEFAULT_CONCURRENCY, onProgress, ...rest }: BatchWaitOptions,
    waits = true,
  ): AsyncGenerator<JobRecord> {
    wholeAtLeast("concurrency", concurrency, 1);
    const intervals = resolveBatchPoll(poll);
    const call = this.host.callOptions(rest);
    const { clock = systemClock, random = systemRandom, signal } = call;
    await this.host.load(id);
    const live = new LiveRun();
    try {
      for (let round = 0; ; round++) {
        const { record, later } = await takeSteps(this.host, id, call, false);
        if (waits) live.start(this.host, record, call, concurrency);
        if (onProgress !== undefined) report(() => onProgress(jobOf(record)), "onProgress");
        yield record;
        live.rethrow();
        if (record.state === "closed" || !waits) return;
        const delay = pollDelay(intervals, round, random);
        const batches = record.parts.flatMap(({ batch }) => batch ?? []);
        await this.notices.wait(Math.min(delay, later ?? delay), batches, clock, signal, live);
      }
    } finally {
      await live.stop();
    }
  }
}

/** Poll options of batches: 30 seconds, growing to 10 minutes. */
function resolveBatchPoll(poll: BatchWaitOptions["poll"]): ResolvedPoll {
  const minMs = poll?.minMs ?? 30_000;
  return resolvePoll({ minMs, maxMs: poll?.maxMs ?? Math.max(minMs, 600_000) });
}
