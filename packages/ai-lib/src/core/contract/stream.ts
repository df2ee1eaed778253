import type { StreamEvent } from "../values/chat-event.js";
import type { ChatResponse } from "../values/chat-response.js";
import type { ErrorCode } from "../values/error-code.js";

/**
 * An answer as it comes. Nothing is sent until it is iterated or `response()` is called. Leaving the loop, or
 * aborting the signal, closes the upstream connection. It can be iterated once.
 */
export interface ChatStream extends AsyncIterable<StreamEvent> {
  /** Only the text, piece by piece. Fails rather than restart, since what was printed cannot be taken back. */
  readonly text: AsyncIterable<string>;
  /**
   * The whole answer. May be called before, during or after the loop; reads to the end if nobody iterates.
   * Rejects with the call's error, or with `CANCELLED` and `partial` after the loop was left. Never raises an
   * unhandled rejection.
   */
  response(): Promise<ChatResponse>;
  /**
   * The events as newline-delimited JSON, for an HTTP response to a browser; cancelling it closes the upstream. A call
   * that fails ends it with a {@link StreamErrorLine}, never with a torn body.
   */
  toReadableStream(options?: EventLinesOptions): ReadableStream<Uint8Array>;
}

/** Options of `toReadableStream()`. */
export interface EventLinesOptions {
  /**
   * Writes also what is the server's own business: attempts with their targets and key aliases, headers, the
   * provider's request id and rate limits, raw bodies, and the messages of errors that the request did not cause.
   * Default false.
   */
  readonly expose?: boolean | undefined;
}

/** The last line of `toReadableStream()` where the call failed. */
export interface StreamErrorLine {
  readonly type: "error";
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    /** Whether asking again may help. */
    readonly retryable: boolean;
    /** Epoch milliseconds before which asking again is pointless. */
    readonly retryAt?: number;
    /** Content had been delivered before. */
    readonly committed: boolean;
  };
}
