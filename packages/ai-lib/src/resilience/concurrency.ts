import { type Call, callWith, type Work } from "../core/contract/call.js";
import { observe } from "../core/contract/observer.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { STATE_OPTION_NAMES, type StateOptions } from "../core/contract/state.js";
import { AiLibError } from "../core/errors/error.js";
import { atLeast, refuseUnknown, wholeAtLeast } from "../core/errors/options.js";
import { CallInterceptor } from "../core/recovery/interceptor.js";
import { memberCell } from "../core/recovery/member-cell.js";
import { afterWait } from "../core/run/after-wait.js";
import { Wrapper } from "../core/run/compose.js";
import { targetOf } from "../core/run/member.js";
import { skipAttempt } from "../core/run/skip-attempt.js";
import { Slots } from "./slots.js";

/** Options of {@link concurrencyLimit}. */
export interface ConcurrencyOptions extends StateOptions {
  /** The maximum number of calls that run at the same time. */
  readonly limit: number;
  /** Calls that may wait for a place. 0 or more. Default 100. */
  readonly maxQueue?: number | undefined;
  /** The longest wait of a call, in milliseconds. Default `Infinity`: only its deadline limits it. */
  readonly maxWaitMs?: number | undefined;
}

const NAMES: ReadonlySet<string> = new Set([
  "limit",
  "maxQueue",
  "maxWaitMs",
  ...STATE_OPTION_NAMES,
] satisfies (keyof ConcurrencyOptions)[]);

/**
 * Runs `limit` calls at the same time and queues `maxQueue` more in their order. Further calls fail immediately and
 * locally with `OVERLOADED`, and a strategy around the limit asks the next member. A stream occupies its place until it
 * ends. If your function or generator continues after its call was aborted, it occupies the place until it stops, for at
 * most ten seconds.
 *
 * @example
 * const client = new AiClient(concurrencyLimit(provider("ollama"), { limit: 2, maxQueue: 10 }));
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option or one out of range.
 */
export function concurrencyLimit(provider: ChatProvider, options: ConcurrencyOptions): ConcurrencyProvider {
  return new ConcurrencyProvider(provider, options);
}

/** See {@link concurrencyLimit}. */
export class ConcurrencyProvider extends Wrapper {
  private readonly limit: number;
  private readonly maxQueue: number;
  private readonly maxWaitMs: number;
  private readonly slots: Slots;

  constructor(provider: ChatProvider, options: ConcurrencyOptions) {
    super("concurrency-limit", provider);
    refuseUnknown("option of concurrencyLimit", options, NAMES);
    this.limit = wholeAtLeast("limit", options.limit, 1);
    this.maxQueue = wholeAtLeast("maxQueue", options.maxQueue ?? 100, 0, true);
    this.maxWaitMs = atLeast("maxWaitMs", options.maxWaitMs ?? Number.POSITIVE_INFINITY, 0, true);
    this.slots = memberCell(options, "concurrency", this, () => new Slots(this.limit));
  }

  /** Calls that have a place now. */
  get running(): number {
    return this.slots.running;
  }

  /** Calls that wait for a place now. */
  get waiting(): number {
    return this.slots.waiting;
  }

  open(call: Call, sink: Sink): Flow {
    const { slots } = this;
    const run = new PlaceRun(call, sink, this, slots);
    if (slots.take()) run.enter(this.inner);
    else if (slots.waiting < this.maxQueue && this.maxWaitMs > 0) run.wait(this.inner, this.maxWaitMs);
    else run.shed(this.refusal(call, `${slots.waiting} calls wait already`));
    return run;
  }

  /** @internal The error of a call that gets no place. */
  refusal(call: Call, why: string): AiLibError {
    const { context } = call;
    const target = targetOf(this.inner) ?? { provider: this.inner.name };
    skipAttempt(call, target, `all ${this.limit} places are taken, and ${why}`);
    observe(context.observer, {
      type: "shed",
      requestId: context.requestId,
      at: context.clock.now(),
      provider: this.inner.name,
      queued: this.slots.waiting,
    });
    return new AiLibError({
      code: "OVERLOADED",
      message: `All ${this.limit} places of ${this.name} are taken, and ${why}`,
      local: true,
      target,
    });
  }
}

/** How long a function of the user that ignores its abort keeps its place after its call ended, in milliseconds. */
const ABANDON_MS = 10_000;

class PlaceRun extends CallInterceptor implements Work {
  private leaveQueue: (() => void) | undefined;
  private cancelTimer: (() => void) | undefined;
  private readonly openedAt: number;
  /** Functions and generators of the user that run for this call. */
  private working = 0;
  private hasEnded = false;
  private hasPlace = false;

  constructor(
    call: Call,
    sink: Sink,
    private readonly limiter: ConcurrencyProvider,
    private readonly slots: Slots,
  ) {
    super(call, sink);
    this.openedAt = call.context.clock.now();
  }

  enter(provider: ChatProvider): void {
    this.stopWaiting();
    const ms = this.call.context.clock.now() - this.openedAt;
    const call = ms > 0 ? afterWait(this.call, provider.name, ms, "a place") : this.call;
    this.hasPlace = true;
    this.begin(provider, callWith(call, { context: { ...call.context, work: this } }));
  }

  /** @see Work */
  began(): void {
    this.working++;
    this.call.context.work?.began();
  }

  /** @see Work */
  ended(): void {
    this.working--;
    this.call.context.work?.ended();
    if (this.working === 0 && this.hasEnded) this.release();
  }

  private release(): void {
    if (!this.hasPlace) return;
    this.hasPlace = false;
    this.stopWaiting();
    this.slots.release();
  }

  wait(provider: ChatProvider, maxWaitMs: number): void {
    this.leaveQueue = this.slots.wait(() => this.enter(provider));
    if (maxWaitMs === Number.POSITIVE_INFINITY) return;
    this.cancelTimer = this.call.context.clock.after(maxWaitMs, () =>
      this.fail(this.limiter.refusal(this.call, `no place became free in ${maxWaitMs} ms`)),
    );
  }

  shed(error: AiLibError): void {
    this.refuse(error);
  }

  protected onEnd(): void {
    this.stopWaiting();
    this.hasEnded = true;
    if (this.working === 0) this.release();
    else this.cancelTimer = this.call.context.clock.after(ABANDON_MS, () => this.release());
  }

  private stopWaiting(): void {
    this.leaveQueue?.();
    this.leaveQueue = undefined;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }
}
