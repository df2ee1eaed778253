import { attempt } from "../core/contract/guard.js";
import type { RunStop } from "./run-stop.js";

/**
 * What a tool returns. A generator is read to its end: each value that it yields is progress, and its result is what it
 * returns or, where that is undefined, the value that it yielded last. It is not asked on while the reader is behind, and
 * is closed on a stop.
 */
export async function resultOf(
  run: () => unknown,
  progress: (value: unknown) => void,
  room: () => Promise<void> | undefined,
  stop: RunStop,
): Promise<unknown> {
  const output = await run();
  if (!isGenerator(output)) return output;
  let last: unknown;
  const close = stop.onStop(() => attempt(() => output.return?.(undefined)));
  try {
    for (;;) {
      const step = await output.next();
      if (step.done === true) return step.value === undefined ? last : step.value;
      last = step.value;
      progress(last);
      if (stop.stopped) return last;
      const wait = room();
      if (wait !== undefined) await wait;
    }
  } finally {
    close();
  }
}

function isGenerator(value: unknown): value is AsyncGenerator<unknown, unknown, undefined> {
  return (
    typeof value === "object" &&
    value !== null &&
    Symbol.asyncIterator in value &&
    typeof (value as { next?: unknown }).next === "function"
  );
}
