import type { Call } from "../contract/call.js";
import type { StreamItem } from "../contract/stream.js";
import { AiLibError } from "../errors/error.js";
import { NotLoaded } from "../errors/on-demand.js";
import type { KindLaws } from "../kinds/laws.js";
import type { EventOf, Kind, ResponseOf } from "../values/kinds.js";
import { CallRun, type Opener } from "./run.js";

/** A streamed call: hands on its events, and makes those of an answer that a layer gave whole. */
export abstract class StreamRun<K extends Kind = "chat"> extends CallRun<K> {
  private ended = false;
  /** Content has passed. */
  protected answering = false;
  /** A start event has passed. */
  private started = false;
  /** An event other than a start, usage or a warning has passed. */
  private streamed = false;
  private readonly laws: KindLaws<K>;

  constructor(provider: Opener, call: Call, outermost: boolean) {
    super(provider, call, outermost);
    this.laws = call.laws as unknown as KindLaws<K>;
  }

  /** Hands on an event. */
  protected abstract push(event: StreamItem<K>): void;
  /** Hands on an event if the reader waits for one. */
  protected abstract offer(event: StreamItem<K>): void;
  /** The call has ended with this answer, after its `finish` event. */
  protected abstract succeed(response: ResponseOf<K>): void;

  event(event: EventOf<K>): void {
    if (this.ended) return;
    if (!this.answering) this.note(event);
    this.push(event);
  }

  /** Notes what passes up to the first content. */
  private note(event: EventOf<K>): void {
    const { type } = event as { readonly type: string };
    if (type === "start") this.started = true;
    else if (type !== "warning" && type !== "usage") this.streamed = true;
    if (!this.laws.isContent(event)) return;
    this.answering = true;
    this.streamed = true;
    this.answerBegan();
  }

  override alive(): void {
    if (!this.ended) this.offer({ type: "ping" });
  }

  protected settleWith(response: ResponseOf<K>): void {
    if (!this.streamed) {
      try {
        this.replay(response);
      } catch (error) {
        if (error instanceof NotLoaded) {
          this.settleLater(error, response);
          return;
        }
        // A response that a provider of the user built may lack what its events are made of.
      }
    }
    this.ended = true;
    this.push({ type: "finish", response });
    this.succeed(response);
  }

  /** A layer answered without an attempt, which would have loaded the code that makes the events. */
  private settleLater(missing: NotLoaded, response: ResponseOf<K>): void {
    missing.load().then(
      () => this.settleWith(response),
      (error: unknown) => {
        this.ended = true;
        this.settleError(AiLibError.from(error));
      },
    );
  }

  /** A layer answered with a whole response: its events are made here, so that a reader cannot tell. */
  private replay(response: ResponseOf<K>): void {
    for (const event of this.laws.replay(response)) {
      const { type } = event as { readonly type: string };
      if (type === "warning" || (type === "start" && this.started)) continue;
      this.push(event);
    }
  }
}
