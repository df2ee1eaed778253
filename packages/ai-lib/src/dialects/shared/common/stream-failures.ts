import type { DialectTarget } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/values/error-code.js";

/** The body ended without the dialect's own terminator. */
export function truncated(target: DialectTarget, terminator: string): AiLibError {
  return failure("STREAM_TRUNCATED", target, `closed the stream before ${terminator}`);
}

/** A stream that makes no sense. */
export function invalidStream(target: DialectTarget, what: string): AiLibError {
  return failure("INVALID_RESPONSE", target, `sent a stream that makes no sense: ${what}`);
}

function failure(code: ErrorCode, { provider, model }: DialectTarget, message: string): AiLibError {
  return new AiLibError({ code, message: `${provider} ${message}`, target: { provider, model } });
}
