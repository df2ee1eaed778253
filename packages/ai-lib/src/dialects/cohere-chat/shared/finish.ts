import type { FinishReason } from "../../../core/values/chat-response.js";
import type { ErrorCode } from "../../../core/values/error-code.js";

/** https://docs.cohere.com/v2/reference/chat; ERROR_TOXIC, ERROR_LIMIT and USER_CANCEL are the first version's. */
const REASONS: Readonly<Record<string, FinishReason>> = {
  COMPLETE: "stop",
  STOP_SEQUENCE: "stop",
  MAX_TOKENS: "length",
  // The conversation filled the model's context window.
  ERROR_LIMIT: "length",
  TOOL_CALL: "tool-calls",
  ERROR_TOXIC: "content-filter",
  USER_CANCEL: "other",
};

/** Finish reasons that mean a failure: the answer is incomplete. */
const FAILURES: Readonly<Record<string, ErrorCode>> = {
  ERROR: "PROVIDER_ERROR",
  // The generation took longer than Cohere allows: asking the same again would take as long.
  TIMEOUT: "TIMEOUT",
};

/** The contract's word for Cohere's `finish_reason`; older models wrote it in lower case. */
export function finishOf(word: string): FinishReason {
  const known = word.toUpperCase();
  return Object.hasOwn(REASONS, known) ? (REASONS[known] ?? "other") : "other";
}

/** The error code for a finish reason that means a failure; undefined for any other. */
export function failureOf(word: string): ErrorCode | undefined {
  const known = word.toUpperCase();
  return Object.hasOwn(FAILURES, known) ? FAILURES[known] : undefined;
}

/** Cohere's word for a finish reason: the provider's own word if Cohere uses it for the same. */
export function finishWord(reason: FinishReason, raw: string | undefined): string {
  const word = raw?.toUpperCase() ?? "";
  if (Object.hasOwn(REASONS, word) && REASONS[word] === reason) return word;
  switch (reason) {
    case "stop":
    // Cohere has no word for an unknown reason.
    case "other":
      return "COMPLETE";
    case "length":
    // Cohere has no word for a pause. This one also says that the answer is incomplete.
    case "paused":
      return "MAX_TOKENS";
    case "tool-calls":
      return "TOOL_CALL";
    case "content-filter":
      return "ERROR_TOXIC";
    default: {
      const never: never = reason;
      throw new TypeError(`Unknown finish reason ${String(never)}`);
    }
  }
}
