import type { Call } from "../core/contract/call.js";
import { refuseUnknown } from "../core/contract/call.js";
import { modelOf } from "../core/contract/call-facts.js";
import { observe } from "../core/contract/observer.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { formatTarget, soonest } from "../core/errors/attempt-log.js";
import { AiLibError, configError } from "../core/errors/error.js";
import { atLeast } from "../core/errors/options.js";
import { reactionTo } from "../core/errors/reactions.js";
import { COOLDOWN_NAMES, type CooldownTimes, cooldownUntil } from "../core/recovery/cooldowns.js";
import type { Outcome } from "../core/recovery/interceptor.js";
import type { Plan } from "../core/recovery/sequence.js";
import { FailoverPlan, targetFor } from "./failover-plan.js";
import type { Entry, Member } from "./member.js";
import { type CallListener, ObservedMember } from "./observed-member.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/** Options of {@link keys}. */
export interface KeysOptions extends StrategyOptions {
  /** How long a key is left alone after an error that names no time. */
  readonly cooldown?: CooldownTimes | undefined;
}

interface Cooldown {
  readonly until: number;
  readonly error: AiLibError;
}

/**
 * Several keys of one provider: one member for each key. The turn goes round. A key that ran into a rate limit, is
 * out of quota or is refused is held for as long as the error says (with the keys of the same account where the
 * error is the account's, for one model where it is the model's), and another key takes the call at once; one bad
 * key never stops the good ones. Where all are held, the call fails at once and says so, with the time at which
 * the first one may be asked again.
 */
export class KeysProvider extends Strategy implements CallListener {
  private readonly times: CooldownTimes;
  private readonly watched: readonly ObservedMember[];
  /** For each member, holds by model; `""` holds them all. */
  private readonly cooldowns: readonly Map<string, Cooldown>[];
  private turn = 0;

  /**
   * @throws {AiLibError} `CONFIG_ERROR` for no members, members of several providers, a key that is there twice, or
   *   an option that is unknown or wrong.
   */
  constructor(members: readonly Member[], options: KeysOptions = {}) {
    super("keys", ",", members, options, ["cooldown"]);
    const { cooldown = {} } = options;
    refuseUnknown("cooldown of keys", cooldown, new Set(COOLDOWN_NAMES));
    for (const name of COOLDOWN_NAMES) atLeast(`cooldown.${name}`, cooldown[name] ?? 0, 0);
    checkKeys(this.entries);
    this.times = cooldown;
    this.watched = this.entries.map((entry) => new ObservedMember(entry, this));
    this.cooldowns = this.entries.map(() => new Map());
  }

  /** Members that are held now for every model, by their place. @param now epoch milliseconds */
  coolingDown(now: number): readonly number[] {
    return this.entries.flatMap(({ index }) =>
      this.cooldownOf(index, "", now) === undefined ? [] : [index],
    );
  }

  protected order(_call: Call, members: readonly Entry[]): readonly Entry[] {
    const first = this.turn++ % members.length;
    return [...members.slice(first), ...members.slice(0, first)];
  }

  /** The turn goes round those that are not held, so that no key has to bear its dead neighbour's share. */
  protected override isUp(entry: Entry, call: Call): boolean {
    const hold = this.cooldownOf(entry.index, modelOf(call) ?? "", call.context.clock.now());
    return hold === undefined && super.isUp(entry, call);
  }

  protected override plan(call: Call): Plan {
    return new KeysPlan(this, call, this.arranged(call));
  }

  /** @internal */
  override opener(entry: Entry): ChatProvider {
    return this.watched[entry.index] as ObservedMember;
  }

  /** @internal */
  override reasonToSkip(entry: Entry, call: Call): string | undefined {
    const now = call.context.clock.now();
    const hold = this.cooldownOf(entry.index, modelOf(call) ?? "", now);
    if (hold === undefined) return undefined;
    return `held for another ${Math.ceil(hold.until - now)} ms after ${hold.error.code}`;
  }

  /** @internal */
  override noCandidate(call: Call): AiLibError {
    return this.allCoolingDown(call) ?? super.noCandidate(call);
  }

  /** @internal The error of a call for which every key is held: the one that is held shortest speaks for all. */
  allCoolingDown(call: Call): AiLibError | undefined {
    const now = call.context.clock.now();
    const model = modelOf(call) ?? "";
    let first: Cooldown | undefined;
    for (const { index } of this.entries) {
      const hold = this.cooldownOf(index, model, now);
      if (hold === undefined) return undefined;
      if (first === undefined || hold.until < first.until) first = hold;
    }
    if (first === undefined) return undefined;
    const { error, until } = first;
    return new AiLibError({
      code: error.code,
      scope: error.scope,
      target: error.target,
      message:
        `${this.name}: all ${this.entries.length} keys are held, the first one for another ` +
        `${Math.ceil(until - now)} ms. ${this.formatCooldowns(model, now)}`,
      local: true,
      retryAt: until,
      attempts: call.context.attempts,
    });
  }

  /** @internal */
  ended(entry: Entry, call: Call, outcome: Outcome): void {
    if (outcome.kind !== "error") return;
    const { error } = outcome;
    // What another key does not mend is no reason to leave this one alone.
    if (reactionTo(error).otherKey === "no") return;
    const { context } = call;
    const now = context.clock.now();
    const until = cooldownUntil(error, now, this.times);
    if (until === undefined || until <= now) return;
    const model = error.scope === "model" ? (modelOf(call) ?? "") : "";
    for (const { index } of this.sharing(entry, error)) {
      const holds = this.cooldowns[index] as Map<string, Cooldown>;
      for (const [name, hold] of holds) if (hold.until <= now) holds.delete(name);
      if ((holds.get(model)?.until ?? 0) < until) holds.set(model, { until, error });
    }
    observe(context.observer, {
      type: "cooldown",
      requestId: context.requestId,
      at: now,
      key: formatTarget(targetFor(entry)),
      until,
      error,
    });
  }

  /** The members that an error holds: all of one account where it is the account's. */
  private sharing(entry: Entry, error: AiLibError): readonly Entry[] {
    const { account } = targetFor(entry);
    if (error.scope !== "account" || account === undefined) return [entry];
    return this.entries.filter((other) => targetFor(other).account === account);
  }

  private cooldownOf(index: number, model: string, now: number): Cooldown | undefined {
    const holds = this.cooldowns[index];
    const wide = holds?.get("");
    const own = holds?.get(model);
    const hold = wide !== undefined && wide.until >= (own?.until ?? 0) ? wide : own;
    return hold !== undefined && hold.until > now ? hold : undefined;
  }

  private formatCooldowns(model: string, now: number): string {
    return this.entries
      .map((entry) => {
        const hold = this.cooldownOf(entry.index, model, now);
        return hold === undefined
          ? ""
          : `${formatTarget(targetFor(entry))}: ${hold.error.code}, ${hold.error.message}.`;
      })
      .join(" ");
  }
}

/** A plan that says so when it leaves no key alive. */
class KeysPlan extends FailoverPlan {
  constructor(
    private readonly keys: KeysProvider,
    private readonly asked: Call,
    order: readonly Entry[],
  ) {
    super(keys, asked, order);
  }

  override exhausted(last: AiLibError): AiLibError {
    const held = reactionTo(last).otherKey === "no" ? undefined : this.keys.allCoolingDown(this.asked);
    const told = super.exhausted(last);
    return held === undefined
      ? told
      : told.with({ message: held.message, retryAt: soonest(held.retryAt, told.retryAt) });
  }
}

function checkKeys(entries: readonly Entry[]): void {
  const [first, ...others] = entries.map(targetFor);
  for (const target of others) {
    if (target.provider !== first?.provider)
      throw configError(
        `keys() takes several keys of one provider, not "${first?.provider}" and "${target.provider}"; use failover() or roundRobin()`,
      );
  }
  const aliases = entries.flatMap((entry) => targetFor(entry).key ?? []);
  const twice = aliases.find((alias, index) => aliases.indexOf(alias) !== index);
  if (twice !== undefined) throw configError(`keys() has the key "${twice}" twice`);
}

/** @see KeysProvider */
export function keys(members: readonly Member[], options?: KeysOptions): KeysProvider {
  return new KeysProvider(members, options);
}
