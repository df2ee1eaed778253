import type { Call } from "../core/contract/call.js";
import { modelOf } from "../core/contract/call-facts.js";
import { observe } from "../core/contract/observer.js";
import { cellFor, STATE_OPTION_NAMES, type StateOptions } from "../core/contract/state.js";
import { formatTarget, soonest } from "../core/errors/attempt-log.js";
import { AiLibError, configError } from "../core/errors/error.js";
import { reactionTo } from "../core/errors/reactions.js";
import {
  type Cooldown,
  Cooldowns,
  type CooldownTimes,
  cooldownTimes,
  cooldownUntil,
} from "../core/recovery/cooldowns.js";
import type { Plan } from "../core/recovery/sequence.js";
import { FailoverPlan } from "./failover-plan.js";
import type { Entry, Member } from "./member.js";
import { targetKeys } from "./member-key.js";
import { ProbedKey } from "./probed-key.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/** Options of {@link keys}. */
export interface KeysOptions extends StrategyOptions, StateOptions {
  /** How long a key cools down after an error that names no time. */
  readonly cooldown?: CooldownTimes | undefined;
}

/** See {@link keys}. */
export class KeysProvider extends Strategy {
  private readonly times: CooldownTimes;
  /** The cooldowns of each member, in their order. */
  private readonly cooldowns: readonly Cooldowns[];
  private turn = 0;

  /**
   * @throws {AiLibError} `CONFIG_ERROR` for no members, members of several providers, the same key twice, or an option
   *   that is unknown or wrong.
   */
  constructor(members: readonly Member[], options: KeysOptions = {}) {
    super("keys", ",", members, options, ["cooldown", ...STATE_OPTION_NAMES]);
    this.times = cooldownTimes("keys", options.cooldown);
    checkKeys(this.entries);
    const { state, stateKey } = options;
    this.cooldowns = targetKeys(this.entries).map((target) => {
      const key = stateKey === undefined || stateKey === "" ? stateKey : `${stateKey}/${target}`;
      return cellFor({ state, stateKey: key }, "cooldowns", target, (link) => new Cooldowns(link));
    });
    this.observeMembers((entry) => ({
      onEnd: (call, outcome) => {
        if (outcome.kind === "error") this.coolDown(entry, call, outcome.error);
      },
    }));
    this.wrapMembers((provider, entry) => new ProbedKey(provider, entry, this.cooldowns[entry.index]));
  }

  /** Positions of the members whose key cools down for every model. @param now epoch milliseconds */
  coolingDown(now: number): readonly number[] {
    return this.entries.flatMap(({ index }) =>
      this.cooldownOf(index, undefined, now) === undefined ? [] : [index],
    );
  }

  protected order(_call: Call, members: readonly Entry[]): readonly Entry[] {
    const first = this.turn++ % members.length;
    return [...members.slice(first), ...members.slice(0, first)];
  }

  /**
   * Only keys in use take turns, so that the share of one that cools down, or that one call tries after its cooldown, is
   * spread over all others.
   */
  protected override isUp(entry: Entry, call: Call): boolean {
    const model = modelOf(call);
    const down =
      this.cooldownOf(entry.index, model, call.context.clock.now()) ??
      this.cooldowns[entry.index]?.probing(model, call.context);
    return down === undefined && super.isUp(entry, call);
  }

  protected override plan(call: Call): Plan {
    return new KeysPlan(this, call, this.arrange(call));
  }

  /** @internal */
  override reasonToSkip(entry: Entry, call: Call): string | undefined {
    const now = call.context.clock.now();
    const cooldown = this.cooldownOf(entry.index, modelOf(call), now);
    if (cooldown === undefined) return undefined;
    return `it cools down for another ${Math.ceil(cooldown.until - now)} ms after ${cooldown.code}`;
  }

  /** @internal */
  override noCandidate(call: Call): AiLibError {
    return this.cooldownError(call) ?? super.noCandidate(call);
  }

  /** @internal The error of a call for which every key cools down, with the code of the one that ends first. */
  cooldownError(call: Call): AiLibError | undefined {
    const now = call.context.clock.now();
    const model = modelOf(call);
    let first: { readonly cooldown: Cooldown; readonly entry: Entry } | undefined;
    const reasons: string[] = [];
    for (const entry of this.entries) {
      const cooldown = this.cooldownOf(entry.index, model, now);
      if (cooldown === undefined) return undefined;
      if (first === undefined || cooldown.until < first.cooldown.until) first = { cooldown, entry };
      reasons.push(`${formatTarget(entry.target)}: ${cooldown.code}, ${cooldown.message}.`);
    }
    if (first === undefined) return undefined;
    const { code, scope, until } = first.cooldown;
    return new AiLibError({
      code,
      scope,
      target: first.entry.target,
      message:
        `${this.name}: all ${this.entries.length} keys cool down, the first one for another ` +
        `${Math.ceil(until - now)} ms. ${reasons.join(" ")}`,
      local: true,
      retryAt: until,
      attempts: call.context.attempts,
    });
  }

  private coolDown(entry: Entry, call: Call, error: AiLibError): void {
    // After an error that another key cannot avoid, any key will do.
    if (reactionTo(error).otherKey === "no") return;
    const { context } = call;
    const now = context.clock.now();
    const until = cooldownUntil(error, now, this.times);
    if (until === undefined || until <= now) return;
    for (const { index } of this.sharing(entry, error))
      this.cooldowns[index]?.begin(error, until, now, modelOf(call));
    observe(context.observer, {
      type: "cooldown",
      requestId: context.requestId,
      at: now,
      key: formatTarget(entry.target),
      until,
      error,
    });
  }

  /** The members that an error is about: all of one account where it is about the account. */
  private sharing(entry: Entry, error: AiLibError): readonly Entry[] {
    const { account } = entry.target;
    if (error.scope !== "account" || account === undefined) return [entry];
    return this.entries.filter((other) => other.target.account === account);
  }

  private cooldownOf(index: number, model: string | undefined, now: number): Cooldown | undefined {
    return this.cooldowns[index]?.at(now, model);
  }
}

/** A plan whose last error reports that every key cools down. */
class KeysPlan extends FailoverPlan {
  constructor(
    private readonly keys: KeysProvider,
    private readonly keysCall: Call,
    order: readonly Entry[],
  ) {
    super(keys, keysCall, order);
  }

  override finalError(last: AiLibError): AiLibError {
    const all = reactionTo(last).otherKey === "no" ? undefined : this.keys.cooldownError(this.keysCall);
    const error = super.finalError(last);
    return all === undefined
      ? error
      : error.with({ message: all.message, retryAt: soonest(all.retryAt, error.retryAt) });
  }
}

function checkKeys(entries: readonly Entry[]): void {
  const [first, ...others] = entries.map(({ target }) => target);
  for (const target of others) {
    if (target.provider !== first?.provider)
      throw configError(
        `keys() takes several keys of one provider, not "${first?.provider}" and "${target.provider}"; use failover() or roundRobin()`,
      );
  }
  const aliases = entries.flatMap(({ target }) => target.key ?? []);
  const twice = aliases.find((alias, index) => aliases.indexOf(alias) !== index);
  if (twice !== undefined) throw configError(`keys() has the key "${twice}" twice`);
}

/**
 * Spreads calls over several keys of one provider: one member for each key, in turns. After a rate limit, an exhausted
 * quota or a refusal, a key cools down for as long as the error says, and another key takes the call immediately. If the
 * error concerns the account, all keys of the account cool down. If it concerns a model, the key cools down only for that
 * model. When all keys are cooling down, the call fails locally, with the time at which the first key is available again.
 *
 * @example
 * const groq = keys([
 *   ProviderFactory.create("groq", { apiKey: process.env.GROQ_KEY_A, keyAlias: "a" }),
 *   ProviderFactory.create("groq", { apiKey: process.env.GROQ_KEY_B, keyAlias: "b" }),
 * ]);
 * @throws {AiLibError} `CONFIG_ERROR` for no members, members of several providers, the same key twice, or an option
 *   that is unknown or wrong.
 */
export function keys(members: readonly Member[], options?: KeysOptions): KeysProvider {
  return new KeysProvider(members, options);
}
