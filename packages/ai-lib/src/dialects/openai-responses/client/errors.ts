import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";
import {
  asNumber,
  asObject,
  asString,
  entryOf,
  type JsonObject,
  tryParse,
} from "../../../core/values/json.js";
import { defined } from "../../shared/common/body-fields.js";
import { type Classification, inBandError, replyError } from "../../shared/common/errors.js";
import { retryAtOfBody } from "../../shared/common/retry-time.js";
import { decodeErrorBody, EMPTY_ERROR, type ErrorBody, errorIn } from "../../shared/openai/error-shapes.js";
import { classify, messageOf } from "../../shared/openai/errors.js";
import { quirksOf } from "../shared/quirks.js";

export { errorIn };

/**
 * Codes of `response.error`, which has no status. Chat completions do not have them
 * (https://platform.openai.com/docs/api-reference/responses/object#responses/object-error).
 */
const CODES: Readonly<Record<string, ErrorCode>> = {
  // "Invalid prompt: your prompt was flagged as potentially violating our usage policy"
  invalid_prompt: "CONTENT_FILTERED",
  bio_policy: "CONTENT_FILTERED",
  cyber_policy_violation: "CONTENT_FILTERED",
  image_content_policy_violation: "CONTENT_FILTERED",
  data_residency_mismatch: "PERMISSION_DENIED",
  vector_store_timeout: "PROVIDER_ERROR",
  invalid_image: "INVALID_REQUEST",
  invalid_image_format: "INVALID_REQUEST",
  invalid_base64_image: "INVALID_REQUEST",
  invalid_image_url: "INVALID_REQUEST",
  image_too_large: "INVALID_REQUEST",
  image_too_small: "INVALID_REQUEST",
  image_parse_error: "INVALID_REQUEST",
  invalid_image_mode: "INVALID_REQUEST",
  image_file_too_large: "INVALID_REQUEST",
  unsupported_image_media_type: "INVALID_REQUEST",
  empty_image_file: "INVALID_REQUEST",
  failed_to_download_image: "INVALID_REQUEST",
  image_file_not_found: "INVALID_REQUEST",
  // Encrypted reasoning of another account or endpoint.
  invalid_encrypted_content: "INVALID_REQUEST",
  previous_response_not_found: "INVALID_REQUEST",
};

/** Decodes an error reply. */
export function decodeError(reply: HttpReply, target: DialectTarget): AiLibError {
  const error = decodeErrorBody(tryParse(reply.body)) ?? EMPTY_ERROR;
  return replyError(reply, target, meaningOf(error, reply.status, target), messageOf(error, reply.status));
}

/**
 * The error inside a 200 or in an event: a response that failed, an `error` event in one of its two shapes
 * (`{ type, error: { code, message } }` and `{ type, code, message }`), or an error object alone.
 * @param text the text that contains it.
 */
export function decodeInBandError(body: JsonObject, text: string, target: DialectTarget): AiLibError {
  const response = asObject(body["response"]);
  const error =
    (response === undefined ? undefined : errorIn(response)) ?? decodeErrorBody(body) ?? EMPTY_ERROR;
  const message = messageOf(error, undefined);
  const status = asString((response ?? body)["status"]);
  return inBandError(
    text,
    target,
    meaningOf(error, error.status, target),
    message === "" && status !== undefined ? `the response's status is "${status}"` : message,
  );
}

/**
 * The error of a plan whose limit is reached, from the event that reports its use; undefined if more is left.
 * The later of its windows says when to come back.
 */
export function planLimitOf(event: JsonObject, target: DialectTarget): AiLibError | undefined {
  const limits = asObject(event["rate_limits"]) ?? {};
  if (limits["limit_reached"] !== true && limits["allowed"] !== false) return undefined;
  let retryAt: number | undefined;
  for (const name of ["primary", "secondary"]) {
    const window = asObject(limits[name]);
    if (window === undefined || (asNumber(window["used_percent"]) ?? 100) < 100) continue;
    const at = retryAtOfBody(window, target.now);
    if (at !== undefined && at > (retryAt ?? 0)) retryAt = at;
  }
  const message = "the limit of the plan is reached";
  return inBandError(JSON.stringify(event), target, { code: "RATE_LIMIT", ...defined({ retryAt }) }, message);
}

function meaningOf(error: ErrorBody, status: number | undefined, target: DialectTarget): Classification {
  for (const code of error.codes) {
    const known = entryOf(CODES, code);
    if (known !== undefined) return { code: known };
  }
  return classify(error, status, target.now, quirksOf(target));
}
