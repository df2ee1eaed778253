import type { Call } from "../contract/call.js";
import { observe } from "../contract/observer.js";
import type { EventSink, Flow, Open } from "../contract/sink.js";
import { AiLibError, cancelled } from "../errors/error.js";
import type { ChatEvent } from "../values/chat-event.js";
import type { ChatResponse } from "../values/chat-response.js";
import { onAbort } from "./abort.js";

/** Whose call it is. */
export interface Opener {
  readonly name: string;
  readonly open: Open;
}

/**
 * The top of a call: opens it once, listens to the caller's signal, keeps the deadline, and passes on exactly one
 * ending. One listener and one timer a call, both gone at the ending.
 */
export abstract class CallRun implements EventSink {
  private flow: Flow | undefined;
  private begun = false;
  private over = false;
  private cancelDeadline: (() => void) | undefined;
  private cancelSignal: (() => void) | undefined;
  private startedAt = 0;

  /**
   * @param outermost the call was begun by a user and not by a provider within another call: its request is told
   *   to the observer.
   */
  constructor(
    private readonly provider: Opener,
    private readonly call: Call,
    private readonly outermost: boolean,
  ) {}

  abstract event(event: ChatEvent): void;
  protected abstract settleWith(response: ChatResponse): void;
  protected abstract settleError(error: AiLibError): void;

  finish(response: ChatResponse): void {
    if (this.over) return;
    this.stop();
    this.observeEnd(response, undefined);
    this.settleWith(response);
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    this.stop();
    const told =
      error.attempts === this.call.context.attempts
        ? error
        : error.with({ attempts: this.call.context.attempts });
    this.observeEnd(undefined, told);
    this.settleError(told);
  }

  protected start(): void {
    if (this.begun) return;
    this.begun = true;
    const { context } = this.call;
    const { signal, clock } = context;
    this.startedAt = clock.now();
    if (this.outermost && context.observer !== undefined)
      observe(context.observer, {
        type: "request-start",
        requestId: context.requestId,
        at: this.startedAt,
        provider: this.provider.name,
        mode: this.call.mode,
        request: this.call.request,
      });
    if (signal?.aborted === true) {
      queueMicrotask(this.onAbort);
      return;
    }
    if (signal !== undefined) this.cancelSignal = onAbort(signal, this.onAbort);
    if (context.deadline !== Number.POSITIVE_INFINITY)
      this.cancelDeadline = clock.after(Math.max(0, context.deadline - this.startedAt), this.onDeadline);
    try {
      this.flow = this.provider.open(this.call, this);
      if (this.over) this.flow.abort();
    } catch (error) {
      queueMicrotask(() => this.fail(AiLibError.from(error)));
    }
  }

  /** Ends the call from the caller's side; the upstream is closed before the ending is told. */
  protected cancel(error: AiLibError): void {
    if (this.over) return;
    const partial = this.flow?.abort(error);
    this.fail(error.with({ partial, committed: partial !== undefined && this.call.mode === "stream" }));
  }

  protected pauseSource(): void {
    if (!this.over) this.flow?.pause();
  }

  protected resumeSource(): void {
    if (!this.over) this.flow?.resume();
  }

  private readonly onAbort = (): void => {
    this.cancel(cancelled(undefined, this.call.context.signal?.reason));
  };

  private readonly onDeadline = (): void => {
    const { timeouts } = this.call.context;
    this.cancel(
      new AiLibError({
        code: "TIMEOUT",
        phase: "total",
        message: `The call did not end within totalMs (${timeouts.totalMs} ms)`,
      }),
    );
  };

  private stop(): void {
    this.over = true;
    this.cancelDeadline?.();
    this.cancelSignal?.();
  }

  private observeEnd(response: ChatResponse | undefined, error: AiLibError | undefined): void {
    const { context } = this.call;
    if (!this.outermost || context.observer === undefined) return;
    observe(context.observer, {
      type: "request-end",
      requestId: context.requestId,
      at: context.clock.now(),
      provider: this.provider.name,
      mode: this.call.mode,
      startedAt: this.startedAt,
      ...(response === undefined ? {} : { response }),
      ...(error === undefined ? {} : { error }),
    });
  }
}

/** A unary call: one promise. */
export class UnaryRun extends CallRun {
  private resolve: ((response: ChatResponse) => void) | undefined;
  private reject: ((error: AiLibError) => void) | undefined;

  /** Opens the call. */
  response(): Promise<ChatResponse> {
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.start();
    });
  }

  event(): void {
    // A unary call has no events; one that comes all the same concerns nobody.
  }

  protected settleWith(response: ChatResponse): void {
    this.resolve?.(response);
  }

  protected settleError(error: AiLibError): void {
    this.reject?.(error);
  }
}
