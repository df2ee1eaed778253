import type { Call } from "../contract/call.js";
import { attempt } from "../contract/guard.js";
import type { ChatProvider } from "../contract/provider.js";
import type { Flow, Sink } from "../contract/sink.js";
import { Wrapper } from "../run/compose.js";
import { CallInterceptor, type Outcome } from "./interceptor.js";

/** Receives the outcomes of the calls of one provider. */
export interface CallListener {
  /** A call was opened. */
  onOpen?(call: Call): void;
  /** The first content of a stream arrived, so many milliseconds after the call was opened. */
  onFirstContent?(call: Call, afterMs: number): void;
  /** A call ended. `firstContentMs` is undefined where no content arrived, and for unary calls. */
  onEnd(call: Call, outcome: Outcome, tookMs: number, firstContentMs: number | undefined): void;
}

/** A provider that reports its calls to a listener; everything else, its name included, is the provider's own. */
export class ObservedProvider extends Wrapper {
  override readonly name: string;

  constructor(
    override readonly inner: ChatProvider,
    private readonly listener: CallListener,
  ) {
    super("observed", inner);
    this.name = inner.name;
  }

  open(call: Call, sink: Sink): Flow {
    return new ObservedRun(this.inner, this.listener, call, sink);
  }
}

class ObservedRun extends CallInterceptor {
  private readonly openedAt: number;
  private firstContentMs: number | undefined;

  constructor(
    provider: ChatProvider,
    private readonly listener: CallListener,
    call: Call,
    sink: Sink,
  ) {
    super(call, sink);
    this.openedAt = call.context.clock.now();
    if (listener.onOpen !== undefined) attempt(() => listener.onOpen?.(call));
    this.begin(provider);
  }

  protected override onFirstContent(): unknown {
    this.firstContentMs = this.call.context.clock.now() - this.openedAt;
    return this.listener.onFirstContent?.(this.call, this.firstContentMs);
  }

  protected onEnd(outcome: Outcome): unknown {
    const tookMs = this.call.context.clock.now() - this.openedAt;
    return this.listener.onEnd(this.call, outcome, tookMs, this.firstContentMs);
  }
}
