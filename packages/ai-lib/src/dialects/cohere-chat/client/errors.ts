import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { asObject, asString, isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import { type Classification, codeOfMessage, codeOfStatus, replyError } from "../../shared/common/errors.js";
import { failureOf } from "../shared/finish.js";

/** What an error body says. */
export interface Told {
  readonly message: string;
  readonly type: string | undefined;
}

/**
 * Types that settle what an error is, whatever its words. Cohere's own is `TOO_MANY_TOKENS` (recording
 * `chat-real-error-scenarios-cohere-*`); the rest is what this library's server half writes.
 */
const SETTLED: Readonly<Record<string, ErrorCode>> = {
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

/** Words of Cohere's that say more than the shared ones. https://docs.cohere.com/v2/reference/errors */
const WORDS: readonly (readonly [RegExp, ErrorCode])[] = [
  // "too many tokens: max tokens must be less than or equal to 4096": the limit that was asked for, not the prompt.
  [/max[_ ]tokens must be/i, "INVALID_REQUEST"],
  [/too many tokens/i, "CONTEXT_TOO_LONG"],
  // "You are using a Trial key, which is limited to 1000 API calls / month": no wait within a call's life helps.
  [/\/ ?month|per month|monthly/i, "QUOTA_EXHAUSTED"],
  [/(api key|token) has expired|invalid api token|no api key supplied/i, "AUTH_FAILED"],
];

/** What a body says, where it is an error. */
export function decodeErrorBody(body: JsonObject): Told | undefined {
  const inner = body["error"];
  const message = asString(body["message"]) ?? asString(inner) ?? asString(asObject(inner)?.["message"]);
  if (message === undefined) return undefined;
  return { message, type: asString(body["error_type"]) };
}

/**
 * What an error is.
 * @param status undefined for an error inside a 200: then words must do.
 */
function classify(told: Told, status: number | undefined): Classification {
  const { message, type } = told;
  if (type !== undefined && Object.hasOwn(SETTLED, type)) return { code: SETTLED[type] ?? "PROVIDER_ERROR" };
  // A status that is about the caller's standing says enough; these are shared by many causes.
  const vague = status === undefined || status === 400 || status === 404 || status === 422 || status === 429;
  const word = WORDS.find(([words]) => words.test(message))?.[1] ?? codeOfMessage(message);
  return { code: (vague ? word : undefined) ?? codeOfCohere(status ?? 500) };
}

/** Statuses that mean something of their own here. */
function codeOfCohere(status: number): ErrorCode {
  switch (status) {
    // "This error is returned when a request or response contains a deny-listed token."
    case 498:
      return "CONTENT_FILTERED";
    // Cohere lost the request on its way and thinks that the caller left.
    case 499:
      return "PROVIDER_ERROR";
    case 501:
      return "UNSUPPORTED_FEATURE";
    default:
      return codeOfStatus(status);
  }
}

/** The error of a reply. */
export function decodeError(reply: HttpReply, target: DialectTarget): AiLibError {
  const body = tryParse(reply.body);
  const told = isObject(body) ? decodeErrorBody(body) : undefined;
  const what = told === undefined ? { code: codeOfCohere(reply.status) } : classify(told, reply.status);
  return replyError(reply, target, what, told?.message);
}

/** The error that a 200 or a frame carries instead of an answer. */
export function errorInBand(told: Told, body: string, target: DialectTarget): AiLibError {
  const reply = { status: 200, headers: {}, body };
  return replyError(reply, target, classify(told, undefined), told.message, true);
}

/** The error that a finish reason is, where it is one. */
export function failedEnding(
  word: string,
  told: string | undefined,
  target: DialectTarget,
): AiLibError | undefined {
  const code = failureOf(word);
  if (code === undefined) return undefined;
  if (told !== undefined) return errorInBand({ message: told, type: undefined }, told, target);
  return new AiLibError({
    code,
    message: `${target.provider} broke the answer off: ${word}`,
    target: { provider: target.provider, model: target.model },
  });
}
