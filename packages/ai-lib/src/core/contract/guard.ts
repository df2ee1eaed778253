import { configError } from "../errors/error.js";

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

/**
 * What a function of the user returned that must answer synchronously.
 * @throws {AiLibError} `CONFIG_ERROR` for a promise, which no decision can wait for.
 */
export function synchronous<T>(value: T, what: string): T {
  if (typeof value !== "object" || value === null || !("then" in value)) return value;
  ignoreRejection(value);
  throw configError(`${what} returned a promise; it must answer synchronously`);
}
