import type { Call, LastResort } from "../contract/call.js";
import { abortFlow, pauseFlow, resumeFlow } from "../contract/flows.js";
import { type EventDraft, observe } from "../contract/observer.js";
import { Printable } from "../contract/printable.js";
import { type Flow, GUARDED, type Open, type Sink } from "../contract/sink.js";
import { AiLibError, cancelled, totalTimeout } from "../errors/error.js";
import { isObject } from "../values/json.js";
import type { EventOf, Kind, ResponseOf } from "../values/kinds.js";
import { onAbort } from "./abort.js";
import { CallLimits } from "./call-limits.js";

/** Whose call it is. */
export interface Opener {
  readonly name: string;
  readonly open: Open;
}

/**
 * The top of a call: opens it once, listens to the caller's signal, keeps the deadline, and passes on exactly one
 * ending. One listener and one timer a call, both gone at the ending.
 */
export abstract class CallRun<K extends Kind> extends Printable implements Sink<K>, LastResort {
  private flow: Flow | undefined;
  private begun = false;
  private over = false;
  private cancelDeadline: (() => void) | undefined;
  private cancelSignal: (() => void) | undefined;
  private startedAt = 0;
  private readonly limits: CallLimits;

  /**
   * @param outermost the call was begun by a user and not by a provider within another call: the observer receives its
   *   request.
   */
  constructor(
    private readonly provider: Opener,
    protected readonly call: Call,
    private readonly outermost: boolean,
  ) {
    super();
    this.limits = new CallLimits(call.context.clock);
    if (outermost) call.context.outermost = this;
  }

  /** The id, the kind and the mode of the call; its headers may hold secrets. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { kind, mode, context } = this.call;
    return { requestId: context.requestId, kind, mode };
  }

  /** @see GUARDED */
  get [GUARDED](): true {
    return true;
  }

  abstract event(event: EventOf<K>): void;
  protected abstract settleWith(response: ResponseOf<K>): void;
  protected abstract settleError(error: AiLibError): void;

  finish(response: ResponseOf<K>): void {
    if (this.over) return;
    if (!isObject(response)) {
      const what = `${this.provider.name} finished with ${typeof response} in place of a response`;
      this.fail(new AiLibError({ code: "INVALID_RESPONSE", message: what }));
      return;
    }
    this.stop();
    this.observeEnd(response, undefined);
    this.settleWith(response);
  }

  /** @param given an error of the library; code of the user may pass any other value */
  fail(given: AiLibError): void {
    if (this.over) return;
    this.stop();
    const error = AiLibError.from(given);
    const complete =
      error.attempts === this.call.context.attempts
        ? error
        : error.with({ attempts: this.call.context.attempts });
    this.observeEnd(undefined, complete);
    this.settleError(complete);
  }

  /** @see LastResort */
  breakOff(error: AiLibError): void {
    this.cancel(error);
  }

  /** @see LastResort */
  limit(at: number, run: () => void, now: number): () => void {
    return this.limits.add(at, run, now);
  }

  /** @see LastResort.alive: only streams have a place for it. */
  alive(): void {}

  protected start(): void {
    if (this.begun) return;
    this.begun = true;
    const { context } = this.call;
    const { signal, clock } = context;
    this.startedAt = clock.now();
    if (this.outermost && context.observer !== undefined)
      observe(context.observer, {
        type: "request-start",
        kind: this.call.kind,
        requestId: context.requestId,
        at: this.startedAt,
        provider: this.provider.name,
        mode: this.call.mode,
        request: this.call.request,
      });
    if (signal?.aborted === true) {
      queueMicrotask(() => this.endAborted());
      return;
    }
    if (signal !== undefined) this.cancelSignal = onAbort(signal, () => this.endAborted());
    this.limits.hold();
    if (context.deadline !== Number.POSITIVE_INFINITY)
      this.cancelDeadline = this.limits.add(context.deadline, () => this.endLate(), this.startedAt);
    try {
      this.flow = this.provider.open(this.call, this as Sink);
      if (this.over) abortFlow(this.flow);
    } catch (error) {
      queueMicrotask(() => this.fail(AiLibError.from(error)));
    }
    this.limits.release(this.startedAt);
  }

  /** Ends the call from the caller's side; the upstream is closed before the ending is reported. */
  protected cancel(error: AiLibError): void {
    if (this.over) return;
    const partial = abortFlow(this.flow, error);
    this.fail(error.with({ partial, committed: partial !== undefined && this.call.mode === "stream" }));
  }

  /** Content has reached the caller: the time for trying and waiting no longer counts. */
  protected answerBegan(): void {
    this.cancelDeadline?.();
    this.cancelDeadline = undefined;
  }

  protected pauseSource(): void {
    if (!this.over) pauseFlow(this.flow);
  }

  protected resumeSource(): void {
    if (!this.over) resumeFlow(this.flow);
  }

  private endAborted(): void {
    this.cancel(cancelled(undefined, this.call.context.signal?.reason));
  }

  private endLate(): void {
    this.cancel(totalTimeout(this.call.context.timeouts.totalMs));
  }

  private stop(): void {
    this.over = true;
    this.cancelDeadline?.();
    this.cancelSignal?.();
  }

  private observeEnd(response: ResponseOf | undefined, error: AiLibError | undefined): void {
    const { context } = this.call;
    if (!this.outermost || context.observer === undefined) return;
    const event: EventDraft<"request-end"> = {
      type: "request-end",
      kind: this.call.kind,
      requestId: context.requestId,
      at: context.clock.now(),
      provider: this.provider.name,
      mode: this.call.mode,
      startedAt: this.startedAt,
    };
    if (response !== undefined) event.response = response;
    if (error !== undefined) event.error = error;
    observe(context.observer, event);
  }
}

/** A unary call: one promise. */
export class UnaryRun<K extends Kind> extends CallRun<K> {
  private resolve: ((response: ResponseOf<K>) => void) | undefined;
  private reject: ((error: AiLibError) => void) | undefined;

  /** Opens the call. */
  response(): Promise<ResponseOf<K>> {
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
      this.start();
    });
  }

  event(): void {
    // A unary call has no events; one that arrives anyway is ignored.
  }

  protected settleWith(response: ResponseOf<K>): void {
    this.resolve?.(response);
  }

  protected settleError(error: AiLibError): void {
    this.reject?.(error);
  }
}
