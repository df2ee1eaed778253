import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { Classification } from "./classify.js";

/** Headers in which providers name a request, for their support. */
const REQUEST_ID_HEADERS = [
  "x-request-id",
  "request-id",
  "mistral-correlation-id",
  "x-debug-trace-id",
  "apim-request-id",
  "x-amzn-requestid",
  "cf-ray",
];

/** Characters of a provider's message that an error's own message repeats. */
const MESSAGE_LIMIT = 1_000;

/**
 * The error of a reply that a dialect has classified.
 * @param told the provider's words; a body without any is described by its status.
 * @param inBand the error stood inside a 200 or a stream, so that the status says nothing.
 */
export function replyError(
  reply: HttpReply,
  target: DialectTarget,
  what: Classification,
  told: string | undefined,
  inBand = false,
): AiLibError {
  const { headers } = reply;
  const answered = inBand ? "answered with an error" : `answered ${reply.status}`;
  const words = told === undefined || told === "" ? "without saying why" : told.slice(0, MESSAGE_LIMIT);
  return new AiLibError({
    code: what.code,
    message: `${target.provider} ${answered}: ${words}`,
    scope: what.scope,
    retryAt: what.retryAt,
    target: { provider: target.provider, model: target.model },
    status: inBand ? undefined : reply.status,
    requestId: requestIdOf(headers),
    headers,
    body: reply.body,
  });
}

function requestIdOf(headers: HttpReply["headers"]): string | undefined {
  for (const name of REQUEST_ID_HEADERS) {
    const id = headers[name];
    if (id !== undefined && id !== "") return id;
  }
  return undefined;
}
