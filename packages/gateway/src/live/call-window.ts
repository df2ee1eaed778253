import type { ErrorCode } from "ai-lib";

/** Milliseconds that the counts and latencies of calls look back. */
export const WINDOW_MS = 5 * 60_000;

/** Ended calls whose times are known: of more calls in {@link WINDOW_MS}, the latest ones. */
export const MAX_SAMPLES = 256;

/** The counts are exact to this many milliseconds. */
const SLOT_MS = 10_000;
const SLOTS = WINDOW_MS / SLOT_MS;

const OUTCOMES = ["success", "error", "cancelled"] as const;

/** How a call ended, or an attempt. */
export type Outcome = (typeof OUTCOMES)[number];

/** What is known of a call that ended, or of an attempt. */
export interface EndedCall {
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Milliseconds from its start to the first content. Default: there was none apart from the whole answer. */
  readonly firstContentMs?: number | undefined;
  /** Of the error, if it failed. */
  readonly code?: ErrorCode | undefined;
  /** The HTTP status of the error, if it has one. */
  readonly status?: number | undefined;
}

/** Two percentiles of a time, in milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
}

/** What calls do now, and did within {@link WINDOW_MS}. */
export interface CallActivity {
  /** Calls that run now. */
  readonly running: number;
  /** Calls that ended within the window, failed and cancelled ones included. */
  readonly calls: number;
  readonly failures: number;
  /** Calls whose client disconnected, and attempts that were not needed any more. */
  readonly cancelled: number;
  /** Of the latest calls that succeeded, at most {@link MAX_SAMPLES}; undefined where none did within the window. */
  readonly latency:
    | { readonly calls: number; readonly firstContentMs: Percentiles; readonly totalMs: Percentiles }
    | undefined;
  /** The last failure, however long ago. Its message is not known: it may quote what a provider sent. */
  readonly lastError:
    | { readonly code: ErrorCode; readonly status: number | undefined; readonly at: number }
    | undefined;
}

/** That of a route or target that was never asked. */
export const NO_CALLS: CallActivity = {
  ...{ running: 0, calls: 0, failures: 0, cancelled: 0 },
  ...{ latency: undefined, lastError: undefined },
};

/**
 * The calls of the last minutes, in five kilobytes: counts for each ten seconds, and the times of the latest calls. A call makes
 * no object here.
 */
export class CallWindow {
  /** One row of counts for each slot of time, which is used again after the window. */
  private readonly counts = new Uint32Array(SLOTS * OUTCOMES.length);
  /** The latest slot that was counted in, by its number since the epoch. */
  private newest = 0;
  private readonly endedAt = new Float64Array(MAX_SAMPLES);
  private readonly first = new Float32Array(MAX_SAMPLES);
  private readonly total = new Float32Array(MAX_SAMPLES);
  private next = 0;
  private running = 0;
  private code: ErrorCode | undefined;
  private status: number | undefined;
  private failedAt = 0;

  /** A call began. Exactly one of `end` and `abandon` follows. */
  begin(): void {
    this.running++;
  }

  /** A call that began was not made. */
  abandon(): void {
    this.running--;
  }

  /** A call that began has ended. @param endedAt epoch milliseconds */
  end(outcome: Outcome, endedAt: number, { startedAt, firstContentMs, code, status }: EndedCall): void {
    this.running--;
    this.advance(endedAt);
    const index = (this.newest % SLOTS) * OUTCOMES.length + OUTCOMES.indexOf(outcome);
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    if (outcome === "success") {
      const tookMs = endedAt - startedAt;
      this.endedAt[this.next] = endedAt;
      this.first[this.next] = firstContentMs ?? tookMs;
      this.total[this.next] = tookMs;
      this.next = (this.next + 1) % MAX_SAMPLES;
    } else if (outcome === "error" && code !== undefined) {
      this.code = code;
      this.status = status;
      this.failedAt = endedAt;
    }
  }

  /** @param now epoch milliseconds */
  activity(now: number): CallActivity {
    this.advance(now);
    const [success = 0, failures = 0, cancelled = 0] = OUTCOMES.map((_, kind) => this.countOf(kind));
    return {
      running: this.running,
      calls: success + failures + cancelled,
      failures,
      cancelled,
      latency: this.latency(now),
      lastError:
        this.code === undefined ? undefined : { code: this.code, status: this.status, at: this.failedAt },
    };
  }

  /** Empties the slots of the time that has passed. A clock that goes back counts in the latest slot. */
  private advance(now: number): void {
    const slot = Math.floor(now / SLOT_MS);
    if (slot <= this.newest) return;
    const passed = Math.min(SLOTS, slot - this.newest);
    for (let back = 0; back < passed; back++) {
      const row = ((slot - back) % SLOTS) * OUTCOMES.length;
      this.counts.fill(0, row, row + OUTCOMES.length);
    }
    this.newest = slot;
  }

  private countOf(kind: number): number {
    let sum = 0;
    for (let row = 0; row < SLOTS; row++) sum += this.counts[row * OUTCOMES.length + kind] ?? 0;
    return sum;
  }

  private latency(now: number): CallActivity["latency"] {
    const recent = [...this.endedAt.keys()].filter((index) => {
      const at = this.endedAt[index] ?? 0;
      return at > 0 && at > now - WINDOW_MS;
    });
    if (recent.length === 0) return undefined;
    return {
      calls: recent.length,
      firstContentMs: percentiles(recent.map((index) => this.first[index] ?? 0)),
      totalMs: percentiles(recent.map((index) => this.total[index] ?? 0)),
    };
  }
}

/** By the nearest rank. */
function percentiles(values: number[]): Percentiles {
  values.sort((a, b) => a - b);
  const at = (share: number) => Math.round(values[Math.ceil(values.length * share) - 1] ?? 0);
  return { p50: at(0.5), p95: at(0.95) };
}
