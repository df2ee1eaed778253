import type { ResponseOf } from "../values/kinds.js";
import type { Flow } from "./sink.js";

/*
 * Calls into code that is not this library's: flows, transports, listeners, estimates. Whatever such code throws or
 * rejects with must neither end the process nor keep a call from ending, so that every such call goes through here.
 */

/** Calls a function whose failure the caller does not wait for. What it throws or rejects with is ignored. */
export function attempt(run: () => unknown): void {
  try {
    ignoreRejection(run());
  } catch {
    // The code of the user failed; the call goes on without it.
  }
}

/** Calls a function; `fallback` where it throws. */
export function valueOr<T>(fallback: T, read: () => T): T {
  try {
    return read();
  } catch {
    return fallback;
  }
}

/** Keeps the rejection of a promise, where a value is one, from ending the process. */
export function ignoreRejection(value: unknown): void {
  if (
    typeof value !== "object" ||
    value === null ||
    typeof (value as Partial<Promise<unknown>>).then !== "function"
  )
    return;
  // A promise of another kind may throw here or call back synchronously.
  Promise.resolve(value).catch(() => {});
}

/** Pauses a flow. */
export function pauseFlow(flow: Flow | undefined): void {
  try {
    flow?.pause();
  } catch {
    // It delivers more than was asked for; the queue of the reader holds it.
  }
}

/** Resumes a flow. */
export function resumeFlow(flow: Flow | undefined): void {
  try {
    flow?.resume();
  } catch {
    // The timeouts of the attempt end a flow that does not resume.
  }
}

/** Aborts a flow. @returns what it says has arrived so far */
export function abortFlow(flow: Flow | undefined, reason?: unknown): ResponseOf | undefined {
  try {
    const partial: unknown = flow?.abort(reason);
    if (typeof partial !== "object" || partial === null || "then" in partial) {
      ignoreRejection(partial);
      return undefined;
    }
    return partial as ResponseOf;
  } catch {
    // The call ends whether or not its source stops.
    return undefined;
  }
}
