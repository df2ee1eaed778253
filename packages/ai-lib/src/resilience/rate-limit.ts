import type { Call } from "../core/contract/call.js";
import { estimate } from "../core/contract/call-facts.js";
import { observe } from "../core/contract/observer.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { STATE_OPTION_NAMES, type StateOptions } from "../core/contract/state.js";
import { AiLibError, configError } from "../core/errors/error.js";
import { atLeast, refuseUnknown, wholeAtLeast } from "../core/errors/options.js";
import { CallInterceptor, type Outcome } from "../core/recovery/interceptor.js";
import { memberCell } from "../core/recovery/member-cell.js";
import { afterWait } from "../core/run/after-wait.js";
import { Wrapper } from "../core/run/compose.js";
import { targetOf } from "../core/run/member.js";
import { skipAttempt } from "../core/run/skip-attempt.js";
import type { Usage } from "../core/values/usage.js";
import { MinuteWindow, type Share } from "./minute-window.js";

/** Options of {@link rateLimit}; at least one of the two limits. */
export interface RateLimitOptions extends StateOptions {
  /** The maximum number of calls in any sixty seconds. Default: no limit. */
  readonly requestsPerMinute?: number | undefined;
  /** The maximum number of tokens of prompts and answers in any sixty seconds. Default: no limit. */
  readonly tokensPerMinute?: number | undefined;
  /** Calls that may wait. 0 or more. Default 100. */
  readonly maxQueue?: number | undefined;
  /** The longest wait of a call, in milliseconds. Default `Infinity`: only its deadline limits it. */
  readonly maxWaitMs?: number | undefined;
}

const NAMES: ReadonlySet<string> = new Set([
  "requestsPerMinute",
  "tokensPerMinute",
  "maxQueue",
  "maxWaitMs",
  ...STATE_OPTION_NAMES,
] satisfies (keyof RateLimitOptions)[]);

/**
 * Delays calls so that they stay within a provider's rate limits. Each call waits in order until its estimated tokens
 * fit, and reserves them. When it ends, the wrapper replaces the reservation with the tokens that the call used, or
 * cancels it if the call failed without an answer. A call that cannot start before its deadline fails immediately and
 * locally with `RATE_LIMIT` and the time at which it could have started. A strategy around the limit then asks the next
 * member.
 *
 * @example
 * const client = new AiClient(rateLimit(provider("groq"), { requestsPerMinute: 30, tokensPerMinute: 6_000 }));
 * @throws {AiLibError} `CONFIG_ERROR` for no limit, an unknown option or one out of range.
 */
export function rateLimit(provider: ChatProvider, options: RateLimitOptions): RateLimitProvider {
  return new RateLimitProvider(provider, options);
}

/** See {@link rateLimit}. */
export class RateLimitProvider extends Wrapper {
  private readonly window: MinuteWindow;
  private readonly maxQueue: number;
  private readonly maxWaitMs: number;
  private readonly countsTokens: boolean;
  private readonly queue = new Set<TurnRun>();
  private running = 0;
  private cancelTimer: (() => void) | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor(provider: ChatProvider, options: RateLimitOptions) {
    super("rate-limit", provider);
    refuseUnknown("option of rateLimit", options, NAMES);
    const { requestsPerMinute, tokensPerMinute } = options;
    if (requestsPerMinute === undefined && tokensPerMinute === undefined)
      throw configError("rateLimit() needs requestsPerMinute or tokensPerMinute");
    const unbounded = Number.POSITIVE_INFINITY;
    const requests = wholeAtLeast("requestsPerMinute", requestsPerMinute ?? unbounded, 1, true);
    const tokens = wholeAtLeast("tokensPerMinute", tokensPerMinute ?? unbounded, 1, true);
    this.window = memberCell(options, "rate", this, () => new MinuteWindow(requests, tokens));
    this.countsTokens = tokensPerMinute !== undefined;
    this.maxQueue = wholeAtLeast("maxQueue", options.maxQueue ?? 100, 0, true);
    this.maxWaitMs = atLeast("maxWaitMs", options.maxWaitMs ?? unbounded, 0, true);
  }

  /** Calls of this wrapper whose reservation is not settled yet. */
  get reserved(): number {
    return this.running;
  }

  /** Calls of this wrapper that wait now. */
  get waiting(): number {
    return this.queue.size;
  }

  /** Requests and tokens of the last minute. @param now epoch milliseconds */
  taken(now: number): { readonly requests: number; readonly tokens: number } {
    return this.window.taken(now);
  }

  /** When a call of one token could go, after those that wait. @param now epoch milliseconds */
  roomAt(now: number): number {
    return this.window.when(now, [...[...this.queue].map(({ tokens }) => tokens), 1]);
  }

  open(call: Call, sink: Sink): Flow {
    const now = call.context.clock.now();
    const { inputTokens, outputTokens } = this.countsTokens
      ? estimate(call)
      : { inputTokens: 0, outputTokens: 0 };
    const run = new TurnRun(call, sink, this, inputTokens + outputTokens);
    if (this.queue.size === 0 && this.window.admits(now, run.tokens)) {
      this.admit(run, now);
      return run;
    }
    const at = this.window.when(now, [...[...this.queue].map((waiting) => waiting.tokens), run.tokens]);
    if (this.queue.size >= this.maxQueue || at >= this.latest(run)) {
      run.stop(this.refusal(call, at));
      return run;
    }
    const { context } = call;
    observe(context.observer, {
      type: "rate-limit-wait",
      requestId: context.requestId,
      at: now,
      provider: this.inner.name,
      ms: at - now,
    });
    this.queue.add(run);
    this.unsubscribe ??= this.window.subscribe(this.serve, () => this.queue.size);
    if (this.queue.size === 1) this.arm(run, at);
    return run;
  }

  /** @internal A call ended: its reservation becomes what it used; undefined cancels it. */
  settle(share: Share, now: number, used: Usage | undefined): void {
    this.running--;
    const tokens = used === undefined || !this.countsTokens ? 0 : used.inputTokens + used.outputTokens;
    this.window.correct(now, share, used === undefined ? 0 : 1, tokens);
  }

  /** @internal A waiting call was aborted. */
  forget(run: TurnRun, now: number): void {
    if (this.queue.delete(run)) this.serve(now);
  }

  private admit(run: TurnRun, now: number): void {
    this.running++;
    run.enter(this.inner, this.window.take(now, run.tokens));
  }

  /** Starts the calls that fit, in order, and sets the timer for the next one. */
  private readonly serve = (now: number): void => {
    for (;;) {
      const [first] = this.queue;
      if (first === undefined) {
        this.unsubscribe?.();
        this.unsubscribe = undefined;
        this.cancelTimer?.();
        this.cancelTimer = undefined;
        return;
      }
      const at = this.window.when(now, [first.tokens]);
      if (at > now && at < this.latest(first)) {
        this.arm(first, at);
        return;
      }
      this.queue.delete(first);
      if (at <= now) this.admit(first, now);
      else first.fail(this.refusal(first.call, at));
    }
  };

  private arm(first: TurnRun, at: number): void {
    const { clock } = first.call.context;
    this.cancelTimer?.();
    this.cancelTimer = clock.after(Math.max(0, at - clock.now()), () => {
      this.cancelTimer = undefined;
      this.serve(clock.now());
    });
  }

  /** The time by which a call must start or fail. */
  private latest(run: TurnRun): number {
    return Math.min(run.call.context.deadline, run.openedAt + this.maxWaitMs);
  }

  private refusal(call: Call, at: number): AiLibError {
    const target = targetOf(this.inner) ?? { provider: this.inner.name };
    const ms = Math.ceil(at - call.context.clock.now());
    skipAttempt(call, target, `its own rate limit has no room for another ${ms} ms`);
    return new AiLibError({
      code: "RATE_LIMIT",
      message: `${this.name} has no room for another ${ms} ms, and ${this.queue.size} calls wait`,
      local: true,
      target,
      retryAt: at,
    });
  }
}

class TurnRun extends CallInterceptor {
  readonly openedAt: number;
  private share: Share | undefined;

  constructor(
    override readonly call: Call,
    sink: Sink,
    private readonly limiter: RateLimitProvider,
    readonly tokens: number,
  ) {
    super(call, sink);
    this.openedAt = call.context.clock.now();
  }

  enter(provider: ChatProvider, share: Share): void {
    this.share = share;
    const ms = share.at - this.openedAt;
    this.begin(provider, ms > 0 ? afterWait(this.call, provider.name, ms, "its rate limit") : this.call);
  }

  stop(error: AiLibError): void {
    this.refuse(error);
  }

  protected onEnd(outcome: Outcome): void {
    const now = this.call.context.clock.now();
    if (this.share === undefined) this.limiter.forget(this, now);
    else this.limiter.settle(this.share, now, usageOf(outcome));
  }
}

/** What a call used; undefined where it got no answer. */
function usageOf(outcome: Outcome): Usage | undefined {
  switch (outcome.kind) {
    case "success":
      return outcome.response.usage;
    case "error":
      return outcome.error.partial?.usage;
    case "cancelled":
      return outcome.partial?.usage;
    default: {
      const never: never = outcome;
      throw new TypeError(`Unknown outcome ${String(never)}`);
    }
  }
}
