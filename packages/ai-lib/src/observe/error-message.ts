import type { AiLibError } from "../core/errors/error.js";

/** Codes whose message is this library's own if the error has no reply. */
const OWN_MESSAGES: ReadonlySet<string> = new Set([
  "NETWORK_ERROR",
  "TIMEOUT",
  "STREAM_TRUNCATED",
  "CANCELLED",
]);

/** Characters of a message that are reported. */
const MESSAGE_LIMIT = 300;

/**
 * The message of an error, redacted and shortened; undefined where it may not be reported. The message of a provider
 * may quote the prompt or the answer, so it is reported only on request.
 * @param all report the messages of providers, too
 */
export function reportableMessage(
  error: AiLibError,
  all: boolean,
  redact: (text: string) => string,
): string | undefined {
  const own =
    (error.local || OWN_MESSAGES.has(error.code)) &&
    error.status === undefined &&
    error.body === undefined &&
    error.attempts.length <= 1;
  return all || own ? redact(error.message).slice(0, MESSAGE_LIMIT) : undefined;
}
