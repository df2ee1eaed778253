import { AiLibError } from "./error.js";

/**
 * An error for a client of a server: its code, the earliest time for another attempt, and a message. Attempts, targets,
 * names of keys, addresses, headers, raw bodies and causes stay on the server. A message about the client's own request
 * helps the client and is included; any other message may reveal the backend of the server.
 */
export function publicError(error: AiLibError): AiLibError {
  const { code, status, retryAt, committed, local } = error;
  // The field of the client's own request.
  const issues = local && error.severity === "CLIENT" ? error.issues : undefined;
  return new AiLibError({ code, message: publicMessage(error), status, retryAt, committed, local, issues });
}

/** The message of {@link publicError}. */
export function publicMessage(error: AiLibError): string {
  const { code, severity, attempts, message } = error;
  if (severity !== "CLIENT" || code === "MODEL_NOT_FOUND") return `The answer failed with ${code}`;
  // The message of a strategy lists every attempt; that of the last one is about the request.
  const last = attempts.findLast((attempt) => attempt.code === code);
  return last?.message ?? (attempts.length === 0 ? message : `The answer failed with ${code}`);
}
