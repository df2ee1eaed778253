import { headerValue } from "../../../core/contract/places.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { JsonObject } from "../../../core/values/json.js";
import {
  type ErrorTable,
  errorHeaders,
  errorMessage,
  type Refusals,
  replyRow,
} from "../common/error-table.js";

/**
 * Errors in the form of OpenAI (https://platform.openai.com/docs/guides/error-codes). The detail is the field `code`,
 * by which this library's client half decodes them; OpenAI's SDKs read the status and the type.
 */
const ERRORS: ErrorTable = {
  INVALID_REQUEST: { status: 400, type: "invalid_request_error", detail: "invalid_value" },
  UNSUPPORTED_FEATURE: { status: 400, type: "invalid_request_error", detail: "unsupported_value" },
  CONTEXT_TOO_LONG: { status: 400, type: "invalid_request_error", detail: "context_length_exceeded" },
  CONTENT_FILTERED: { status: 400, type: "invalid_request_error", detail: "content_filter" },
  AUTH_FAILED: { status: 401, type: "invalid_request_error", detail: "invalid_api_key" },
  PERMISSION_DENIED: { status: 403, type: "invalid_request_error", detail: "permission_denied" },
  MODEL_NOT_FOUND: { status: 404, type: "invalid_request_error", detail: "model_not_found" },
  RATE_LIMIT: { status: 429, type: "requests", detail: "rate_limit_exceeded" },
  QUOTA_EXHAUSTED: { status: 429, type: "insufficient_quota", detail: "insufficient_quota" },
  PROVIDER_ERROR: { status: 500, type: "server_error", detail: "server_error" },
  NETWORK_ERROR: { status: 502, type: "server_error", detail: "network_error" },
  STREAM_TRUNCATED: { status: 502, type: "server_error", detail: "stream_truncated" },
  INVALID_RESPONSE: { status: 502, type: "server_error", detail: "invalid_response" },
  OVERLOADED: { status: 503, type: "server_error", detail: "engine_overloaded" },
  TIMEOUT: { status: 504, type: "server_error", detail: "timeout" },
};

/** https://platform.openai.com/docs/guides/error-codes */
const REFUSALS: Refusals = { 404: { detail: "unknown_url" } };

/**
 * The words by which clients recognize a prompt that is too long: https://platform.openai.com/docs/guides/error-codes
 */
const TOO_LONG = "This model's maximum context length is exceeded";

/** The body of an error, and the frame of one inside a stream. */
export function errorBody(error: AiLibError, refused?: number): JsonObject {
  const { type, detail } = replyRow(ERRORS, error, refused, REFUSALS);
  const path = error.local ? error.issues[0]?.path : undefined;
  return {
    error: { message: errorMessage(error, TOO_LONG), type, param: path?.join(".") ?? null, code: detail },
  };
}

/**
 * An error as a reply. OpenAI's SDKs read `x-request-id` and `retry-after`, which may be a date. `refused` is the
 * status of a refusal that has no error code of its own, such as 404 for an unknown path.
 */
export function encodeError(error: AiLibError, refused?: number): HttpReply {
  return {
    status: replyRow(ERRORS, error, refused, REFUSALS).status,
    headers: {
      ...errorHeaders(error),
      ...(error.requestId === undefined ? {} : { "x-request-id": headerValue(error.requestId) }),
    },
    body: JSON.stringify(errorBody(error, refused)),
  };
}
