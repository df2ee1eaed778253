import type { CallOptions } from "../core/contract/call.js";
import { systemClock } from "../core/contract/clock.js";
import type { JobHost } from "./job-host.js";
import { runLivePart } from "./live.js";
import { files, type JobRecord, type PartRecord } from "./record.js";

/** The live calls of one reader of a job, which end with it. */
export class LiveRun {
  private readonly controller = new AbortController();
  private running: Promise<void> | undefined;
  private failure: unknown;
  private end: (() => void) | undefined;
  /** Something happened since the last wait. */
  private news = false;

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Starts the calls of the live parts of a job. Only the first call has an effect. */
  start(host: JobHost, record: JobRecord, call: CallOptions, concurrency: number): void {
    if (!record.parts.some(isOpenLive)) return;
    this.running ??= callLiveParts(host, record, { call, concurrency, live: this }).catch(
      (error: unknown) => {
        this.failure ??= error;
        this.wake();
      },
    );
  }

  /** Throws the error that ended the calls, if one did. */
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

/** Calls the rows of the live parts, one part after the other. */
async function callLiveParts(
  host: JobHost,
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
    const lock = await host.store.lock(id, files.results(number));
    // Another process makes these calls.
    if (lock === undefined) continue;
    try {
      const part = {
        ...((await host.load(id)).parts.find((each) => each.number === number) as PartRecord),
      };
      await runLivePart(record, part, {
        store: host.store,
        provider: host.route(part.kind, part.model === "" ? undefined : part.model).provider,
        preferred: part.preferred === true ? host.leafOf(part.provider) : undefined,
        laws: host.kinds.get(part.kind),
        clock,
        call,
        concurrency,
        signal: live.signal,
        cancelled: () => host.isCancelled(id),
        onResult: () => live.wake(),
      });
      await host.locks.hold(id, "steps", clock, undefined, async () => {
        const fresh = await host.load(id);
        const at = fresh.parts.findIndex((each) => each.number === number);
        fresh.parts[at] = part;
        await host.store.put(fresh);
      });
    } finally {
      await lock.release();
    }
  }
  live.wake();
}

/** Whether a part has rows that are still to be called. */
function isOpenLive({ state, executor }: PartRecord): boolean {
  return executor === "live" && state !== "collected";
}
