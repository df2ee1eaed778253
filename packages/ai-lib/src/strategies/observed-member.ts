import type { Call } from "../core/contract/call.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { CallInterceptor, type Outcome } from "../core/recovery/interceptor.js";
import { OpenProvider } from "../core/run/compose.js";
import { kindsOf } from "../core/run/member.js";
import type { Entry } from "./member.js";

/** Who wants to know what comes of the calls of a strategy's members. */
export interface CallListener {
  /** A call of the member was opened. */
  opened?(entry: Entry): void;
  /** A stream's first content came, so many milliseconds after it was opened. */
  firstContent?(entry: Entry, afterMs: number): void;
  /** A call ended. `firstContentMs` is undefined where none came, and for unary calls. */
  ended(entry: Entry, call: Call, outcome: Outcome, tookMs: number, firstContentMs: number | undefined): void;
}

/** A member as it is opened by a strategy that learns from its calls. */
export class ObservedMember extends OpenProvider {
  readonly name: string;

  constructor(
    readonly entry: Entry,
    readonly watcher: CallListener,
  ) {
    super();
    this.name = entry.name;
  }

  override kinds(): ReadonlySet<string> {
    return kindsOf(this.entry.provider);
  }

  open(call: Call, sink: Sink): Flow {
    return new ObservedRun(this, call, sink).start();
  }
}

class ObservedRun extends CallInterceptor {
  private readonly openedAt: number;
  private firstContentMs: number | undefined;

  constructor(
    private readonly member: ObservedMember,
    call: Call,
    sink: Sink,
  ) {
    super(call, sink);
    this.openedAt = call.context.clock.now();
  }

  start(): this {
    const { entry, watcher } = this.member;
    watcher.opened?.(entry);
    this.begin(entry.opens);
    return this;
  }

  protected override firstContent(): void {
    const { entry, watcher } = this.member;
    this.firstContentMs = this.call.context.clock.now() - this.openedAt;
    watcher.firstContent?.(entry, this.firstContentMs);
  }

  protected ended(outcome: Outcome): void {
    const tookMs = this.call.context.clock.now() - this.openedAt;
    this.member.watcher.ended(this.member.entry, this.call, outcome, tookMs, this.firstContentMs);
  }
}
