/** Everything that can go wrong, closed. */
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

/** `TRANSIENT` passes by itself, `SERVER` is the provider's fault, `CLIENT` the request's, `FATAL` needs a person. */
export type Severity = "TRANSIENT" | "SERVER" | "CLIENT" | "FATAL";

/** What an error is about, and so what else it affects: this request, this key, this account, and so on. */
export type ErrorScope = "request" | "key" | "account" | "model" | "region" | "provider";

/** Which timeout a `TIMEOUT` is about. `connect` is of a `NETWORK_ERROR`. */
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
