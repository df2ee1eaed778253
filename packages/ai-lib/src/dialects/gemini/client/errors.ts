import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import {
  asArray,
  asNumber,
  asString,
  isObject,
  type JsonObject,
  tryParse,
} from "../../../core/values/json.js";
import {
  type Classification,
  codeOfMessage,
  codeOfServerMessage,
  codeOfStatus,
  inBandError,
  replyError,
  startOf,
} from "../../shared/common/errors.js";
import { retryAtOfDelay } from "../../shared/common/retry-time.js";
import { upstreamOf, withUpstreamWords } from "../../shared/common/upstream.js";
import { OWN_CODES, OWN_DOMAIN } from "../shared/errors.js";

/** Canonical codes of Google APIs. https://google.aip.dev/193 and https://ai.google.dev/gemini-api/docs/troubleshooting */
const STATUSES: Readonly<Record<string, ErrorCode>> = {
  INVALID_ARGUMENT: "INVALID_REQUEST",
  FAILED_PRECONDITION: "INVALID_REQUEST",
  OUT_OF_RANGE: "INVALID_REQUEST",
  ALREADY_EXISTS: "INVALID_REQUEST",
  UNAUTHENTICATED: "AUTH_FAILED",
  PERMISSION_DENIED: "PERMISSION_DENIED",
  NOT_FOUND: "MODEL_NOT_FOUND",
  RESOURCE_EXHAUSTED: "RATE_LIMIT",
  UNAVAILABLE: "OVERLOADED",
  UNIMPLEMENTED: "UNSUPPORTED_FEATURE",
  INTERNAL: "PROVIDER_ERROR",
  UNKNOWN: "PROVIDER_ERROR",
  DATA_LOSS: "PROVIDER_ERROR",
  ABORTED: "PROVIDER_ERROR",
  CANCELLED: "PROVIDER_ERROR",
  DEADLINE_EXCEEDED: "PROVIDER_ERROR",
};

/** The `error` object of a body or a chunk; some replies and streams wrap it in an array. */
export function errorObjectOf(body: unknown): JsonObject | undefined {
  const outer = Array.isArray(body) ? (body as readonly unknown[]).find(isObject) : body;
  if (!isObject(outer)) return undefined;
  const error = outer["error"];
  if (isObject(error)) return error;
  return typeof error === "string" ? { message: error } : undefined;
}

/** Decodes an error reply. */
export function decodeError(reply: HttpReply, target: DialectTarget): AiLibError {
  const error = errorObjectOf(tryParse(reply.body));
  const what =
    error === undefined
      ? { code: codeOfStatus(reply.status) }
      : classify(error, startOf(messageOf(error)), reply.status, target.now);
  return replyError(reply, target, what, error === undefined ? undefined : messageOf(error));
}

/** An error inside a 200: a whole reply or a chunk of a stream. Its `code` replaces the status. */
export function decodeInBandError(error: JsonObject, target: DialectTarget): AiLibError {
  const message = messageOf(error);
  const what = classify(error, startOf(message), asNumber(error["code"]), target.now);
  return inBandError(JSON.stringify({ error }), target, what, message);
}

function messageOf(error: JsonObject): string {
  return withUpstreamWords(asString(error["message"]) ?? "", upstreamOf(error));
}

function classify(error: JsonObject, message: string, http: number | undefined, now: number): Classification {
  const details = asArray(error["details"]).filter(isObject);
  const own = details.find((one) => one["domain"] === OWN_DOMAIN);
  const ownCode = asString(own?.["reason"]);
  if (ownCode !== undefined && OWN_CODES.has(ownCode)) return { code: ownCode as ErrorCode };
  const reasons = new Set(details.map((one) => asString(one["reason"])));
  const word = asString(error["status"]) ?? "";
  const base = Object.hasOwn(STATUSES, word) ? STATUSES[word] : undefined;
  switch (base ?? codeOfStatus(http ?? 500)) {
    case "INVALID_REQUEST":
      return refused(message, reasons);
    case "PERMISSION_DENIED":
      return denied(message, reasons);
    case "AUTH_FAILED":
      return { code: "AUTH_FAILED" };
    case "RATE_LIMIT":
      return limited(message, details, now);
    case "MODEL_NOT_FOUND":
      // The request names files and cached contents, so a missing one is a mistake of the request.
      return /\b(files?|cachedContents?|fileSearchStores?|corpora|tunings?)\b[/ ]/i.test(message) &&
        !/\bmodels?\b/i.test(message)
        ? { code: "INVALID_REQUEST" }
        : { code: "MODEL_NOT_FOUND" };
    default: {
      const code = base ?? codeOfStatus(http ?? 500);
      const told = code === "PROVIDER_ERROR" ? codeOfServerMessage(message) : undefined;
      return withDelay({ code: told ?? code }, details, now);
    }
  }
}

/** A 400: a bad key, a region, a missing capability of the model, a prompt that is too long, or a mistake. */
function refused(message: string, reasons: ReadonlySet<string | undefined>): Classification {
  if (reasons.has("API_KEY_INVALID") || /api key (not valid|not found|expired|is invalid)/i.test(message))
    return { code: "AUTH_FAILED" };
  if (/location is not supported|not available in your (country|region)/i.test(message))
    return { code: "PERMISSION_DENIED", scope: "region" };
  if (/input token count|number of tokens allowed|token (count|limit).{0,40}exceed/i.test(message))
    return { code: "CONTEXT_TOO_LONG" };
  if (reasons.has("BILLING_DISABLED")) return { code: "QUOTA_EXHAUSTED" };
  if (/\b(is|are) not (enabled|supported) (for|by|in)\b|does(n't| not) support|only supports/i.test(message))
    return { code: "UNSUPPORTED_FEATURE" };
  const words = codeOfMessage(message);
  return { code: words === "CONTEXT_TOO_LONG" || words === "QUOTA_EXHAUSTED" ? words : "INVALID_REQUEST" };
}

/** A 403: an invalid key, an account without credit, or a missing permission. */
function denied(message: string, reasons: ReadonlySet<string | undefined>): Classification {
  if (
    /unregistered callers|without established identity|reported as leaked|api key (not|is in)valid/i.test(
      message,
    )
  )
    return { code: "AUTH_FAILED" };
  if (reasons.has("BILLING_DISABLED") || /billing|dunning/i.test(message)) return { code: "QUOTA_EXHAUSTED" };
  if (
    reasons.has("API_KEY_SERVICE_BLOCKED") ||
    reasons.has("API_KEY_HTTP_REFERRER_BLOCKED") ||
    reasons.has("API_KEY_IP_ADDRESS_BLOCKED")
  )
    return { code: "PERMISSION_DENIED", scope: "key" };
  if (/location is not supported|\bregion\b|\bcountry\b/i.test(message))
    return { code: "PERMISSION_DENIED", scope: "region" };
  if (/\bmodels?\/|\bmodel\b/i.test(message)) return { code: "PERMISSION_DENIED", scope: "model" };
  return { code: "PERMISSION_DENIED" };
}

/** A 429. A limit of `0` and spent credit never reset; for other limits, the details contain the delay. */
function limited(message: string, details: readonly JsonObject[], now: number): Classification {
  const never = details.some((one) =>
    asArray(one["violations"]).some((violation) => isObject(violation) && violation["quotaValue"] === "0"),
  );
  if (never || /\blimit: 0\b/.test(message)) return { code: "QUOTA_EXHAUSTED" };
  if (/credits? (are|is|have been) (depleted|exhausted)|prepay|spend(ing)? cap|spending limit/i.test(message))
    return { code: "QUOTA_EXHAUSTED" };
  return withDelay({ code: "RATE_LIMIT" }, details, now);
}

function withDelay(found: Classification, details: readonly JsonObject[], now: number): Classification {
  for (const one of details) {
    // A `google.protobuf.Duration` in JSON: seconds with a fraction and an "s", as in "48s" or "0.847655010s".
    const retryAt = retryAtOfDelay(asString(one["retryDelay"]) ?? "", now);
    if (retryAt !== undefined) return { ...found, retryAt };
  }
  return found;
}
