import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { asNumber, asObject, asString, type JsonObject, tryParse } from "../../../core/values/json.js";
import {
  type Classification,
  codeOfMessage,
  codeOfReply,
  codeOfStatus,
  inBandError,
  replyError,
  startOf,
} from "../../shared/common/errors.js";
import { upstreamOf, withUpstreamWords } from "../../shared/common/upstream.js";

/** An error reply: `{ message }`, its type in a header. https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html */
export function decodeError(reply: HttpReply, target: DialectTarget): AiLibError {
  const body = asObject(tryParse(reply.body)) ?? {};
  const type = reply.headers["x-amzn-errortype"] ?? asString(body["__type"]) ?? asString(body["code"]);
  const failed = reply.status < 200 || reply.status > 299;
  const message = messageOf(body);
  const what = classify(type ?? "", body, message, failed ? reply.status : undefined);
  return replyError(reply, target, what, message, !failed);
}

/**
 * An exception that is a message of a stream.
 * @param type its `:exception-type`, such as `throttlingException`.
 */
export function decodeStreamError(type: string, data: string, target: DialectTarget): AiLibError {
  const body = asObject(tryParse(data)) ?? {};
  const message = messageOf(body);
  return inBandError(data, target, classify(type, body, message, undefined), message);
}

/**
 * The message; API Gateway and older services write its name with a capital. The message of the model's own server is
 * in another field.
 */
function messageOf(body: JsonObject): string {
  const message = asString(body["message"]) ?? asString(body["Message"]) ?? "";
  return withUpstreamWords(message, upstreamOf(body));
}

/**
 * Codes that Bedrock has no exception for, as the server half of this library writes them in `reason`. Codes that
 * concern only that server (its configuration, its circuit breakers) are not among them.
 */
const OWN_REASONS: ReadonlyMap<string, ErrorCode> = new Map(
  (
    [
      "INVALID_REQUEST",
      "CONTEXT_TOO_LONG",
      "CONTENT_FILTERED",
      "UNSUPPORTED_FEATURE",
      "AUTH_FAILED",
      "PERMISSION_DENIED",
      "QUOTA_EXHAUSTED",
      "MODEL_NOT_FOUND",
      "NETWORK_ERROR",
      "INVALID_RESPONSE",
      "STREAM_TRUNCATED",
      "TIMEOUT",
    ] as const
  ).map((code) => [code.toLowerCase(), code]),
);

function classify(type: string, body: JsonObject, whole: string, status: number | undefined): Classification {
  const message = startOf(whole);
  const own = OWN_REASONS.get(asString(body["reason"]) ?? "");
  if (own !== undefined) return { code: own };
  const original = asNumber(body["originalStatusCode"]);
  switch (exceptionName(type)) {
    case "unrecognizedclient":
    case "expiredtoken":
    case "requestexpired":
    case "invalidsignature":
    case "signaturedoesnotmatch":
    case "incompletesignature":
    case "missingauthenticationtoken":
    case "invalidclienttokenid":
      return { code: "AUTH_FAILED" };
    case "accessdenied":
    case "notauthorized":
      return ofAccess(message);
    case "optinrequired":
    case "ftuformnotfilled":
    case "mpagreementbeingcreated":
      return { code: "PERMISSION_DENIED", scope: "model" };
    case "throttling":
    case "throttled":
    case "toomanyrequests":
    case "requestlimitexceeded":
      return { code: "RATE_LIMIT" };
    case "servicequotaexceeded":
      return { code: "QUOTA_EXHAUSTED" };
    case "modelnotready":
    case "serviceunavailable":
      return { code: "OVERLOADED" };
    // The status of the model's own server, where the body has it, is more precise.
    case "modelerror":
    case "modelstreamerror":
      return { code: original === undefined ? "PROVIDER_ERROR" : codeOfStatus(original) };
    case "internalserver":
    case "internalfailure":
    case "modeltimeout":
    case "conflict":
      return { code: "PROVIDER_ERROR" };
    case "resourcenotfound":
      return { code: "MODEL_NOT_FOUND" };
    case "validation":
    case "malformedinput":
      return { code: ofValidation(message) };
    default:
      return ofStatus(status, message);
  }
}

/** The name of an exception: `com.amazon.x#ThrottlingException:http://…` and `throttlingException` are `throttling`. */
function exceptionName(type: string): string {
  const name = type.split(":")[0]?.split("#").at(-1) ?? "";
  return name
    .replace(/(Exception|Error)$/i, (end, _group, at: number) => (at === 0 ? end : ""))
    .toLowerCase();
}

function ofAccess(message: string): Classification {
  if (/api key|authentication failed|security token|credential/i.test(message))
    return { code: "AUTH_FAILED" };
  // "You don't have access to the model with the specified model ID."
  return /model/i.test(message)
    ? { code: "PERMISSION_DENIED", scope: "model" }
    : { code: "PERMISSION_DENIED" };
}

/** A 400 may concern the request, the model's id or the length of the prompt. */
function ofValidation(message: string): ErrorCode {
  // "Invocation of model ID x with on-demand throughput isn't supported. Retry … with … an inference profile"
  if (/model identifier is invalid|on-demand throughput isn.t supported/i.test(message))
    return "MODEL_NOT_FOUND";
  // "Input Tokens Exceeded: Number of input tokens exceeds maximum length."
  if (/input tokens exceeded|exceeds maximum length|exceed context limit/i.test(message))
    return "CONTEXT_TOO_LONG";
  return codeOfMessage(message) ?? "INVALID_REQUEST";
}

/** The code of a status, for replies that lost the header with the type on their way through a proxy. */
function ofStatus(status: number | undefined, message: string): Classification {
  switch (status) {
    case undefined:
      return { code: "PROVIDER_ERROR" };
    case 400:
      return { code: ofValidation(message) };
    case 403:
      return ofAccess(message);
    // "The request failed due to an error while processing the model."
    case 424:
      return { code: "PROVIDER_ERROR" };
    default:
      return { code: codeOfReply(status, message) };
  }
}
