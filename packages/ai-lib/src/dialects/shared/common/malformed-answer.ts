import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { Warning } from "../../../core/values/answer.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { inBandError } from "./errors.js";

/** The result of an answer whose finish reason means that the model wrote something malformed. */
export type MalformedAnswer =
  | { readonly error: AiLibError }
  /** Its complete calls are good: the answer counts, with a warning. */
  | { readonly warning: Warning };

/**
 * Decides on an answer whose finish reason means a failure.
 * @param code the code for the finish reason.
 * @param word the finish reason, as the provider names it.
 * @param details the provider's explanation, if it gives one.
 * @param called the answer has a complete call for the caller.
 */
export function malformedAnswer(
  code: ErrorCode,
  word: string,
  details: string | undefined,
  called: boolean,
  target: DialectTarget,
): MalformedAnswer {
  const reason = `${details ?? "the model's answer could not be decoded"} (finish reason "${word}")`;
  if (code === "INVALID_RESPONSE" && called)
    return { warning: { code: "malformed", message: `Part of the answer is missing: ${reason}` } };
  return { error: inBandError(JSON.stringify({ finishReason: word }), target, { code }, reason) };
}
