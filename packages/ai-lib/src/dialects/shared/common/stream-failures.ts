import type { DialectTarget } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";

/** The error for a body that ended before the event that ends a stream of the dialect. */
export function truncated(target: DialectTarget, terminator: string): AiLibError {
  return failure("STREAM_TRUNCATED", target, `closed the stream before ${terminator}`);
}

/** The error for a stream that cannot be understood. */
export function invalidStream(target: DialectTarget, what: string): AiLibError {
  return failure("INVALID_RESPONSE", target, `sent a stream that cannot be decoded: ${what}`);
}

function failure(code: ErrorCode, { provider, model }: DialectTarget, message: string): AiLibError {
  return new AiLibError({ code, message: `${provider} ${message}`, target: { provider, model } });
}
