import type { ErrorCode } from "../../../core/values/error-code.js";
import { tryParse } from "../../../core/values/json.js";

import {
  type Classification,
  codeOfMessage,
  codeOfServerMessage,
  codeOfStatus,
  follows,
  startOf,
} from "../common/errors.js";

import { retryAtOfDelay, retryAtOfHeaders, retryAtOfText } from "../common/retry-time.js";
import { withUpstreamWords } from "../common/upstream.js";
import { meaningOfVendor, type VendorCodes } from "../common/vendor-codes.js";
import { meaningOf } from "./error-codes.js";
import { decodeErrorBody, type ErrorBody } from "./error-shapes.js";

/** Quirks of endpoints whose errors differ from OpenAI's. */
export interface ErrorQuirks {
  /** An exhausted quota is a limit per minute, not a balance. */
  readonly quotaIsRate?: boolean;
  /** A 403 means that the balance is used up. */
  readonly forbiddenIsQuota?: boolean;
  /** What the vendor's own codes mean. */
  readonly errorCodes?: VendorCodes;
}

/**
 * The message of an error, with its code unless the message contains it, and with what the provider behind a gateway said.
 * @param status the HTTP status, which is not repeated.
 */
export function messageOf(error: ErrorBody, status: number | undefined): string {
  return withUpstreamWords(messageWithCode(error, status), error.upstream, error.upstreamName);
}

function messageWithCode({ message, codes }: ErrorBody, status: number | undefined): string {
  const text = message.trim();
  const code = codes[0];
  if (code === undefined || text.includes(code) || code === String(status)) return text;
  return text === "" ? code : `${text} (${code})`;
}

/**
 * Classifies an error: codes are more precise than its message, and the message is more precise than the status.
 * @param status the HTTP status; undefined for an error inside a 200.
 * @param now the time of the reply, in epoch milliseconds.
 */
export function classify(
  error: ErrorBody,
  status: number | undefined,
  now: number,
  quirks: ErrorQuirks,
): Classification {
  const found = classifyBody(error, status ?? error.status, quirks);
  if (found.code !== "RATE_LIMIT" && found.code !== "OVERLOADED") return found;
  const { retryDelay, headers, message } = error;
  const retryAt =
    (retryDelay === undefined ? undefined : retryAtOfDelay(retryDelay, now)) ??
    (headers === undefined ? undefined : retryAtOfHeaders(headers, now)) ??
    retryAtOfText(message, now);
  return retryAt === undefined ? found : { ...found, retryAt };
}

function classifyBody(error: ErrorBody, status: number | undefined, quirks: ErrorQuirks): Classification {
  const { codes, message, upstream } = error;
  for (const code of codes) {
    const own = meaningOfVendor(quirks.errorCodes, code);
    if (own !== undefined) return { code: own };
  }
  // Groq: the request has more tokens than the limit of a minute, so waiting does not help.
  if (status === 413) return { code: "CONTEXT_TOO_LONG" };
  // Whether the error has only one code in words. Numbers, and the type of every picture error, do not count.
  const alone = codes.filter((code) => Number.isNaN(Number(code)) && code !== IMAGE_ERROR).length === 1;
  let vague: Classification | undefined;
  for (const code of codes) {
    const known = meaningOf(code);
    if (known === undefined) continue;
    if (isVague(known.code, code, status, alone)) {
      vague ??= known;
      continue;
    }
    // Google: the plan has no such quota, so waiting does not help.
    if (/^resource_exhausted$/i.test(code) && /limit: 0\b/.test(message)) return { code: "QUOTA_EXHAUSTED" };
    if (known.code === "QUOTA_EXHAUSTED" && quirks.quotaIsRate === true && /quota/i.test(code))
      return { code: "RATE_LIMIT" };
    return known;
  }
  return (
    (upstream === undefined ? undefined : classifyUpstream(upstream, status, quirks)) ??
    (status === 403 && quirks.forbiddenIsQuota === true ? { code: "QUOTA_EXHAUSTED" } : undefined) ??
    (status === undefined && vague !== undefined ? classifyVague(vague, message) : undefined) ??
    classifyMessage(message, status, quirks)
  );
}

/** The type of every error of OpenAI's pictures (recording openai.openai-images.retired-model-reaches-model-validation). */
const IMAGE_ERROR = "image_generation_user_error";

/** Classifies an error inside a 200 whose code says little: its message may say more. */
function classifyVague(vague: Classification, message: string): Classification {
  const word = vague.code === "PROVIDER_ERROR" ? codeOfServerMessage(message) : codeOfWords(message);
  return word === undefined ? vague : { code: word };
}

/**
 * Whether a code says less than the status or the message: `server_error` with a 429 or a 503, or as the only word
 * (llama.cpp), and `not_found_error`, which may be about any resource.
 * @param alone the error has no other code in words.
 */
function isVague(code: ErrorCode, word: string, status: number | undefined, alone: boolean): boolean {
  if (code === "INVALID_REQUEST") return alone;
  if (code === "PROVIDER_ERROR")
    return alone || (status !== undefined && codeOfStatus(status) !== "PROVIDER_ERROR");
  return status !== undefined && code === "MODEL_NOT_FOUND" && word.startsWith("not_found") && status !== 404;
}

/** Classifies the error of the provider behind a gateway; undefined if it says no more than the status. */
function classifyUpstream(
  text: string,
  status: number | undefined,
  quirks: ErrorQuirks,
): Classification | undefined {
  const error = decodeErrorBody(tryParse(text));
  if (error === undefined) {
    const code = codeOfWords(text);
    return code === undefined ? undefined : { code };
  }
  // A gateway behind a gateway is not decoded: the depth is bounded.
  const { upstream: _, ...body } = error;
  const found = classifyBody(body, error.status ?? status, quirks);
  return found.code === "INVALID_REQUEST" || found.code === "PROVIDER_ERROR" ? undefined : found;
}

/** Words of vendors of this dialect that the shared list does not have. */
const WORDS: readonly (readonly [RegExp, ErrorCode])[] = [
  // OpenRouter: https://openrouter.ai/docs/api-reference/errors
  [/no endpoints found matching your data policy/i, "PERMISSION_DENIED"],
  [/no endpoints found|not a valid model id|model not found/i, "MODEL_NOT_FOUND"],
  [/balance is (insufficient|not enough|too low)|余额不足|欠费/i, "QUOTA_EXHAUSTED"],
  // Text Generation Inference.
  [/inputs?`? tokens \+ `?max_new_tokens/i, "CONTEXT_TOO_LONG"],
  [/content violates|violates? (our|the|usage) (usage |content )?(guidelines|polic)/i, "CONTENT_FILTERED"],
  [/not allowed to (sample from|use|access) this model/i, "PERMISSION_DENIED"],
];

function codeOfWords(message: string): ErrorCode | undefined {
  const start = startOf(message);
  if (follows(start, /no endpoints found/i, /support/i)) return "UNSUPPORTED_FEATURE";
  return WORDS.find(([words]) => words.test(start))?.[1] ?? codeOfMessage(start);
}

/** Classifies by the message and the status. A message changes only what its status leaves open. */
function classifyMessage(message: string, status: number | undefined, quirks: ErrorQuirks): Classification {
  const word = codeOfWords(message);
  const code = status === undefined ? undefined : codeOfStatus(status);
  if (word === undefined || code === undefined) return { code: word ?? code ?? "PROVIDER_ERROR" };
  const quota = word === "QUOTA_EXHAUSTED" && quirks.quotaIsRate === true ? "RATE_LIMIT" : word;
  switch (code) {
    case "AUTH_FAILED":
    case "QUOTA_EXHAUSTED":
    case "OVERLOADED":
      return { code };
    case "RATE_LIMIT":
      return { code: word === "QUOTA_EXHAUSTED" || word === "OVERLOADED" ? quota : code };
    case "PERMISSION_DENIED":
      if (/country|region|territory/i.test(startOf(message))) return { code, scope: "region" };
      if (word === "PERMISSION_DENIED" || word === "MODEL_NOT_FOUND") return { code, scope: "model" };
      return { code: ["CONTENT_FILTERED", "QUOTA_EXHAUSTED", "AUTH_FAILED"].includes(word) ? quota : code };
    case "MODEL_NOT_FOUND":
      return { code: word === "UNSUPPORTED_FEATURE" || word === "PERMISSION_DENIED" ? word : code };
    case "PROVIDER_ERROR":
      return { code: codeOfServerMessage(message) ?? code };
    default:
      return { code: quota };
  }
}
