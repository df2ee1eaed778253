import type { OutgoingEvent } from "../contract/stream.js";

/** Writes the events of one stream in one format. */
export interface EventEncoder {
  /** The headers of the response. */
  readonly headers: Readonly<Record<string, string>>;
  /** A sign of life. */
  readonly heartbeat: string;
  /**
   * The text of an event; may be empty.
   * @param cursor the number of the event, in a stream that can be resumed
   */
  encode(event: OutgoingEvent, cursor?: number): string;
  /** What follows the last event. */
  end(): string;
}
