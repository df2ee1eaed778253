import type { Clock } from "../core/contract/clock.js";
import { cancelled } from "../core/errors/error.js";
import { onAbort } from "../core/run/abort.js";

/**
 * Waits. `wake` receives a function that ends the wait early.
 * @throws {AiLibError} `CANCELLED` on abort.
 */
export function wakeableSleep(
  ms: number,
  clock: Clock,
  signal: AbortSignal | undefined,
  wake: (end: () => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(cancelled(undefined, signal.reason));
      return;
    }
    const settle = (then: () => void): void => {
      cancelTimer();
      release?.();
      then();
    };
    const cancelTimer = clock.after(ms, () => settle(resolve));
    const release =
      signal && onAbort(signal, () => settle(() => reject(cancelled(undefined, signal.reason))));
    wake(() => settle(resolve));
  });
}
