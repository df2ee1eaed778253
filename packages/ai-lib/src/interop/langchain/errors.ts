import { addLangChainErrorFields, ContextOverflowError } from "@langchain/core/errors";
import { AiLibError } from "../../core/errors/error.js";

/** Codes for which LangChain has a word. */
const CODES = {
  AUTH_FAILED: "MODEL_AUTHENTICATION",
  MODEL_NOT_FOUND: "MODEL_NOT_FOUND",
  RATE_LIMIT: "MODEL_RATE_LIMIT",
} as const;

/**
 * An error in the form for LangChain's agents and middleware: a prompt that is too long is a `ContextOverflowError`,
 * whose `cause` is the error of ai-lib; others are errors of ai-lib, with `lc_error_code` where LangChain has one.
 */
export function thrownError(error: unknown): unknown {
  if (!AiLibError.is(error)) return error;
  if (error.code === "CONTEXT_TOO_LONG") return ContextOverflowError.fromError(error);
  const code = Object.hasOwn(CODES, error.code) ? CODES[error.code as keyof typeof CODES] : undefined;
  return code === undefined ? error : addLangChainErrorFields(error, code);
}
