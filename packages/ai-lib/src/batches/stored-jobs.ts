import type {
  BatchJob,
  BatchJobs,
  BatchJobsOptions,
  BatchResult,
  BatchResultsOptions,
  BatchRow,
  BatchWaitOptions,
  ListBatchJobsOptions,
  SubmitBatchOptions,
} from "../core/contract/batch-job.js";
import type { BatchService } from "../core/contract/batch-service.js";
import type { BatchStore } from "../core/contract/batch-store.js";
import { type CallOptions, contextOf, refuseUnknown } from "../core/contract/call.js";
import { randomId, systemClock, systemRandom } from "../core/contract/clock.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { AiLibError, configError, invalidRequest } from "../core/errors/error.js";
import { wholeAtLeast } from "../core/errors/options.js";
import { pollDelay, type ResolvedPoll, resolvePoll } from "../core/run/poll.js";
import { report } from "../core/run/report.js";
import { sleep } from "../core/run/sleep.js";
import { sha256 } from "../core/values/sha256.js";
import { advancePart } from "./advance.js";
import { candidatesOf, choose, leavesOf } from "./choose.js";
import { KindTable } from "./kinds.js";
import { runLivePart } from "./live.js";
import { Locks } from "./locks.js";
import { Notices } from "./notices.js";
import { CANCEL_FILE, files, isExecutor, type JobRecord, jobOf, type PartRecord } from "./record.js";
import { type Item, readItem, readResult } from "./result-line.js";
import { Spool } from "./spool.js";
import { LineIndex, linesFrom } from "./stored-lines.js";
import { hoursOf } from "./window.js";

/** Where rows go. */
export interface BatchRoute {
  readonly provider: ChatProvider;
  /** The model's name there; undefined for the default. */
  readonly model: string | undefined;
}

/** Whose batch jobs they are. */
export interface BatchHost {
  readonly provider: ChatProvider;
  /** Where calls of a kind that name a model go, and the name of it there. Default: to `provider`, as they are. */
  route?(kind: string, model: string | undefined): BatchRoute;
  /** Options of a call with the host's defaults. Default: as they are. */
  callOptions?(options: CallOptions): CallOptions;
}

/** How long a caller waits for a job that another process holds, in milliseconds, before it looks again. */
const HELD_MS = 1_000;

/** Attempts to send a part in one `submit` before it fails. */
const MAX_SENDS = 5;

/** Calls of the live executor under way at the same time, where nothing else is said. */
const DEFAULT_CONCURRENCY = 8;

/** Rows between two reports of `onStored`. */
const STORED_STEP = 1_000;

const OPTIONS: ReadonlySet<string> = new Set(["store", "kinds"] satisfies (keyof BatchJobsOptions)[]);

/** Batch jobs that survive the process: every step is stored before and after it is taken. */
export class StoredBatchJobs implements BatchJobs {
  private readonly kinds: KindTable;
  private readonly store: BatchStore;
  private readonly locks: Locks;
  private readonly notices = new Notices();

  constructor(
    private readonly host: BatchHost,
    options: BatchJobsOptions & { readonly store: BatchStore },
  ) {
    refuseUnknown("option of batch jobs", options, OPTIONS);
    this.kinds = new KindTable(options.kinds);
    this.store = options.store;
    this.locks = new Locks(options.store);
  }

  async submit(
    items: Iterable<BatchRow> | AsyncIterable<BatchRow>,
    options: SubmitBatchOptions = {},
  ): Promise<BatchJob> {
    return this.begin(items, options, undefined);
  }

  private async begin(
    items: Iterable<BatchRow> | AsyncIterable<BatchRow>,
    options: SubmitBatchOptions,
    retryOf: string | undefined,
  ): Promise<BatchJob> {
    const { window, executor = "batch", webhook, idempotencyKey, onStored, ...rest } = options;
    const call = this.callOptions(rest);
    const hours = hoursOf(window);
    if (!isExecutor(executor))
      throw configError(`\`executor\` is "batch", "live" or "auto", not "${String(executor)}"`);
    const { clock = systemClock, random = systemRandom, signal } = call;
    const id =
      idempotencyKey === undefined
        ? randomId(random, 24)
        : sha256(`batch job ${idempotencyKey}`).slice(0, 24);
    await this.locks.hold(id, "steps", clock, signal, async () => {
      const known = (await this.store.get(id)) as JobRecord | undefined;
      if (known !== undefined && known.state !== "storing") {
        await closeItems(items);
        return;
      }
      const record: JobRecord = {
        version: 1,
        id,
        createdAt: Math.round(clock.now()),
        state: "storing",
        total: 0,
        ...(webhook === undefined ? {} : { webhook }),
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
        ...(retryOf === undefined ? {} : { retryOf }),
        parts: [],
      };
      await this.store.put(record);
      const spool = new Spool(record, {
        store: this.store,
        kinds: this.kinds,
        call,
        mayCall: executor === "auto" && webhook === undefined,
        choose: (kind, model) => {
          const route = this.route(kind, model);
          const candidates = candidatesOf(route.provider, kind, route.model);
          return choose(candidates, { kind, executor, hours, webhook });
        },
      });
      try {
        for await (const row of items) {
          if (signal?.aborted === true)
            throw new AiLibError({
              code: "CANCELLED",
              message: "The batch was aborted while it was stored",
              local: true,
            });
          await spool.add(row);
          if (record.total % STORED_STEP === 0 && onStored !== undefined)
            report(() => onStored(record.total), "onStored");
        }
        await spool.end();
        if (onStored !== undefined) report(() => onStored(record.total), "onStored");
      } catch (error) {
        await spool.abort();
        await this.store.delete(id);
        throw AiLibError.from(error, "FILE_ERROR");
      }
      record.state = record.parts.every((part) => part.state === "collected") ? "closed" : "open";
      await this.store.put(record);
    });
    return this.sendAll(id, call);
  }

  /** Sends every part. Vendors that do not answer are asked a few times. */
  private async sendAll(id: string, call: CallOptions): Promise<BatchJob> {
    const { clock = systemClock, signal } = call;
    for (let attempt = 1; ; attempt++) {
      let later: number | undefined;
      let record: JobRecord;
      try {
        ({ record, later } = await this.step(id, call, true));
      } catch (error) {
        throw AiLibError.from(error).withContext(`The batch job ${id} is stored, and not all of it was sent`);
      }
      const unsent = record.parts.filter(isUnsent);
      if (unsent.length === 0) return jobOf(record);
      if (attempt === MAX_SENDS)
        throw new AiLibError({
          code: "NETWORK_ERROR",
          message: `The batch job ${id} is stored, and ${unsent.length} of its parts could not be sent: ${unsent[0]?.problem ?? "no answer"}. refresh() and wait() go on`,
        });
      await sleep(later ?? HELD_MS, clock, signal);
    }
  }

  async get(id: string): Promise<BatchJob> {
    return jobOf(await this.load(id));
  }

  async list({ after, limit = 20 }: ListBatchJobsOptions = {}): Promise<readonly BatchJob[]> {
    wholeAtLeast("limit", limit, 1);
    return (await this.store.list(after, limit)).map((record) => jobOf(record as JobRecord));
  }

  async refresh(id: string, options: CallOptions = {}): Promise<BatchJob> {
    await this.load(id);
    return jobOf((await this.step(id, this.callOptions(options), false)).record);
  }

  async cancel(id: string, options: CallOptions = {}): Promise<BatchJob> {
    const record = await this.load(id);
    if (record.state === "closed") return jobOf(record);
    // A mark that needs no lock: a process that makes live calls sees it.
    const mark = await this.store.write(id, CANCEL_FILE);
    await mark.end();
    return this.refresh(id, options);
  }

  async wait(id: string, options: BatchWaitOptions = {}): Promise<BatchJob> {
    let last: JobRecord | undefined;
    for await (const record of this.follow(id, options)) last = record;
    return jobOf(last ?? (await this.load(id)));
  }

  async *results(id: string, options: BatchResultsOptions = {}): AsyncGenerator<BatchResult> {
    const { wait: waits = true, ...rest } = options;
    const positions = new Map<number, number>();
    for await (const record of this.follow(id, rest, waits)) {
      for (const part of record.parts) {
        if (part.state !== "collected" && part.executor !== "live") continue;
        const file = files.results(part.number);
        for await (const { text, next } of linesFrom(this.store, id, file, positions.get(part.number) ?? 0)) {
          positions.set(part.number, next);
          yield readResult(text, part.number, part.kind);
        }
      }
    }
  }

  async retry(id: string, options: Omit<SubmitBatchOptions, "idempotencyKey"> = {}): Promise<BatchJob> {
    const record = await this.load(id);
    if (record.state !== "closed")
      throw invalidRequest(`The batch job ${id} has rows without a result; wait for them or cancel it first`);
    return this.begin(this.failedRows(record), { ...options, idempotencyKey: `retry of ${id}` }, id);
  }

  notify(batch: string): void {
    this.notices.notify(batch);
  }

  async remove(id: string): Promise<void> {
    await this.load(id);
    await this.store.delete(id);
  }

  /** Rows whose failure another attempt may not have, with their ids. */
  private async *failedRows({ id, parts }: JobRecord): AsyncGenerator<BatchRow> {
    for (const { number, kind, rows, provider } of parts) {
      // Rows that could not be sent were not stored, and cannot be sent now.
      if (provider === "") continue;
      let items: LineIndex | undefined;
      const numbers = new Map<number, number>();
      for await (const { text } of linesFrom(this.store, id, files.results(number))) {
        const result = readResult(text, number, kind);
        if (result.outcome === "succeeded" || (result.outcome === "failed" && !result.error.retryable))
          continue;
        if (items === undefined) {
          items = await LineIndex.of(this.store, id, files.items(number), rows);
          let row = 0;
          for await (const item of linesFrom(this.store, id, files.items(number)))
            numbers.set(readItem(item.text).index, row++);
        }
        const item: Item = readItem(await items.at(numbers.get(result.index) ?? 0));
        yield { id: item.id, kind, request: item.request } as BatchRow;
      }
    }
  }

  /** The record after every round of steps, until every row has a result. Makes live calls meanwhile. */
  private async *follow(
    id: string,
    { poll, concurrency = DEFAULT_CONCURRENCY, onProgress, ...rest }: BatchWaitOptions,
    waits = true,
  ): AsyncGenerator<JobRecord> {
    wholeAtLeast("concurrency", concurrency, 1);
    const intervals = resolveBatchPoll(poll);
    const call = this.callOptions(rest);
    const { clock = systemClock, random = systemRandom, signal } = call;
    await this.load(id);
    const live = new LiveRun();
    try {
      for (let round = 0; ; round++) {
        const { record, later } = await this.step(id, call, false);
        if (waits && record.parts.some(isOpenLive))
          live.start(() => this.runLive(record, { call, concurrency, live }));
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

  /** Takes the due steps of every part. @param sendOnly asks for no batch that a vendor has */
  private async step(
    id: string,
    call: CallOptions,
    sendOnly: boolean,
  ): Promise<{ readonly record: JobRecord; readonly later: number | undefined }> {
    const { clock = systemClock, signal } = call;
    return this.locks.hold(id, "steps", clock, signal, async () => {
      const record = await this.load(id);
      if (record.state !== "open") return { record, later: undefined };
      const cancelled = (await this.store.size(id, CANCEL_FILE)) !== undefined;
      if (cancelled) record.cancelled = true;
      const save = (): Promise<void> => this.store.put(record);
      const waits: number[] = [];
      let failure: unknown;
      for (const part of record.parts) {
        if (part.executor === "live" || part.state === "collected" || (sendOnly && !isUnsent(part))) continue;
        try {
          const laws = this.kinds.get(part.kind);
          const tools = {
            store: this.store,
            service: this.serviceOf(part),
            laws,
            clock,
            call,
            cancelled,
            save,
          };
          const later = await advancePart(record, part, tools);
          if (later !== undefined) waits.push(later);
        } catch (error) {
          // The other parts go on; the caller learns of the failure after them.
          failure ??= error;
        }
      }
      if (record.parts.every((part) => part.state === "collected")) record.state = "closed";
      await save();
      if (failure !== undefined) throw failure;
      return { record, later: waits.length === 0 ? undefined : Math.min(...waits) };
    });
  }

  /** Calls the rows of the live parts, one part after the other. */
  private async runLive(
    record: JobRecord,
    {
      call,
      concurrency,
      live,
    }: { readonly call: CallOptions; readonly concurrency: number; readonly live: LiveRun },
  ): Promise<void> {
    const { id } = record;
    const { clock = systemClock } = call;
    for (const { number, executor, state } of record.parts) {
      if (executor !== "live" || state === "collected" || live.signal.aborted) continue;
      const lock = await this.store.lock(id, files.results(number));
      // Another process makes these calls.
      if (lock === undefined) continue;
      try {
        const part = {
          ...((await this.load(id)).parts.find((each) => each.number === number) as PartRecord),
        };
        await runLivePart(record, part, {
          store: this.store,
          provider: this.route(part.kind, part.model === "" ? undefined : part.model).provider,
          preferred: part.preferred === true ? this.leafOf(part.provider) : undefined,
          laws: this.kinds.get(part.kind),
          clock,
          call,
          concurrency,
          signal: live.signal,
          cancelled: async () => (await this.store.size(id, CANCEL_FILE)) !== undefined,
          onResult: () => live.wake(),
        });
        await this.locks.hold(id, "steps", clock, undefined, async () => {
          const fresh = await this.load(id);
          const at = fresh.parts.findIndex((each) => each.number === number);
          fresh.parts[at] = part;
          await this.store.put(fresh);
        });
      } finally {
        await lock.release();
      }
    }
    live.wake();
  }

  /** A leaf by its id; undefined where the host has it no more. */
  private leafOf(provider: string): ChatProvider | undefined {
    return leavesOf(this.host.provider).find((leaf) => (leaf.target?.provider ?? leaf.name) === provider);
  }

  private serviceOf({ provider }: PartRecord): BatchService {
    for (const leaf of leavesOf(this.host.provider))
      if ((leaf.target?.provider ?? leaf.name) === provider && leaf.batches !== undefined)
        return leaf.batches;
    throw configError(
      `The job belongs to the provider "${provider}", which is not part of "${this.host.provider.name}"`,
    );
  }

  private route(kind: string, model: string | undefined) {
    return this.host.route?.(kind, model) ?? { provider: this.host.provider, model };
  }

  /** @throws {AiLibError} `CONFIG_ERROR` for an option that is unknown or wrong. */
  private callOptions(options: CallOptions): CallOptions {
    const merged = this.host.callOptions?.(options) ?? options;
    contextOf({ ...merged, random: () => 0 });
    return merged;
  }

  private async load(id: string): Promise<JobRecord> {
    const record = (await this.store.get(id)) as JobRecord | undefined;
    if (record === undefined) throw invalidRequest(`There is no batch job "${id}" in this store`);
    if (record.version !== 1)
      throw invalidRequest(`The batch job "${id}" was stored by a later version of the library`);
    return record;
  }
}

/** The live calls of one reader of a job, which end with it. */
class LiveRun {
  private readonly controller = new AbortController();
  private running: Promise<void> | undefined;
  private failure: unknown;
  private end: (() => void) | undefined;
  /** Something happened since the last wait. */
  private news = false;

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  start(run: () => Promise<void>): void {
    this.running ??= run().catch((error: unknown) => {
      this.failure ??= error;
      this.wake();
    });
  }

  rethrow(): void {
    if (this.failure !== undefined && !this.signal.aborted) throw this.failure;
  }

  /** Ends the wait under way, or the next one. */
  wake(): void {
    this.news = true;
    this.end?.();
  }

  /** Whether there was news; else `end` is called at the next. */
  listen(end: () => void): boolean {
    const { news } = this;
    this.news = false;
    this.end = end;
    return news;
  }

  async stop(): Promise<void> {
    this.controller.abort();
    await this.running;
  }
}

/** Whether a part has rows that are still to be called. */
function isOpenLive({ state, executor }: PartRecord): boolean {
  return executor === "live" && state !== "collected";
}

function isUnsent({ state, executor }: PartRecord): boolean {
  return executor === "batch" && (state === "ready" || state === "sending");
}

/** Poll options of batches: 30 seconds, growing to 10 minutes. */
function resolveBatchPoll(poll: BatchWaitOptions["poll"]): ResolvedPoll {
  const minMs = poll?.minMs ?? 30_000;
  return resolvePoll({ minMs, maxMs: poll?.maxMs ?? Math.max(minMs, 600_000) });
}

/** Gives back what the items hold, which are not read. */
async function closeItems(items: Iterable<BatchRow> | AsyncIterable<BatchRow>): Promise<void> {
  if (Symbol.asyncIterator in items) await items[Symbol.asyncIterator]().return?.();
  else items[Symbol.iterator]().return?.();
}
