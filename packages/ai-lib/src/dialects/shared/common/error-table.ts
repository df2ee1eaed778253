import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";

/** An error as one dialect writes it. */
export interface ErrorRow {
  readonly status: number;
  /** The dialect's name for errors of this kind. */
  readonly type: string;
  /** Distinguishes codes of the same type, in the dialect's field for details. */
  readonly detail?: string;
}

/** The codes that a client of a server can act on. */
export type PublicErrorCode = Exclude<
  ErrorCode,
  "CIRCUIT_OPEN" | "CONFIG_ERROR" | "FILE_ERROR" | "CANCELLED"
>;

/** Every public code in the shape of one dialect. */
export type ErrorTable<Row extends ErrorRow = ErrorRow> = Readonly<Record<PublicErrorCode, Row>>;

/**
 * The code that a client receives. A code that concerns only the server becomes the nearest one that a client can act
 * on.
 */
export function publicCode(code: ErrorCode): PublicErrorCode {
  switch (code) {
    case "CIRCUIT_OPEN":
      return "OVERLOADED";
    case "CONFIG_ERROR":
    case "CANCELLED":
      return "PROVIDER_ERROR";
    case "FILE_ERROR":
      return "INVALID_REQUEST";
    default:
      return code;
  }
}

/** The row of an error. */
export function errorRow<Row extends ErrorRow>(table: ErrorTable<Row>, error: AiLibError): Row {
  return table[publicCode(error.code)];
}

/** A dialect's names for refusals of requests that it cannot decode, such as an unknown path, by HTTP status. */
export type Refusals<Row extends ErrorRow = ErrorRow> = Readonly<Record<number, Partial<Row>>>;

/**
 * The row of an error's reply.
 * @param status the status of a refusal that has no error code of its own, such as 404 for an unknown path. Default:
 *   that of the code.
 */
export function replyRow<Row extends ErrorRow>(
  table: ErrorTable<Row>,
  error: AiLibError,
  status: number | undefined,
  refusals: Refusals<Row> = {},
): Row {
  const row = errorRow(table, error);
  return status === undefined ? row : { ...row, ...refusals[status], status };
}

/**
 * The message of an error. Clients recognize a prompt that is too long by the vendor's own words and then shorten it:
 * Claude Code looks for `prompt is too long`, frameworks for `maximum context length`.
 * @param tooLong those words
 */
export function errorMessage({ code, message }: AiLibError, tooLong: string): string {
  if (code !== "CONTEXT_TOO_LONG" || message.toLowerCase().includes(tooLong.toLowerCase())) return message;
  return `${tooLong}: ${message}`;
}

/** Headers of an error's reply: its media type, and when to retry. */
export function errorHeaders(error: AiLibError): Readonly<Record<string, string>> {
  return { "content-type": "application/json", ...retryAfterHeader(error) };
}

/** When to retry, as a date: a server half has no clock. Official SDKs read dates. */
function retryAfterHeader({ retryAt }: AiLibError): { readonly "retry-after"?: string } {
  if (retryAt === undefined) return {};
  // An HTTP date has whole seconds. It is rounded up, so that clients do not retry too early.
  const date = new Date(Math.ceil(retryAt / 1_000) * 1_000);
  return Number.isNaN(date.getTime()) ? {} : { "retry-after": date.toUTCString() };
}
