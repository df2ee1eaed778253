import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode, ErrorScope } from "../../../core/values/error-code.js";
import { tryParse } from "../../../core/values/json.js";
import { requestIdOf } from "../../../core/values/request-id.js";
import { saysTooLong } from "./context-length.js";
import { retryAtOfBody, retryAtOfText } from "./retry-time.js";

/** The class of an error. */
export interface Classification {
  readonly code: ErrorCode;
  readonly scope?: ErrorScope;
  /** When to try again, in epoch milliseconds, if the body says so. */
  readonly retryAt?: number;
}

/**
 * The code for an HTTP status by its general meaning. Error types, codes and messages of a provider are more precise
 * and take precedence.
 */
export function codeOfStatus(status: number): ErrorCode {
  switch (status) {
    case 401:
      return "AUTH_FAILED";
    case 402:
      return "QUOTA_EXHAUSTED";
    case 403:
      return "PERMISSION_DENIED";
    case 404:
    case 410:
      return "MODEL_NOT_FOUND";
    case 408:
      return "PROVIDER_ERROR";
    case 429:
      return "RATE_LIMIT";
    // RFC 9110: the server does not support what the request needs. llama.cpp says so of calls it was not started for.
    case 501:
      return "UNSUPPORTED_FEATURE";
    // 498: Groq's flex tier is out of capacity. 529: Anthropic is overloaded.
    case 498:
    case 503:
    case 529:
      return "OVERLOADED";
    default:
      return status >= 500 || status < 400 ? "PROVIDER_ERROR" : "INVALID_REQUEST";
  }
}

/**
 * Words that vendors share, specific words before vague ones: the first match counts. Used for bodies whose type is not
 * precise enough.
 */
const WORDS: readonly (readonly [RegExp, ErrorCode])[] = [
  [
    /insufficient[_ ](quota|balance|credit|funds)|credit balance|exceeded your current quota|billing|payment|out of credits|spend(ing)? limit|arrear/i,
    "QUOTA_EXHAUSTED",
  ],
  [
    /(invalid|incorrect|missing|no) (api[- _]?key|x-api-key|authentication|credential)|api key not valid|unauthori[sz]ed/i,
    "AUTH_FAILED",
  ],
  [
    /(model|deployment)[^.]{0,80}(not found|does not exist|doesn't exist|no longer (available|supported)|decommissioned|deprecated|is not available)|unknown model|no such model|invalid model|supported models are/i,
    "MODEL_NOT_FOUND",
  ],
  [
    /content[_ ](filter|policy|management)|content_filter|safety (system|policy)|moderation|flagged/i,
    "CONTENT_FILTERED",
  ],
  // Before the vague "high demand" and "capacity", which OpenRouter and others add to it.
  [
    /rate[- _]?limit(s|ed)?[- _](exceeded|reached|hit)|exceeded.{0,40}rate[- _]?limit|limit_rp[md]\b/i,
    "RATE_LIMIT",
  ],
  [
    /overloaded|over capacity|no capacity|at capacity|capacity exceeded|temporarily unavailable|high demand/i,
    "OVERLOADED",
  ],
  [/rate[- _]?limit|too many requests|requests per|tokens per|usage limit/i, "RATE_LIMIT"],
  [
    /(does not|doesn't|do not|not) support|unsupported(?! operand)|is not available for this model/i,
    "UNSUPPORTED_FEATURE",
  ],
];

/** The code that an error's message suggests; undefined if it suggests none. */
export function codeOfMessage(message: string): ErrorCode | undefined {
  const start = startOf(message);
  if (saysTooLong(start)) return "CONTEXT_TOO_LONG";
  return WORDS.find(([words]) => words.test(start))?.[1];
}

/** How much of a message is searched for words. The body of an error can have 1 MB, an event of a stream 16 MB. */
const WORDS_LIMIT = 4_000;

/** The start of a message, in which a dialect looks for words that it knows. */
export function startOf(message: string): string {
  return message.length > WORDS_LIMIT ? message.slice(0, WORDS_LIMIT) : message;
}

/**
 * Whether a word comes after another one in a text. Use it in place of a pattern with `.*` between them, which takes
 * quadratic time where the first word repeats.
 */
export function follows(text: string, first: RegExp, then: RegExp): boolean {
  const found = first.exec(text);
  return found !== null && then.test(text.slice(found.index + found[0].length));
}

/**
 * The code that the message of a 5xx gives, if it names a cause that another attempt does not fix: servers also answer
 * 500 for what a model cannot do (llama.cpp, Ollama) and for a prompt that is too long (Google). Undefined for any
 * other.
 */
export function codeOfServerMessage(message: string): ErrorCode | undefined {
  const code = codeOfMessage(message);
  switch (code) {
    case "CONTEXT_TOO_LONG":
    case "OVERLOADED":
      return code;
    case "UNSUPPORTED_FEATURE":
      return /\b(is|are) not supported\b|\b(does not|doesn't|do not) support\b/i.test(message)
        ? code
        : undefined;
    default:
      return undefined;
  }
}

/** The code for a status, and for a 5xx the one that its message gives: see {@link codeOfServerMessage}. */
export function codeOfReply(status: number, message: string): ErrorCode {
  const code = codeOfStatus(status);
  return code === "PROVIDER_ERROR" ? (codeOfServerMessage(message) ?? code) : code;
}

/** Codes of limits, whose errors say in their body or their message when they are renewed. */
const COMES_BACK: ReadonlySet<ErrorCode> = new Set(["RATE_LIMIT", "QUOTA_EXHAUSTED", "OVERLOADED"]);

function comesBack(body: string, message: string, now: number): number | undefined {
  return retryAtOfBody(tryParse(body), now) ?? retryAtOfText(message, now);
}

/** The most characters of a provider's message that the message of an error repeats. */
const MESSAGE_LIMIT = 1_000;

/**
 * The error inside a 200 or in an event of a stream, whose status means nothing.
 * @param body the text that contains it.
 */
export function inBandError(
  body: string,
  target: DialectTarget,
  what: Classification,
  message: string | undefined,
): AiLibError {
  return replyError({ status: 200, headers: {}, body }, target, what, message, true);
}

/**
 * The error for a reply that a dialect has classified.
 * @param message the provider's message; absent or empty if the body has none.
 * @param inBand the error is part of a 200 or of a stream, so its status means nothing.
 */
export function replyError(
  reply: HttpReply,
  target: DialectTarget,
  { code, scope, retryAt }: Classification,
  message: string | undefined,
  inBand = false,
): AiLibError {
  const { provider, model, redact } = target;
  const { headers, status, body } = reply;
  const answered = inBand ? "answered with an error" : `answered ${status}`;
  const reason =
    message === undefined || message === ""
      ? "without a message"
      : (redact?.(message) ?? message).slice(0, MESSAGE_LIMIT);
  return new AiLibError({
    code,
    message: `${provider} ${answered}: ${reason}`,
    scope,
    retryAt: retryAt ?? (COMES_BACK.has(code) ? comesBack(body, reason, target.now) : undefined),
    target: { provider, model },
    status: inBand ? undefined : status,
    requestId: requestIdOf(headers),
    headers,
    body: redact?.(body) ?? body,
  });
}
