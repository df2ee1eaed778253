import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import { asObject, asString, isObject, type JsonObject, tryParse } from "../../../core/values/json.js";
import { type Classification, codeOfMessage, codeOfStatus, replyError } from "../../shared/common/errors.js";

/**
 * Codes that a server half of this library names in a `code` beside the text; Ollama itself sends text alone. What
 * can only have happened on this side of the wire is not believed.
 */
export const CROSSING: ReadonlySet<string> = new Set<ErrorCode>([
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

/** The error that an object tells, in a reply or as a line of a stream; undefined where it tells none. */
export function errorIn(value: JsonObject): JsonObject | undefined {
  return value["error"] === undefined || value["error"] === null ? undefined : value;
}

/** An error reply. https://docs.ollama.com/api/errors */
export function decodeError(reply: HttpReply, target: DialectTarget): AiLibError {
  const value = tryParse(reply.body);
  const told = isObject(value) ? textOf(value) : undefined;
  return replyError(reply, target, classify(told, isObject(value) ? value : {}, reply.status), told);
}

/** An error in a 200: the status was sent before anything went wrong. */
export function errorInBand(value: JsonObject, target: DialectTarget): AiLibError {
  const told = textOf(value);
  const reply: HttpReply = { status: 200, headers: {}, body: JSON.stringify(value) };
  return replyError(reply, target, classify(told, value, undefined), told, true);
}

/** The words: `error` is a text; proxies in front of a server have been seen to send an object. */
function textOf(value: JsonObject): string | undefined {
  return (
    asString(value["error"]) ?? asString(asObject(value["error"])?.["message"]) ?? asString(value["message"])
  );
}

function classify(told: string | undefined, value: JsonObject, status: number | undefined): Classification {
  const named = asString(value["code"]);
  if (named !== undefined && CROSSING.has(named)) return { code: named as ErrorCode };
  const words = told ?? "";
  // "server busy, please try again.  maximum pending requests exceeded" (503).
  if (/server busy|maximum pending requests/i.test(words)) return { code: "OVERLOADED" };
  // "model 'x' not found" (404); a name may hold dots, so the words for all vendors would not see it.
  if (/\bmodel\b.*\bnot found\b|try pulling it first/i.test(words)) return { code: "MODEL_NOT_FOUND" };
  // "\"llama3\" does not support thinking", "registry.ollama.ai/library/x does not support tools" (400).
  if (/does not support/i.test(words)) return { code: "UNSUPPORTED_FEATURE", scope: "model" };
  if (/exceed\w* .*context|context (length|size|window)|input length/i.test(words))
    return { code: "CONTEXT_TOO_LONG" };
  // ollama.com: "you (name) have reached your weekly usage limit, upgrade for higher limits" (429).
  if (/usage limit|upgrade (to|for)|subscription/i.test(words)) return { code: "QUOTA_EXHAUSTED" };
  if (status !== undefined) return { code: codeOfStatus(status) };
  return { code: codeOfMessage(words) ?? "PROVIDER_ERROR" };
}
