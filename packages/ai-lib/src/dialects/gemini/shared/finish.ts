import type { FinishReason } from "../../../core/values/chat-response.js";
import type { ErrorCode } from "../../../core/values/error-code.js";

/** Reasons by name. https://ai.google.dev/api/generate-content#FinishReason and Vertex' `MODEL_ARMOR`. */
const REASONS: Readonly<Record<string, FinishReason>> = {
  STOP: "stop",
  MAX_TOKENS: "length",
  SAFETY: "content-filter",
  RECITATION: "content-filter",
  BLOCKLIST: "content-filter",
  PROHIBITED_CONTENT: "content-filter",
  SPII: "content-filter",
  MODEL_ARMOR: "content-filter",
  IMAGE_SAFETY: "content-filter",
  IMAGE_PROHIBITED_CONTENT: "content-filter",
  IMAGE_RECITATION: "content-filter",
  // An answer with this reason counts only if it has a call: see `failureOf`.
  MALFORMED_FUNCTION_CALL: "stop",
  UNEXPECTED_TOOL_CALL: "stop",
  TOO_MANY_TOOL_CALLS: "stop",
  MALFORMED_RESPONSE: "stop",
};

/**
 * Finish reasons that mean a failure: the vendor discarded the output, and another attempt can help. The last one means
 * that the history of the request lacks a signature. https://ai.google.dev/api/generate-content#FinishReason
 */
const FAILURES: Readonly<Record<string, ErrorCode>> = {
  MALFORMED_FUNCTION_CALL: "INVALID_RESPONSE",
  UNEXPECTED_TOOL_CALL: "INVALID_RESPONSE",
  TOO_MANY_TOOL_CALLS: "INVALID_RESPONSE",
  MALFORMED_RESPONSE: "INVALID_RESPONSE",
  MISSING_THOUGHT_SIGNATURE: "INVALID_REQUEST",
};

/** The error code for a finish reason that means a failure; undefined for any other. */
export function failureOf(raw: string): ErrorCode | undefined {
  return Object.hasOwn(FAILURES, raw) ? FAILURES[raw] : undefined;
}

/**
 * Clients that request `enum-encoding=int` get numbers. The two APIs agree on the first five, and that 7 and 8 are
 * filters; the others differ, so they are `other`.
 */
const NUMBERS: readonly (FinishReason | undefined)[] = [
  undefined,
  "stop",
  "length",
  "content-filter",
  "content-filter",
  "other",
  "other",
  "content-filter",
  "content-filter",
];

/** A finish reason of the wire; undefined if the answer continues. */
export function finishOf(value: unknown): { reason: FinishReason; raw: string } | undefined {
  if (typeof value === "number")
    return value === 0 ? undefined : { reason: NUMBERS[value] ?? "other", raw: String(value) };
  if (typeof value !== "string" || value === "" || value === "FINISH_REASON_UNSPECIFIED") return undefined;
  return { reason: Object.hasOwn(REASONS, value) ? (REASONS[value] ?? "other") : "other", raw: value };
}

/** Gemini's words for reasons that the contract has no name for. Those of other vendors are not passed on. */
const OTHERS: ReadonlySet<string> = new Set(["OTHER", "LANGUAGE", "NO_IMAGE", "IMAGE_OTHER"]);

/** A finish reason for the wire: the raw one if it is Gemini's and has the same meaning, else the nearest. */
export function encodeFinish(reason: FinishReason, raw: string | undefined): string {
  const settled = reason === "tool-calls" ? "stop" : reason;
  const own = raw !== undefined && (OTHERS.has(raw) || Object.hasOwn(REASONS, raw));
  if (own && finishOf(raw)?.reason === settled) return raw;
  switch (settled) {
    case "stop":
      return "STOP";
    case "length":
    // Gemini has no word for a pause. This one also says that the answer is incomplete.
    case "paused":
      return "MAX_TOKENS";
    case "content-filter":
      return "SAFETY";
    case "other":
      return "OTHER";
    default: {
      const never: never = settled;
      throw new TypeError(`Unknown finish reason ${String(never)}`);
    }
  }
}
