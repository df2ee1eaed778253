import type { SecretMask } from "../values/secret-mask.js";
import { AiLibError } from "./error.js";

/** Causes of causes that are masked. */
const DEPTH = 5;

/**
 * The same error with secrets masked in its message, body, request id, headers, stack and causes: vendors quote the key
 * that they refuse, proxies echo requests, and platforms quote header values that they cannot send.
 */
export function maskError(error: AiLibError, mask: SecretMask): AiLibError {
  return maskAt(error, mask, DEPTH);
}

function maskAt(error: AiLibError, mask: SecretMask, depth: number): AiLibError {
  const message = mask.text(error.message);
  const body = error.body === undefined ? undefined : mask.piece(error.body);
  const requestId = error.requestId === undefined ? undefined : mask.piece(error.requestId);
  const headers = error.headers === undefined ? undefined : mask.headers(error.headers);
  const cause = maskCause(error.cause, mask, depth);
  const untouched =
    message === error.message &&
    body === error.body &&
    requestId === error.requestId &&
    headers === error.headers &&
    cause === error.cause;
  const safe = untouched ? error : error.with({ message, body, requestId, headers, cause });
  return maskStack(safe, mask);
}

/** The head of a stack repeats the message that an error had when it was made. */
function maskStack<E extends Error>(error: E, mask: SecretMask): E {
  const { stack } = error;
  if (typeof stack !== "string") return error;
  const safe = mask.text(stack);
  if (safe !== stack) error.stack = safe;
  return error;
}

/** A cause without secrets: the same value, or a copy of an error that has some. */
function maskCause(cause: unknown, mask: SecretMask, depth: number): unknown {
  if (typeof cause === "string") return mask.piece(cause);
  if (depth === 0) return undefined;
  if (AiLibError.is(cause)) return maskAt(cause, mask, depth - 1);
  if (!(cause instanceof Error)) return cause;
  const facts = new Map<string, unknown>();
  let changed = false;
  for (const name of ["message", "stack", ...Object.keys(cause)]) {
    const value = (cause as unknown as Record<string, unknown>)[name];
    const safe = maskFact(name, value, mask, depth);
    if (safe !== value) changed = true;
    if (safe !== undefined) facts.set(name, safe);
  }
  const deeper = maskCause(cause.cause, mask, depth - 1);
  if (deeper !== cause.cause) changed = true;
  if (!changed) return cause;
  const copy: Error = Object.create(Object.getPrototypeOf(cause) as object | null) as Error;
  for (const [name, value] of facts)
    Object.defineProperty(copy, name, {
      value,
      configurable: true,
      writable: true,
      enumerable: name !== "message" && name !== "stack",
    });
  if (deeper !== undefined) Object.defineProperty(copy, "cause", { value: deeper, configurable: true });
  return copy;
}

function maskFact(name: string, value: unknown, mask: SecretMask, depth: number): unknown {
  if (typeof value === "string") return mask.piece(value);
  // The first bytes of a reply that Node could not parse.
  if (name === "rawPacket") return undefined;
  if (value instanceof Error) return maskCause(value, mask, depth - 1);
  return value;
}
