import type { HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/errors/reactions.js";
import type { JsonObject } from "../../../core/values/json.js";

/** How a code is said: status, type, and a `details.error_code` where the type alone says too little. */
interface Saying {
  readonly status: number;
  readonly type: string;
  readonly detail?: string;
}

/** https://platform.claude.com/docs/en/api/errors */
const SAYINGS: Readonly<Record<ErrorCode, Saying>> = {
  AUTH_FAILED: { status: 401, type: "authentication_error" },
  PERMISSION_DENIED: { status: 403, type: "permission_error" },
  QUOTA_EXHAUSTED: { status: 402, type: "billing_error" },
  MODEL_NOT_FOUND: { status: 404, type: "not_found_error", detail: "model_not_found" },
  RATE_LIMIT: { status: 429, type: "rate_limit_error", detail: "rate_limit" },
  OVERLOADED: { status: 529, type: "overloaded_error" },
  PROVIDER_ERROR: { status: 500, type: "api_error" },
  INVALID_REQUEST: { status: 400, type: "invalid_request_error", detail: "invalid_request" },
  CONTEXT_TOO_LONG: { status: 400, type: "invalid_request_error", detail: "context_too_long" },
  CONTENT_FILTERED: { status: 400, type: "invalid_request_error", detail: "content_filtered" },
  UNSUPPORTED_FEATURE: { status: 400, type: "invalid_request_error", detail: "unsupported_feature" },
  TIMEOUT: { status: 504, type: "timeout_error", detail: "timeout" },
  NETWORK_ERROR: { status: 502, type: "api_error", detail: "network_error" },
  INVALID_RESPONSE: { status: 502, type: "api_error", detail: "invalid_response" },
  STREAM_TRUNCATED: { status: 502, type: "api_error", detail: "stream_truncated" },
  // These concern the server itself. To its client they are the nearest that it can act on.
  FILE_ERROR: { status: 400, type: "invalid_request_error", detail: "invalid_request" },
  CIRCUIT_OPEN: { status: 529, type: "overloaded_error" },
  CONFIG_ERROR: { status: 500, type: "api_error" },
  CANCELLED: { status: 500, type: "api_error" },
};

/** The body of an error, in a reply and in an `error` event alike. */
export function errorBody(error: AiLibError): JsonObject {
  const { type, detail } = SAYINGS[error.code];
  return {
    type: "error",
    error: {
      type,
      message: error.message,
      ...(detail === undefined ? {} : { details: { error_code: detail } }),
    },
    request_id: error.requestId ?? null,
  };
}

/** An error as a reply; when to come back is an HTTP date, rounded up to the second. */
export function encodeError(error: AiLibError): HttpReply {
  const { retryAt, requestId } = error;
  return {
    status: SAYINGS[error.code].status,
    headers: {
      "content-type": "application/json",
      ...(requestId === undefined ? {} : { "request-id": requestId }),
      ...(retryAt === undefined
        ? {}
        : { "retry-after": new Date(Math.ceil(retryAt / 1_000) * 1_000).toUTCString() }),
    },
    body: JSON.stringify(errorBody(error)),
  };
}
