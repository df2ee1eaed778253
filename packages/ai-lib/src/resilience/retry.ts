import { type Call, callWith } from "../core/contract/call.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { allFailed } from "../core/errors/attempt-log.js";
import { AiLibError } from "../core/errors/error.js";
import { atLeast, refuseUnknown, wholeAtLeast } from "../core/errors/options.js";
import { reactionTo } from "../core/errors/reactions.js";
import { openSequence, type Plan, type Step } from "../core/recovery/sequence.js";
import { Wrapper } from "../core/run/compose.js";
import { deferRepeat, lastFailureOf, takeDeferral } from "../core/run/repeat-guard.js";
import type { RetryBudget } from "./retry-budget.js";

/** Options of {@link retry}. */
export interface RetryOptions {
  /** Further attempts after the first. 0 or more. Default 2. */
  readonly maxRetries?: number | undefined;
  /** The first back-off is a random time up to this many milliseconds; the bound doubles each time. Default 500. */
  readonly baseMs?: number | undefined;
  /** The longest back-off, in milliseconds. Default 8,000. */
  readonly capMs?: number | undefined;
  /**
   * The longest wait in milliseconds, also for a time that a provider named. If the wait would be longer, the call fails
   * immediately, so that a strategy around it can ask the next member. Default `Infinity`: only the deadline limits a
   * wait.
   */
  readonly maxWaitMs?: number | undefined;
  /** Limits the retries of the whole process; see {@link RetryBudget}. Default: no such limit. */
  readonly budget?: RetryBudget | undefined;
}

const NAMES: ReadonlySet<string> = new Set(["maxRetries", "baseMs", "capMs", "maxWaitMs", "budget"]);

interface Settings {
  readonly maxRetries: number;
  readonly baseMs: number;
  readonly capMs: number;
  readonly maxWaitMs: number;
  readonly budget: RetryBudget | undefined;
}

/**
 * Asks the same provider again, as the column "same target again" of the error table defines: after a back-off with full
 * jitter, once, or at the time that the provider named. It never retries before `retryAt` or after the deadline. If the
 * wait does not fit before the deadline, the call fails immediately, so that a strategy around it can ask the next member.
 *
 * @example
 * const client = new AiClient(retry(provider("groq"), { maxRetries: 3, maxWaitMs: 10_000 }));
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option or one out of range.
 */
export function retry(provider: ChatProvider, options: RetryOptions = {}): RetryProvider {
  return new RetryProvider(provider, options);
}

/** See {@link retry}. */
export class RetryProvider extends Wrapper {
  private readonly settings: Settings;

  constructor(provider: ChatProvider, options: RetryOptions) {
    super("retry", provider);
    refuseUnknown("option of retry", options, NAMES);
    this.settings = {
      maxRetries: wholeAtLeast("maxRetries", options.maxRetries ?? 2, 0, true),
      baseMs: atLeast("baseMs", options.baseMs ?? 500, 0),
      capMs: atLeast("capMs", options.capMs ?? 8_000, 0),
      maxWaitMs: atLeast("maxWaitMs", options.maxWaitMs ?? Number.POSITIVE_INFINITY, 0, true),
      budget: options.budget,
    };
  }

  open(call: Call, sink: Sink): Flow {
    this.settings.budget?.request(call.context.clock.now());
    return openSequence(call, sink, new RetryPlan(this, this.inner, call, this.settings));
  }
}

/** Milliseconds after which an attempt that failed was slow: a server error that took long to come takes long again. */
const SLOW_MS = 20_000;

class RetryPlan implements Plan {
  readonly name: string;
  private readonly call: Call;
  private retries = 0;
  private retriedOnce = false;
  /** The failure at which this wrapper gave up earlier in the call, since others had not been asked. */
  private deferred: AiLibError | undefined;

  constructor(
    private readonly wrapper: RetryProvider,
    private readonly provider: ChatProvider,
    call: Call,
    private readonly settings: Settings,
  ) {
    this.name = wrapper.name;
    const repeatsPerTarget = Math.max(settings.maxRetries, call.repeatsPerTarget ?? 0);
    this.call = repeatsPerTarget === call.repeatsPerTarget ? call : callWith(call, { repeatsPerTarget });
    const deferral = call.alternatives?.repeating === true ? takeDeferral(wrapper, call) : undefined;
    if (deferral === undefined) return;
    this.deferred = deferral.failure;
    this.retries = deferral.repeats;
  }

  next(failed: AiLibError | undefined): Step | undefined {
    const { provider, call, settings } = this;
    const failure = failed ?? this.deferred;
    if (failure === undefined) return { provider, call };
    if (this.retries >= settings.maxRetries) return undefined;
    const { clock, deadline } = call.context;
    const now = clock.now();
    if (call.alternatives !== undefined && this.isSlow(failure)) return undefined;
    const ms = this.waitAfter(failure, now);
    if (ms !== undefined && failed !== undefined && call.alternatives?.untried(failure) === true) {
      deferRepeat({ provider: this.wrapper, call, failure, repeats: this.retries });
      return undefined;
    }
    if (ms === undefined || ms > settings.maxWaitMs || now + ms >= deadline) return undefined;
    if (settings.budget?.take(now) === false) return undefined;
    this.retries++;
    return { provider, call, wait: { ms, reason: this.reason(failure) } };
  }

  /** The failure at which this wrapper gave up before: another attempt cannot fix it. */
  noCandidate(): AiLibError {
    return (
      this.deferred ??
      new AiLibError({ code: "CONFIG_ERROR", message: `${this.name} has nothing to ask`, local: true })
    );
  }

  /** A connection without an answer, or a server error after a long time: another target is the better choice. */
  private isSlow(failure: AiLibError): boolean {
    if (failure.phase === "connect") return true;
    const took = lastFailureOf(this.call)?.tookMs ?? 0;
    return took >= SLOW_MS && (failure.code === "PROVIDER_ERROR" || failure.code === "NETWORK_ERROR");
  }

  finalError(last: AiLibError): AiLibError {
    return allFailed(this.name, this.call.context.attempts, last, last.retryAt);
  }

  /** Milliseconds to wait before the same target may be asked again; undefined where it may not. */
  private waitAfter(failure: AiLibError, now: number): number | undefined {
    const { sameTarget } = reactionTo(failure);
    switch (sameTarget) {
      case "never":
        return undefined;
      case "retry-at":
        // A limit that names no time is repeated with back-off, since no other member is left.
        return this.waitUntil(failure.retryAt, now);
      case "once":
        if (this.retriedOnce) return undefined;
        this.retriedOnce = true;
        return this.waitUntil(failure.retryAt, now);
      case "backoff":
        return this.waitUntil(failure.retryAt, now);
      default: {
        const never: never = sameTarget;
        throw new TypeError(`Unknown reaction ${String(never)}`);
      }
    }
  }

  /** Full jitter, added to the time that the provider named: clients that got the same time spread out. */
  private waitUntil(retryAt: number | undefined, now: number): number {
    const { baseMs, capMs } = this.settings;
    const jitter = this.call.context.random() * Math.min(capMs, baseMs * 2 ** this.retries);
    if (retryAt === undefined || retryAt <= now) return jitter;
    const ms = Math.ceil(retryAt - now + jitter);
    return now + ms < retryAt ? ms + 1 : ms;
  }

  private reason(failure: AiLibError): string {
    return failure.retryAt === undefined
      ? `back-off after ${failure.code}`
      : `the time that ${failure.code} named`;
  }
}
