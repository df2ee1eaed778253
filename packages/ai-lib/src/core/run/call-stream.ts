import type { Call } from "../contract/call.js";
import { attempt } from "../contract/guard.js";
import type { ChatStream, EventLinesOptions } from "../contract/stream.js";
import { AiLibError, cancelled } from "../errors/error.js";
import { chatLaws } from "../kinds/chat/laws.js";
import { type ChatEvent, isContent, type StreamEvent } from "../values/chat-event.js";
import type { ChatResponse } from "../values/chat-response.js";
import { LIMITS } from "../values/limits.js";
import { eventLines } from "./event-lines.js";
import { CallRun, type Opener } from "./run.js";

/** Events that may wait for a slow reader before the source is paused, and the level at which it resumes. */
const HIGH_WATER = LIMITS.waitingEvents;
const LOW_WATER = 64;

type Step = IteratorResult<StreamEvent, undefined>;

/** The consumer's end of a call: a queue between synchronous events and one asynchronous reader. */
export class CallStream extends CallRun<"chat"> implements ChatStream, AsyncIterator<StreamEvent, undefined> {
  private readonly queue: StreamEvent[] = [];
  private head = 0;
  private resolveNext: ((step: Step) => void) | undefined;
  private rejectNext: ((error: AiLibError) => void) | undefined;
  private reader: "none" | "iterator" | "drain" = "none";
  private paused = false;
  /** Content has passed. */
  private answering = false;
  /** A start event has passed. */
  private started = false;
  /** Something besides a start and warnings has passed. */
  private streamed = false;
  private done: { response: ChatResponse } | { error: AiLibError } | undefined;
  private thrown = false;
  private settled: Promise<ChatResponse> | undefined;
  private settle: { resolve(response: ChatResponse): void; reject(error: AiLibError): void } | undefined;

  /** Made once and not at each `next`, which is called for every event. */
  private readonly wait = (resolve: (step: Step) => void, reject: (error: AiLibError) => void): void => {
    this.resolveNext = resolve;
    this.rejectNext = reject;
  };

  constructor(provider: Opener, call: Call, outermost: boolean) {
    super(provider, call, outermost);
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent, undefined> {
    if (this.reader === "iterator")
      throw new AiLibError({ code: "CONFIG_ERROR", message: "A stream can be iterated once", local: true });
    if (this.reader === "drain")
      throw new AiLibError({
        code: "CONFIG_ERROR",
        message: "response() has already read this stream; start to iterate before awaiting response()",
        local: true,
      });
    this.reader = "iterator";
    return this;
  }

  next(): Promise<Step> {
    const { queue } = this;
    if (this.head < queue.length) {
      const value = queue[this.head++] as StreamEvent;
      if (this.head === queue.length) {
        queue.length = 0;
        this.head = 0;
      }
      if (this.paused && queue.length - this.head <= LOW_WATER) {
        this.paused = false;
        this.resumeSource();
      }
      return Promise.resolve({ value, done: false });
    }
    if (this.done !== undefined) return this.ending(this.done);
    if (this.resolveNext !== undefined)
      return Promise.reject(
        new AiLibError({
          code: "CONFIG_ERROR",
          message: "next() was called before the one before it had settled",
          local: true,
        }),
      );
    const step = new Promise<Step>(this.wait);
    this.start();
    return step;
  }

  return(): Promise<Step> {
    this.leave();
    return Promise.resolve({ value: undefined, done: true });
  }

  get text(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => textOf(this[Symbol.asyncIterator]()) };
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
      if (this.reader === "none") {
        queueMicrotask(() => {
          if (this.reader === "none") this.drain();
        });
      }
    }
    return this.settled;
  }

  toReadableStream(options: EventLinesOptions = {}): ReadableStream<Uint8Array> {
    return eventLines(this[Symbol.asyncIterator](), options);
  }

  event(event: ChatEvent): void {
    if (this.done !== undefined) return;
    if (event.type === "start") this.started = true;
    else if (event.type !== "warning" && event.type !== "usage") this.streamed = true;
    if (!this.answering && isContent(event)) {
      this.answering = true;
      this.answerBegan();
    }
    this.push(event);
  }

  protected settleWith(response: ChatResponse): void {
    // A response that a provider of the user built may lack what its events are made of.
    if (!this.streamed) attempt(() => this.replay(response));
    this.done = { response };
    this.push({ type: "finish", response });
    this.settle?.resolve(response);
  }

  protected settleError(error: AiLibError): void {
    this.done = { error };
    this.settle?.reject(error);
    const { rejectNext } = this;
    if (rejectNext === undefined) return;
    this.forgetNext();
    this.thrown = true;
    rejectNext(error);
  }

  private push(event: StreamEvent): void {
    const { resolveNext } = this;
    if (resolveNext !== undefined) {
      this.forgetNext();
      resolveNext({ value: event, done: false });
      return;
    }
    if (this.reader === "drain") return;
    this.queue.push(event);
    if (!this.paused && this.queue.length - this.head >= HIGH_WATER) {
      this.paused = true;
      this.pauseSource();
    }
  }

  /** A layer answered with a whole response: its events are made here, so that a reader cannot tell. */
  private replay(response: ChatResponse): void {
    for (const event of chatLaws.replay(response)) {
      if (event.type === "warning" || (event.type === "start" && this.started)) continue;
      this.push(event);
    }
  }

  private drain(): void {
    this.reader = "drain";
    this.queue.length = 0;
    this.head = 0;
    if (this.paused) {
      this.paused = false;
      this.resumeSource();
    }
  }

  private ending(done: { response: ChatResponse } | { error: AiLibError }): Promise<Step> {
    if ("error" in done && !this.thrown) {
      this.thrown = true;
      return Promise.reject(done.error);
    }
    return Promise.resolve({ value: undefined, done: true });
  }

  private leave(): void {
    this.queue.length = 0;
    this.head = 0;
    this.thrown = true;
    if (this.done !== undefined) return;
    // A `next` that waits is over, not failed: whoever left knows why.
    const { resolveNext } = this;
    this.forgetNext();
    this.cancel(cancelled("The loop over the stream was left before its end"));
    resolveNext?.({ value: undefined, done: true });
  }

  private forgetNext(): void {
    this.resolveNext = undefined;
    this.rejectNext = undefined;
  }
}

async function* textOf(
  events: AsyncIterator<StreamEvent, undefined>,
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
        if (step.value.text !== "") yield step.value.text;
      } else if (step.value.type === "restart") {
        throw new AiLibError({
          code: "STREAM_TRUNCATED",
          message: "The answer began anew after text had been read; iterate the events to see restarts",
          committed: true,
        });
      }
    }
  } finally {
    if (!finished) await events.return?.();
  }
}
