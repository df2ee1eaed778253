import type { OutgoingEvent } from "../contract/stream.js";

/** A format of streams. */
export interface EventWriting {
  /** The headers of the response. */
  readonly headers: Readonly<Record<string, string>>;
  /** A sign of life. */
  readonly heartbeat: string;
  /** What writes the events of one stream, or a promise of it where it must be loaded. */
  encoder(): EventEncoder | Promise<EventEncoder>;
}

/** Writes the events of one stream in one format. */
export interface EventEncoder {
  /**
   * The text of an event; may be empty.
   * @param cursor the number of the event, in a stream that can be resumed
   */
  encode(event: OutgoingEvent, cursor?: number): string;
  /** What follows the last event. */
  end(): string;
}
