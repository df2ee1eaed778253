import type { HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/errors/reactions.js";
import type { JsonObject } from "../../../core/values/json.js";
import { retryAfter } from "../../shared/common/error-facts.js";

/** Status, type and number of an error; numbers are Mistral's where it has one. */
interface Shape {
  readonly status: number;
  readonly type: string;
  readonly code?: string;
}

const BAD_GATEWAY: Shape = { status: 502, type: "internal_server_error" };

/**
 * Every code in Mistral's shape. What went wrong between this server and its own upstream (a lost connection, a
 * broken answer) is to its caller a server's error.
 */
const SHAPES: Readonly<Record<ErrorCode, Shape>> = {
  AUTH_FAILED: { status: 401, type: "unauthorized" },
  PERMISSION_DENIED: { status: 403, type: "forbidden" },
  QUOTA_EXHAUSTED: { status: 402, type: "quota_exceeded" },
  RATE_LIMIT: { status: 429, type: "rate_limited", code: "1300" },
  OVERLOADED: { status: 503, type: "overloaded" },
  TIMEOUT: { status: 504, type: "timeout" },
  PROVIDER_ERROR: { status: 500, type: "internal_server_error" },
  MODEL_NOT_FOUND: { status: 400, type: "invalid_model", code: "1500" },
  CONTEXT_TOO_LONG: { status: 400, type: "context_length_exceeded" },
  CONTENT_FILTERED: { status: 400, type: "content_filtered" },
  UNSUPPORTED_FEATURE: { status: 400, type: "unsupported_feature" },
  INVALID_REQUEST: { status: 400, type: "invalid_request" },
  NETWORK_ERROR: BAD_GATEWAY,
  STREAM_TRUNCATED: BAD_GATEWAY,
  INVALID_RESPONSE: BAD_GATEWAY,
  CIRCUIT_OPEN: { status: 503, type: "overloaded" },
  CONFIG_ERROR: { status: 500, type: "internal_server_error" },
  FILE_ERROR: { status: 400, type: "invalid_request" },
  CANCELLED: { status: 499, type: "internal_server_error" },
};

/** An error as Mistral's reply. */
export function encodeError(error: AiLibError): HttpReply {
  const { status, body } = errorBody(error);
  const headers = { "content-type": "application/json", ...retryAfter(error) };
  return { status, headers, body: JSON.stringify(body) };
}

/** The body of an error, and its status. */
export function errorBody(error: AiLibError): { readonly status: number; readonly body: JsonObject } {
  const { status, type, code } = SHAPES[error.code];
  return {
    status,
    body: {
      object: "error",
      message: error.message,
      type,
      param: null,
      code: code ?? null,
      raw_status_code: status,
    },
  };
}
