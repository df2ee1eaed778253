import { type Clock, type Random, randomId, systemClock, systemRandom } from "../core/contract/clock.js";
import type { HealthSource } from "../core/contract/health.js";
import { type Observer, observe } from "../core/contract/observer.js";
import { Printable } from "../core/contract/printable.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { cellFor, STATE_OPTION_NAMES, type StateOptions } from "../core/contract/state.js";
import { atLeast, fraction, refuseUnknown, wholeAtLeast } from "../core/errors/options.js";
import { targetText } from "../core/recovery/member-cell.js";
import { ObservedProvider } from "../core/recovery/observed-provider.js";
import { type HealthReport, healthCheck } from "./check.js";
import { HealthRecord } from "./record.js";
import type { CallStatistics, PassiveRules } from "./statistics.js";

/** Options of {@link HealthMonitor}. */
export interface HealthMonitorOptions extends StateOptions {
  /** Milliseconds between two checks of one provider. Default 30,000. */
  readonly intervalMs?: number | undefined;
  /** Each interval is longer or shorter by up to this share, so that checks spread out. 0 to 1. Default 0.2. */
  readonly jitter?: number | undefined;
  /** Milliseconds that an endpoint has to answer a check. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Checks in a row that must fail before a provider is down; one that passes ends that. Default 2. */
  readonly failures?: number | undefined;
  /** How far back calls count, in milliseconds. Default 60,000. */
  readonly windowMs?: number | undefined;
  /** Calls that must have ended within the window before their failures count. Default 5. */
  readonly minimumCalls?: number | undefined;
  /** The share of failed calls at which a provider is down; more than 0, at most 1. Default 0.5. */
  readonly failureRatio?: number | undefined;
  /** Receives an event each time a provider goes down or comes back. */
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
  ...STATE_OPTION_NAMES,
] satisfies (keyof HealthMonitorOptions)[]);

/** The health of one watched provider. */
export interface ProviderHealth extends CallStatistics {
  readonly name: string;
  /** False where checks or calls show that it is down. */
  readonly healthy: boolean;
  /** The latest check of this process; undefined before the first. */
  readonly check: HealthReport | undefined;
}

/** One watched provider. */
interface Unit {
  readonly provider: ChatProvider;
  readonly observed: ObservedProvider;
  readonly record: HealthRecord;
  check: HealthReport | undefined;
  /** What the observer received last. */
  reported: boolean;
  cancelTimer: (() => void) | undefined;
}

/**
 * Tracks the health of providers by the outcomes of their calls and, once started, by periodic checks that cost no
 * tokens. Pass it to a strategy as `health`: members that are down are asked last. Call `stop()` before the process
 * ends, since a running monitor has timers.
 *
 * @example
 * const health = new HealthMonitor({ intervalMs: 10_000 }).start();
 * const client = new AiClient(failover([provider("groq"), provider("openai")], { health }));
 */
export class HealthMonitor extends Printable implements HealthSource {
  private readonly units = new Map<ChatProvider, Unit>();
  private readonly rules: PassiveRules;
  private readonly state: StateOptions;
  private readonly intervalMs: number;
  private readonly jitter: number;
  private readonly timeoutMs: number;
  private readonly failures: number;
  private readonly observer: Observer | undefined;
  private readonly clock: Clock;
  private readonly random: Random;
  private running: AbortController | undefined;

  /** The names of the providers that it watches. */
  toJSON(): Readonly<Record<string, unknown>> {
    return { providers: [...this.units.keys()].map(({ name }) => name) };
  }

  /** @throws {AiLibError} `CONFIG_ERROR` for an unknown option or one out of range. */
  constructor(options: HealthMonitorOptions = {}) {
    super();
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
    this.state = { state: options.state, stateKey: options.stateKey };
    this.observer = options.observer;
    this.clock = options.clock ?? systemClock;
    this.random = options.random ?? systemRandom;
  }

  /**
   * Returns the provider with its calls observed, the same object each time; while the monitor runs, the provider is
   * also checked.
   */
  watch(provider: ChatProvider): ChatProvider {
    const known = this.unitOf(provider);
    if (known !== undefined) return known.observed;
    const record = this.recordOf(provider);
    const observed = new ObservedProvider(provider, {
      onFirstContent: (call, afterMs) => record.addFirstContent(call, afterMs),
      onEnd: (call, outcome, tookMs) => {
        const now = call.context.clock.now();
        record.addOutcome(call, outcome, now, tookMs);
        this.reportChange(unit, now);
      },
    });
    const unit: Unit = {
      provider,
      observed,
      record,
      check: undefined,
      reported: true,
      cancelTimer: undefined,
    };
    this.units.set(provider, unit);
    if (this.running !== undefined) this.scheduleFirst(unit, this.running);
    return observed;
  }

  /** Stops watching a provider. */
  unwatch(provider: ChatProvider): void {
    const unit = this.unitOf(provider);
    if (unit === undefined) return;
    unit.cancelTimer?.();
    this.units.delete(unit.provider);
  }

  /** Starts the periodic checks of all watched providers. */
  start(): this {
    if (this.running !== undefined) return this;
    this.running = new AbortController();
    for (const unit of this.units.values()) this.scheduleFirst(unit, this.running);
    return this;
  }

  /** Ends all checks, including those under way. Calls are still observed. */
  stop(): void {
    this.running?.abort();
    this.running = undefined;
    for (const unit of this.units.values()) {
      unit.cancelTimer?.();
      unit.cancelTimer = undefined;
    }
  }

  isHealthy(provider: ChatProvider, now: number = this.clock.now(), model?: string): boolean {
    const record = this.unitOf(provider)?.record;
    return record === undefined || (!record.failsChecks(this.failures) && !record.isDown(now, model));
  }

  /** The health of every watched provider. @param now epoch milliseconds; default: now */
  report(now: number = this.clock.now()): readonly ProviderHealth[] {
    return [...this.units.values()].map((unit) => ({
      name: unit.provider.name,
      healthy: this.isHealthy(unit.provider, now),
      check: unit.check,
      ...unit.record.statistics(now),
    }));
  }

  /** Checks every watched provider once. */
  async check(): Promise<readonly ProviderHealth[]> {
    await Promise.all([...this.units.values()].map((unit) => this.checkUnit(unit, undefined)));
    return this.report();
  }

  /** The first checks are spread over the jitter of one interval. */
  private scheduleFirst(unit: Unit, running: AbortController): void {
    this.schedule(unit, running, this.intervalMs * this.jitter * this.random());
  }

  private schedule(unit: Unit, running: AbortController, ms: number): void {
    unit.cancelTimer = this.clock.after(ms, () => {
      unit.cancelTimer = undefined;
      void this.checkUnit(unit, running.signal).then(() => {
        // During the check the monitor was stopped, or the provider was unwatched; both may have begun again.
        if (running !== this.running || this.units.get(unit.provider) !== unit) return;
        const share = 1 - this.jitter + 2 * this.jitter * this.random();
        this.schedule(unit, running, this.intervalMs * share);
      });
    });
  }

  private async checkUnit(unit: Unit, signal: AbortSignal | undefined): Promise<void> {
    const { clock, timeoutMs } = this;
    const report = await healthCheck(unit.provider, { clock, timeoutMs, signal });
    if (signal?.aborted === true) return;
    unit.check = report;
    const passed = report.status === "unknown" ? undefined : report.status === "healthy";
    unit.record.addCheck(passed, report.checkedAt, report.error?.message);
    this.reportChange(unit, report.checkedAt);
  }

  private unitOf(provider: ChatProvider): Unit | undefined {
    const known = this.units.get(provider);
    if (known !== undefined || !(provider instanceof ObservedProvider)) return known;
    const inner = this.units.get(provider.inner);
    return inner?.observed === provider ? inner : undefined;
  }

  private recordOf(provider: ChatProvider): HealthRecord {
    const { state, stateKey } = this.state;
    // A layer around a target has health of its own: the outcomes of its calls are not those of the target.
    const text = targetText(provider);
    const target = provider.members === undefined ? text : `${text} via ${provider.name}`;
    const key = stateKey === undefined || stateKey === "" ? stateKey : `${stateKey}/${target}`;
    return cellFor({ state, stateKey: key }, "health", target, (link) => new HealthRecord(this.rules, link));
  }

  private reportChange(unit: Unit, now: number): void {
    const healthy = this.isHealthy(unit.provider, now);
    if (healthy === unit.reported) return;
    unit.reported = healthy;
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
    const { record } = unit;
    if (record.failsChecks(this.failures))
      return `${record.failedChecks} checks failed: ${record.checkMessage ?? "no member is healthy"}`;
    const { failures, successes } = record.statistics(now);
    return `${failures} of ${failures + successes} calls failed`;
  }
}
