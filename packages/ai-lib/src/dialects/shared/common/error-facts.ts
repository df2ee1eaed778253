import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { requestIdOf } from "../../../core/values/request-id.js";
import type { Classification } from "./classify.js";

/** The most characters of a provider's message that the message of an error repeats. */
const MESSAGE_LIMIT = 1_000;

/**
 * The error for a reply that a dialect has classified.
 * @param message the provider's message; absent or empty if the body has none.
 * @param inBand the error is part of a 200 or of a stream, so its status means nothing.
 */
export function replyError(
  reply: HttpReply,
  target: DialectTarget,
  { code, scope, retryAt }: Classification,
  message: string | undefined,
  inBand = false,
): AiLibError {
  const { provider, model } = target;
  const { headers, status, body } = reply;
  const answered = inBand ? "answered with an error" : `answered ${status}`;
  const reason =
    message === undefined || message === "" ? "without a message" : message.slice(0, MESSAGE_LIMIT);
  return new AiLibError({
    code,
    message: `${provider} ${answered}: ${reason}`,
    scope,
    retryAt,
    target: { provider, model },
    status: inBand ? undefined : status,
    requestId: requestIdOf(headers),
    headers,
    body,
  });
}
