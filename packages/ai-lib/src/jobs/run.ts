import { type CallOptions, contextOf } from "../core/contract/call.js";
import type { JobHandle, JobReport, JobSource } from "../core/contract/job.js";
import { AiLibError, cancelled, totalTimeout } from "../core/errors/error.js";
import { isPassing, MAX_POLL_FAILURES, type PollOptions, pollDelay, resolvePoll } from "../core/run/poll.js";
import { sleep } from "../core/run/sleep.js";

/** Options of {@link Run.result}. `timeouts.totalMs` bounds the whole wait; default: no bound. */
export interface WaitOptions extends CallOptions {
  readonly poll?: PollOptions | undefined;
  /** Receives every report, `done` included. */
  readonly onReport?: ((report: JobReport<unknown>) => void) | undefined;
}

/**
 * Work that a vendor does while you do something else. Its {@link handle} is plain JSON: keep it, and `resumeRun` waits
 * for the same work in another process.
 */
export class Run<R> {
  private last: JobReport<R>;

  constructor(
    private readonly source: JobSource<R>,
    /** What was learnt when the work was started or resumed. */
    report: JobReport<R>,
  ) {
    this.last = report;
  }

  /** What is needed to ask for the work later. It changes while the work goes through its steps: keep the newest. */
  get handle(): JobHandle {
    return this.last.handle;
  }

  /** Where the work stands. One that has ended is not asked for again. */
  async status(options?: CallOptions): Promise<JobReport<R>> {
    if (isOpen(this.last)) this.last = await this.source.poll(this.handle, options);
    return this.last;
  }

  /**
   * Waits for the result. A question that fails for a moment is asked again. An abort ends the wait and not the work:
   * see {@link cancel}.
   * @throws {AiLibError} the error of work that failed; `CANCELLED` on abort; `TIMEOUT` past `timeouts.totalMs`.
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
      const delay = afterMs === 0 ? 0 : pollDelay(intervals, asked, random, afterMs);
      await sleep(Math.min(delay, Math.max(0, deadline - clock.now())), clock, signal);
    }
  }

  /**
   * Stops the work at the vendor.
   * @throws {AiLibError} `UNSUPPORTED_FEATURE` where the vendor cannot; else as calls do.
   */
  async cancel(options?: CallOptions): Promise<void> {
    if (!isOpen(this.last)) return;
    await this.source.cancel(this.handle, options);
  }
}

/** The error of work that failed, which is no question that failed. */
class Ended extends Error {
  constructor(readonly reason: AiLibError) {
    super();
  }
}

function isOpen({ state }: JobReport<unknown>): boolean {
  return state === "pending" || state === "running";
}
