import type { Flow } from "../../core/contract/sink.js";

/**
 * A flow whose source can only be opened once something has come: a dialect that is being loaded, a token that is
 * being fetched. Remembers a pause; after an abort the source is never opened and nothing is told.
 * @param fail hears of a source that cannot be opened.
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
      if (paused) flow.pause();
    })
    .catch((error: unknown) => {
      if (!aborted) fail(error);
    });
  return {
    pause() {
      paused = true;
      flow?.pause();
    },
    resume() {
      paused = false;
      flow?.resume();
    },
    abort(reason) {
      aborted = true;
      return flow?.abort(reason);
    },
  };
}
