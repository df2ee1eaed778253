import type { AiLibError } from "../errors/error.js";
import type { ChatEvent } from "../values/chat-event.js";
import type { ChatResponse, EndFacts } from "../values/chat-response.js";
import type { Call } from "./call.js";

/**
 * Where a call's events go. A source calls it synchronously, never before its `open` has returned, and after
 * one ending (`finish` or `fail`) never again. A unary call only ends.
 */
export interface EventSink {
  event(event: ChatEvent): void;
  finish(response: ChatResponse): void;
  fail(error: AiLibError): void;
}

/** The handle of a running call. All three methods may be called at any time, also after the ending. */
export interface Flow {
  /** Only what was already read may still come. */
  pause(): void;
  resume(): void;
  /**
   * Stops the call and closes its connection; its sink hears nothing more.
   * @returns what had come so far, where the source kept it.
   */
  abort(reason?: unknown): ChatResponse | undefined;
}

/** What a layer implements: both `chat` and `stream` are derived from it. */
export type Open = (call: Call, sink: EventSink) => Flow;

/** Where a decoder writes: like an {@link EventSink}, but it ends with facts, from which the fold builds the response. */
export interface PartSink {
  event(event: ChatEvent): void;
  finish(facts: EndFacts): void;
  fail(error: AiLibError): void;
}

/** A flow that has nothing to stop. */
export const IDLE_FLOW: Flow = { pause() {}, resume() {}, abort: () => undefined };

/** Fails a sink as soon as `open` has returned, unless it is aborted before. */
export function failLater(sink: Pick<EventSink, "fail">, error: AiLibError): Flow {
  let silent = false;
  queueMicrotask(() => {
    if (!silent) sink.fail(error);
  });
  return {
    pause() {},
    resume() {},
    abort() {
      silent = true;
      return undefined;
    },
  };
}
