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
import {
  type Classification,
  codeOfMessage,
  codeOfReply,
  codeOfStatus,
  inBandError,
  replyError,
  startOf,
} from "../../shared/common/errors.js";

/** The fields of an error body. */
export interface ErrorBody {
  readonly message: string | undefined;
  readonly type: string | undefined;
  readonly code: string | undefined;
  /** The status in the body, for errors inside a 200. */
  readonly status: number | undefined;
}

/**
 * Types and codes, which are more precise than messages. Mistral's own are those of recordings (`invalid_model`) and of
 * reports (https://github.com/raycast/extensions/issues/31107,
 * https://github.com/continuedev/continue/issues/6185, https://github.com/nearai/ironclaw/issues/1241). This
 * library's server half writes the others, for errors that Mistral has no type for.
 */
const CODES: Readonly<Record<string, ErrorCode>> = {
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

/** A busy model. The status may be 429, but it is not a rate limit of the caller's. */
const CAPACITY = /tier capacity exceeded/i;

/** Words of Mistral's messages that are more precise than those that vendors share. */
const WORDS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/inactive subscription|usage limit reached|monthly (usage|spend)/i, "QUOTA_EXHAUSTED"],
  // Recordings `blocking-ministral-3b`, `blocking-mistral-small`: "Logprobs are not enabled for this model".
  [/not enabled for this model/i, "UNSUPPORTED_FEATURE"],
];

/**
 * The error that a body describes, in Mistral's shape, in that of its gateway (`detail`) or of OpenAI (`error`); undefined if
 * it is not an error.
 */
export function decodeErrorBody(body: JsonObject): ErrorBody | undefined {
  const inner = body["error"] ?? undefined;
  const error = isObject(inner) ? inner : body;
  const message =
    asString(inner) ??
    textOf(error["message"]) ??
    textOf(error["detail"]) ??
    (body["object"] === "error" ? "" : undefined);
  if (message === undefined && inner === undefined) return undefined;
  return {
    message,
    type: asString(error["type"]),
    code: asString(error["code"]) ?? asNumber(error["code"])?.toString(),
    status: asNumber(error["raw_status_code"]) ?? asNumber(error["status"]),
  };
}

/** A message: a text, or a list of `{ loc, msg }` for a request that failed validation. */
function textOf(value: unknown): string | undefined {
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

/** @param status undefined for an error inside a 200 without one: the type and the message alone then decide. */
function classify(error: ErrorBody, status: number | undefined): Classification {
  const message = startOf(error.message ?? "");
  // Other models of the provider may have capacity.
  if (CAPACITY.test(message)) return { code: "OVERLOADED", scope: "model" };
  for (const key of [error.type, error.code]) {
    if (key !== undefined && Object.hasOwn(CODES, key)) return { code: CODES[key] ?? "PROVIDER_ERROR" };
  }
  const word = WORDS.find(([words]) => words.test(message))?.[1];
  if (word !== undefined) return { code: word };
  // These statuses have many causes; any other is precise enough.
  const vague = status === undefined || status === 400 || status === 404 || status === 422 || status === 429;
  return { code: (vague ? codeOfMessage(message) : undefined) ?? codeOfReply(status ?? 500, message) };
}

/** Decodes an error reply. */
export function decodeError(reply: HttpReply, target: DialectTarget): AiLibError {
  const body = tryParse(reply.body);
  const error = isObject(body) ? decodeErrorBody(body) : undefined;
  const what = error === undefined ? { code: codeOfStatus(reply.status) } : classify(error, reply.status);
  return replyError(reply, target, what, error?.message ?? plainText(reply.body));
}

/** The error inside a 200 or in a frame of a stream. */
export function decodeInBandError(error: ErrorBody, body: string, target: DialectTarget): AiLibError {
  return inBandError(body, target, classify(error, error.status), error.message);
}

/** A body that is plain text; undefined for HTML and JSON. */
function plainText(body: string): string | undefined {
  const text = body.trim();
  return text === "" || text.startsWith("<") || text.startsWith("{") ? undefined : text;
}
