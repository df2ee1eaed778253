import { AiLibError } from "../../core/errors/error.js";
import type { ErrorCode } from "../../core/values/error-code.js";

/** What a case found wrong, for the author of the provider. */
export class ConformanceFailure extends Error {
  override readonly name = "ConformanceFailure";
}

/** @throws {ConformanceFailure} where a condition does not hold. */
export function expect(condition: boolean, message: string | (() => string)): asserts condition {
  if (!condition) throw new ConformanceFailure(typeof message === "string" ? message : message());
}

/** @throws {ConformanceFailure} where two JSON values differ. */
export function expectSame(found: unknown, due: unknown, what: string): void {
  const [a, b] = [canonical(found), canonical(due)];
  expect(a === b, () => `${what}: found ${shorten(a)}, due was ${shorten(b)}`);
}

/**
 * The error that a promise rejects with.
 * @throws {ConformanceFailure} where it resolves, or rejects with anything but an error of this library with one of
 *   the codes.
 */
export async function expectError(
  promise: Promise<unknown>,
  codes: readonly ErrorCode[],
  what: string,
): Promise<AiLibError> {
  const wanted = codes.join(" or ");
  let error: unknown;
  try {
    await promise;
  } catch (reason) {
    error = reason;
  }
  if (error instanceof ConformanceFailure) throw error;
  expect(error !== undefined, `${what} was answered, where ${wanted} was due`);
  expect(AiLibError.is(error), () => `${what} threw ${String(error)}, which is no AiLibError`);
  expect(
    codes.includes(error.code),
    `${what} failed with ${error.code}, where ${wanted} was due: ${error.message}`,
  );
  return error;
}

/** A value as JSON whose keys are in order, so that equal values have equal texts. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, each: unknown) =>
      typeof each === "object" && each !== null && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
        : each,
    ) ?? "undefined"
  );
}

function shorten(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}
