import { AiLibError, messageOf } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { retryAfter } from "../../../core/values/retry-time.js";
import type { Target } from "../../../core/values/target.js";
import { codeOfMessage, codeOfReply } from "../../../dialects/shared/common/errors.js";
import { foreign } from "./reply.js";

/** Codes of the AI SDK's errors by their names. */
const NAMES: Readonly<Record<string, ErrorCode>> = {
  AI_LoadAPIKeyError: "AUTH_FAILED",
  AI_LoadSettingError: "CONFIG_ERROR",
  AI_NoSuchModelError: "MODEL_NOT_FOUND",
  AI_NoSuchProviderReferenceError: "INVALID_REQUEST",
  AI_UnsupportedFunctionalityError: "UNSUPPORTED_FEATURE",
  AI_InvalidPromptError: "INVALID_REQUEST",
  AI_InvalidArgumentError: "INVALID_REQUEST",
  AI_TooManyEmbeddingValuesForCallError: "INVALID_REQUEST",
  AI_InvalidResponseDataError: "INVALID_RESPONSE",
  AI_EmptyResponseBodyError: "INVALID_RESPONSE",
  AI_JSONParseError: "INVALID_RESPONSE",
  AI_TypeValidationError: "INVALID_RESPONSE",
  AI_NoContentGeneratedError: "INVALID_RESPONSE",
  AbortError: "CANCELLED",
};

/** An error of a model of the AI SDK, classified as an error of the vendor itself would be. */
export function classifyError(error: unknown, target: Target, now: number): AiLibError {
  if (AiLibError.is(error)) return error;
  const { name, statusCode, responseHeaders, responseBody, lastError, cause } = foreign(error);
  // Its retries have ended; the last of the errors has the reason.
  if (name === "AI_RetryError" && lastError !== undefined) return classifyError(lastError, target, now);
  if (AiLibError.is(cause)) return cause;
  const message = `${target.provider}: ${said(error)}`;
  if (name === "AI_APICallError") {
    const headers = responseHeaders === undefined ? undefined : (responseHeaders as Record<string, string>);
    const status = typeof statusCode === "number" ? statusCode : undefined;
    const body = typeof responseBody === "string" ? responseBody : undefined;
    return new AiLibError({
      code: codeOfCall(status, body ?? said(error)),
      message,
      target,
      status,
      body,
      headers,
      retryAt: headers === undefined ? undefined : retryAfter(headers, now),
      cause: error,
    });
  }
  return new AiLibError({ code: codeOf(error, String(name)), message, target, cause: error });
}

function codeOfCall(status: number | undefined, text: string): ErrorCode {
  // Without a status, no reply arrived: the AI SDK wraps the exception of its fetch.
  if (status === undefined) return "NETWORK_ERROR";
  if (status < 400) return "INVALID_RESPONSE";
  const code = codeOfReply(status, text);
  return code === "INVALID_REQUEST" || code === "RATE_LIMIT" ? (codeOfMessage(text) ?? code) : code;
}

function codeOf(error: unknown, name: string): ErrorCode {
  if (Object.hasOwn(NAMES, name)) return NAMES[name] ?? "PROVIDER_ERROR";
  // The exceptions of fetch for a failed connection, and of a reader for a broken one.
  if (error instanceof TypeError && /fetch failed|failed to fetch|terminated|network/i.test(error.message))
    return "NETWORK_ERROR";
  // An error within a stream, as the vendor wrote it.
  return codeOfMessage(said(error)) ?? "PROVIDER_ERROR";
}

function said(error: unknown): string {
  if (error instanceof Error || typeof error !== "object") return messageOf(error);
  try {
    return JSON.stringify(error);
  } catch {
    return messageOf(error);
  }
}
