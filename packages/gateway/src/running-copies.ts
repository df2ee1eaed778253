import { systemClock } from "ai-lib";

/** The copies that mirrors make of calls, while they run. A gateway that stops waits for them: they cost something. */
export class RunningCopies {
  private readonly aborts = new Set<() => void>();
  private idle: (() => void) | undefined;

  /** A copy began. @returns to be called as it ends */
  began(abort: () => void): () => void {
    this.aborts.add(abort);
    return () => {
      this.aborts.delete(abort);
      if (this.aborts.size === 0) this.idle?.();
    };
  }

  /** Waits until no copy runs. @param ms milliseconds after which those that run are aborted */
  async end(ms: number): Promise<void> {
    if (this.aborts.size === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.idle = resolve;
    });
    const cancel = systemClock.after(Math.max(0, ms), () => {
      for (const abort of [...this.aborts]) abort();
    });
    await idle;
    cancel();
  }
}
