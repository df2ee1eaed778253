import type { HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/errors/reactions.js";
import type { JsonObject } from "../../../core/values/json.js";

/** An error as OpenAI writes it (https://platform.openai.com/docs/guides/error-codes). */
interface Written {
  readonly status: number;
  readonly type: string;
  readonly code: string;
}

/**
 * What each code becomes. `code` alone tells them apart again; status and type are those that OpenAI's SDKs look at.
 * What concerns this server alone (its settings, its breakers) is a failure of the provider to whoever asked it.
 */
const WRITTEN: Readonly<Record<ErrorCode, Written>> = {
  INVALID_REQUEST: { status: 400, type: "invalid_request_error", code: "invalid_value" },
  UNSUPPORTED_FEATURE: { status: 400, type: "invalid_request_error", code: "unsupported_value" },
  CONTEXT_TOO_LONG: { status: 400, type: "invalid_request_error", code: "context_length_exceeded" },
  CONTENT_FILTERED: { status: 400, type: "invalid_request_error", code: "content_filter" },
  AUTH_FAILED: { status: 401, type: "invalid_request_error", code: "invalid_api_key" },
  PERMISSION_DENIED: { status: 403, type: "invalid_request_error", code: "permission_denied" },
  MODEL_NOT_FOUND: { status: 404, type: "invalid_request_error", code: "model_not_found" },
  RATE_LIMIT: { status: 429, type: "requests", code: "rate_limit_exceeded" },
  QUOTA_EXHAUSTED: { status: 429, type: "insufficient_quota", code: "insufficient_quota" },
  PROVIDER_ERROR: { status: 500, type: "server_error", code: "server_error" },
  NETWORK_ERROR: { status: 502, type: "server_error", code: "network_error" },
  STREAM_TRUNCATED: { status: 502, type: "server_error", code: "stream_truncated" },
  INVALID_RESPONSE: { status: 502, type: "server_error", code: "invalid_response" },
  OVERLOADED: { status: 503, type: "server_error", code: "engine_overloaded" },
  TIMEOUT: { status: 504, type: "server_error", code: "timeout" },
  CIRCUIT_OPEN: { status: 503, type: "server_error", code: "engine_overloaded" },
  CONFIG_ERROR: { status: 500, type: "server_error", code: "server_error" },
  FILE_ERROR: { status: 500, type: "server_error", code: "server_error" },
  CANCELLED: { status: 500, type: "server_error", code: "server_error" },
};

/** The body of an error, and the frame of one inside a stream. */
export function errorBody(error: AiLibError): JsonObject {
  const { type, code } = WRITTEN[error.code];
  return { error: { message: error.message, type, param: null, code } };
}

/** An error as a reply. OpenAI's SDKs wait for `retry-after`, which may be a date, and read `x-request-id`. */
export function encodeError(error: AiLibError): HttpReply {
  return {
    status: WRITTEN[error.code].status,
    headers: {
      "content-type": "application/json",
      ...(error.retryAt === undefined ? {} : { "retry-after": retryDate(error.retryAt) }),
      ...(error.requestId === undefined ? {} : { "x-request-id": error.requestId }),
    },
    body: JSON.stringify(errorBody(error)),
  };
}

/** HTTP dates have whole seconds; the next one, so that nobody comes back early. */
function retryDate(at: number): string {
  return new Date(Math.ceil(at / 1_000) * 1_000).toUTCString();
}
