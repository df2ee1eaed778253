import type { ClientHalf, DialectTarget } from "../../core/contract/dialect.js";
import type { HttpReply } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { nearest } from "../../core/values/nearest.js";
import { requestIdOf } from "../../core/values/request-id.js";
import { retryAfter } from "../../core/values/retry-time.js";

/** What is needed to classify an error reply. */
export interface ReplyContext {
  readonly half: ClientHalf;
  readonly target: DialectTarget;
  /** The URL of the request, for errors about redirects. */
  readonly url: string;
  /** The known models of the provider, to suggest similar names for one that is not found. */
  readonly models?: Readonly<Record<string, unknown>>;
}

/** The error that a reply with a status other than 2xx means. */
export function errorOfReply(reply: HttpReply, context: ReplyContext): AiLibError {
  const error =
    reply.status >= 300 && reply.status < 400
      ? redirectError(reply, context)
      : context.half.error(reply, context.target);
  const known = error.status === undefined ? error.with({ status: reply.status }) : error;
  return withReplyFacts(withAddress(withNearNames(known, context), reply, context), reply, context);
}

/** The statuses for an unknown path, and for a path with another method. */
const NO_PATH: ReadonlySet<number> = new Set([404, 405, 501]);

/**
 * Adds the address that answered, if it seems to be wrong: the path is missing and the message does not concern a
 * model, as with a proxy, another server, or a base URL with or without a version. The query, which may contain the
 * key, is left out.
 */
function withAddress(error: AiLibError, { status, body }: HttpReply, { url }: ReplyContext): AiLibError {
  if (!NO_PATH.has(status) || /model|deployment/i.test(body.slice(0, MAX_WORDS))) return error;
  const address = url.split("?", 1)[0];
  return error.with({
    message: `${error.message} (${address} answered ${status}: check the base URL and its path)`,
  });
}

/** The most characters of a body that are searched. */
const MAX_WORDS = 2_000;

/** Adds the known models with a similar name to an error about an unknown model. */
function withNearNames(error: AiLibError, { models, target }: ReplyContext): AiLibError {
  if (error.code !== "MODEL_NOT_FOUND" || models === undefined) return error;
  const near = nearest(target.model, Object.keys(models)).filter((name) => name !== target.model);
  return near.length === 0
    ? error
    : error.with({ message: `${error.message} (did you mean ${near.join(" or ")}?)` });
}

/** Adds facts from the headers of a reply to an error: when to try again, and the id of the request. */
function withReplyFacts(error: AiLibError, reply: HttpReply, context: ReplyContext): AiLibError {
  return error.with({
    retryAt: error.retryAt ?? retryAfter(reply.headers, context.target.now),
    requestId: error.requestId ?? requestIdOf(reply.headers),
    headers: reply.headers,
  });
}

function redirectError(reply: HttpReply, context: ReplyContext): AiLibError {
  const location = reply.headers["location"];
  const where = location === undefined ? "" : ` to ${originOf(location, context.url)}`;
  return new AiLibError({
    code: "INVALID_RESPONSE",
    status: reply.status,
    message: `${context.target.provider} answered with a redirect${where}, which is not followed, because the key would be sent there; set the base URL to the final address`,
  });
}

function originOf(location: string, base: string): string {
  try {
    return new URL(location, base).origin;
  } catch {
    return "a malformed address";
  }
}

/** What an exchange needs of a reply that failed, which a bundle of chats alone loads on demand. */
export const replyErrorReaders = { errorOfReply, withReplyFacts };
