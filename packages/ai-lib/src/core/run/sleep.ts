import type { Clock } from "../contract/clock.js";
import { cancelled } from "../errors/error.js";
import { onAbort } from "./abort.js";

/**
 * Waits.
 * @param ms milliseconds
 * @throws {AiLibError} `CANCELLED` on abort.
 */
export function sleep(ms: number, clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(cancelled(undefined, signal.reason));
      return;
    }
    const cancelTimer = clock.after(ms, () => {
      release?.();
      resolve();
    });
    const release =
      signal &&
      onAbort(signal, () => {
        cancelTimer();
        release?.();
        reject(cancelled(undefined, signal.reason));
      });
  });
}
