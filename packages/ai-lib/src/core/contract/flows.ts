import type { ResponseOf } from "../values/kinds.js";
import { ignoreRejection } from "./guard.js";
import type { Flow } from "./sink.js";

/*
 * The handles of running calls may be code of a user: an exception in them neither ends the process nor leaves a call
 * open.
 */

/** Pauses a flow. */
export function pauseFlow(flow: Flow | undefined): void {
  try {
    ignoreRejection(flow?.pause());
  } catch {
    // It delivers more than requested; the queue of the reader stores it.
  }
}

/** Resumes a flow. */
export function resumeFlow(flow: Flow | undefined): void {
  try {
    ignoreRejection(flow?.resume());
  } catch {
    // The timeouts of the attempt end a flow that does not resume.
  }
}

/** Aborts a flow. @returns the content that it reports so far */
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
