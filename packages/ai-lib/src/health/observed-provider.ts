import type { Call } from "../core/contract/call.js";
import { modelOf } from "../core/contract/call-facts.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { CallInterceptor, type Outcome } from "../core/recovery/interceptor.js";
import { Wrapper } from "../core/run/compose.js";
import { type CallStatistics, type PassiveRules, PassiveStatistics } from "./statistics.js";

/** Models of one provider that are counted apart; what is beyond counts for the provider alone. */
const MAX_MODELS = 100;

/** A provider whose calls are counted; it is otherwise the provider itself, name and all. */
export class ObservedProvider extends Wrapper {
  override readonly name: string;
  private readonly all: PassiveStatistics;
  private readonly models = new Map<string, PassiveStatistics>();

  /** @param changed told after a call that counts, so that a change can be noticed */
  constructor(
    override readonly inner: ChatProvider,
    private readonly rules: PassiveRules,
    private readonly changed: (now: number) => void,
  ) {
    super("watched", inner);
    this.name = inner.name;
    this.all = new PassiveStatistics(rules);
  }

  open(call: Call, sink: Sink): Flow {
    return new ObservedRun(this, call, sink).start();
  }

  /** When a call was last answered. */
  get lastSuccessAt(): number | undefined {
    return this.all.lastSuccess;
  }

  /** Whether calls say that it is down: for the model, where enough of them asked for it, else altogether. */
  isDown(now: number, model: string | undefined): boolean {
    const own = model === undefined ? undefined : this.models.get(model);
    return own?.isDown(now) ?? this.all.isDown(now) ?? false;
  }

  statistics(now: number): CallStatistics {
    return this.all.at(now);
  }

  /** @internal */
  began(call: Call, afterMs: number): void {
    this.all.began(afterMs);
    this.model(call)?.began(afterMs);
  }

  /** @internal */
  ended(call: Call, outcome: Outcome, now: number, tookMs: number): void {
    this.all.ended(outcome, now, tookMs);
    this.model(call)?.ended(outcome, now, tookMs);
    this.changed(now);
  }

  private model(call: Call): PassiveStatistics | undefined {
    const model = modelOf(call);
    if (model === undefined) return undefined;
    const known = this.models.get(model);
    if (known !== undefined || this.models.size >= MAX_MODELS) return known;
    const made = new PassiveStatistics(this.rules);
    this.models.set(model, made);
    return made;
  }
}

class ObservedRun extends CallInterceptor {
  private readonly openedAt: number;

  constructor(
    private readonly provider: ObservedProvider,
    call: Call,
    sink: Sink,
  ) {
    super(call, sink);
    this.openedAt = call.context.clock.now();
  }

  start(): this {
    this.begin(this.provider.inner);
    return this;
  }

  protected override firstContent(): void {
    this.provider.began(this.call, this.call.context.clock.now() - this.openedAt);
  }

  protected ended(outcome: Outcome): void {
    const now = this.call.context.clock.now();
    this.provider.ended(this.call, outcome, now, now - this.openedAt);
  }
}
