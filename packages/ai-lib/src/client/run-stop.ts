import { cancelled } from "../core/errors/error.js";

/**
 * Signals that a run, or one call of it, has to stop. Unlike an `AbortController`, which costs time and garbage
 * collection, it is free until its signal is read.
 */
export class RunStop {
  stopped = false;
  /** Why it stopped. */
  reason: unknown;
  private readonly waiting = new Set<() => void>();
  private controller: AbortController | undefined;

  /** The signal for code of the user. */
  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.stopped) this.controller.abort(this.reason);
    }
    return this.controller.signal;
  }

  stop(reason?: unknown): void {
    if (this.stopped) return;
    this.stopped = true;
    this.reason = reason;
    this.controller?.abort(reason);
    for (const one of [...this.waiting]) one();
  }

  /** @throws {AiLibError} `CANCELLED` after a stop. */
  throwIfStopped(): void {
    if (this.stopped) throw cancelled(undefined, this.reason);
  }

  /** Runs a function when it stops; the returned function cancels this. */
  onStop(run: () => void): () => void {
    this.waiting.add(run);
    return () => this.waiting.delete(run);
  }

  /**
   * A promise, or the stop before it: code that ignores the signal must not delay the ending.
   * @throws {AiLibError} `CANCELLED` on a stop, else what the promise rejects with.
   */
  until<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = (): void => reject(cancelled(undefined, this.reason));
      if (this.stopped) {
        promise.catch(() => {});
        leave();
        return;
      }
      const settle = this.onStop(leave);
      promise.then(resolve, reject).finally(settle);
    });
  }
}
