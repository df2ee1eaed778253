import type { ErrorCode } from "../../../core/values/error-code.js";

/** Domain of the error details that this library's server half writes for codes that Google has no word for. */
export const OWN_DOMAIN = "ai-lib";

/** The codes that such details may name. Codes that only the client side can raise are ignored. */
export const OWN_CODES: ReadonlySet<string> = new Set<ErrorCode>([
  "INVALID_REQUEST",
  "CONTEXT_TOO_LONG",
  "CONTENT_FILTERED",
  "UNSUPPORTED_FEATURE",
  "PERMISSION_DENIED",
  "MODEL_NOT_FOUND",
  "RATE_LIMIT",
  "QUOTA_EXHAUSTED",
  "TIMEOUT",
  "PROVIDER_ERROR",
]);
