import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { EventSink } from "../../../core/contract/sink.js";
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

/** The most characters of a frame that its warning quotes. */
const QUOTE_LIMIT = 80;

/**
 * Handles frames of a stream that are not JSON. The first costs a few characters of text at most and is skipped with a
 * warning. One that could have been part of a call's arguments, and any further one, fails the stream.
 */
export class MalformedFrames {
  private skipped = false;

  constructor(
    private readonly target: DialectTarget,
    private readonly out: Pick<EventSink, "event">,
  ) {}

  /** Whether a frame was skipped, so that part of the answer may be missing. */
  get any(): boolean {
    return this.skipped;
  }

  /**
   * Skips a frame.
   * @param inCall the frame may have been part of a tool call.
   * @returns the error that ends the stream; undefined if the stream continues.
   */
  skip(data: string, inCall: boolean): AiLibError | undefined {
    if (data.trim() === "") return undefined;
    const safe = this.target.redact?.(data) ?? data;
    if (this.skipped || inCall)
      return invalidStream(this.target, "one of its frames is not JSON").with({ body: safe });
    this.skipped = true;
    const message = `A frame that is not JSON was skipped: ${safe.slice(0, QUOTE_LIMIT)}`;
    this.out.event({ type: "warning", warning: { code: "malformed", message } });
    return undefined;
  }
}
