import { type EventTarget, PASSES_TO } from "../contract/sink.js";
import type { KindStream, StreamItem } from "../contract/stream.js";
import { type AiLibError, cancelled } from "../errors/error.js";
import type { Kind, ResponseOf } from "../values/kinds.js";
import { EventQueue, type QueueSource } from "./event-queue.js";
import { StreamRun } from "./stream-run.js";

/** The consumer's end of a streamed call. */
export class EventStream<K extends Kind> extends StreamRun<K> implements KindStream<K>, QueueSource {
  private readonly events = new EventQueue<StreamItem<K>>(this, "response()");
  private done: { response: ResponseOf<K> } | { error: AiLibError } | undefined;
  private settled: Promise<ResponseOf<K>> | undefined;
  private settle: { resolve(response: ResponseOf<K>): void; reject(error: AiLibError): void } | undefined;

  [Symbol.asyncIterator](): AsyncIterator<StreamItem<K>, undefined> {
    return this.events.iterate();
  }

  response(): Promise<ResponseOf<K>> {
    if (this.settled === undefined) {
      this.settled = new Promise<ResponseOf<K>>((resolve, reject) => {
        if (this.done === undefined) this.settle = { resolve, reject };
        else if ("response" in this.done) resolve(this.done.response);
        else reject(this.done.error);
      });
      // The caller may handle only the error of the loop; this promise is then not awaited.
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

  /** @see PASSES_TO */
  [PASSES_TO](): EventTarget<K> | undefined {
    return this.answering ? this.events : undefined;
  }

  protected push(event: StreamItem<K>): void {
    this.events.push(event);
  }

  protected offer(event: StreamItem<K>): void {
    this.events.offer(event);
  }

  protected succeed(response: ResponseOf<K>): void {
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
