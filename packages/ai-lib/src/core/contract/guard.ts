import { configError } from "../errors/error.js";

/*
 * Calls into code that is not this library's: flows, transports, listeners, estimates. An exception or a rejection of
 * such code must neither end the process nor prevent a call from ending, so every call of it uses these functions.
 */

/** Calls a function whose failure the caller does not wait for. What it throws or rejects with is ignored. */
export function attempt(run: () => unknown): void {
  try {
    ignoreRejection(run());
  } catch {
    // The code of the user failed; the call continues without it.
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

/** Handles the rejection of a value that is a promise, so that it does not end the process. */
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
 * The result of a function of the user that must return synchronously.
 * @throws {AiLibError} `CONFIG_ERROR` for a promise, which no decision can wait for.
 */
export function synchronous<T>(value: T, what: string): T {
  if (typeof value !== "object" || value === null || !("then" in value)) return value;
  ignoreRejection(value);
  throw configError(`${what} returned a promise; it must answer synchronously`);
}
