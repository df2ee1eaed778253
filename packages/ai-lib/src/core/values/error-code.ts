/** All error codes; the list is closed. */
export type ErrorCode =
  | "NETWORK_ERROR"
  | "PROVIDER_ERROR"
  | "STREAM_TRUNCATED"
  | "INVALID_RESPONSE"
  | "OVERLOADED"
  | "TIMEOUT"
  | "RATE_LIMIT"
  | "QUOTA_EXHAUSTED"
  | "AUTH_FAILED"
  | "PERMISSION_DENIED"
  | "MODEL_NOT_FOUND"
  | "CONTEXT_TOO_LONG"
  | "UNSUPPORTED_FEATURE"
  | "CONTENT_FILTERED"
  | "INVALID_REQUEST"
  | "CIRCUIT_OPEN"
  | "CONFIG_ERROR"
  | "FILE_ERROR"
  | "CANCELLED";

/**
 * `TRANSIENT`: it may succeed later. `SERVER`: a fault of the provider. `CLIENT`: a fault of the request. `FATAL`: a
 * person must act.
 */
export type Severity = "TRANSIENT" | "SERVER" | "CLIENT" | "FATAL";

/** What an error affects besides its call: this request, this key, this account, and so on. */
export type ErrorScope = "request" | "key" | "account" | "model" | "region" | "provider";

/** The timeout that a `TIMEOUT` error is about. `connect` occurs with `NETWORK_ERROR`. */
export type TimeoutPhase =
  | "connect"
  | "head"
  | "first-content"
  | "answer"
  | "idle"
  | "stall"
  | "attempt"
  | "stream"
  | "total";
