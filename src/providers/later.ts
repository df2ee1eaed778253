import type { AttemptRun } from "../core/attempt.js";
import { AiLibError } from "../core/error.js";
import type { Flow } from "../core/sink.js";

/**
 * A flow whose source can only be opened once something has come: a dialect that is being loaded, a token that is
 * being fetched. Remembers a pause; an abort meanwhile means that the source is never opened.
 */
export function later<T>(run: AttemptRun, value: Promise<T>, open: (value: T) => Flow): Flow {
  let flow: Flow | undefined;
  let paused = false;
  let aborted = false;
  value
    .then((ready) => {
      if (aborted || run.over) return;
      flow = open(ready);
      if (paused) flow.pause();
    })
    .catch((error: unknown) => {
      if (!aborted) run.fail(AiLibError.from(error));
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
