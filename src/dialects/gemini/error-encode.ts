import type { AiLibError } from "../../core/error.js";
import type { JsonObject } from "../../core/json.js";
import type { ErrorCode } from "../../core/reaction.js";
import { OWN_DOMAIN } from "./errors.js";

/** How a code is said by a Google API: HTTP status, canonical code, and whether only a detail can tell it apart. */
interface Saying {
  readonly http: number;
  readonly status: string;
  /** Google has no word for it, so an `ErrorInfo` of this library's own domain names the code. */
  readonly detail?: true;
}

const SAYINGS: Readonly<Record<ErrorCode, Saying>> = {
  INVALID_REQUEST: { http: 400, status: "INVALID_ARGUMENT", detail: true },
  CONTEXT_TOO_LONG: { http: 400, status: "INVALID_ARGUMENT", detail: true },
  CONTENT_FILTERED: { http: 400, status: "INVALID_ARGUMENT", detail: true },
  UNSUPPORTED_FEATURE: { http: 400, status: "INVALID_ARGUMENT", detail: true },
  FILE_ERROR: { http: 400, status: "INVALID_ARGUMENT" },
  AUTH_FAILED: { http: 400, status: "INVALID_ARGUMENT" },
  PERMISSION_DENIED: { http: 403, status: "PERMISSION_DENIED", detail: true },
  MODEL_NOT_FOUND: { http: 404, status: "NOT_FOUND", detail: true },
  RATE_LIMIT: { http: 429, status: "RESOURCE_EXHAUSTED", detail: true },
  QUOTA_EXHAUSTED: { http: 429, status: "RESOURCE_EXHAUSTED", detail: true },
  CANCELLED: { http: 499, status: "CANCELLED" },
  PROVIDER_ERROR: { http: 500, status: "INTERNAL" },
  CONFIG_ERROR: { http: 500, status: "INTERNAL" },
  NETWORK_ERROR: { http: 502, status: "INTERNAL", detail: true },
  INVALID_RESPONSE: { http: 502, status: "INTERNAL", detail: true },
  STREAM_TRUNCATED: { http: 502, status: "INTERNAL", detail: true },
  OVERLOADED: { http: 503, status: "UNAVAILABLE" },
  CIRCUIT_OPEN: { http: 503, status: "UNAVAILABLE" },
  TIMEOUT: { http: 504, status: "DEADLINE_EXCEEDED", detail: true },
};

/** An error as a Google API says it. https://google.aip.dev/193 */
export function encodeError(error: AiLibError): { readonly http: number; readonly body: JsonObject } {
  const { http, status, detail } = SAYINGS[error.code];
  const details: JsonObject[] = [];
  if (error.code === "AUTH_FAILED")
    details.push({
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      reason: "API_KEY_INVALID",
      domain: "googleapis.com",
    });
  else if (detail === true)
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

/** When to come back, as a header: an HTTP date, rounded up to the second. */
export function retryAfter(error: AiLibError): Readonly<Record<string, string>> {
  if (error.retryAt === undefined) return {};
  return { "retry-after": new Date(Math.ceil(error.retryAt / 1000) * 1000).toUTCString() };
}
