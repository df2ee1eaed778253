import type { ChatStream, EventBodyOptions, EventResponseOptions, NodeResponse } from "../contract/stream.js";
import { textPieces } from "./event-queue.js";
import { eventBody, eventResponse, pipeEvents } from "./event-response.js";
import { EventStream } from "./event-stream.js";

/** The consumer's end of a streamed chat. */
export class CallStream extends EventStream<"chat"> implements ChatStream {
  get text(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => textPieces(this[Symbol.asyncIterator]()) };
  }

  toReadableStream(options?: EventBodyOptions): ReadableStream<Uint8Array> {
    return eventBody(this, options);
  }

  toResponse(options?: EventResponseOptions): Response {
    return eventResponse(this, options);
  }

  pipeTo(response: NodeResponse, options?: EventResponseOptions): Promise<void> {
    return pipeEvents(this, response, options);
  }
}
