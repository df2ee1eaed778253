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
import { type Classification, codeOfMessage, codeOfStatus, replyError } from "../../shared/common/errors.js";

/** What an error body says. */
export interface Told {
  readonly message: string | undefined;
  readonly type: string | undefined;
  readonly code: string | undefined;
  /** The status that the body names, for errors inside a 200. */
  readonly status: number | undefined;
}

/**
 * Types and numbers that settle what an error is, whatever its words. Mistral's own come with a reference: those
 * seen in recordings (`invalid_model`) and in reports (https://github.com/raycast/extensions/issues/31107,
 * https://github.com/continuedev/continue/issues/6185, https://github.com/nearai/ironclaw/issues/1241). The rest are
 * what this library's server half writes for errors that Mistral has no type for.
 */
const SETTLED: Readonly<Record<string, ErrorCode>> = {
  invalid_model: "MODEL_NOT_FOUND",
  "1500": "MODEL_NOT_FOUND",
  rate_limited: "RATE_LIMIT",
  "1300": "RATE_LIMIT",
  service_tier_capacity_exceeded: "OVERLOADED",
  "3505": "OVERLOADED",
  overloaded: "OVERLOADED",
  invalid_function_call: "INVALID_REQUEST",
  "3280": "INVALID_REQUEST",
  invalid_request_message_order: "INVALID_REQUEST",
  "3230": "INVALID_REQUEST",
  unauthorized: "AUTH_FAILED",
  forbidden: "PERMISSION_DENIED",
  quota_exceeded: "QUOTA_EXHAUSTED",
  context_length_exceeded: "CONTEXT_TOO_LONG",
  content_filtered: "CONTENT_FILTERED",
  unsupported_feature: "UNSUPPORTED_FEATURE",
  timeout: "TIMEOUT",
  invalid_request: "INVALID_REQUEST",
  internal_server_error: "PROVIDER_ERROR",
};

/** A busy model is no rate limit of the caller's, although its status was long 429 and its type anything. */
const CAPACITY = /tier capacity exceeded/i;

/** Words of Mistral's that say more than the shared ones. */
const WORDS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/inactive subscription|usage limit reached|monthly (usage|spend)/i, "QUOTA_EXHAUSTED"],
  // Recordings `blocking-ministral-3b`, `blocking-mistral-small`: "Logprobs are not enabled for this model".
  [/not enabled for this model/i, "UNSUPPORTED_FEATURE"],
];

/** What a body says, where it is an error: Mistral's own shape, its gateway's `detail`, or an OpenAI-like `error`. */
export function decodeErrorBody(body: JsonObject): Told | undefined {
  const inner = body["error"] ?? undefined;
  const error = isObject(inner) ? inner : body;
  const message =
    asString(inner) ??
    wordsOf(error["message"]) ??
    wordsOf(error["detail"]) ??
    (body["object"] === "error" ? "" : undefined);
  if (message === undefined && inner === undefined) return undefined;
  return {
    message,
    type: asString(error["type"]),
    code: asString(error["code"]) ?? asNumber(error["code"])?.toString(),
    status: asNumber(error["raw_status_code"]) ?? asNumber(error["status"]),
  };
}

/** Text of a message: plain, or a list of `{ loc, msg }` as validation failures come. */
function wordsOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const list = asArray(isObject(value) ? value["detail"] : value);
  const lines = list.flatMap((entry) => {
    const message = asString(asObject(entry)?.["msg"]);
    if (message === undefined) return [];
    const at = asArray(asObject(entry)?.["loc"]).join(".");
    return [at === "" ? message : `${at}: ${message}`];
  });
  if (lines.length > 0) return lines.join("; ");
  return isObject(value) ? asString(value["message"]) : undefined;
}

/**
 * What an error is.
 * @param status undefined for an error inside a 200 that names none: then words must do.
 */
function classify(told: Told, status: number | undefined): Classification {
  const message = told.message ?? "";
  // A model out of capacity leaves the provider's other models well.
  if (CAPACITY.test(message)) return { code: "OVERLOADED", scope: "model" };
  for (const key of [told.type, told.code]) {
    if (key !== undefined && Object.hasOwn(SETTLED, key)) return { code: SETTLED[key] ?? "PROVIDER_ERROR" };
  }
  const word = WORDS.find(([words]) => words.test(message))?.[1];
  if (word !== undefined) return { code: word };
  // A status that is about the caller's standing says enough; these are shared by many causes.
  const vague = status === undefined || status === 400 || status === 404 || status === 422 || status === 429;
  return { code: (vague ? codeOfMessage(message) : undefined) ?? codeOfStatus(status ?? 500) };
}

/** The error of a reply. */
export function decodeError(reply: HttpReply, target: DialectTarget): AiLibError {
  const body = tryParse(reply.body);
  const told = isObject(body) ? decodeErrorBody(body) : undefined;
  const what = told === undefined ? { code: codeOfStatus(reply.status) } : classify(told, reply.status);
  return replyError(reply, target, what, told?.message ?? plainWords(reply.body));
}

/** The error that a 200 or a frame carries instead of an answer. */
export function errorInBand(told: Told, body: string, target: DialectTarget): AiLibError {
  const reply = { status: 200, headers: {}, body };
  return replyError(reply, target, classify(told, told.status), told.message, true);
}

/** The start of a body that is no JSON; a page of HTML has nothing to say. */
function plainWords(body: string): string | undefined {
  const text = body.trim();
  return text === "" || text.startsWith("<") || text.startsWith("{") ? undefined : text.slice(0, 200);
}
