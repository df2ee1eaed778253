import { type Clock, systemClock } from "ai-lib";

/**
 * Waits for some work, whether it succeeds or fails, and no longer than a time.
 * @returns whether it ended in time
 */
export async function within(
  ms: number,
  work: Promise<unknown>,
  clock: Clock = systemClock,
): Promise<boolean> {
  let cancel: (() => void) | undefined;
  const late = new Promise<boolean>((resolve) => {
    cancel = clock.after(ms, () => resolve(false));
  });
  const ended = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, late]);
  } finally {
    cancel?.();
  }
}
