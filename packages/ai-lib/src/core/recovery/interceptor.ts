import type { Call } from "../contract/call.js";
import { isContent } from "../contract/call-facts.js";
import type { ChatProvider } from "../contract/provider.js";
import { type Flow, failLater, type Sink } from "../contract/sink.js";
import { AiLibError } from "../errors/error.js";
import { openMember } from "../run/member.js";
import type { EventOf, ResponseOf } from "../values/kinds.js";

/** How a call of a member ended. */
export type Outcome =
  | { readonly kind: "success"; readonly response: ResponseOf }
  | { readonly kind: "error"; readonly error: AiLibError }
  /** The caller went away, or the deadline passed: says nothing about the member. */
  | { readonly kind: "cancelled"; readonly partial: ResponseOf | undefined };

/**
 * Stands between a member and whoever called it, sees what comes, and is told exactly once how it ended,
 * whichever way that was. The member may be opened later than the call: what happens until then (a pause, an
 * abort) is kept for it. What wrappers build on.
 */
export abstract class CallInterceptor implements Sink, Flow {
  /** It has ended, or was aborted. */
  protected over = false;
  /** The member was opened. */
  protected begun = false;
  /** Content came: what follows can no longer be retried in silence. */
  protected committed = false;
  private flow: Flow | undefined;
  private paused = false;

  constructor(
    protected readonly call: Call,
    private readonly sink: Sink,
  ) {}

  /** Told once, before the caller is. Whatever was held for the call is given back here. */
  protected abstract ended(outcome: Outcome): void;

  /** Told once, at the first content of a stream. */
  protected firstContent(): void {}

  /** Opens the member; an `open` that throws is a failed call. */
  protected begin(provider: ChatProvider, call: Call = this.call): void {
    this.begun = true;
    let flow: Flow;
    try {
      flow = openMember(provider, call, this);
    } catch (error) {
      flow = failLater(this, AiLibError.from(error));
    }
    this.flow = flow;
    if (this.paused) flow.pause();
  }

  /** Ends without a member, once `open` has returned. */
  protected refuse(error: AiLibError): void {
    this.flow = failLater(this, error);
  }

  /** Closes the member and fails in its place, with what had come. */
  protected interrupt(error: AiLibError): void {
    if (this.over) return;
    const partial = this.flow?.abort(error);
    this.fail(error.with({ partial, committed: this.committed }));
  }

  event(event: EventOf): void {
    if (!this.committed && isContent(this.call, event)) {
      this.committed = true;
      this.firstContent();
    }
    this.sink.event(event);
  }

  finish(response: ResponseOf): void {
    if (this.over) return;
    this.over = true;
    this.ended({ kind: "success", response });
    this.sink.finish(response);
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.ended(
      error.code === "CANCELLED" ? { kind: "cancelled", partial: error.partial } : { kind: "error", error },
    );
    this.sink.fail(error);
  }

  pause(): void {
    this.paused = true;
    this.flow?.pause();
  }

  resume(): void {
    this.paused = false;
    this.flow?.resume();
  }

  abort(reason?: unknown): ResponseOf | undefined {
    if (this.over) return undefined;
    this.over = true;
    const partial = this.flow?.abort(reason);
    this.ended({ kind: "cancelled", partial });
    return partial;
  }
}
