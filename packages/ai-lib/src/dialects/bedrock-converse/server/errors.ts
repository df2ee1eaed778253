import type { Frame, HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/errors/reactions.js";

/** How a code is said: status and exception, the exception of a stream, and a `reason` where they say too little. */
interface Saying {
  readonly status: number;
  readonly type: string;
  /** A stream knows only five: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html */
  readonly streamed: string;
  readonly reason?: string;
}

const VALIDATION = { status: 400, type: "ValidationException", streamed: "validationException" };
const DENIED = { status: 403, type: "AccessDeniedException", streamed: "validationException" };
const MODEL = { status: 424, type: "ModelErrorException", streamed: "modelStreamErrorException" };
const SERVER = { status: 500, type: "InternalServerException", streamed: "internalServerException" };
const BUSY = { status: 503, type: "ServiceUnavailableException", streamed: "serviceUnavailableException" };

const SAYINGS: Readonly<Record<ErrorCode, Saying>> = {
  INVALID_REQUEST: { ...VALIDATION, reason: "invalid_request" },
  CONTEXT_TOO_LONG: { ...VALIDATION, reason: "context_too_long" },
  CONTENT_FILTERED: { ...VALIDATION, reason: "content_filtered" },
  UNSUPPORTED_FEATURE: { ...VALIDATION, reason: "unsupported_feature" },
  AUTH_FAILED: { ...DENIED, type: "UnrecognizedClientException", reason: "auth_failed" },
  PERMISSION_DENIED: { ...DENIED, reason: "permission_denied" },
  QUOTA_EXHAUSTED: { ...VALIDATION, type: "ServiceQuotaExceededException", reason: "quota_exhausted" },
  MODEL_NOT_FOUND: {
    ...VALIDATION,
    status: 404,
    type: "ResourceNotFoundException",
    reason: "model_not_found",
  },
  RATE_LIMIT: { status: 429, type: "ThrottlingException", streamed: "throttlingException" },
  OVERLOADED: BUSY,
  PROVIDER_ERROR: SERVER,
  TIMEOUT: { ...MODEL, status: 408, type: "ModelTimeoutException", reason: "timeout" },
  NETWORK_ERROR: { ...MODEL, reason: "network_error" },
  INVALID_RESPONSE: { ...MODEL, reason: "invalid_response" },
  STREAM_TRUNCATED: { ...MODEL, reason: "stream_truncated" },
  // These concern the server itself. To its client they are the nearest that it can act on.
  FILE_ERROR: { ...VALIDATION, reason: "invalid_request" },
  CIRCUIT_OPEN: BUSY,
  CONFIG_ERROR: SERVER,
  CANCELLED: SERVER,
};

function bodyOf({ code, message }: AiLibError): string {
  const { reason } = SAYINGS[code];
  return JSON.stringify({ message, ...(reason === undefined ? {} : { reason }) });
}

/** An error as a reply; when to come back is an HTTP date, rounded up to the second. */
export function encodeError(error: AiLibError): HttpReply {
  const { status, type } = SAYINGS[error.code];
  const { retryAt, requestId } = error;
  return {
    status,
    headers: {
      "content-type": "application/json",
      "x-amzn-errortype": type,
      ...(requestId === undefined ? {} : { "x-amzn-requestid": requestId }),
      ...(retryAt === undefined
        ? {}
        : { "retry-after": new Date(Math.ceil(retryAt / 1_000) * 1_000).toUTCString() }),
    },
    body: bodyOf(error),
  };
}

/** An error as an exception of a stream. */
export function errorFrame(error: AiLibError): Frame {
  return { event: `!${SAYINGS[error.code].streamed}`, data: bodyOf(error) };
}
