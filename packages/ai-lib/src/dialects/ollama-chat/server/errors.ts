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

/**
 * Errors of Ollama (https://docs.ollama.com/api/errors) have only a status and a text. The type goes into a
 * field `code`, which this library's client half reads.
 */
const ERRORS: ErrorTable = {
  INVALID_REQUEST: { status: 400, type: "INVALID_REQUEST" },
  CONTEXT_TOO_LONG: { status: 400, type: "CONTEXT_TOO_LONG" },
  CONTENT_FILTERED: { status: 400, type: "CONTENT_FILTERED" },
  UNSUPPORTED_FEATURE: { status: 400, type: "UNSUPPORTED_FEATURE" },
  AUTH_FAILED: { status: 401, type: "AUTH_FAILED" },
  PERMISSION_DENIED: { status: 403, type: "PERMISSION_DENIED" },
  MODEL_NOT_FOUND: { status: 404, type: "MODEL_NOT_FOUND" },
  RATE_LIMIT: { status: 429, type: "RATE_LIMIT" },
  QUOTA_EXHAUSTED: { status: 429, type: "QUOTA_EXHAUSTED" },
  PROVIDER_ERROR: { status: 500, type: "PROVIDER_ERROR" },
  // For the client, a failure between this server and its upstream is an error of the server.
  NETWORK_ERROR: { status: 502, type: "PROVIDER_ERROR" },
  INVALID_RESPONSE: { status: 502, type: "PROVIDER_ERROR" },
  STREAM_TRUNCATED: { status: 502, type: "PROVIDER_ERROR" },
  OVERLOADED: { status: 503, type: "OVERLOADED" },
  TIMEOUT: { status: 504, type: "TIMEOUT" },
};

/**
 * The words by which clients recognize a prompt that is too long:
 * https://github.com/ollama/ollama/blob/main/server/routes.go
 */
const TOO_LONG = "the input length exceeds the context length";

/** The body of an error, and the line of one inside a stream. */
export function errorBody(error: AiLibError): JsonObject {
  return { error: errorMessage(error, TOO_LONG), code: errorRow(ERRORS, error).type };
}

/**
 * An error as a reply. `refused` is the status of a refusal that has no error code of its own, such as 404 for an
 * unknown path.
 */
export function encodeError(error: AiLibError, refused?: number): HttpReply {
  return {
    status: replyRow(ERRORS, error, refused).status,
    headers: { ...errorHeaders(error), "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(errorBody(error)),
  };
}
