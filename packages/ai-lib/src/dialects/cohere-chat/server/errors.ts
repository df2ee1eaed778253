import type { HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/errors/reactions.js";
import { retryAfter } from "../../shared/common/error-facts.js";

interface Shape {
  readonly status: number;
  readonly type: string;
}

const BAD_GATEWAY: Shape = { status: 502, type: "INTERNAL_ERROR" };

/**
 * Every code in Cohere's shape. What went wrong between this server and its own upstream (a lost connection, a
 * broken answer) is to its caller a server's error.
 */
const SHAPES: Readonly<Record<ErrorCode, Shape>> = {
  AUTH_FAILED: { status: 401, type: "UNAUTHORIZED" },
  PERMISSION_DENIED: { status: 403, type: "FORBIDDEN" },
  QUOTA_EXHAUSTED: { status: 402, type: "PAYMENT_REQUIRED" },
  RATE_LIMIT: { status: 429, type: "RATE_LIMITED" },
  OVERLOADED: { status: 503, type: "OVERLOADED" },
  TIMEOUT: { status: 504, type: "TIMEOUT" },
  PROVIDER_ERROR: { status: 500, type: "INTERNAL_ERROR" },
  MODEL_NOT_FOUND: { status: 404, type: "MODEL_NOT_FOUND" },
  CONTEXT_TOO_LONG: { status: 400, type: "TOO_MANY_TOKENS" },
  CONTENT_FILTERED: { status: 498, type: "CONTENT_FILTERED" },
  UNSUPPORTED_FEATURE: { status: 501, type: "NOT_IMPLEMENTED" },
  INVALID_REQUEST: { status: 400, type: "INVALID_REQUEST" },
  NETWORK_ERROR: BAD_GATEWAY,
  STREAM_TRUNCATED: BAD_GATEWAY,
  INVALID_RESPONSE: BAD_GATEWAY,
  CIRCUIT_OPEN: { status: 503, type: "OVERLOADED" },
  CONFIG_ERROR: { status: 500, type: "INTERNAL_ERROR" },
  FILE_ERROR: { status: 400, type: "INVALID_REQUEST" },
  CANCELLED: { status: 499, type: "INTERNAL_ERROR" },
};

/** An error as Cohere's reply. */
export function encodeError(error: AiLibError): HttpReply {
  return {
    status: SHAPES[error.code].status,
    headers: { "content-type": "application/json", ...retryAfter(error) },
    body: errorBody(error),
  };
}

/** The body of an error. */
export function errorBody(error: AiLibError): string {
  return JSON.stringify({ message: error.message, error_type: SHAPES[error.code].type });
}
