import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
  tryParse,
} from "../../../core/values/json.js";
import { defined } from "../../shared/common/body-fields.js";
import {
  type Classification,
  codeOfMessage,
  codeOfReply,
  codeOfStatus,
  replyError,
  startOf,
} from "../../shared/common/errors.js";
import { retryAtOfDelay } from "../../shared/common/retry-time.js";
import { upstreamOf, withUpstreamWords } from "../../shared/common/upstream.js";
import { meaningOfVendor } from "../../shared/common/vendor-codes.js";
import { quirksOf } from "../shared/quirks.js";

/** Decodes an error reply: in the shape of the dialect, of Google (Vertex), MiniMax or a gateway, or not JSON at all. */
export function decodeError(reply: HttpReply, target: DialectTarget): AiLibError {
  const parsed = tryParse(reply.body);
  return errorOf(asObject(Array.isArray(parsed) ? parsed[0] : parsed) ?? {}, target, reply);
}

/**
 * The error that a body describes.
 * @param reply the reply with that body; absent for an event of a stream.
 */
export function errorOf(body: JsonObject, target: DialectTarget, reply?: HttpReply): AiLibError {
  const inner = asObject(body["error"]) ?? body;
  const base = asObject(body["base_resp"]);
  const message =
    asString(inner["message"]) ?? asString(base?.["status_msg"]) ?? asString(body["error"]) ?? "";
  const failed = reply !== undefined && (reply.status < 200 || reply.status > 299);
  const what = classify(inner, base, message, failed ? reply.status : undefined, target);
  const carrier = reply ?? { status: 200, headers: {}, body: JSON.stringify(body) };
  const words = withUpstreamWords(
    message,
    upstreamOf(inner),
    asString(asObject(inner["metadata"])?.["provider_name"]),
  );
  const error = replyError(carrier, target, what, words, !failed);
  const requestId = asString(body["request_id"]);
  return requestId === undefined ? error : error.with({ requestId });
}

function classify(
  error: JsonObject,
  base: JsonObject | undefined,
  whole: string,
  status: number | undefined,
  { quirks, now }: DialectTarget,
): Classification {
  const message = startOf(whole);
  const detail = asString(asObject(error["details"])?.["error_code"]);
  if (detail !== undefined) {
    const known = ofDetail(detail);
    if (known !== undefined) return known;
  }
  const google = asString(error["status"]);
  if (google !== undefined) return ofGoogle(google, error, message, status, now);
  const vendorCode = asNumber(base?.["status_code"]) ?? trailingCode(whole);
  const known =
    vendorCode === undefined ? undefined : meaningOfVendor(quirksOf(quirks).errorCodes, String(vendorCode));
  return known === undefined ? ofType(asString(error["type"]), message, status) : { code: known };
}

/**
 * Codes that Anthropic has no type for, as the server half of this library writes them in `details.error_code`.
 * Codes that concern only that server (its configuration, its circuit breakers) are not among them.
 */
const OWN_DETAILS: ReadonlyMap<string, ErrorCode> = new Map([
  ["invalid_request", "INVALID_REQUEST"],
  ["context_too_long", "CONTEXT_TOO_LONG"],
  ["content_filtered", "CONTENT_FILTERED"],
  ["unsupported_feature", "UNSUPPORTED_FEATURE"],
  ["model_not_found", "MODEL_NOT_FOUND"],
  ["rate_limit", "RATE_LIMIT"],
  ["network_error", "NETWORK_ERROR"],
  ["invalid_response", "INVALID_RESPONSE"],
  ["stream_truncated", "STREAM_TRUNCATED"],
  ["timeout", "TIMEOUT"],
]);

/** `error.details.error_code`, the most precise field: https://platform.claude.com/docs/en/api/errors. */
function ofDetail(detail: string): Classification | undefined {
  switch (detail) {
    // The budget of the month or the contract is spent; the reply is a 429 `rate_limit_error` or a 402.
    case "enforced_spend_limit_reached":
    case "contract_spend_limit_reached":
    case "linked_organization_spend_limit_reached":
    case "linked_organization_billing_unavailable":
      return { code: "QUOTA_EXHAUSTED" };
    case "ramp_limit_exceeded":
      return { code: "RATE_LIMIT" };
    case "organization_on_hold":
      return { code: "PERMISSION_DENIED", scope: "account" };
    default: {
      const code = OWN_DETAILS.get(detail);
      return code === undefined ? undefined : { code };
    }
  }
}

/** `error.type`, with the message where the type alone is not precise enough. */
function ofType(type: string | undefined, message: string, status: number | undefined): Classification {
  switch (type) {
    case "authentication_error":
      return { code: "AUTH_FAILED" };
    case "permission_error":
      return { code: "PERMISSION_DENIED" };
    case "billing_error":
    // MiniMax.
    case "insufficient_balance_error":
      return { code: "QUOTA_EXHAUSTED" };
    case "overloaded_error":
      return { code: "OVERLOADED" };
    // A timeout of the provider is an error of the provider; `TIMEOUT` means a limit of the caller.
    case "timeout_error":
    case "api_error":
      return { code: "PROVIDER_ERROR" };
    // The body exceeds 32 MB: only a larger window or a shorter prompt helps.
    case "request_too_large":
      return { code: "CONTEXT_TOO_LONG" };
    case "not_found_error":
      return { code: /\bfile\b/i.test(message) ? "INVALID_REQUEST" : "MODEL_NOT_FOUND" };
    case "rate_limit_error":
      return codeOfMessage(message) === "QUOTA_EXHAUSTED"
        ? { code: "QUOTA_EXHAUSTED" }
        : { code: "RATE_LIMIT" };
    case "invalid_request_error":
      return ofInvalidRequest(message);
    default: {
      const byStatus = codeOfReply(status ?? 400, message);
      const vague = byStatus === "INVALID_REQUEST" || byStatus === "RATE_LIMIT";
      const words = vague ? codeOfMessage(message) : undefined;
      return { code: words ?? (status === undefined ? "PROVIDER_ERROR" : byStatus) };
    }
  }
}

/** Most errors are an `invalid_request_error`, those about quota and length included. */
function ofInvalidRequest(message: string): Classification {
  // "input length and `max_tokens` exceed context limit: 190000 + 21333 > 200000"
  if (/exceed context limit/i.test(message)) return { code: "CONTEXT_TOO_LONG" };
  // "You have reached your specified API usage limits. You will regain access on 2026-01-01 at 00:00 UTC."
  if (/api usage limits/i.test(message)) {
    const found = /regain access on (\d{4}-\d{2}-\d{2})(?: at (\d{2}:\d{2}) UTC)?/i.exec(message);
    const retryAt = found === null ? Number.NaN : Date.parse(`${found[1]}T${found[2] ?? "00:00"}:00Z`);
    return { code: "QUOTA_EXHAUSTED", ...defined({ retryAt: Number.isNaN(retryAt) ? undefined : retryAt }) };
  }
  if (/organization has been disabled/i.test(message)) return { code: "PERMISSION_DENIED", scope: "account" };
  return { code: codeOfMessage(message) ?? "INVALID_REQUEST" };
}

/** Google's shape, which Vertex uses before a request reaches the model: `{ error: { code, message, status } }`. */
function ofGoogle(
  word: string,
  error: JsonObject,
  message: string,
  status: number | undefined,
  now: number,
): Classification {
  switch (word) {
    case "UNAUTHENTICATED":
      return { code: "AUTH_FAILED" };
    case "PERMISSION_DENIED":
      return { code: "PERMISSION_DENIED" };
    case "RESOURCE_EXHAUSTED": {
      const delay = asArray(error["details"])
        .map((detail) => (isObject(detail) ? asString(detail["retryDelay"]) : undefined))
        .find((value) => value !== undefined);
      return { code: "RATE_LIMIT", ...defined({ retryAt: retryAtOfDelay(delay ?? "", now) }) };
    }
    case "NOT_FOUND":
      return { code: "MODEL_NOT_FOUND" };
    case "UNAVAILABLE":
      return { code: "OVERLOADED" };
    case "INTERNAL":
    case "DEADLINE_EXCEEDED":
    case "UNKNOWN":
      return { code: "PROVIDER_ERROR" };
    default:
      return { code: codeOfMessage(message) ?? codeOfStatus(status ?? 400) };
  }
}

/** MiniMax ends its messages with its code: "insufficient balance (1008)". */
function trailingCode(message: string): string | undefined {
  return /\((\d{4})\)$/.exec(message.trimEnd())?.[1];
}
