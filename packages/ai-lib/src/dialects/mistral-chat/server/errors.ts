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

/** Errors as Mistral writes them; the detail is the field `code`, Mistral's own number where it has one. */
const ERRORS: ErrorTable = {
  INVALID_REQUEST: { status: 400, type: "invalid_request" },
  UNSUPPORTED_FEATURE: { status: 400, type: "unsupported_feature" },
  CONTEXT_TOO_LONG: { status: 400, type: "context_length_exceeded" },
  CONTENT_FILTERED: { status: 400, type: "content_filtered" },
  MODEL_NOT_FOUND: { status: 400, type: "invalid_model", detail: "1500" },
  AUTH_FAILED: { status: 401, type: "unauthorized" },
  QUOTA_EXHAUSTED: { status: 402, type: "quota_exceeded" },
  PERMISSION_DENIED: { status: 403, type: "forbidden" },
  RATE_LIMIT: { status: 429, type: "rate_limited", detail: "1300" },
  PROVIDER_ERROR: { status: 500, type: "internal_server_error" },
  // For the client, a failure between this server and its upstream is an error of the server.
  NETWORK_ERROR: { status: 502, type: "internal_server_error" },
  STREAM_TRUNCATED: { status: 502, type: "internal_server_error" },
  INVALID_RESPONSE: { status: 502, type: "internal_server_error" },
  OVERLOADED: { status: 503, type: "overloaded" },
  TIMEOUT: { status: 504, type: "timeout" },
};

/** Mistral repeats the status of HTTP in the body. */
const REFUSALS: Refusals = { 404: { type: "not_found" } };

/** The words by which clients recognize a prompt that is too long: https://docs.mistral.ai/api/endpoint/chat */
const TOO_LONG = "The prompt is too large for the model's maximum context length";

/** The body of an error, and the frame of one inside a stream. */
export function errorBody(error: AiLibError, refused?: number): JsonObject {
  const { status, type, detail } = replyRow(ERRORS, error, refused, REFUSALS);
  return {
    object: "error",
    message: errorMessage(error, TOO_LONG),
    type,
    param: null,
    code: detail ?? null,
    raw_status_code: status,
  };
}

/**
 * An error as a reply. `refused` is the status of a refusal that has no error code of its own, such as 404 for an
 * unknown path.
 */
export function encodeError(error: AiLibError, refused?: number): HttpReply {
  const { status } = replyRow(ERRORS, error, refused, REFUSALS);
  return { status, headers: errorHeaders(error), body: JSON.stringify(errorBody(error, refused)) };
}
