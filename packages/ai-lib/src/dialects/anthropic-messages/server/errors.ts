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
} from "../../shared/common/error-table.js";

/**
 * Errors as Anthropic writes them (https://platform.claude.com/docs/en/api/errors). The detail is the field
 * `details.error_code`, where the type alone says too little.
 */
const ERRORS: ErrorTable = {
  INVALID_REQUEST: { status: 400, type: "invalid_request_error", detail: "invalid_request" },
  UNSUPPORTED_FEATURE: { status: 400, type: "invalid_request_error", detail: "unsupported_feature" },
  CONTEXT_TOO_LONG: { status: 400, type: "invalid_request_error", detail: "context_too_long" },
  CONTENT_FILTERED: { status: 400, type: "invalid_request_error", detail: "content_filtered" },
  AUTH_FAILED: { status: 401, type: "authentication_error" },
  QUOTA_EXHAUSTED: { status: 402, type: "billing_error" },
  PERMISSION_DENIED: { status: 403, type: "permission_error" },
  MODEL_NOT_FOUND: { status: 404, type: "not_found_error", detail: "model_not_found" },
  RATE_LIMIT: { status: 429, type: "rate_limit_error", detail: "rate_limit" },
  PROVIDER_ERROR: { status: 500, type: "api_error" },
  NETWORK_ERROR: { status: 502, type: "api_error", detail: "network_error" },
  INVALID_RESPONSE: { status: 502, type: "api_error", detail: "invalid_response" },
  STREAM_TRUNCATED: { status: 502, type: "api_error", detail: "stream_truncated" },
  TIMEOUT: { status: 504, type: "timeout_error", detail: "timeout" },
  OVERLOADED: { status: 529, type: "overloaded_error" },
};

/** https://platform.claude.com/docs/en/api/errors */
const REFUSALS: Refusals = { 404: { type: "not_found_error" }, 413: { type: "request_too_large" } };

/**
 * The words by which clients recognize a prompt that is too long:
 * https://platform.claude.com/docs/en/build-with-claude/context-windows
 */
const TOO_LONG = "prompt is too long";

/** The body of an error, in a reply and in an `error` event alike. */
export function errorBody(error: AiLibError, refused?: number): JsonObject {
  const { type, detail } = replyRow(ERRORS, error, refused, REFUSALS);
  return {
    type: "error",
    error: {
      type,
      message: errorMessage(error, TOO_LONG),
      ...(detail === undefined ? {} : { details: { error_code: detail } }),
    },
    request_id: error.requestId ?? null,
  };
}

/**
 * An error as a reply. `refused` is the status of a refusal that has no error code of its own, such as 404 for an
 * unknown path.
 */
export function encodeError(error: AiLibError, refused?: number): HttpReply {
  return {
    status: replyRow(ERRORS, error, refused, REFUSALS).status,
    headers: {
      ...errorHeaders(error),
      ...(error.requestId === undefined ? {} : { "request-id": headerValue(error.requestId) }),
    },
    body: JSON.stringify(errorBody(error, refused)),
  };
}
