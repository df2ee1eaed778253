import type { AiLibError } from "../errors/error.js";
import type { EndOf, EventOf, Kind, ResponseOf } from "../values/kinds.js";
import type { Call } from "./call.js";

/**
 * Where the events of a call go. A source calls it synchronously, never before its `open` has returned, and never
 * again after one ending (`finish` or `fail`). A unary call only ends.
 */
export interface Sink<K extends Kind = Kind> {
  event(event: EventOf<K>): void;
  /** Also valid before any event: a reader does not see whether a response was streamed. */
  finish(response: ResponseOf<K>): void;
  fail(error: AiLibError): void;
}

/** A {@link Sink} of a chat. */
export type EventSink = Sink<"chat">;

/** The handle of a running call. All three methods may be called at any time, also after the ending. */
export interface Flow<K extends Kind = Kind> {
  /** Events that were already read may still arrive. */
  pause(): void;
  resume(): void;
  /**
   * Stops the call and closes its connection; its sink receives nothing more.
   * @returns the content so far, if the source has it.
   */
  abort(reason?: unknown): ResponseOf<K> | undefined;
}

/** What a layer implements: the methods of every kind are derived from it. */
export type Open = (call: Call, sink: Sink) => Flow;

/** Where a decoder writes: as a {@link Sink}, but it ends with facts, from which the response is built. */
export interface PartSink<K extends Kind = "chat"> {
  event(event: EventOf<K>): void;
  finish(end: EndOf<K>): void;
  fail(error: AiLibError): void;
}

/** Marks sinks that never throw. Its value is the same in every copy of the package. */
export const GUARDED: unique symbol = Symbol.for("ai-lib.guarded-sink") as never;

/**
 * Names the method of a sink that returns the next sink where every further event goes there unchanged; see
 * {@link eventTarget}. Its value is the same in every copy of the package.
 */
export const PASSES_TO: unique symbol = Symbol.for("ai-lib.passes-to") as never;

/** A layer that may at some point pass events on unchanged. */
interface PassingSink<K extends Kind> {
  [PASSES_TO]?(): EventTarget<K> | undefined;
}

/** A reader of the events of an answer. */
export type EventTarget<K extends Kind> = Pick<Sink<K>, "event">;

/**
 * The sink that reads the further events of an answer: most layers only pass them on after the first content. An attempt
 * then sends them past such layers, so that layers do not cost time at each event. Its ending goes through all layers.
 */
export function eventTarget<K extends Kind>(sink: Sink<K>): EventTarget<K> {
  let target: EventTarget<K> = sink;
  for (;;) {
    const next = (target as PassingSink<K>)[PASSES_TO]?.();
    if (next === undefined) return target;
    target = next;
  }
}

/** Fails a sink as soon as `open` has returned, unless it is aborted before. */
export function failLater(sink: Pick<Sink, "fail">, error: AiLibError): Flow {
  let silent = false;
  queueMicrotask(() => {
    if (silent) return;
    try {
      sink.fail(error);
    } catch {
      // A sink that throws must not end the process; the deadline ends its call.
    }
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
