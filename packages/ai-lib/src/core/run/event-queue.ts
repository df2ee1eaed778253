import { AiLibError, configError } from "../errors/error.js";
import { LIMITS } from "../values/limits.js";

/** Events that may wait for a slow reader before the source is paused, and the level at which it resumes. */
const HIGH_WATER = LIMITS.waitingEvents;
const LOW_WATER = 64;

/** Where the events of a queue come from. */
export interface QueueSource {
  /** Begins, when the first event is asked for; called again, it does nothing. */
  start(): void;
  pause(): void;
  resume(): void;
  /** Called when the reader leaves before the end: stops the source. */
  leave(): void;
}

/** A queue between synchronous events and one asynchronous reader. It makes one promise an event, and none that waits. */
export class EventQueue<E> implements AsyncIterator<E, undefined> {
  private readonly queue: E[] = [];
  private head = 0;
  private resolveNext: ((step: IteratorResult<E, undefined>) => void) | undefined;
  private rejectNext: ((error: AiLibError) => void) | undefined;
  private reader: "none" | "iterator" | "drain" = "none";
  private paused = false;
  private over = false;
  /** The error that the reader has not received yet. */
  private error: AiLibError | undefined;

  /** Made once and not at each `next`, which is called for every event. */
  private readonly wait = (
    resolve: (step: IteratorResult<E, undefined>) => void,
    reject: (error: AiLibError) => void,
  ): void => {
    this.resolveNext = resolve;
    this.rejectNext = reject;
  };

  /** @param whole the method that reads everything without events, for the message of a mistake: `response()` */
  constructor(
    private readonly source: QueueSource,
    private readonly whole: string,
  ) {}

  /** Whether reading has not begun. */
  get unread(): boolean {
    return this.reader === "none";
  }

  /** Whether a loop reads it, or has read it. */
  get iterated(): boolean {
    return this.reader === "iterator";
  }

  /** @throws {AiLibError} `CONFIG_ERROR` the second time, and after {@link drain}. */
  iterate(): AsyncIterator<E, undefined> {
    if (this.reader === "iterator") throw configError("A stream can be iterated once");
    if (this.reader === "drain")
      throw configError(
        `${this.whole} has already read this stream; start to iterate before awaiting ${this.whole}`,
      );
    this.reader = "iterator";
    return this;
  }

  next(): Promise<IteratorResult<E, undefined>> {
    const { queue } = this;
    if (this.head < queue.length) {
      const value = queue[this.head++] as E;
      if (this.head === queue.length) {
        queue.length = 0;
        this.head = 0;
      }
      if (this.paused && queue.length - this.head <= LOW_WATER) {
        this.paused = false;
        this.source.resume();
      }
      return Promise.resolve({ value, done: false });
    }
    if (this.over) return this.ending();
    if (this.resolveNext !== undefined)
      return Promise.reject(configError("next() was called before the one before it had settled"));
    const step = new Promise<IteratorResult<E, undefined>>(this.wait);
    this.source.start();
    return step;
  }

  return(): Promise<IteratorResult<E, undefined>> {
    this.clear();
    if (!this.over) {
      this.over = true;
      // A waiting `next` is done and does not fail: the reader itself left.
      const { resolveNext } = this;
      this.forgetNext();
      this.source.leave();
      resolveNext?.({ value: undefined, done: true });
    }
    this.error = undefined;
    return Promise.resolve({ value: undefined, done: true });
  }

  /** Hands an event to the reader that waits for it, or keeps it. */
  push(event: E): void {
    const { resolveNext } = this;
    if (resolveNext !== undefined) {
      this.forgetNext();
      resolveNext({ value: event, done: false });
      return;
    }
    if (this.reader === "drain" || this.over) return;
    this.queue.push(event);
    if (!this.paused && this.queue.length - this.head >= HIGH_WATER) {
      this.paused = true;
      this.source.pause();
    }
  }

  /** @see EventTarget */
  event(event: E): void {
    this.push(event);
  }

  /** Hands an event to a reader that waits for it; any other reader does without it. */
  offer(event: E): void {
    if (this.resolveNext !== undefined) this.push(event);
  }

  /** No further event comes. */
  end(): void {
    if (this.over) return;
    this.over = true;
    const { resolveNext } = this;
    this.forgetNext();
    resolveNext?.({ value: undefined, done: true });
  }

  /** No further event comes; the reader receives the error after those that wait. */
  fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    const { rejectNext } = this;
    this.forgetNext();
    if (rejectNext === undefined) this.error = error;
    else rejectNext(error);
  }

  /** From now on events are dropped. */
  drain(): void {
    this.reader = "drain";
    this.clear();
    if (!this.paused) return;
    this.paused = false;
    this.source.resume();
  }

  private ending(): Promise<IteratorResult<E, undefined>> {
    const { error } = this;
    this.error = undefined;
    if (error !== undefined) return Promise.reject(error);
    return Promise.resolve({ value: undefined, done: true });
  }

  private clear(): void {
    this.queue.length = 0;
    this.head = 0;
  }

  private forgetNext(): void {
    this.resolveNext = undefined;
    this.rejectNext = undefined;
  }
}

/**
 * The text of the answers, piece by piece.
 * @throws {AiLibError} `STREAM_TRUNCATED` at a restart: text that was read cannot be taken back.
 */
export async function* textPieces(
  events: AsyncIterator<{ readonly type: string }, undefined>,
): AsyncGenerator<string, void, undefined> {
  let finished = false;
  try {
    for (;;) {
      const step = await events.next();
      if (step.done === true) {
        finished = true;
        return;
      }
      if (step.value.type === "text-delta") {
        const { text } = step.value as unknown as { readonly text: string };
        if (text !== "") yield text;
      } else if (step.value.type === "restart") {
        throw new AiLibError({
          code: "STREAM_TRUNCATED",
          message: "The answer restarted after text had been read; iterate the events to see restarts",
          committed: true,
        });
      }
    }
  } finally {
    if (!finished) await events.return?.();
  }
}
