import type { Clock } from "../contract/clock.js";
import { cancelled } from "../errors/error.js";
import { onAbort } from "./abort.js";

/**
 * Waits.
 * @param ms milliseconds
 * @param wake receives a function that ends the wait early
 * @throws {AiLibError} `CANCELLED` on abort.
 */
export function sleep(
  ms: number,
  clock: Clock,
  signal: AbortSignal | undefined,
  wake?: (end: () => void) => void,
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
    wake?.(() => settle(resolve));
  });
}
