import { type CallOptions, contextOf } from "../core/contract/call.js";
import type { FollowOptions, JobHandle, JobReport, JobSource } from "../core/contract/job.js";
import type { ChatStream } from "../core/contract/stream.js";
import { AiLibError, cancelled, totalTimeout } from "../core/errors/error.js";
import { untilAborted } from "../core/run/abort.js";
import { isPassing, MAX_POLL_FAILURES, type PollOptions, pollDelay, resolvePoll } from "../core/run/poll.js";
import { sleep } from "../core/run/sleep.js";

/** Options of {@link Run.result}. `timeouts.totalMs` bounds the whole wait; default: no bound. */
export interface WaitOptions extends CallOptions {
  readonly poll?: PollOptions | undefined;
  /** Receives every report, `done` included. */
  readonly onReport?: ((report: JobReport<unknown>) => void) | undefined;
}

/**
 * A job at a vendor. Its {@link handle} is plain JSON: store it, and `resumeRun` waits for the same job in another
 * process.
 *
 * You can call its methods concurrently: the vendor is polled once at a time, the job ends once, and is not polled
 * after that.
 */
export class Run<R> {
  private last: JobReport<R>;
  /** Reports so far: a poll may have been answered meanwhile. */
  private reports = 0;
  /** The question that is under way. */
  private asking: Promise<unknown> | undefined;
  /** Waits that a notice ends. */
  private readonly waiting = new Set<() => void>();
  /** Notices so far. */
  private notices = 0;

  constructor(
    private readonly source: JobSource<R>,
    /** The report from the start or the resumption of the job. */
    report: JobReport<R>,
  ) {
    this.last = report;
  }

  /** The data for `resumeRun`. It changes with the steps of the job: store the newest. */
  get handle(): JobHandle {
    return this.last.handle;
  }

  /** What was learnt last, without a question. */
  get report(): JobReport<R> {
    return this.last;
  }

  /** The state of the job. A job that has ended is not polled again. If a poll is running, its answer is used. */
  async status(options?: CallOptions): Promise<JobReport<R>> {
    const before = this.reports;
    while (this.asking !== undefined) {
      await untilAborted(
        this.asking.catch(() => undefined),
        options?.signal,
      );
      if (this.reports > before) return this.last;
    }
    if (!isOpen(this.last)) return this.last;
    const asking = this.source.poll(this.handle, options);
    this.asking = asking;
    try {
      this.last = await asking;
      this.reports++;
      if (!isOpen(this.last)) this.wake();
      return this.last;
    } finally {
      this.asking = undefined;
    }
  }

  /**
   * Reports news, such as a webhook: every wait polls the vendor now. The content of the news is not trusted, so it may
   * arrive twice, late, or for a job that still runs.
   */
  notify(): void {
    if (!isOpen(this.last)) return;
    this.notices++;
    this.wake();
  }

  /**
   * Waits for the result. A poll that fails temporarily is repeated. An abort ends only the wait, not the job: see
   * {@link cancel}.
   * @throws {AiLibError} the error of a job that failed; `CANCELLED` on abort; `TIMEOUT` past `timeouts.totalMs`.
   */
  async result({ poll, onReport, ...options }: WaitOptions = {}): Promise<R> {
    const intervals = resolvePoll(poll);
    const bounded = { ...options, timeouts: { totalMs: Number.POSITIVE_INFINITY, ...options.timeouts } };
    const { clock, random, deadline, signal, timeouts } = contextOf(bounded);
    let failures = 0;
    for (let asked = 0; ; asked++) {
      if (signal?.aborted === true) throw cancelled(undefined, signal.reason);
      const left = deadline - clock.now();
      if (left <= 0) throw totalTimeout(timeouts.totalMs);
      const notices = this.notices;
      let afterMs: number | undefined;
      try {
        const report = await this.status({ ...bounded, timeouts: { ...bounded.timeouts, totalMs: left } });
        failures = 0;
        onReport?.(report);
        if (report.state === "done") return report.result;
        if ("error" in report) throw new Ended(report.error);
        afterMs = report.afterMs;
      } catch (error) {
        if (error instanceof Ended) throw error.reason;
        const known = AiLibError.from(error);
        if (!isPassing(known) || ++failures >= MAX_POLL_FAILURES) throw known;
        afterMs = known.retryAt === undefined ? undefined : Math.max(0, known.retryAt - clock.now());
      }
      // The news arrived during a poll, whose answer may be older.
      if (this.notices > notices) {
        asked = 0;
        continue;
      }
      const delay = afterMs === 0 ? 0 : pollDelay(intervals, asked, random, afterMs);
      await this.wait(Math.min(delay, Math.max(0, deadline - clock.now())), clock, signal);
      if (this.notices > notices) asked = 0;
    }
  }

  /**
   * Stops the job at the vendor.
   * @throws {AiLibError} `UNSUPPORTED_FEATURE` where the vendor cannot; else as calls do.
   */
  async cancel(options?: CallOptions): Promise<void> {
    if (!isOpen(this.last)) return;
    await this.source.cancel(this.handle, options);
    this.notify();
  }

  /**
   * Streams the answer of a chat that was started with `follow: true`. Broken connections are opened again after the
   * last event. Each event has a `cursor`: store it, and another process can continue after it with `after`.
   * `stream.response()` always has the whole answer. Leaving the loop ends only the stream, not the job.
   * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a job without a stream.
   */
  stream(options?: FollowOptions): ChatStream {
    if (this.source.stream === undefined)
      throw new AiLibError({
        code: "UNSUPPORTED_FEATURE",
        message: `Work of the kind "${this.handle.kind}" has no stream; ask for its result`,
        local: true,
      });
    return this.source.stream(this.handle, options);
  }

  private async wait(
    ms: number,
    clock: Parameters<typeof sleep>[1],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    let ended: (() => void) | undefined;
    try {
      await sleep(ms, clock, signal, (end) => {
        ended = end;
        this.waiting.add(end);
      });
    } finally {
      if (ended !== undefined) this.waiting.delete(ended);
    }
  }

  private wake(): void {
    for (const end of [...this.waiting]) end();
  }
}

/** The error of a failed job, as opposed to a failed poll. */
class Ended extends Error {
  constructor(readonly reason: AiLibError) {
    super();
  }
}

function isOpen({ state }: JobReport<unknown>): boolean {
  return state === "pending" || state === "running";
}
