import type { HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { JsonObject } from "../../../core/values/json.js";
import {
  type ErrorTable,
  errorHeaders,
  errorMessage,
  errorRow,
  replyRow,
} from "../../shared/common/error-table.js";

/** Errors as Cohere writes them: https://docs.cohere.com/v2/reference/errors. */
const ERRORS: ErrorTable = {
  INVALID_REQUEST: { status: 400, type: "INVALID_REQUEST" },
  CONTEXT_TOO_LONG: { status: 400, type: "TOO_MANY_TOKENS" },
  AUTH_FAILED: { status: 401, type: "UNAUTHORIZED" },
  QUOTA_EXHAUSTED: { status: 402, type: "PAYMENT_REQUIRED" },
  PERMISSION_DENIED: { status: 403, type: "FORBIDDEN" },
  MODEL_NOT_FOUND: { status: 404, type: "MODEL_NOT_FOUND" },
  RATE_LIMIT: { status: 429, type: "RATE_LIMITED" },
  CONTENT_FILTERED: { status: 498, type: "CONTENT_FILTERED" },
  PROVIDER_ERROR: { status: 500, type: "INTERNAL_ERROR" },
  UNSUPPORTED_FEATURE: { status: 501, type: "NOT_IMPLEMENTED" },
  // For the client, a failure between this server and its upstream is an error of the server.
  NETWORK_ERROR: { status: 502, type: "INTERNAL_ERROR" },
  STREAM_TRUNCATED: { status: 502, type: "INTERNAL_ERROR" },
  INVALID_RESPONSE: { status: 502, type: "INTERNAL_ERROR" },
  OVERLOADED: { status: 503, type: "OVERLOADED" },
  TIMEOUT: { status: 504, type: "TIMEOUT" },
};

/** The words by which clients recognize a prompt that is too long: https://docs.cohere.com/v2/reference/errors */
const TOO_LONG = "too many tokens";

/** The body of an error, and the event of one inside a stream. */
export function errorBody(error: AiLibError): JsonObject {
  return { message: errorMessage(error, TOO_LONG), error_type: errorRow(ERRORS, error).type };
}

/**
 * An error as a reply. `refused` is the status of a refusal that has no error code of its own, such as 404 for an
 * unknown path.
 */
export function encodeError(error: AiLibError, refused?: number): HttpReply {
  const { status } = replyRow(ERRORS, error, refused);
  return { status, headers: errorHeaders(error), body: JSON.stringify(errorBody(error)) };
}
