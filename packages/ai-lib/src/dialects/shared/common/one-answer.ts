import { AiLibError } from "../../../core/errors/error.js";

/**
 * Refuses a request for several answers: a response has one.
 *
 * @param count what the request says; absent, null and 1 are accepted.
 * @param path where it says so, as the client's dialect names it.
 * @throws {AiLibError} `INVALID_REQUEST`, with the path in its `issues`.
 */
export function refuseSeveralAnswers(count: unknown, ...path: readonly string[]): void {
  if (count === undefined || count === null || count === 1) return;
  const field = path.join(".");
  throw new AiLibError({
    code: "INVALID_REQUEST",
    message: `\`${field}\` must be 1 or absent: a request has one answer. Send it again for another one.`,
    local: true,
    issues: [{ path, message: "must be 1 or absent", value: count }],
  });
}
