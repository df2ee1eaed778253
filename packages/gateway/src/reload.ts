import { watch } from "node:fs";
import { basename, dirname } from "node:path";
import { AiLibError, systemClock } from "ai-lib";

/** Time in milliseconds for an editor to finish what it writes. */
const SETTLE_MS = 150;

/**
 * Runs `reload` whenever a file changes and on SIGHUP, one at a time.
 * @param report receives what happened, for people
 * @returns ends it
 */
export function onChange(
  file: string,
  reload: () => Promise<string>,
  report: (line: string) => void,
): () => void {
  let cancel: (() => void) | undefined;
  let running: Promise<void> = Promise.resolve();
  const run = () => {
    running = running.then(async () => {
      try {
        report(await reload());
      } catch (error) {
        report(AiLibError.is(error) ? error.message : `The reload failed: ${(error as Error).name}`);
      }
    });
  };
  const soon = () => {
    cancel?.();
    cancel = systemClock.after(SETTLE_MS, run);
  };
  // The folder is watched, since editors and Kubernetes replace files.
  const name = basename(file);
  const watcher = watch(dirname(file) === "" ? "." : dirname(file), (_event, changed) => {
    if (changed === name || changed === null || changed === "..data") soon();
  });
  watcher.on("error", () => report(`${file} is not watched any more; SIGHUP reloads it`));
  process.on("SIGHUP", run);
  return () => {
    cancel?.();
    watcher.close();
    process.off("SIGHUP", run);
  };
}

/** Ignores SIGHUP, which would end the process and its calls. @returns ends it */
export function ignoreHangup(): () => void {
  const ignore = () => undefined;
  process.on("SIGHUP", ignore);
  return () => void process.off("SIGHUP", ignore);
}

/** Makes runs of a task wait for each other. */
export function inTurn<T>(task: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const run = last.then(task);
    last = run.catch(() => undefined);
    return run;
  };
}
