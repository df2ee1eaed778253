import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";

/** An error as one dialect writes it. */
export interface ErrorRow {
  readonly status: number;
  /** The dialect's name for errors of this kind. */
  readonly type: string;
  /** Tells codes of the same type apart, in the field that the dialect has for it. */
  readonly detail?: string;
}

/** The codes that a client of a server can act on. */
export type PublicErrorCode = Exclude<
  ErrorCode,
  "CIRCUIT_OPEN" | "CONFIG_ERROR" | "FILE_ERROR" | "CANCELLED"
>;

/** Every public code in the shape of one dialect. */
export type ErrorTable<Row extends ErrorRow = ErrorRow> = Readonly<Record<PublicErrorCode, Row>>;

/** The code that a client is given: what concerns the server alone becomes the nearest that a client can act on. */
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

/** How a dialect words refusals of requests that no dialect reads, by their status of HTTP, where it has words for it. */
export type Refusals<Row extends ErrorRow = ErrorRow> = Readonly<Record<number, Partial<Row>>>;

/**
 * The row of an error's reply.
 * @param status a status that the error's code does not tell, such as 404 for an unknown path. Default: that of the code.
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
 * The message of an error. Clients know a prompt that is too long by the vendor's own words, and shorten it then: Claude
 * Code looks for `prompt is too long`, and frameworks for `maximum context length`.
 * @param tooLong those words
 */
export function errorMessage({ code, message }: AiLibError, tooLong: string): string {
  if (code !== "CONTEXT_TOO_LONG" || message.toLowerCase().includes(tooLong.toLowerCase())) return message;
  return `${tooLong}: ${message}`;
}

/** Headers of an error's reply: its media type, and when to come back. */
export function errorHeaders(error: AiLibError): Readonly<Record<string, string>> {
  return { "content-type": "application/json", ...retryAfterHeader(error) };
}

/** When to come back, as a date: a server half knows no time of its own. Official SDKs read dates. */
function retryAfterHeader({ retryAt }: AiLibError): { readonly "retry-after"?: string } {
  if (retryAt === undefined) return {};
  // An HTTP date has whole seconds. Rounding up keeps the client from coming early.
  const date = new Date(Math.ceil(retryAt / 1_000) * 1_000);
  return Number.isNaN(date.getTime()) ? {} : { "retry-after": date.toUTCString() };
}
