import { abortFlow, pauseFlow, resumeFlow } from "./flows.js";
import type { Flow } from "./sink.js";

/**
 * A flow that opens its source when a promise has resolved: a dialect that is being loaded, a token that is being
 * fetched. A pause before that is remembered. After an abort the source is not opened and nothing is reported.
 * @param fail is called if the promise rejects or the source cannot be opened
 */
export function deferredFlow<T>(
  value: Promise<T>,
  open: (value: T) => Flow,
  fail: (error: unknown) => void,
): Flow {
  let flow: Flow | undefined;
  let paused = false;
  let aborted = false;
  value
    .then((ready) => {
      if (aborted) return;
      flow = open(ready);
      if (paused) pauseFlow(flow);
    })
    .catch((error: unknown) => {
      if (!aborted) fail(error);
    });
  return {
    pause() {
      paused = true;
      pauseFlow(flow);
    },
    resume() {
      paused = false;
      resumeFlow(flow);
    },
    abort(reason) {
      aborted = true;
      return abortFlow(flow, reason);
    },
  };
}
