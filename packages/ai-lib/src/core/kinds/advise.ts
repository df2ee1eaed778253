import type { AiLibError } from "../errors/error.js";

/** Advice for one field: words of a refusal that are about it, and what to do. */
export interface FieldAdvice {
  /** The field was set. */
  readonly set: boolean;
  readonly words: RegExp;
  readonly advice: string;
}

/** Characters of a message that are searched. */
const MAX_WORDS = 2_000;

/**
 * A refusal with advice about the field that its words name. Such a field is the caller's: the error becomes
 * `INVALID_REQUEST`, although some vendors answer 404 for it. A feature that a vendor does not support stays
 * `UNSUPPORTED_FEATURE`, since another one may support it.
 */
export function adviseOnField(error: AiLibError, fields: readonly FieldAdvice[]): AiLibError {
  const { code } = error;
  if (code !== "INVALID_REQUEST" && code !== "MODEL_NOT_FOUND" && code !== "UNSUPPORTED_FEATURE")
    return error;
  const words = `${error.message} ${error.body ?? ""}`.slice(0, MAX_WORDS);
  const found = fields.find((field) => field.set && field.words.test(words));
  if (found === undefined) return error;
  const message = `${error.message} (${found.advice})`;
  return error.with(code === "UNSUPPORTED_FEATURE" ? { message } : { code: "INVALID_REQUEST", message });
}

/** A text that is too long, with what to do about it. */
export function adviseOnLength(error: AiLibError, advice: string): AiLibError {
  return error.code === "CONTEXT_TOO_LONG" ? error.with({ message: `${error.message} (${advice})` }) : error;
}
