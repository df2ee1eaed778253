import type { CallContext } from "../contract/call.js";
import { AiLibError } from "../errors/error.js";
import type { TimeoutPhase } from "../values/error-code.js";

/** Whose limits a timer keeps. */
interface Timed {
  readonly provider: string;
  /** A limit passed: the attempt ends, and its leaf's work is stopped. */
  timedOut(error: AiLibError): void;
}

/**
 * The limits of one attempt: first content, idleness and the whole. One timer for whichever is next; activity only
 * moves a number, not a timer.
 */
export class AttemptTimer {
  private lastActivity: number;
  private committed = false;
  private paused = false;
  private over = false;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly context: CallContext,
    private readonly startedAt: number,
    private readonly timed: Timed,
  ) {
    this.lastActivity = startedAt;
  }

  /** The upstream is alive. Called for each read, not for each event. */
  touch(): void {
    this.lastActivity = this.context.clock.now();
  }

  /** First content came: from here on silence counts. A unary attempt ends at the same moment. */
  commit(now: number, streaming: boolean): void {
    this.committed = true;
    this.lastActivity = now;
    if (streaming) this.arm();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.touch();
  }

  stop(): void {
    this.over = true;
    this.cancel?.();
    this.cancel = undefined;
  }

  /** Sets the timer for the limit that is next; none where all are off. */
  arm(): void {
    this.cancel?.();
    this.cancel = undefined;
    if (this.over) return;
    const { clock } = this.context;
    const { at } = this.due();
    if (at !== Number.POSITIVE_INFINITY)
      this.cancel = clock.after(Math.max(0, at - clock.now()), () => this.check());
  }

  private due(): { at: number; phase: TimeoutPhase } {
    const { timeouts } = this.context;
    const attemptAt = this.startedAt + timeouts.attemptMs;
    const at = this.committed
      ? this.lastActivity + timeouts.idleMs
      : this.startedAt + timeouts.firstContentMs;
    return attemptAt <= at
      ? { at: attemptAt, phase: "attempt" }
      : { at, phase: this.committed ? "idle" : "first-content" };
  }

  private check(): void {
    if (this.over) return;
    const { clock, timeouts } = this.context;
    // A paused stream is silent because its reader is slow, not because the provider is.
    if (this.paused && this.committed) this.touch();
    const { at, phase } = this.due();
    if (clock.now() < at) {
      this.arm();
      return;
    }
    const [limit, what] =
      phase === "attempt"
        ? [timeouts.attemptMs, "The attempt took longer than attemptMs"]
        : phase === "idle"
          ? [timeouts.idleMs, "Nothing more came for idleMs"]
          : [timeouts.firstContentMs, "No content came within firstContentMs"];
    const message = `${what} (${limit} ms) from ${this.timed.provider}`;
    this.timed.timedOut(new AiLibError({ code: "TIMEOUT", phase, message }));
  }
}
