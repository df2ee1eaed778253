import { headerValue } from "../../../core/contract/places.js";
import type { Frame, HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import {
  type ErrorRow,
  type ErrorTable,
  errorHeaders,
  errorMessage,
  errorRow,
  type Refusals,
  replyRow,
} from "../../shared/common/error-table.js";

/** An exception of a reply and of a stream. The detail is the field `reason`, where the exception says too little. */
interface ExceptionRow extends ErrorRow {
  /** A stream has only five: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html */
  readonly streamed: string;
}

const VALIDATION = { status: 400, type: "ValidationException", streamed: "validationException" };
const DENIED = { status: 403, type: "AccessDeniedException", streamed: "validationException" };
const MODEL = { status: 424, type: "ModelErrorException", streamed: "modelStreamErrorException" };

/** Errors as Bedrock writes them: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html. */
const ERRORS: ErrorTable<ExceptionRow> = {
  INVALID_REQUEST: { ...VALIDATION, detail: "invalid_request" },
  CONTEXT_TOO_LONG: { ...VALIDATION, detail: "context_too_long" },
  CONTENT_FILTERED: { ...VALIDATION, detail: "content_filtered" },
  UNSUPPORTED_FEATURE: { ...VALIDATION, detail: "unsupported_feature" },
  QUOTA_EXHAUSTED: { ...VALIDATION, type: "ServiceQuotaExceededException", detail: "quota_exhausted" },
  AUTH_FAILED: { ...DENIED, type: "UnrecognizedClientException", detail: "auth_failed" },
  PERMISSION_DENIED: { ...DENIED, detail: "permission_denied" },
  MODEL_NOT_FOUND: {
    ...VALIDATION,
    status: 404,
    type: "ResourceNotFoundException",
    detail: "model_not_found",
  },
  TIMEOUT: { ...MODEL, status: 408, type: "ModelTimeoutException", detail: "timeout" },
  NETWORK_ERROR: { ...MODEL, detail: "network_error" },
  INVALID_RESPONSE: { ...MODEL, detail: "invalid_response" },
  STREAM_TRUNCATED: { ...MODEL, detail: "stream_truncated" },
  RATE_LIMIT: { status: 429, type: "ThrottlingException", streamed: "throttlingException" },
  PROVIDER_ERROR: { status: 500, type: "InternalServerException", streamed: "internalServerException" },
  OVERLOADED: { status: 503, type: "ServiceUnavailableException", streamed: "serviceUnavailableException" },
};

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html */
const REFUSALS: Refusals<ExceptionRow> = { 404: { type: "UnknownOperationException" } };

/**
 * The words by which clients recognize a prompt that is too long:
 * https://repost.aws/knowledge-center/bedrock-validation-exception-errors
 */
const TOO_LONG = "Input is too long for requested model";

function bodyOf(error: AiLibError): string {
  const { detail } = errorRow(ERRORS, error);
  return JSON.stringify({
    message: errorMessage(error, TOO_LONG),
    ...(detail === undefined ? {} : { reason: detail }),
  });
}

/**
 * An error as a reply. `refused` is the status of a refusal that has no error code of its own, such as 404 for an
 * unknown path.
 */
export function encodeError(error: AiLibError, refused?: number): HttpReply {
  const { status, type } = replyRow(ERRORS, error, refused, REFUSALS);
  return {
    status,
    headers: {
      ...errorHeaders(error),
      "x-amzn-errortype": type,
      ...(error.requestId === undefined ? {} : { "x-amzn-requestid": headerValue(error.requestId) }),
    },
    body: bodyOf(error),
  };
}

/** An error as an exception of a stream. */
export function errorFrame(error: AiLibError): Frame {
  return { event: `!${errorRow(ERRORS, error).streamed}`, data: bodyOf(error) };
}
