import { cancelled } from "../errors/error.js";

/** Those who wait for one signal. */
interface Hub {
  readonly waiting: Set<() => void>;
  readonly fire: () => void;
}

const hubs = new WeakMap<AbortSignal, Hub>();

/**
 * Runs `run` when a signal aborts; the returned function unsubscribes. A signal has one listener for all calls that
 * share it, which is removed with the last of them: a batch of sixty calls would otherwise raise Node's warning of a
 * listener leak, and a long-lived signal would keep every call that ever used it.
 */
export function onAbort(signal: AbortSignal, run: () => void): () => void {
  let hub = hubs.get(signal);
  if (hub === undefined) {
    const waiting = new Set<() => void>();
    const fire = () => {
      for (const one of [...waiting]) one();
    };
    hub = { waiting, fire };
    hubs.set(signal, hub);
    signal.addEventListener("abort", fire);
  }
  const { waiting, fire } = hub;
  waiting.add(run);
  return () => {
    if (!waiting.delete(run) || waiting.size > 0) return;
    signal.removeEventListener("abort", fire);
    hubs.delete(signal);
  };
}

/**
 * A promise of the user's code, or an abort before it: code that never settles must not prevent a call from ending.
 * @throws {AiLibError} `CANCELLED` on abort, else what the promise rejects with.
 */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(cancelled(undefined, signal.reason));
    if (signal.aborted) {
      promise.catch(() => {});
      abort();
      return;
    }
    const settle = onAbort(signal, abort);
    promise.then(resolve, reject).finally(settle);
  });
}
