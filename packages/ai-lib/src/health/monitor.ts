import { refuseUnknown } from "../core/contract/call.js";
import { type Clock, type Random, randomId, systemClock, systemRandom } from "../core/contract/clock.js";
import type { HealthSource } from "../core/contract/health.js";
import { type Observer, observe } from "../core/contract/observer.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { atLeast, fraction, wholeAtLeast } from "../core/errors/options.js";
import { type HealthReport, healthCheck } from "./check.js";
import { ObservedProvider } from "./observed-provider.js";
import type { CallStatistics, PassiveRules } from "./statistics.js";

/** Options of {@link HealthMonitor}. */
export interface HealthMonitorOptions {
  /** Milliseconds between two checks of one provider. Default 30,000. */
  readonly intervalMs?: number | undefined;
  /** Each interval is longer or shorter by up to this share, so that checks do not march in step. Default 0.2. */
  readonly jitter?: number | undefined;
  /** Milliseconds that an endpoint has to answer a check. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Checks in a row that must fail before a provider is down; one that passes brings it back. Default 2. */
  readonly failures?: number | undefined;
  /** How far back calls are looked at, in milliseconds. Default 60,000. */
  readonly windowMs?: number | undefined;
  /** Calls within the window before their failures mean anything. Default 5. */
  readonly minimumCalls?: number | undefined;
  /** The share of failed calls from which on a provider is down. Default 0.5. */
  readonly failureRatio?: number | undefined;
  /** Told each time a provider goes down or comes back. */
  readonly observer?: Observer | undefined;
  /** Time. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** Randomness. Default: the platform's. */
  readonly random?: Random | undefined;
}

const NAMES: ReadonlySet<string> = new Set([
  "intervalMs",
  "jitter",
  "timeoutMs",
  "failures",
  "windowMs",
  "minimumCalls",
  "failureRatio",
  "observer",
  "clock",
  "random",
] satisfies (keyof HealthMonitorOptions)[]);

/** How one watched provider is doing. */
export interface ProviderHealth extends CallStatistics {
  readonly name: string;
  /** False where checks or calls say that it is down. */
  readonly healthy: boolean;
  /** The latest check; undefined before the first. */
  readonly check: HealthReport | undefined;
}

/** One watched provider. */
interface Unit {
  readonly provider: ChatProvider;
  readonly watched: ObservedProvider;
  check: HealthReport | undefined;
  failedChecks: number;
  /** As the observer was last told. */
  told: boolean;
  cancelTimer: (() => void) | undefined;
}

/**
 * Knows how providers are doing, from what becomes of their calls and, once started, from periodic checks that cost
 * no tokens. Hand it to a strategy as its `health`: members that are down are then asked last.
 *
 * It holds timers while it runs: `stop()` it before the process is to end.
 */
export class HealthMonitor implements HealthSource {
  private readonly units = new Map<ChatProvider, Unit>();
  private readonly rules: PassiveRules;
  private readonly intervalMs: number;
  private readonly jitter: number;
  private readonly timeoutMs: number;
  private readonly failures: number;
  private readonly observer: Observer | undefined;
  private readonly clock: Clock;
  private readonly random: Random;
  private running: AbortController | undefined;

  /** @throws {AiLibError} `CONFIG_ERROR` for an unknown option or one out of range. */
  constructor(options: HealthMonitorOptions = {}) {
    refuseUnknown("option of HealthMonitor", options, NAMES);
    this.intervalMs = atLeast("intervalMs", options.intervalMs ?? 30_000, 1);
    this.jitter = options.jitter === 0 ? 0 : fraction("jitter", options.jitter ?? 0.2);
    this.timeoutMs = atLeast("timeoutMs", options.timeoutMs ?? 10_000, 1);
    this.failures = wholeAtLeast("failures", options.failures ?? 2, 1);
    this.rules = {
      windowMs: atLeast("windowMs", options.windowMs ?? 60_000, 1),
      minimumCalls: wholeAtLeast("minimumCalls", options.minimumCalls ?? 5, 1),
      failureRatio: fraction("failureRatio", options.failureRatio ?? 0.5),
    };
    this.observer = options.observer;
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? systemRandom;
  }

  /** The provider, its calls seen and, while the monitor runs, itself checked. The same one for the same provider. */
  watch(provider: ChatProvider): ChatProvider {
    if (provider instanceof ObservedProvider && this.units.has(provider.inner)) return provider;
    const known = this.units.get(provider);
    if (known !== undefined) return known.watched;
    const unit: Unit = {
      provider,
      watched: new ObservedProvider(provider, this.rules, (now) => this.tell(unit, now)),
      check: undefined,
      failedChecks: 0,
      told: true,
      cancelTimer: undefined,
    };
    this.units.set(provider, unit);
    // The first checks are spread over one interval's jitter.
    if (this.running !== undefined) this.schedule(unit, this.intervalMs * this.jitter * this.random());
    return unit.watched;
  }

  /** Forgets a provider. */
  unwatch(provider: ChatProvider): void {
    const inner = provider instanceof ObservedProvider ? provider.inner : provider;
    this.units.get(inner)?.cancelTimer?.();
    this.units.delete(inner);
  }

  /** Begins to check what is watched, now and from now on. */
  start(): this {
    if (this.running !== undefined) return this;
    this.running = new AbortController();
    for (const unit of this.units.values())
      this.schedule(unit, this.intervalMs * this.jitter * this.random());
    return this;
  }

  /** Ends all checks, those under way too. What calls tell is still taken in. */
  stop(): void {
    this.running?.abort();
    this.running = undefined;
    for (const unit of this.units.values()) {
      unit.cancelTimer?.();
      unit.cancelTimer = undefined;
    }
  }

  isHealthy(provider: ChatProvider, now: number = this.clock.now(), model?: string): boolean {
    const inner = provider instanceof ObservedProvider ? provider.inner : provider;
    const unit = this.units.get(inner);
    return unit === undefined || (!this.failsChecks(unit) && !unit.watched.isDown(now, model));
  }

  /** How every watched provider is doing. @param now epoch milliseconds; default: now */
  report(now: number = this.clock.now()): readonly ProviderHealth[] {
    return [...this.units.values()].map((unit) => ({
      name: unit.provider.name,
      healthy: this.isHealthy(unit.provider, now),
      check: unit.check,
      ...unit.watched.statistics(now),
    }));
  }

  /** Checks everything that is watched once, now. */
  async check(): Promise<readonly ProviderHealth[]> {
    await Promise.all([...this.units.values()].map((unit) => this.checkUnit(unit, undefined)));
    return this.report();
  }

  private schedule(unit: Unit, ms: number): void {
    const { running } = this;
    unit.cancelTimer?.();
    unit.cancelTimer = this.clock.after(ms, () => {
      unit.cancelTimer = undefined;
      void this.checkUnit(unit, running?.signal).then(() => {
        // Stopped, or stopped and started anew, while the check was under way.
        if (running === undefined || running !== this.running || !this.units.has(unit.provider)) return;
        const share = 1 - this.jitter + 2 * this.jitter * this.random();
        this.schedule(unit, this.intervalMs * share);
      });
    });
  }

  private async checkUnit(unit: Unit, signal: AbortSignal | undefined): Promise<void> {
    const { clock, timeoutMs } = this;
    const report = await healthCheck(unit.provider, { clock, timeoutMs, signal });
    if (signal?.aborted === true) return;
    unit.check = report;
    if (report.status === "unhealthy") unit.failedChecks++;
    else if (report.status === "healthy") unit.failedChecks = 0;
    this.tell(unit, report.checkedAt);
  }

  /** Down by its checks, unless a call was answered since the latest of them. */
  private failsChecks(unit: Unit): boolean {
    if (unit.failedChecks < this.failures) return false;
    return (unit.watched.lastSuccessAt ?? Number.NEGATIVE_INFINITY) <= (unit.check?.checkedAt ?? 0);
  }

  private tell(unit: Unit, now: number): void {
    const healthy = this.isHealthy(unit.provider, now);
    if (healthy === unit.told) return;
    unit.told = healthy;
    const reason = healthy ? undefined : this.reason(unit, now);
    observe(this.observer, {
      type: "health",
      requestId: randomId(this.random),
      at: now,
      target: unit.provider.target ?? { provider: unit.provider.name },
      healthy,
      ...(reason === undefined ? {} : { reason }),
    });
  }

  private reason(unit: Unit, now: number): string {
    if (this.failsChecks(unit))
      return `${unit.failedChecks} checks failed: ${unit.check?.error?.message ?? "no member is healthy"}`;
    const { failures, successes } = unit.watched.statistics(now);
    return `${failures} of ${failures + successes} calls failed`;
  }
}
