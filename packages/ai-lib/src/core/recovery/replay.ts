import type { Call } from "../contract/call.js";
import type { Flow, Sink } from "../contract/sink.js";
import { provideChatStreams } from "../kinds/chat/provide-streams.js";
import type { KindLaws } from "../kinds/laws.js";
import type { EventOf, Kind, ResponseOf } from "../values/kinds.js";

provideChatStreams();

/**
 * Answers a call with a whole response, as soon as `open` has returned: for wrappers that have an answer already, such
 * as a cache. A reader cannot distinguish it from an answer that a provider sent.
 *
 * @example
 * class Fixed extends Wrapper {
 *   answers = new Map<unknown, ResponseOf>();
 *   open(call: Call, sink: Sink): Flow {
 *     const known = this.answers.get(call.request);
 *     return known === undefined ? openMember(this.inner, call, sink) : replay(known, sink, call);
 *   }
 * }
 * @param call the call that is answered. For a stream its events come before the ending. Without it the ending comes
 *   alone, and the reader of the stream makes the events.
 */
export function replay<K extends Kind>(response: ResponseOf<K>, sink: Sink<K>, call?: Call): Flow {
  const laws = call?.laws as KindLaws<K> | undefined;
  const events = call?.mode === "stream" ? (laws?.replay(response) ?? []) : [];
  return new Replay(events, response, sink).start();
}

/** A response that is being sent to a sink. */
class Replay<K extends Kind> implements Flow {
  private next = 0;
  private paused = false;
  private sending = false;
  private over = false;

  constructor(
    private readonly events: readonly EventOf<K>[],
    private readonly response: ResponseOf<K>,
    private readonly sink: Sink<K>,
  ) {}

  start(): this {
    queueMicrotask(() => this.send());
    return this;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    queueMicrotask(() => this.send());
  }

  abort(): undefined {
    this.over = true;
    return undefined;
  }

  private send(): void {
    // A sink may pause and resume while it takes an event.
    if (this.sending) return;
    this.sending = true;
    while (!this.over && !this.paused && this.next < this.events.length)
      this.sink.event(this.events[this.next++] as EventOf<K>);
    this.sending = false;
    if (this.over || this.paused) return;
    this.over = true;
    this.sink.finish(this.response);
  }
}
