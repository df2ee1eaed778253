import type { DialectTarget } from "../../core/dialect.js";
import { AiLibError } from "../../core/error.js";
import { buildResponse } from "../../core/fold.js";
import type { HttpReply } from "../../core/http.js";
import { isObject, type JsonObject, tryParse } from "../../core/json.js";
import type { ContentPart } from "../../core/message.js";
import type { ErrorCode } from "../../core/reaction.js";
import type { ChatResponse, EndFacts } from "../../core/response.js";
import { type Classification, codeOfMessage, codeOfStatus } from "../classify.js";
import { meaningOf } from "./error-codes.js";
import { type ErrorWords, errorIn, readErrorBody } from "./error-shapes.js";
import { failureOf } from "./finish.js";
import { type OpenAiChatQuirks, quirksOf } from "./quirks.js";
import { retryAtOfDelay, retryAtOfHeaders, retryAtOfText } from "./retry-time.js";

export { errorIn };

/** Characters of a provider's words that a message keeps. */
const MESSAGE_LIMIT = 1_000;

/** Classifies an error reply of any speaker of the dialect. */
export function replyError(reply: HttpReply, target: DialectTarget): AiLibError {
  const words = readErrorBody(tryParse(reply.body)) ?? { family: "words", message: "", codes: [] };
  return raise(words, target, reply);
}

/** An error from what a body or a frame said. `status`: of the HTTP reply, undefined inside a 200 or a stream. */
export function raise(
  words: ErrorWords,
  target: DialectTarget,
  reply: { readonly status: number | undefined; readonly body: string; readonly partial?: ChatResponse },
): AiLibError {
  const status = reply.status !== undefined && reply.status >= 400 ? reply.status : undefined;
  const { code, scope, retryAt } = classify(words, status, target.now, quirksOf(target));
  return new AiLibError({
    code,
    message: describe(words, reply.status, target),
    body: reply.body,
    ...(scope === undefined ? {} : { scope }),
    ...(retryAt === undefined ? {} : { retryAt }),
    ...(status === undefined ? {} : { status }),
    ...(reply.partial === undefined ? {} : { partial: reply.partial }),
  });
}

/** An answer whose ending says that it failed: the error, with what had come as its partial answer. */
export function failedEnding(
  ending: { readonly error?: JsonObject; readonly finish?: string },
  content: readonly ContentPart[],
  facts: EndFacts,
  target: DialectTarget,
  body: string,
): AiLibError {
  const words = ending.error === undefined ? undefined : readErrorBody({ error: ending.error });
  const partial = partialOf(content, facts, target);
  if (words !== undefined)
    return raise(words, target, { status: undefined, body, ...(partial && { partial }) });
  return new AiLibError({
    code: failureOf(ending.finish ?? "") ?? "PROVIDER_ERROR",
    message: `The provider ended the answer with "${ending.finish}": it failed midway`,
    body,
    ...(partial === undefined ? {} : { partial }),
  });
}

function partialOf(
  content: readonly ContentPart[],
  facts: EndFacts,
  target: DialectTarget,
): ChatResponse | undefined {
  if (content.length === 0) return undefined;
  const response = buildResponse(content, { ...facts, finishReason: "other" }, [], {
    provider: target.provider,
    model: target.model,
    id: "",
    attempts: [],
    estimateInput: () => 0,
  });
  return { ...response, finishReason: "other", message: { ...response.message, incomplete: true } };
}

/** What an error is: the vendor's code before its words, its words before the status. */
export function classify(
  words: ErrorWords,
  status: number | undefined,
  now: number,
  quirks: OpenAiChatQuirks,
): Classification {
  const found = meaning(words, status, quirks);
  if (found.code !== "RATE_LIMIT" && found.code !== "OVERLOADED") return found;
  const retryAt =
    (words.retryDelay === undefined ? undefined : retryAtOfDelay(words.retryDelay, now)) ??
    (words.headers === undefined ? undefined : retryAtOfHeaders(words.headers, now)) ??
    retryAtOfText(words.message, now);
  return retryAt === undefined ? found : { ...found, retryAt };
}

function meaning(words: ErrorWords, http: number | undefined, quirks: OpenAiChatQuirks): Classification {
  const status = http ?? words.status;
  // Larger than a minute's worth of tokens: waiting never helps, a larger account or window does (Groq).
  if (status === 413) return { code: "CONTEXT_TOO_LONG" };
  for (const code of words.codes) {
    const known = meaningOf(code, words.family);
    if (known === undefined || tooVague(known.code, code, status)) continue;
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
 * Types that stand for a whole class: a 429 whose type says `server_error` is still a 429, and OpenAI's
 * `not_found_error` is about whatever the path named.
 */
function tooVague(code: ErrorCode, word: string, status: number | undefined): boolean {
  if (status === undefined || status >= 500) return false;
  if (code === "PROVIDER_ERROR") return true;
  // DeepSeek's `invalid_request_error` and the like are no entries; an authentication type under 4xx is right.
  return code === "MODEL_NOT_FOUND" && word.startsWith("not_found") && status !== 404;
}

function ofUpstream(
  body: string,
  status: number | undefined,
  quirks: OpenAiChatQuirks,
): Classification | undefined {
  const inner = readErrorBody(tryParse(body));
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
  [/content violates|violates? (our|the|usage) (usage |content )?(guidelines|polic)/i, "CONTENT_FILTERED"],
  [/not allowed to (sample from|use|access) this model/i, "PERMISSION_DENIED"],
];

function ownWords(message: string): ErrorCode | undefined {
  return OWN_WORDS.find(([pattern]) => pattern.test(message))?.[1];
}

/** Codes that an error's words may add to each status: a status that says enough is not argued with. */
function byWords(message: string, status: number | undefined, quirks: OpenAiChatQuirks): Classification {
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

function describe(words: ErrorWords, status: number | undefined, target: DialectTarget): string {
  const told = words.message.trim().slice(0, MESSAGE_LIMIT);
  const code = words.codes[0];
  const named = code === undefined || told.includes(code) || code === String(status) ? "" : ` (${code})`;
  if (told !== "") return `${target.provider}: ${told}${named}`;
  const what = status === undefined ? "an error without words" : `HTTP status ${status} without words`;
  return `${target.provider} answered with ${what}${named}`;
}

/** Whether a value is an error body at all. */
export function isErrorBody(value: unknown): boolean {
  return isObject(value) && errorIn(value) !== undefined;
}
