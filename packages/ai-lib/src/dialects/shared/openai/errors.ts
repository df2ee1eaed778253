import type { ErrorCode } from "../../../core/values/error-code.js";
import { tryParse } from "../../../core/values/json.js";
import { type Classification, codeOfMessage, codeOfStatus } from "../common/errors.js";
import { retryAtOfDelay, retryAtOfHeaders, retryAtOfText } from "../common/retry-time.js";
import { meaningOfVendor, type VendorCodes } from "../common/vendor-codes.js";
import { meaningOf } from "./error-codes.js";
import { decodeErrorBody, type ErrorBody } from "./error-shapes.js";

/** The fields of an error body that has none. */
export const EMPTY_BODY: ErrorBody = { message: "", codes: [] };

/** Quirks of endpoints whose errors do not mean what OpenAI's mean. */
export interface ErrorQuirks {
  /** A quota that is exhausted is one per minute, not money. */
  readonly quotaIsRate?: boolean;
  /** A 403 means that the balance is used up. */
  readonly forbiddenIsQuota?: boolean;
  /** What the vendor's own codes mean. */
  readonly errorCodes?: VendorCodes;
}

/** The provider's message, followed by its code if the message does not contain it. */
export function messageOf({ message: text, codes }: ErrorBody, status: number | undefined): string {
  const message = text.trim();
  const code = codes[0];
  if (code === undefined || message.includes(code) || code === String(status)) return message;
  return message === "" ? code : `${message} (${code})`;
}

/** Classifies an error: by the vendor's code, else by its message, else by the status. */
export function classify(
  body: ErrorBody,
  status: number | undefined,
  now: number,
  quirks: ErrorQuirks,
): Classification {
  const found = meaning(body, status, quirks);
  if (found.code !== "RATE_LIMIT" && found.code !== "OVERLOADED") return found;
  const retryAt =
    (body.retryDelay === undefined ? undefined : retryAtOfDelay(body.retryDelay, now)) ??
    (body.headers === undefined ? undefined : retryAtOfHeaders(body.headers, now)) ??
    retryAtOfText(body.message, now);
  return retryAt === undefined ? found : { ...found, retryAt };
}

function meaning(body: ErrorBody, http: number | undefined, quirks: ErrorQuirks): Classification {
  const status = http ?? body.status;
  for (const code of body.codes) {
    const own = meaningOfVendor(quirks.errorCodes, code);
    if (own !== undefined) return { code: own };
  }
  // Groq: more tokens than a minute allows. Waiting does not help, a larger account or window does.
  if (status === 413) return { code: "CONTEXT_TOO_LONG" };
  for (const code of body.codes) {
    const known = meaningOf(code);
    if (known === undefined || tooVague(known.code, code, status)) continue;
    // Google: the plan has no such quota, so it is not a limit of a time.
    if (/^resource_exhausted$/i.test(code) && /limit: 0\b/.test(body.message))
      return { code: "QUOTA_EXHAUSTED" };
    if (known.code === "QUOTA_EXHAUSTED" && quirks.quotaIsRate === true && /quota/i.test(code))
      return { code: "RATE_LIMIT" };
    return known;
  }
  const upstream = body.upstream === undefined ? undefined : ofUpstream(body.upstream, status, quirks);
  if (upstream !== undefined) return upstream;
  if (status === 403 && quirks.forbiddenIsQuota === true) return { code: "QUOTA_EXHAUSTED" };
  return byMessage(body.message, status, quirks);
}

/**
 * Whether a type is less precise than the status: a 429 or 503 may have the type `server_error`, and `not_found_error`
 * is about any part of the path.
 */
function tooVague(code: ErrorCode, word: string, status: number | undefined): boolean {
  if (status === undefined) return false;
  if (code === "PROVIDER_ERROR") return codeOfStatus(status) !== "PROVIDER_ERROR";
  return code === "MODEL_NOT_FOUND" && word.startsWith("not_found") && status !== 404;
}

function ofUpstream(
  body: string,
  status: number | undefined,
  quirks: ErrorQuirks,
): Classification | undefined {
  const inner = decodeErrorBody(tryParse(body));
  const found =
    inner === undefined
      ? fromWords(body)
      : meaning({ ...inner, upstream: "" }, inner.status ?? status, quirks);
  // The caller decides by the status itself.
  return found?.code === "INVALID_REQUEST" || found?.code === "PROVIDER_ERROR" ? undefined : found;
}

function fromWords(message: string): Classification | undefined {
  const code = ownWords(message) ?? codeOfMessage(message);
  return code === undefined ? undefined : { code };
}

/** Words of endpoints of this dialect, besides those that all vendors share. */
const OWN_WORDS: readonly (readonly [RegExp, ErrorCode])[] = [
  // OpenRouter: https://openrouter.ai/docs/api-reference/errors
  [/no endpoints found that support|no endpoints found.*support/i, "UNSUPPORTED_FEATURE"],
  [/no endpoints found matching your data policy/i, "PERMISSION_DENIED"],
  [/no endpoints found|not a valid model id|model not found/i, "MODEL_NOT_FOUND"],
  [/balance is (insufficient|not enough|too low)|余额不足|欠费/i, "QUOTA_EXHAUSTED"],
  // Text Generation Inference.
  [/inputs?`? tokens \+ `?max_new_tokens/i, "CONTEXT_TOO_LONG"],
  [/content violates|violates? (our|the|usage) (usage |content )?(guidelines|polic)/i, "CONTENT_FILTERED"],
  [/not allowed to (sample from|use|access) this model/i, "PERMISSION_DENIED"],
];

function ownWords(message: string): ErrorCode | undefined {
  return OWN_WORDS.find(([pattern]) => pattern.test(message))?.[1];
}

/** The code for a status and a message. The message counts only where the status is not precise. */
function byMessage(message: string, status: number | undefined, quirks: ErrorQuirks): Classification {
  const suggested = ownWords(message) ?? codeOfMessage(message);
  const code = status === undefined ? undefined : codeOfStatus(status);
  if (suggested === undefined || code === undefined) return { code: suggested ?? code ?? "PROVIDER_ERROR" };
  const quota = suggested === "QUOTA_EXHAUSTED" && quirks.quotaIsRate === true ? "RATE_LIMIT" : suggested;
  switch (code) {
    case "AUTH_FAILED":
    case "QUOTA_EXHAUSTED":
    case "OVERLOADED":
      return { code };
    case "RATE_LIMIT":
      return { code: suggested === "QUOTA_EXHAUSTED" || suggested === "OVERLOADED" ? quota : code };
    case "PERMISSION_DENIED":
      if (/country|region|territory/i.test(message)) return { code, scope: "region" };
      if (suggested === "PERMISSION_DENIED" || suggested === "MODEL_NOT_FOUND")
        return { code, scope: "model" };
      return {
        code: ["CONTENT_FILTERED", "QUOTA_EXHAUSTED", "AUTH_FAILED"].includes(suggested) ? quota : code,
      };
    case "MODEL_NOT_FOUND":
      return {
        code: suggested === "UNSUPPORTED_FEATURE" || suggested === "PERMISSION_DENIED" ? suggested : code,
      };
    case "PROVIDER_ERROR":
      return { code: suggested === "OVERLOADED" || suggested === "CONTEXT_TOO_LONG" ? suggested : code };
    default:
      return { code: quota };
  }
}
