import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/errors/reactions.js";
import type { JsonObject } from "../../../core/values/json.js";
import { OWN_CODES, OWN_DOMAIN } from "../client/errors.js";

/** How a code is said by a Google API: HTTP status and canonical code. */
interface Saying {
  readonly http: number;
  readonly status: string;
}

/**
 * Every code. What went wrong between a server and its own upstream (a lost connection, a broken answer) is to its
 * caller a server's error.
 */
const SAYINGS: Readonly<Record<ErrorCode, Saying>> = {
  INVALID_REQUEST: { http: 400, status: "INVALID_ARGUMENT" },
  CONTEXT_TOO_LONG: { http: 400, status: "INVALID_ARGUMENT" },
  CONTENT_FILTERED: { http: 400, status: "INVALID_ARGUMENT" },
  UNSUPPORTED_FEATURE: { http: 400, status: "INVALID_ARGUMENT" },
  FILE_ERROR: { http: 400, status: "INVALID_ARGUMENT" },
  AUTH_FAILED: { http: 400, status: "INVALID_ARGUMENT" },
  PERMISSION_DENIED: { http: 403, status: "PERMISSION_DENIED" },
  MODEL_NOT_FOUND: { http: 404, status: "NOT_FOUND" },
  RATE_LIMIT: { http: 429, status: "RESOURCE_EXHAUSTED" },
  QUOTA_EXHAUSTED: { http: 429, status: "RESOURCE_EXHAUSTED" },
  CANCELLED: { http: 499, status: "CANCELLED" },
  PROVIDER_ERROR: { http: 500, status: "INTERNAL" },
  CONFIG_ERROR: { http: 500, status: "INTERNAL" },
  NETWORK_ERROR: { http: 502, status: "INTERNAL" },
  INVALID_RESPONSE: { http: 502, status: "INTERNAL" },
  STREAM_TRUNCATED: { http: 502, status: "INTERNAL" },
  OVERLOADED: { http: 503, status: "UNAVAILABLE" },
  CIRCUIT_OPEN: { http: 503, status: "UNAVAILABLE" },
  TIMEOUT: { http: 504, status: "DEADLINE_EXCEEDED" },
};

/** An error as a Google API says it. https://google.aip.dev/193 */
export function encodeError(error: AiLibError): { readonly http: number; readonly body: JsonObject } {
  const { http, status } = SAYINGS[error.code];
  const details: JsonObject[] = [];
  if (error.code === "AUTH_FAILED")
    details.push({
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "API_KEY_INVALID",
      domain: "googleapis.com",
    });
  // Google has no word for some codes, so an `ErrorInfo` of this library's own domain names them.
  else if (OWN_CODES.has(error.code))
    details.push({
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: error.code,
      domain: OWN_DOMAIN,
    });
  return {
    http,
    body: {
      error: { code: http, message: error.message, status, ...(details.length === 0 ? {} : { details }) },
    },
  };
}
