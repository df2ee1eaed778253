import { type Call, type CallContext, refuseUnknown } from "../core/contract/call.js";
import { modelOf } from "../core/contract/call-facts.js";
import { observe } from "../core/contract/observer.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { formatTarget } from "../core/errors/attempt-log.js";
import { AiLibError } from "../core/errors/error.js";
import { atLeast, wholeAtLeast } from "../core/errors/options.js";
import { reactionTo } from "../core/errors/reactions.js";
import { COOLDOWN_NAMES, type CooldownTimes, cooldownUntil } from "../core/recovery/cooldowns.js";
import { CallInterceptor, type Outcome } from "../core/recovery/interceptor.js";
import { skipAttempt } from "../core/run/attempt.js";
import { Wrapper } from "../core/run/compose.js";
import { targetOf } from "../core/run/member.js";
import type { Target } from "../core/values/target.js";
import { type BreakerRuleFactory, consecutiveFailures, failureRate } from "./breaker-rules.js";
import { Circuit, type CircuitKind, type CircuitSettings, type Permit } from "./circuit.js";

/** Options of {@link circuitBreaker}. */
export interface CircuitBreakerOptions {
  /** Any of these opens it. Default: `consecutiveFailures()` and `failureRate()`. */
  readonly rules?: readonly BreakerRuleFactory[] | undefined;
  /** How long it stays open at first, in milliseconds. Default 5,000. */
  readonly coolDownMs?: number | undefined;
  /** Each failed probe doubles the cool-down, up to this many milliseconds. Default 20,000. */
  readonly maxCoolDownMs?: number | undefined;
  /**
   * After a good probe two calls at a time are let in, and one more for each success, until it is this many; then
   * all. 1 lets all in at once. Default 8.
   */
  readonly halfOpenMaxCalls?: number | undefined;
  /** How long a key, an account or a model is left alone after an error that names no time. */
  readonly cooldown?: CooldownTimes | undefined;
}

const NAMES: ReadonlySet<string> = new Set([
  "rules",
  "coolDownMs",
  "maxCoolDownMs",
  "halfOpenMaxCalls",
  "cooldown",
]);

/** Models whose circuits one breaker keeps; beyond it the one longest unused is forgotten. */
const MAX_CIRCUITS = 1_000;

/**
 * Stops asking a target that keeps failing, one circuit for each model. What counts is the column "breaker" of the
 * error table; a stream counts when it ends, a cancelled call never. While a circuit is open, calls fail at once
 * and locally with `CIRCUIT_OPEN`, after which a strategy asks the next member. A rate limit, a dead key or a
 * missing model holds what it is about (the whole target, or the model) in the same way.
 *
 * Put it around one target with one key: around a choice of several, one bad key would stop the good ones, so
 * there only failures count and nothing is held.
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option or one out of range.
 */
export function circuitBreaker(
  provider: ChatProvider,
  options: CircuitBreakerOptions = {},
): CircuitBreakerProvider {
  return new CircuitBreakerProvider(provider, options);
}

interface Cooldown {
  readonly until: number;
  readonly error: AiLibError;
}

/** See {@link circuitBreaker}. */
export class CircuitBreakerProvider extends Wrapper {
  private readonly rules: readonly BreakerRuleFactory[];
  private readonly settings: CircuitSettings;
  private readonly times: CooldownTimes;
  private readonly circuits = new Map<string, Circuit>();
  /** Holds by model; `""` holds them all. */
  private readonly cooldowns = new Map<string, Cooldown>();

  constructor(provider: ChatProvider, options: CircuitBreakerOptions) {
    super("circuit-breaker", provider);
    refuseUnknown("option of circuitBreaker", options, NAMES);
    refuseUnknown("cooldown of circuitBreaker", options.cooldown ?? {}, new Set(COOLDOWN_NAMES));
    for (const name of COOLDOWN_NAMES) atLeast(`cooldown.${name}`, options.cooldown?.[name] ?? 0, 0);
    const coolDownMs = atLeast("coolDownMs", options.coolDownMs ?? 5_000, 1);
    this.rules = options.rules ?? [consecutiveFailures(), failureRate()];
    this.settings = {
      coolDownMs,
      maxCoolDownMs: atLeast(
        "maxCoolDownMs",
        options.maxCoolDownMs ?? Math.max(20_000, coolDownMs),
        coolDownMs,
      ),
      halfOpenMaxCalls: wholeAtLeast("halfOpenMaxCalls", options.halfOpenMaxCalls ?? 8, 1),
    };
    this.times = options.cooldown ?? {};
  }

  /** Where a model's circuit stands at a time (epoch milliseconds); a hold is "open". Default: the default model. */
  state(now: number, model?: string): CircuitKind {
    const target = targetOf(this.inner);
    const key = model ?? target?.model ?? "";
    if (this.cooldownOf(key, now) !== undefined) return "open";
    return this.circuits.get(key)?.kindAt(now) ?? "closed";
  }

  open(call: Call, sink: Sink): Flow {
    const { clock } = call.context;
    const now = clock.now();
    const target = targetOf(this.inner);
    const model = modelOf(call) ?? target?.model ?? "";
    const run = new BreakerRun(call, sink, this, target, model);
    const hold = this.cooldownOf(model, now);
    if (hold !== undefined) {
      run.stop(`held after ${hold.error.code}`, hold.until);
      return run;
    }
    const circuit = this.circuit(model);
    const before = circuit.kind;
    const entry = circuit.enter(now);
    this.tell(call.context, model, before, circuit.kind);
    if ("why" in entry) run.stop(entry.why, entry.retryAt);
    else run.enter(this.inner, circuit, entry);
    return run;
  }

  /** @internal A run ended: what its outcome says about the target. */
  settle(call: Call, circuit: Circuit, permit: Permit, outcome: Outcome, model: string): void {
    const now = call.context.clock.now();
    const foreign = outcome.kind === "error" && this.isForeign(outcome.error);
    const before = circuit.kind;
    circuit.leave(permit, foreign ? "nothing" : verdictOf(outcome), now);
    this.tell(call.context, model, before, circuit.kind);
    if (outcome.kind === "error" && !foreign) this.coolDown(call.context, outcome.error, model, now);
  }

  /** @internal */
  keyOf(target: Target | undefined, model: string): string {
    const named = target ?? { provider: this.inner.name };
    return formatTarget(model === "" ? named : { ...named, model });
  }

  private circuit(model: string): Circuit {
    const known = this.circuits.get(model);
    if (known !== undefined) return known;
    if (this.circuits.size >= MAX_CIRCUITS) forgetOldest(this.circuits);
    const made = new Circuit(
      this.rules.map((rule) => rule()),
      this.settings,
    );
    this.circuits.set(model, made);
    return made;
  }

  private cooldownOf(model: string, now: number): Cooldown | undefined {
    for (const key of ["", model]) {
      const hold = this.cooldowns.get(key);
      if (hold === undefined) continue;
      if (now < hold.until) return hold;
      this.cooldowns.delete(key);
    }
    return undefined;
  }

  private coolDown(context: CallContext, error: AiLibError, model: string, now: number): void {
    const target = targetOf(this.inner);
    const until = cooldownUntil(error, now, this.times);
    if (target === undefined || until === undefined || until <= now) return;
    const key = error.scope === "model" ? model : "";
    if ((this.cooldowns.get(key)?.until ?? 0) >= until) return;
    if (this.cooldowns.size >= MAX_CIRCUITS) this.cooldowns.clear();
    this.cooldowns.set(key, { until, error });
    observe(context.observer, {
      type: "cooldown",
      requestId: context.requestId,
      at: now,
      key: this.keyOf(target, key),
      until,
      error,
    });
  }

  /** An error of another target: a spent budget rethrows whatever came last. */
  private isForeign(error: AiLibError): boolean {
    const own = targetOf(this.inner);
    const { target } = error;
    if (own === undefined || target === undefined) return false;
    return own.provider !== target.provider || own.key !== target.key;
  }

  private tell(context: CallContext, model: string, from: CircuitKind, to: CircuitKind): void {
    if (from === to || context.observer === undefined) return;
    observe(context.observer, {
      type: "breaker",
      requestId: context.requestId,
      at: context.clock.now(),
      key: this.keyOf(targetOf(this.inner), model),
      from,
      to,
    });
  }
}

class BreakerRun extends CallInterceptor {
  private circuit: Circuit | undefined;
  private permit: Permit | undefined;

  constructor(
    call: Call,
    sink: Sink,
    private readonly breaker: CircuitBreakerProvider,
    private readonly target: Target | undefined,
    private readonly model: string,
  ) {
    super(call, sink);
  }

  enter(provider: ChatProvider, circuit: Circuit, permit: Permit): void {
    this.circuit = circuit;
    this.permit = permit;
    this.begin(provider);
  }

  stop(why: string, retryAt: number | undefined): void {
    const key = this.breaker.keyOf(this.target, this.model);
    const target = this.target ?? { provider: this.breaker.name };
    skipAttempt(this.call, target, `its circuit is ${why}`);
    this.refuse(
      new AiLibError({
        code: "CIRCUIT_OPEN",
        message: `The circuit of ${key} is ${why}`,
        local: true,
        target,
        retryAt,
      }),
    );
  }

  protected ended(outcome: Outcome): void {
    if (this.circuit !== undefined && this.permit !== undefined)
      this.breaker.settle(this.call, this.circuit, this.permit, outcome, this.model);
  }
}

function verdictOf(outcome: Outcome): "success" | "failure" | "nothing" {
  if (outcome.kind !== "error") return outcome.kind === "success" ? "success" : "nothing";
  return reactionTo(outcome.error).breaker === "counts" ? "failure" : "nothing";
}

function forgetOldest(circuits: Map<string, Circuit>): void {
  let oldest: string | undefined;
  let usedAt = Number.POSITIVE_INFINITY;
  for (const [key, circuit] of circuits) {
    if (circuit.fresh && circuit.usedAt < usedAt) {
      oldest = key;
      usedAt = circuit.usedAt;
    }
  }
  // Where all of them are open, the first one made goes.
  circuits.delete(oldest ?? (circuits.keys().next().value as string));
}
