import type { HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { JsonObject } from "../../../core/values/json.js";
import {
  type ErrorTable,
  errorHeaders,
  errorMessage,
  publicCode,
  type Refusals,
  replyRow,
} from "../../shared/common/error-table.js";
import { OWN_CODES, OWN_DOMAIN } from "../shared/errors.js";

/** Errors as Google's APIs write them, the type being the canonical code: https://google.aip.dev/193. */
const ERRORS: ErrorTable = {
  INVALID_REQUEST: { status: 400, type: "INVALID_ARGUMENT" },
  CONTEXT_TOO_LONG: { status: 400, type: "INVALID_ARGUMENT" },
  CONTENT_FILTERED: { status: 400, type: "INVALID_ARGUMENT" },
  UNSUPPORTED_FEATURE: { status: 400, type: "INVALID_ARGUMENT" },
  AUTH_FAILED: { status: 400, type: "INVALID_ARGUMENT" },
  PERMISSION_DENIED: { status: 403, type: "PERMISSION_DENIED" },
  MODEL_NOT_FOUND: { status: 404, type: "NOT_FOUND" },
  RATE_LIMIT: { status: 429, type: "RESOURCE_EXHAUSTED" },
  QUOTA_EXHAUSTED: { status: 429, type: "RESOURCE_EXHAUSTED" },
  PROVIDER_ERROR: { status: 500, type: "INTERNAL" },
  NETWORK_ERROR: { status: 502, type: "INTERNAL" },
  INVALID_RESPONSE: { status: 502, type: "INTERNAL" },
  STREAM_TRUNCATED: { status: 502, type: "INTERNAL" },
  OVERLOADED: { status: 503, type: "UNAVAILABLE" },
  TIMEOUT: { status: 504, type: "DEADLINE_EXCEEDED" },
};

/** Canonical codes of statuses: https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
const REFUSALS: Refusals = { 404: { type: "NOT_FOUND" }, 426: { type: "FAILED_PRECONDITION" } };

/**
 * The words by which clients recognize a prompt that is too long: https://ai.google.dev/gemini-api/docs/troubleshooting
 */
const TOO_LONG = "The input token count exceeds the maximum number of tokens allowed";

/** The body of an error, and the chunk of one inside a stream. */
export function errorBody(error: AiLibError, refused?: number): JsonObject {
  const { status, type } = replyRow(ERRORS, error, refused, REFUSALS);
  const details = detailsOf(error);
  return { error: { code: status, message: errorMessage(error, TOO_LONG), status: type, ...details } };
}

/**
 * An error as a reply. `refused` is the status of a refusal that has no error code of its own, such as 404 for an
 * unknown path.
 */
export function encodeError(error: AiLibError, refused?: number): HttpReply {
  return {
    status: replyRow(ERRORS, error, refused, REFUSALS).status,
    headers: { ...errorHeaders(error), "content-type": "application/json; charset=UTF-8" },
    body: JSON.stringify(errorBody(error, refused)),
  };
}

/** Google names a wrong key in an `ErrorInfo`. Other codes are in an `ErrorInfo` with this library's domain. */
function detailsOf(error: AiLibError): JsonObject {
  const named = publicCode(error.code);
  // Without a reason, the client half would look for one in the message of an `INTERNAL` error.
  const code = ERRORS[named].type === "INTERNAL" ? "PROVIDER_ERROR" : named;
  const info =
    code === "AUTH_FAILED"
      ? { reason: "API_KEY_INVALID", domain: "googleapis.com" }
      : OWN_CODES.has(code)
        ? { reason: code, domain: OWN_DOMAIN }
        : undefined;
  return info === undefined
    ? {}
    : { details: [{ "@type": "type.googleapis.com/google.rpc.ErrorInfo", ...info }] };
}
