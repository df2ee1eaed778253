import type { Call } from "../contract/call.js";
import { isContent } from "../contract/call-facts.js";
import { abortFlow } from "../contract/flows.js";
import { ignoreRejection } from "../contract/guard.js";
import type { ChatProvider } from "../contract/provider.js";
import { type Flow, failLater, PASSES_TO, type Sink } from "../contract/sink.js";
import type { AiLibError } from "../errors/error.js";
import type { EventOf, ResponseOf } from "../values/kinds.js";
import { MemberSink } from "./member-sink.js";
import { replay } from "./replay.js";

/** How a call of a member ended. */
export type Outcome =
  | { readonly kind: "success"; readonly response: ResponseOf }
  | { readonly kind: "error"; readonly error: AiLibError }
  /** The caller aborted, or the deadline passed: this does not count against the member. */
  | { readonly kind: "cancelled"; readonly partial: ResponseOf | undefined };

/**
 * Sits between a caller and one member: it passes every event on, and `onEnd` runs exactly once, with the outcome of
 * the call. The member may be opened later than the call; a pause or an abort before that applies to it. Wrappers are
 * built on it.
 */
export abstract class CallInterceptor extends MemberSink implements Flow {
  /** The call has ended, or was aborted. */
  protected over = false;
  /** The member was opened. */
  protected begun = false;
  /** The first content arrived: a retry is no longer invisible. */
  protected committed = false;

  constructor(
    protected readonly call: Call,
    private readonly sink: Sink,
  ) {
    super();
  }

  /** Receives the outcome, once, before the caller does. Release resources of the call here. */
  protected abstract onEnd(outcome: Outcome): unknown;

  /** Runs once, at the first content of a stream. */
  protected onFirstContent(): unknown {
    return undefined;
  }

  /** Opens the member; an exception of its `open` is a failed call. */
  protected begin(provider: ChatProvider, call: Call = this.call): void {
    this.begun = true;
    this.openFlow(provider, call);
  }

  /** Fails without opening the member, once `open` has returned. */
  protected refuse(error: AiLibError): void {
    this.flow = failLater(this, error);
  }

  /**
   * Answers with a whole response in place of the member, once `open` has returned; see {@link replay}.
   * @returns false where the response cannot be sent, such as one from a store that was changed by others: nothing
   *   has happened then.
   */
  protected answer(response: ResponseOf): boolean {
    let flow: Flow;
    try {
      flow = replay(response, this, this.call);
    } catch {
      return false;
    }
    this.follow(flow);
    return true;
  }

  /** Closes the member and fails with an error in its place; `partial` of the error has the content so far. */
  protected interrupt(error: AiLibError): void {
    if (this.over) return;
    const partial = abortFlow(this.flow, error);
    this.fail(error.with({ partial, committed: this.committed }));
  }

  event(event: EventOf): void {
    if (this.over) return;
    if (!this.committed && isContent(this.call, event)) {
      this.committed = true;
      this.reportContent();
    }
    this.sink.event(event);
  }

  /** @see PASSES_TO. A wrapper with an `event` of its own still receives events. */
  [PASSES_TO](): Sink | undefined {
    const passes = this.committed && !this.over && this.event === CallInterceptor.prototype.event;
    return passes ? this.sink : undefined;
  }

  finish(response: ResponseOf): void {
    if (this.over) return;
    this.over = true;
    this.reportEnd({ kind: "success", response });
    this.sink.finish(response);
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.reportEnd(
      error.code === "CANCELLED" ? { kind: "cancelled", partial: error.partial } : { kind: "error", error },
    );
    this.sink.fail(this.errorForCaller(error));
  }

  /** The error that the caller receives, after {@link onEnd}. Default: the member's. */
  protected errorForCaller(error: AiLibError): AiLibError {
    return error;
  }

  abort(reason?: unknown): ResponseOf | undefined {
    if (this.over) return undefined;
    this.over = true;
    const partial = abortFlow(this.flow, reason);
    this.reportEnd({ kind: "cancelled", partial });
    return partial;
  }

  /** Wrappers run functions of the user here (rules, listeners). Their failure does not change how the call ended. */
  private reportEnd(outcome: Outcome): void {
    try {
      ignoreRejection(this.onEnd(outcome));
    } catch {
      // See above.
    }
  }

  private reportContent(): void {
    try {
      ignoreRejection(this.onFirstContent());
    } catch {
      // As in `reportEnd`.
    }
  }
}
