import type { ErrorCode } from "../../../core/values/error-code.js";
import { tryParse } from "../../../core/values/json.js";
import { type Classification, codeOfMessage, codeOfStatus } from "../common/errors.js";
import { retryAtOfDelay, retryAtOfHeaders, retryAtOfText } from "../common/retry-time.js";
import { meaningOfVendor, type VendorCodes } from "../common/vendor-codes.js";
import { meaningOf } from "./error-codes.js";
import { decodeErrorBody, type ErrorWords } from "./error-shapes.js";

/** What an error body says that says nothing. */
export const NO_WORDS: ErrorWords = { message: "", codes: [] };

/** Flags of endpoints whose errors mean something else than OpenAI's. */
export interface ErrorQuirks {
  /** A quota that is exhausted is one per minute and not money. */
  readonly quotaIsRate?: boolean;
  /** A 403 means that the balance is used up. */
  readonly forbiddenIsQuota?: boolean;
  /** What the vendor's own codes mean. */
  readonly errorCodes?: VendorCodes;
}

/** The provider's words, with its code where they do not name it. */
export function told(words: ErrorWords, status: number | undefined): string {
  const message = words.message.trim();
  const code = words.codes[0];
  if (code === undefined || message.includes(code) || code === String(status)) return message;
  return message === "" ? code : `${message} (${code})`;
}

/** What an error is: the vendor's code before its words, its words before the status. */
export function classify(
  words: ErrorWords,
  status: number | undefined,
  now: number,
  quirks: ErrorQuirks,
): Classification {
  const found = meaning(words, status, quirks);
  if (found.code !== "RATE_LIMIT" && found.code !== "OVERLOADED") return found;
  const retryAt =
    (words.retryDelay === undefined ? undefined : retryAtOfDelay(words.retryDelay, now)) ??
    (words.headers === undefined ? undefined : retryAtOfHeaders(words.headers, now)) ??
    retryAtOfText(words.message, now);
  return retryAt === undefined ? found : { ...found, retryAt };
}

function meaning(words: ErrorWords, http: number | undefined, quirks: ErrorQuirks): Classification {
  const status = http ?? words.status;
  for (const code of words.codes) {
    const own = meaningOfVendor(quirks.errorCodes, code);
    if (own !== undefined) return { code: own };
  }
  // Larger than a minute's worth of tokens: waiting never helps, a larger account or window does (Groq).
  if (status === 413) return { code: "CONTEXT_TOO_LONG" };
  for (const code of words.codes) {
    const known = meaningOf(code);
    if (known === undefined || tooVague(known.code, code, status)) continue;
    // Google: a quota that a plan does not have at all never comes back.
    if (/^resource_exhausted$/i.test(code) && /limit: 0\b/.test(words.message))
      return { code: "QUOTA_EXHAUSTED" };
    if (known.code === "QUOTA_EXHAUSTED" && quirks.quotaIsRate === true && /quota/i.test(code))
      return { code: "RATE_LIMIT" };
    return known;
  }
  const upstream = words.upstream === undefined ? undefined : ofUpstream(words.upstream, status, quirks);
  if (upstream !== undefined) return upstream;
  if (status === 403 && quirks.forbiddenIsQuota === true) return { code: "QUOTA_EXHAUSTED" };
  return byWords(words.message, status, quirks);
}

/**
 * Types that stand for a whole class: a 429 or 503 whose type says `server_error` is what its status says, and
 * `not_found_error` is about whatever the path named.
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
  // What only the status told is told again by the caller.
  return found?.code === "INVALID_REQUEST" || found?.code === "PROVIDER_ERROR" ? undefined : found;
}

function fromWords(message: string): Classification | undefined {
  const code = ownWords(message) ?? codeOfMessage(message);
  return code === undefined ? undefined : { code };
}

/** Words of this dialect's speakers that the shared list does not hold. */
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

/** Codes that an error's words may add to each status: a status that says enough is not argued with. */
function byWords(message: string, status: number | undefined, quirks: ErrorQuirks): Classification {
  const told = ownWords(message) ?? codeOfMessage(message);
  const code = status === undefined ? undefined : codeOfStatus(status);
  if (told === undefined || code === undefined) return { code: told ?? code ?? "PROVIDER_ERROR" };
  const quota = told === "QUOTA_EXHAUSTED" && quirks.quotaIsRate === true ? "RATE_LIMIT" : told;
  switch (code) {
    case "AUTH_FAILED":
    case "QUOTA_EXHAUSTED":
    case "OVERLOADED":
      return { code };
    case "RATE_LIMIT":
      return { code: told === "QUOTA_EXHAUSTED" || told === "OVERLOADED" ? quota : code };
    case "PERMISSION_DENIED":
      if (/country|region|territory/i.test(message)) return { code, scope: "region" };
      if (told === "PERMISSION_DENIED" || told === "MODEL_NOT_FOUND") return { code, scope: "model" };
      return { code: ["CONTENT_FILTERED", "QUOTA_EXHAUSTED", "AUTH_FAILED"].includes(told) ? quota : code };
    case "MODEL_NOT_FOUND":
      return { code: told === "UNSUPPORTED_FEATURE" || told === "PERMISSION_DENIED" ? told : code };
    case "PROVIDER_ERROR":
      return { code: told === "OVERLOADED" || told === "CONTEXT_TOO_LONG" ? told : code };
    default:
      return { code: quota };
  }
}
