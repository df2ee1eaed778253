import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { asObject, asString, isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import {
  type Classification,
  codeOfMessage,
  codeOfReply,
  follows,
  inBandError,
  replyError,
  startOf,
} from "../../shared/common/errors.js";

/**
 * Codes that this library's server half writes into a `code` beside the text; Ollama itself sends text alone. Codes
 * that only a client can raise are not among them.
 */
const CODES: ReadonlySet<string> = new Set<ErrorCode>([
  "PROVIDER_ERROR",
  "OVERLOADED",
  "TIMEOUT",
  "RATE_LIMIT",
  "QUOTA_EXHAUSTED",
  "AUTH_FAILED",
  "PERMISSION_DENIED",
  "MODEL_NOT_FOUND",
  "CONTEXT_TOO_LONG",
  "UNSUPPORTED_FEATURE",
  "CONTENT_FILTERED",
  "INVALID_REQUEST",
]);

/** Whether an object, a reply or a line of a stream, is an error. */
export function isErrorBody(value: JsonObject): boolean {
  return value["error"] !== undefined && value["error"] !== null;
}

/** Decodes an error reply. https://docs.ollama.com/api/errors */
export function decodeError(reply: HttpReply, target: DialectTarget): AiLibError {
  const value = tryParse(reply.body);
  const body = isObject(value) ? value : {};
  const message = messageOf(body);
  return replyError(reply, target, classify(message, body, reply.status), message);
}

/** The error inside a 200 or in a line of a stream. */
export function decodeInBandError(value: JsonObject, target: DialectTarget): AiLibError {
  const message = messageOf(value);
  return inBandError(JSON.stringify(value), target, classify(message, value, undefined), message);
}

/** The message: `error` is a text, or an object if a proxy wrote it. */
function messageOf(value: JsonObject): string | undefined {
  return (
    asString(value["error"]) ?? asString(asObject(value["error"])?.["message"]) ?? asString(value["message"])
  );
}

function classify(whole = "", value: JsonObject, status: number | undefined): Classification {
  const message = startOf(whole);
  const named = asString(value["code"]);
  if (named !== undefined && CODES.has(named)) return { code: named as ErrorCode };
  // "server busy, please try again.  maximum pending requests exceeded" (503).
  if (/server busy|maximum pending requests/i.test(message)) return { code: "OVERLOADED" };
  // "model 'x' not found" (404); a name may contain dots, which the words that vendors share do not match.
  if (follows(message, /\bmodel\b/i, /\bnot found\b/i) || /try pulling it first/i.test(message))
    return { code: "MODEL_NOT_FOUND" };
  // "\"llama3\" does not support thinking", "registry.ollama.ai/library/x does not support tools" (400).
  if (/does not support/i.test(message)) return { code: "UNSUPPORTED_FEATURE", scope: "model" };
  if (/input length/i.test(message)) return { code: "CONTEXT_TOO_LONG" };
  // ollama.com: "you (name) have reached your weekly usage limit, upgrade for higher limits" (429).
  if (/usage limit|upgrade (to|for)|subscription/i.test(message)) return { code: "QUOTA_EXHAUSTED" };
  // These statuses have many causes; any other is precise enough.
  const vague = status === undefined || status === 400 || status === 422 || status === 429;
  return { code: (vague ? codeOfMessage(message) : undefined) ?? codeOfReply(status ?? 500, message) };
}
