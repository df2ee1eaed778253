import type { PartSink } from "../../../core/contract/sink.js";
import type { AiLibError } from "../../../core/errors/error.js";
import type { Mutable } from "../../../core/values/answer.js";
import type { ChatEvent } from "../../../core/values/chat-event.js";
import type { EndFacts } from "../../../core/values/chat-response.js";

/** Marks each event with the number of the provider's event that it is made of. */
export class CursorSink implements PartSink {
  /** The number of the provider's current event; undefined for a server that counts none. */
  cursor: number | undefined;

  constructor(private readonly sink: PartSink) {}

  /** @param event new, so that the mark can be set on it */
  event(event: Mutable<ChatEvent>): void {
    if (this.cursor !== undefined && event.type !== "restart") event.cursor = this.cursor;
    this.sink.event(event);
  }

  finish(end: EndFacts): void {
    this.sink.finish(end);
  }

  fail(error: AiLibError): void {
    this.sink.fail(error);
  }
}
