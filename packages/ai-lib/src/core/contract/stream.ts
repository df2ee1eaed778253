import type { StreamEvent } from "../values/chat-event.js";
import type { ChatResponse } from "../values/chat-response.js";

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
  /** The events as newline-delimited JSON, for an HTTP response to a browser; cancelling it closes the upstream. */
  toReadableStream(): ReadableStream<Uint8Array>;
}
