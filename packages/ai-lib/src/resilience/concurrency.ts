import { type Call, refuseUnknown } from "../core/contract/call.js";
import { observe } from "../core/contract/observer.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { AiLibError } from "../core/errors/error.js";
import { atLeast, wholeAtLeast } from "../core/errors/options.js";
import { CallInterceptor } from "../core/recovery/interceptor.js";
import { afterWait, skipAttempt } from "../core/run/attempt.js";
import { Wrapper } from "../core/run/compose.js";
import { targetOf } from "../core/run/member.js";

/** Options of {@link concurrencyLimit}. */
export interface ConcurrencyOptions {
  /** Calls that may run at once. */
  readonly limit: number;
  /** Calls that may wait for a place; 0 for none. Default 100. */
  readonly maxQueue?: number | undefined;
  /** Milliseconds that a call waits at most. Default `Infinity`: its deadline alone. */
  readonly maxWaitMs?: number | undefined;
}

const NAMES: ReadonlySet<string> = new Set(["limit", "maxQueue", "maxWaitMs"]);

/**
 * Lets so many calls run at once and so many more wait, in their order. What is beyond both is shed: it fails at
 * once and locally with `OVERLOADED`, after which a strategy asks the next member. A stream holds its place until
 * it ends.
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
  private held = 0;
  /** In the order in which they came: a set, so that one that leaves costs nothing. */
  private readonly queue = new Set<PlaceRun>();

  constructor(provider: ChatProvider, options: ConcurrencyOptions) {
    super("concurrency-limit", provider);
    refuseUnknown("option of concurrencyLimit", options, NAMES);
    this.limit = wholeAtLeast("limit", options.limit, 1);
    this.maxQueue = wholeAtLeast("maxQueue", options.maxQueue ?? 100, 0, true);
    this.maxWaitMs = atLeast("maxWaitMs", options.maxWaitMs ?? Number.POSITIVE_INFINITY, 0, true);
  }

  /** Calls that hold a place now. */
  get running(): number {
    return this.held;
  }

  /** Calls that wait for a place now. */
  get waiting(): number {
    return this.queue.size;
  }

  open(call: Call, sink: Sink): Flow {
    const run = new PlaceRun(call, sink, this);
    if (this.held < this.limit) {
      this.held++;
      run.enter(this.inner);
    } else if (this.queue.size < this.maxQueue && this.maxWaitMs > 0) {
      this.queue.add(run);
      run.wait(this.maxWaitMs);
    } else run.shed(this.refusal(call, `${this.queue.size} calls wait already`));
    return run;
  }

  /** @internal A place is free: whoever waits longest takes it. */
  release(): void {
    const [next] = this.queue;
    if (next === undefined) {
      this.held--;
      return;
    }
    this.queue.delete(next);
    next.enter(this.inner);
  }

  /** @internal A call that waits goes away. */
  forget(run: PlaceRun): void {
    this.queue.delete(run);
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
      queued: this.queue.size,
    });
    return new AiLibError({
      code: "OVERLOADED",
      message: `All ${this.limit} places of ${this.name} are taken, and ${why}`,
      local: true,
      target,
    });
  }
}

class PlaceRun extends CallInterceptor {
  private cancelWait: (() => void) | undefined;
  private readonly cameAt: number;

  constructor(
    call: Call,
    sink: Sink,
    private readonly gate: ConcurrencyProvider,
  ) {
    super(call, sink);
    this.cameAt = call.context.clock.now();
  }

  enter(provider: ChatProvider): void {
    this.stopWaiting();
    const ms = this.call.context.clock.now() - this.cameAt;
    this.begin(provider, ms > 0 ? afterWait(this.call, provider.name, ms, "a place") : this.call);
  }

  wait(maxWaitMs: number): void {
    if (maxWaitMs === Number.POSITIVE_INFINITY) return;
    this.cancelWait = this.call.context.clock.after(maxWaitMs, () =>
      this.fail(this.gate.refusal(this.call, `none came free in ${maxWaitMs} ms`)),
    );
  }

  shed(error: AiLibError): void {
    this.refuse(error);
  }

  protected ended(): void {
    this.stopWaiting();
    if (this.begun) this.gate.release();
    else this.gate.forget(this);
  }

  private stopWaiting(): void {
    this.cancelWait?.();
    this.cancelWait = undefined;
  }
}
