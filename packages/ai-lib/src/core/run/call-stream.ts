import type { ChatStream, EventBodyOptions, EventResponseOptions, NodeResponse } from "../contract/stream.js";
import { type AiLibError, cancelled } from "../errors/error.js";
import type { StreamEvent } from "../values/chat-event.js";
import type { ChatResponse } from "../values/chat-response.js";
import { EventQueue, type QueueSource, textPieces } from "./event-queue.js";
import { eventBody, eventResponse, pipeEvents } from "./event-response.js";
import { StreamRun } from "./stream-run.js";

/** The consumer's end of a call. */
export class CallStream extends StreamRun implements ChatStream, QueueSource {
  private readonly events = new EventQueue<StreamEvent>(this, "response()");
  private done: { response: ChatResponse } | { error: AiLibError } | undefined;
  private settled: Promise<ChatResponse> | undefined;
  private settle: { resolve(response: ChatResponse): void; reject(error: AiLibError): void } | undefined;

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent, undefined> {
    return this.events.iterate();
  }

  get text(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => textPieces(this[Symbol.asyncIterator]()) };
  }

  response(): Promise<ChatResponse> {
    if (this.settled === undefined) {
      this.settled = new Promise<ChatResponse>((resolve, reject) => {
        if (this.done === undefined) this.settle = { resolve, reject };
        else if ("response" in this.done) resolve(this.done.response);
        else reject(this.done.error);
      });
      // The caller may look at the loop's error alone; then nobody awaits this promise.
      this.settled.catch(() => {});
      if (this.done === undefined) this.start();
      // A loop that starts in the same turn still sees every event: no source calls before `open` has returned.
      if (this.events.unread) {
        queueMicrotask(() => {
          if (this.events.unread) this.events.drain();
        });
      }
    }
    return this.settled;
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

  /** @see QueueSource.start */
  override start(): void {
    super.start();
  }

  /** @see QueueSource.pause */
  pause(): void {
    this.pauseSource();
  }

  /** @see QueueSource.resume */
  resume(): void {
    this.resumeSource();
  }

  /** @see QueueSource.leave */
  leave(): void {
    this.cancel(cancelled("The loop over the stream was left before its end"));
  }

  protected push(event: StreamEvent): void {
    this.events.push(event);
  }

  protected offer(event: StreamEvent): void {
    this.events.offer(event);
  }

  protected succeed(response: ChatResponse): void {
    this.done = { response };
    this.events.end();
    this.settle?.resolve(response);
  }

  protected settleError(error: AiLibError): void {
    this.done = { error };
    this.settle?.reject(error);
    this.events.fail(error);
  }
}
