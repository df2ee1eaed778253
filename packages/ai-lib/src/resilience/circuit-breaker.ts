import type { Call, CallContext } from "../core/contract/call.js";
import { modelOf } from "../core/contract/call-facts.js";
import { observe } from "../core/contract/observer.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { STATE_OPTION_NAMES, type StateOptions } from "../core/contract/state.js";
import { formatTarget } from "../core/errors/attempt-log.js";
import { AiLibError } from "../core/errors/error.js";
import { atLeast, refuseUnknown, wholeAtLeast } from "../core/errors/options.js";
import { reactionTo } from "../core/errors/reactions.js";
import {
  Cooldowns,
  type CooldownTimes,
  cooldownTimes,
  cooldownUntil,
  type Probe,
  provesTarget,
} from "../core/recovery/cooldowns.js";
import { CallInterceptor, type Outcome } from "../core/recovery/interceptor.js";
import { memberCell } from "../core/recovery/member-cell.js";
import { Wrapper } from "../core/run/compose.js";
import { targetOf } from "../core/run/member.js";
import { skipAttempt } from "../core/run/skip-attempt.js";
import type { Target } from "../core/values/target.js";
import { type BreakerRuleFactory, consecutiveFailures, failureRate } from "./breaker-rules.js";
import type { Circuit, CircuitKind, Permit } from "./circuit.js";
import { Circuits } from "./circuits.js";

/** Options of {@link circuitBreaker}. */
export interface CircuitBreakerOptions extends StateOptions {
  /** Any of these opens a circuit. Default: `consecutiveFailures()` and `failureRate()`. */
  readonly rules?: readonly BreakerRuleFactory[] | undefined;
  /** How long a circuit stays open at first, in milliseconds. Default 5,000. */
  readonly coolDownMs?: number | undefined;
  /** Each failed probe doubles this time, up to this maximum in milliseconds. Default 20,000. */
  readonly maxCoolDownMs?: number | undefined;
  /**
   * After a successful probe, the breaker allows two calls at a time, and one more after each success. When it reaches
   * this number, it allows all calls. With 1 it allows all calls immediately. Default 8.
   */
  readonly halfOpenMaxCalls?: number | undefined;
  /** How long a key, an account or a model cools down after an error that names no time. */
  readonly cooldown?: CooldownTimes | undefined;
}

const NAMES: ReadonlySet<string> = new Set([
  "rules",
  "coolDownMs",
  "maxCoolDownMs",
  "halfOpenMaxCalls",
  "cooldown",
  ...STATE_OPTION_NAMES,
] satisfies (keyof CircuitBreakerOptions)[]);

/**
 * Stops sending calls to a target that keeps failing, with one circuit for each model. The column "breaker" of the error
 * table defines which errors count. A stream counts when it ends; a cancelled call never counts. While a circuit is open,
 * calls fail immediately and locally with `CIRCUIT_OPEN`, and a strategy around the breaker asks the next member. A rate
 * limit, a refused key or a missing model starts a cooldown of the target, or of the model, with the same effect.
 *
 * Put the breaker around one target with one key. Around several targets, it counts only failures and starts no
 * cooldowns, because one bad key must not block the other keys.
 *
 * @example
 * const client = new AiClient(failover([circuitBreaker(provider("groq")), circuitBreaker(provider("openai"))]));
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option or one out of range.
 */
export function circuitBreaker(
  provider: ChatProvider,
  options: CircuitBreakerOptions = {},
): CircuitBreakerProvider {
  return new CircuitBreakerProvider(provider, options);
}

/** See {@link circuitBreaker}. */
export class CircuitBreakerProvider extends Wrapper {
  private readonly times: CooldownTimes;
  private readonly circuits: Circuits;
  private readonly cooldowns: Cooldowns;

  constructor(provider: ChatProvider, options: CircuitBreakerOptions) {
    super("circuit-breaker", provider);
    refuseUnknown("option of circuitBreaker", options, NAMES);
    this.times = cooldownTimes("circuitBreaker", options.cooldown);
    const coolDownMs = atLeast("coolDownMs", options.coolDownMs ?? 5_000, 1);
    const rules = options.rules ?? [consecutiveFailures(), failureRate()];
    const settings = {
      coolDownMs,
      maxCoolDownMs: atLeast(
        "maxCoolDownMs",
        options.maxCoolDownMs ?? Math.max(20_000, coolDownMs),
        coolDownMs,
      ),
      halfOpenMaxCalls: wholeAtLeast("halfOpenMaxCalls", options.halfOpenMaxCalls ?? 8, 1),
    };
    this.circuits = memberCell(options, "circuits", this, (link) => new Circuits(rules, settings, link));
    this.cooldowns = memberCell(options, "cooldowns", this, (link) => new Cooldowns(link));
  }

  /**
   * The state of a model's circuit; `open` during a cooldown, too.
   * @param now epoch milliseconds
   * @param model default: the default model
   */
  state(now: number, model: string | undefined = targetOf(this.inner)?.model): CircuitKind {
    return this.cooldowns.at(now, model) === undefined ? this.circuits.kindAt(now, model) : "open";
  }

  open(call: Call, sink: Sink): Flow {
    const target = targetOf(this.inner);
    const model = modelOf(call) ?? target?.model;
    const run = new BreakerRun(call, sink, this, this.cooldowns, target, model);
    this.admit(run);
    return run;
  }

  /** @internal Lets a call in, refuses it, or lets it wait for a running probe if no other member could answer. */
  admit(run: BreakerRun): void {
    const { call, model } = run;
    const now = call.context.clock.now();
    const cooldown = this.cooldowns.at(now, model);
    if (cooldown !== undefined) {
      run.stop(`cooling down after ${cooldown.code}`, cooldown.until);
      return;
    }
    const { isolation } = this.circuits;
    if (isolation !== undefined) {
      run.stop(isolation.why, isolation.retryAt);
      return;
    }
    if (this.cooldowns.probing(model, call.context) !== undefined) {
      if (call.alternatives?.untried() !== true) run.waitForProbe();
      else run.stop("at the end of a cooldown, with its one probe under way", undefined);
      return;
    }
    const circuit = this.circuits.of(model);
    const before = circuit.kind;
    const permit = circuit.enter(now);
    this.report(call.context, model, before, circuit.kind);
    if ("why" in permit) run.stop(permit.why, permit.retryAt);
    else run.enter(this.inner, circuit, permit);
  }

  /** @internal Applies the outcome of a call. @returns when the cooldown that it began ends */
  settle(
    call: Call,
    circuit: Circuit,
    permit: Permit,
    outcome: Outcome,
    model: string | undefined,
  ): number | undefined {
    const now = call.context.clock.now();
    const foreign = outcome.kind === "error" && this.isForeign(outcome.error);
    const before = circuit.kind;
    circuit.leave(permit, foreign ? "nothing" : verdictOf(outcome), now);
    this.report(call.context, model, before, circuit.kind);
    if (outcome.kind !== "error" || foreign) return undefined;
    return this.coolDown(call.context, outcome.error, model, now);
  }

  /** @internal The target in words, for messages and observers. */
  label(target: Target | undefined, model: string | undefined): string {
    const named = target ?? { provider: this.inner.name };
    return formatTarget(model === undefined ? named : { ...named, model });
  }

  private coolDown(
    context: CallContext,
    error: AiLibError,
    model: string | undefined,
    now: number,
  ): number | undefined {
    const target = targetOf(this.inner);
    const until = cooldownUntil(error, now, this.times);
    if (target === undefined || until === undefined || until <= now) return undefined;
    if (!this.cooldowns.begin(error, until, now, model)) return this.cooldowns.at(now, model)?.until;
    observe(context.observer, {
      type: "cooldown",
      requestId: context.requestId,
      at: now,
      key: this.label(target, error.scope === "model" ? model : undefined),
      until,
      error,
    });
    return until;
  }

  /** An error of another target: when the budget is spent, the call fails with the last error of any target. */
  private isForeign(error: AiLibError): boolean {
    const own = targetOf(this.inner);
    const { target } = error;
    if (own === undefined || target === undefined) return false;
    return own.provider !== target.provider || own.key !== target.key;
  }

  private report(context: CallContext, model: string | undefined, from: CircuitKind, to: CircuitKind): void {
    if (from === to || context.observer === undefined) return;
    observe(context.observer, {
      type: "breaker",
      requestId: context.requestId,
      at: context.clock.now(),
      key: this.label(targetOf(this.inner), model),
      from,
      to,
    });
  }
}

class BreakerRun extends CallInterceptor {
  private circuit: Circuit | undefined;
  private permit: Permit | undefined;
  private probe: Probe | undefined;
  private stopWaiting: (() => void) | undefined;
  private coolsUntil: number | undefined;

  constructor(
    override readonly call: Call,
    sink: Sink,
    private readonly breaker: CircuitBreakerProvider,
    private readonly cooldowns: Cooldowns,
    private readonly target: Target | undefined,
    readonly model: string | undefined,
  ) {
    super(call, sink);
  }

  enter(provider: ChatProvider, circuit: Circuit, permit: Permit): void {
    this.circuit = circuit;
    this.permit = permit;
    this.probe = this.cooldowns.enter(this.model, this.call.context);
    this.begin(provider);
  }

  waitForProbe(): void {
    this.stopWaiting = this.cooldowns.onProbeEnd(() => this.breaker.admit(this));
  }

  stop(why: string, retryAt: number | undefined): void {
    const label = this.breaker.label(this.target, this.model);
    const target = this.target ?? { provider: this.breaker.name };
    skipAttempt(this.call, target, `its circuit is ${why}`);
    this.refuse(
      new AiLibError({
        code: "CIRCUIT_OPEN",
        message: `The circuit of ${label} is ${why}`,
        local: true,
        target,
        retryAt,
      }),
    );
  }

  /** After a rate limit that names no time, the target may be asked again once the cooldown has ended. */
  protected override errorForCaller(error: AiLibError): AiLibError {
    const { coolsUntil } = this;
    if (error.code !== "RATE_LIMIT" || error.retryAt !== undefined || coolsUntil === undefined) return error;
    return error.with({ retryAt: coolsUntil });
  }

  protected override onFirstContent(): void {
    this.endProbe(true);
  }

  protected onEnd(outcome: Outcome): void {
    this.stopWaiting?.();
    if (this.circuit === undefined || this.permit === undefined) return;
    this.coolsUntil = this.breaker.settle(this.call, this.circuit, this.permit, outcome, this.model);
    this.endProbe(provesTarget(outcome));
  }

  private endProbe(answered: boolean): void {
    const { probe } = this;
    this.probe = undefined;
    if (probe !== undefined) this.cooldowns.leave(probe, answered, this.model);
  }
}

function verdictOf(outcome: Outcome): "success" | "failure" | "nothing" {
  if (outcome.kind !== "error") return outcome.kind === "success" ? "success" : "nothing";
  return reactionTo(outcome.error).breaker === "counts" ? "failure" : "nothing";
}
