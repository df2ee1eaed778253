import { type Call, callWith } from "../core/contract/call.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { type ResolvedTimeouts, resolveTimeouts, type Timeouts } from "../core/contract/timeouts.js";
import { AiLibError, configError } from "../core/errors/error.js";
import { CallInterceptor } from "../core/recovery/interceptor.js";
import { limitCall } from "../core/run/call-limits.js";
import { Wrapper } from "../core/run/compose.js";

/**
 * Shortens the timeouts of the calls that pass through it; it never extends one. `totalMs` limits everything within the
 * wrapper. Unlike the deadline of the whole call, it fails with a `TIMEOUT` of the attempt, after which a strategy can
 * ask another provider.
 *
 * @example
 * const client = new AiClient(
 *   failover([timeout(provider("groq"), { firstContentMs: 5_000 }), provider("openai")]),
 * );
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown name, a negative value or no timeout at all.
 */
export function timeout(provider: ChatProvider, timeouts: Timeouts): TimeoutProvider {
  return new TimeoutProvider(provider, timeouts);
}

/** See {@link timeout}. */
export class TimeoutProvider extends Wrapper {
  private readonly names: readonly (keyof Timeouts)[];
  private readonly limits: ResolvedTimeouts;

  constructor(provider: ChatProvider, timeouts: Timeouts) {
    super("timeout", provider);
    this.limits = resolveTimeouts(timeouts);
    this.names = (Object.keys(timeouts) as (keyof Timeouts)[]).filter((name) => timeouts[name] !== undefined);
    if (this.names.length === 0) throw configError("timeout() needs at least one timeout to narrow");
  }

  open(call: Call, sink: Sink): Flow {
    const { context } = call;
    const timeouts = { ...context.timeouts };
    for (const name of this.names) timeouts[name] = Math.min(timeouts[name], this.limits[name]);
    const { totalMs } = this.limits;
    const now = context.clock.now();
    const limit = this.names.includes("totalMs") ? now + totalMs : Number.POSITIVE_INFINITY;
    const deadline = Math.min(context.deadline, limit);
    const narrowed = callWith(call, { context: { ...context, timeouts, deadline } });
    const run = new TimeoutRun(narrowed, sink, this.name, totalMs);
    // Also where the call's own deadline is earlier: a stream that has begun runs past that one.
    run.open(this.inner, limit, now);
    return run;
  }
}

class TimeoutRun extends CallInterceptor {
  private cancelTimer: (() => void) | undefined;

  constructor(
    call: Call,
    sink: Sink,
    private readonly name: string,
    private readonly limitMs: number,
  ) {
    super(call, sink);
  }

  /**
   * @param limit epoch milliseconds; `Infinity` for none
   * @param now epoch milliseconds
   */
  open(provider: ChatProvider, limit: number, now: number): void {
    if (limit !== Number.POSITIVE_INFINITY)
      this.cancelTimer = limitCall(this.call.context, limit, () => this.expire(), now);
    this.begin(provider);
  }

  protected onEnd(): void {
    this.cancelTimer?.();
  }

  private expire(): void {
    this.interrupt(
      new AiLibError({
        code: "TIMEOUT",
        phase: "attempt",
        message: `${this.name} did not end within its totalMs (${this.limitMs} ms)`,
      }),
    );
  }
}
