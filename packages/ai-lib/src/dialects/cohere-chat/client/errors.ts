import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { asObject, asString, isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import {
  type Classification,
  codeOfMessage,
  codeOfReply,
  inBandError,
  replyError,
  startOf,
} from "../../shared/common/errors.js";
import { failureOf } from "../shared/finish.js";

/** The fields of an error body. */
export interface ErrorBody {
  readonly message: string;
  readonly type: string | undefined;
}

/**
 * Types, which are more precise than messages. Cohere's own is `TOO_MANY_TOKENS` (recording
 * `chat-real-error-scenarios-cohere-*`); this library's server half writes the others.
 */
const TYPES: Readonly<Record<string, ErrorCode>> = {
  TOO_MANY_TOKENS: "CONTEXT_TOO_LONG",
  UNAUTHORIZED: "AUTH_FAILED",
  FORBIDDEN: "PERMISSION_DENIED",
  PAYMENT_REQUIRED: "QUOTA_EXHAUSTED",
  RATE_LIMITED: "RATE_LIMIT",
  OVERLOADED: "OVERLOADED",
  TIMEOUT: "TIMEOUT",
  INTERNAL_ERROR: "PROVIDER_ERROR",
  MODEL_NOT_FOUND: "MODEL_NOT_FOUND",
  CONTENT_FILTERED: "CONTENT_FILTERED",
  NOT_IMPLEMENTED: "UNSUPPORTED_FEATURE",
  INVALID_REQUEST: "INVALID_REQUEST",
};

/** Words of Cohere's messages that are more precise than those that vendors share. https://docs.cohere.com/v2/reference/errors */
const WORDS: readonly (readonly [RegExp, ErrorCode])[] = [
  // "too many tokens: max tokens must be less than or equal to 4096": the limit in the request, not the prompt.
  [/max[_ ]tokens must be/i, "INVALID_REQUEST"],
  [/too many tokens/i, "CONTEXT_TOO_LONG"],
  // "You are using a Trial key, which is limited to 1000 API calls / month": waiting during a call does not help.
  [/\/ ?month|per month|monthly/i, "QUOTA_EXHAUSTED"],
  [/(api key|token) has expired|invalid api token|no api key supplied/i, "AUTH_FAILED"],
];

/** The error that a body describes; undefined if it is not an error. */
export function decodeErrorBody(body: JsonObject): ErrorBody | undefined {
  const inner = body["error"];
  const message = asString(body["message"]) ?? asString(inner) ?? asString(asObject(inner)?.["message"]);
  if (message === undefined) return undefined;
  return { message, type: asString(body["error_type"]) };
}

/** @param status undefined for an error inside a 200: the message alone then decides. */
function classify({ message, type }: ErrorBody, status: number | undefined): Classification {
  if (type !== undefined && Object.hasOwn(TYPES, type)) return { code: TYPES[type] ?? "PROVIDER_ERROR" };
  // These statuses have many causes; any other is precise enough.
  const vague = status === undefined || status === 400 || status === 404 || status === 422 || status === 429;
  const word = WORDS.find(([words]) => words.test(startOf(message)))?.[1] ?? codeOfMessage(message);
  return { code: (vague ? word : undefined) ?? codeOfCohere(status ?? 500, message) };
}

/** The code for a status: some have a meaning of their own. */
function codeOfCohere(status: number, message = ""): ErrorCode {
  switch (status) {
    // "This error is returned when a request or response contains a deny-listed token."
    case 498:
      return "CONTENT_FILTERED";
    // Cohere lost the request and reports that the client closed it.
    case 499:
      return "PROVIDER_ERROR";
    case 501:
      return "UNSUPPORTED_FEATURE";
    default:
      return codeOfReply(status, message);
  }
}

/** Decodes an error reply. */
export function decodeError(reply: HttpReply, target: DialectTarget): AiLibError {
  const body = tryParse(reply.body);
  const error = isObject(body) ? decodeErrorBody(body) : undefined;
  const what = error === undefined ? { code: codeOfCohere(reply.status) } : classify(error, reply.status);
  return replyError(reply, target, what, error?.message);
}

/** The error inside a 200 or in a frame of a stream. */
export function decodeInBandError(error: ErrorBody, body: string, target: DialectTarget): AiLibError {
  return inBandError(body, target, classify(error, undefined), error.message);
}

/**
 * The error for a finish reason that means a failure; undefined for any other.
 * @param message what the event says of the failure.
 */
export function failedEnding(
  word: string,
  message: string | undefined,
  target: DialectTarget,
): AiLibError | undefined {
  const code = failureOf(word);
  if (code === undefined) return undefined;
  if (message !== undefined) return decodeInBandError({ message, type: undefined }, message, target);
  return new AiLibError({
    code,
    message: `${target.provider} stopped the answer with an error: ${word}`,
    target: { provider: target.provider, model: target.model },
  });
}
