import { attempt } from "../contract/guard.js";
import { chatLaws } from "../kinds/chat/laws.js";
import { type ChatEvent, isContent, type StreamEvent } from "../values/chat-event.js";
import type { ChatResponse } from "../values/chat-response.js";
import { CallRun } from "./run.js";

/** A streamed call: hands on its events, and makes those of an answer that a layer gave whole. */
export abstract class StreamRun extends CallRun<"chat"> {
  private ended = false;
  /** Content has passed. */
  private answering = false;
  /** A start event has passed. */
  private started = false;
  /** Something besides a start, usage and warnings has passed. */
  private streamed = false;

  /** Hands on an event. */
  protected abstract push(event: StreamEvent): void;
  /** Hands on an event if the reader waits for one. */
  protected abstract offer(event: StreamEvent): void;
  /** The call has ended with this answer, after its `finish` event. */
  protected abstract succeed(response: ChatResponse): void;

  event(event: ChatEvent): void {
    if (this.ended) return;
    if (event.type === "start") this.started = true;
    else if (event.type !== "warning" && event.type !== "usage") this.streamed = true;
    if (!this.answering && isContent(event)) {
      this.answering = true;
      this.answerBegan();
    }
    this.push(event);
  }

  override alive(): void {
    if (!this.ended) this.offer({ type: "ping" });
  }

  protected settleWith(response: ChatResponse): void {
    // A response that a provider of the user built may lack what its events are made of.
    if (!this.streamed) attempt(() => this.replay(response));
    this.ended = true;
    this.push({ type: "finish", response });
    this.succeed(response);
  }

  /** A layer answered with a whole response: its events are made here, so that a reader cannot tell. */
  private replay(response: ChatResponse): void {
    for (const event of chatLaws.replay(response)) {
      if (event.type === "warning" || (event.type === "start" && this.started)) continue;
      this.push(event);
    }
  }
}
