import type { ClientHalf, DialectTarget } from "../../core/contract/dialect.js";
import type { HttpReply } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { nearest } from "../../core/values/nearest.js";
import { redactSecrets } from "../../core/values/redact.js";
import { requestIdOf } from "../../core/values/request-id.js";
import { retryAfter } from "../../core/values/retry-time.js";

/** What classifying a reply needs to know of the exchange around it. */
export interface ReplyContext {
  readonly half: ClientHalf;
  readonly target: DialectTarget;
  /** Where the request went, for the error about a redirect. */
  readonly url: string;
  /** Values that must never be seen in an error. */
  readonly secrets: readonly string[];
  /** Models that are known of the provider, for near names of one that is not found. */
  readonly models?: Readonly<Record<string, unknown>>;
}

/** The error that a reply with a status other than 2xx stands for. */
export function errorOfReply(reply: HttpReply, context: ReplyContext): AiLibError {
  const error =
    reply.status >= 300 && reply.status < 400
      ? redirected(reply, context)
      : context.half.error(reply, context.target);
  const told = error.status === undefined ? error.with({ status: reply.status }) : error;
  return withReplyFacts(withNearNames(told, context), reply, context);
}

/** A model that is not there, with the known ones that are spelled most like it. */
function withNearNames(error: AiLibError, { models, target }: ReplyContext): AiLibError {
  if (error.code !== "MODEL_NOT_FOUND" || models === undefined) return error;
  const near = nearest(target.model, Object.keys(models)).filter((name) => name !== target.model);
  return near.length === 0
    ? error
    : error.with({ message: `${error.message} (did you mean ${near.join(" or ")}?)` });
}

/** An error of the provider with what only the headers know: when to come back, which request it was. */
export function withReplyFacts(error: AiLibError, reply: HttpReply, context: ReplyContext): AiLibError {
  return withoutSecrets(
    error.with({
      retryAt: error.retryAt ?? retryAfter(reply.headers, context.target.now),
      requestId: error.requestId ?? requestIdOf(reply.headers),
      headers: reply.headers,
    }),
    context.secrets,
  );
}

/** The same error with every occurrence of a secret masked: vendors like to quote the key they refuse, and proxies echo requests. */
export function withoutSecrets(error: AiLibError, secrets: readonly string[]): AiLibError {
  if (secrets.length === 0) return error;
  const message = redactSecrets(error.message, secrets);
  const body = masked(error.body, secrets);
  const requestId = masked(error.requestId, secrets);
  const headers = maskedHeaders(error.headers, secrets);
  const untouched =
    message === error.message &&
    body === error.body &&
    requestId === error.requestId &&
    headers === error.headers;
  return untouched ? error : error.with({ message, body, requestId, headers });
}

function masked(text: string | undefined, secrets: readonly string[]): string | undefined {
  return text === undefined ? undefined : redactSecrets(text, secrets);
}

/** Headers quote secrets too: a redirect's `location` repeats the query, with a key where that held one. */
function maskedHeaders(headers: AiLibError["headers"], secrets: readonly string[]): AiLibError["headers"] {
  if (headers === undefined) return undefined;
  const entries = Object.entries(headers).map(
    ([name, value]) => [name, redactSecrets(value, secrets)] as const,
  );
  return entries.some(([name, value]) => value !== headers[name]) ? Object.fromEntries(entries) : headers;
}

function redirected(reply: HttpReply, context: ReplyContext): AiLibError {
  const location = reply.headers["location"];
  const where = location === undefined ? "" : ` to ${originOf(location, context.url)}`;
  return new AiLibError({
    code: "INVALID_RESPONSE",
    status: reply.status,
    message: `${context.target.provider} answered with a redirect${where}, which is not followed since it would carry the key along; set the base URL to the final address`,
  });
}

function originOf(location: string, base: string): string {
  try {
    return new URL(location, base).origin;
  } catch {
    return "a malformed address";
  }
}
