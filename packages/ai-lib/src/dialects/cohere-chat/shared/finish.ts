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

/** Endings that are failures: the answer is not whole. */
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

/** The error that an ending is, where it is one. */
export function failureOf(word: string): ErrorCode | undefined {
  const known = word.toUpperCase();
  return Object.hasOwn(FAILURES, known) ? FAILURES[known] : undefined;
}

/** A finish reason in Cohere's words; the provider's own word where it means the same here. */
export function finishWord(reason: FinishReason, raw: string | undefined): string {
  if (raw !== undefined && failureOf(raw) === undefined && finishOf(raw) === reason) return raw;
  switch (reason) {
    case "stop":
      return "COMPLETE";
    case "length":
      return "MAX_TOKENS";
    case "tool-calls":
      return "TOOL_CALL";
    case "content-filter":
      return "ERROR_TOXIC";
    case "other":
      return "USER_CANCEL";
    default: {
      const never: never = reason;
      throw new TypeError(`Unknown finish reason ${String(never)}`);
    }
  }
}
