import {
  AiLibError,
  type Attempt,
  type ModelFacts,
  type Price,
  systemClock,
  type Target,
  type Usage,
} from "ai-lib";
import type { CallOptions } from "ai-lib/kit";
import type { CallEnd, Charged, Ticket } from "../admission.js";
import { hasUnknownCost, reportsNoTokens } from "../call-end.js";
import { NANO } from "./bucket.js";
import type { ChainLimit } from "./chain.js";
import { dollarBound, type PricedBound } from "./dollar-bound.js";
import { attemptRefusal } from "./refusal.js";
import type { Reservation } from "./reservation.js";
import type { Use, UsualUse } from "./usual-use.js";

/** Finds the price of a target; undefined where it is unknown. @param facts asks the target's provider */
export type PriceLookup = (target: Target, facts: () => ModelFacts | undefined) => Price | undefined;

type BeforeAttempt = NonNullable<CallOptions["beforeAttempt"]>;

/** The limits on the way of a call, and what it needs of them. */
export interface LimitedWay {
  readonly limits: readonly ChainLimit[];
  /** The most of one attempt. */
  readonly bound: PricedBound;
  /** What calls like this one usually use, for soft limits; undefined where that is not known. */
  readonly usual: Use | undefined;
  /** The most dollars of one attempt, at the prices that are known. */
  readonly dollars: number;
  /** One of the limits is in dollars. */
  readonly priced: boolean;
  /** The name under which the call's use is remembered, where a limit is soft. */
  readonly name: string;
  readonly maxTokens: number | undefined;
  /** One of the limits counts tokens or dollars. */
  readonly counted: boolean;
}

/** What an admitted call has. */
export interface LimitedParts {
  readonly way: LimitedWay;
  /** Holds what the limits count, in their order. */
  readonly reservation: Reservation;
  readonly tier: string | undefined;
  /** Undefined where no limit is soft. */
  readonly usualUse: UsualUse | undefined;
  readonly route: string | undefined;
  /** The price of a target. */
  readonly priceOf: PriceLookup;
}

/** A running call of a key with limits. It holds the most that its attempts can use, and settles with what they used. */
export class LimitedCall implements Ticket {
  private readonly way: LimitedWay;
  private readonly reservation: Reservation;
  private readonly tier: string | undefined;
  private readonly usualUse: UsualUse | undefined;
  private readonly priceOf: PriceLookup;
  readonly maxTokens: number | undefined;
  readonly needsUsage: boolean;
  readonly route: string | undefined;
  private ended = false;
  /** The most that one of its attempts so far can cost, in billionths of a dollar. */
  private dearest = 0;

  constructor({ way, reservation, tier, usualUse, route, priceOf }: LimitedParts) {
    this.way = way;
    this.reservation = reservation;
    this.tier = tier;
    this.usualUse = usualUse;
    this.priceOf = priceOf;
    this.maxTokens = way.maxTokens;
    this.needsUsage = way.counted;
    this.route = route;
  }

  /** Raises what the call holds for an attempt beside, or after, others that used something. */
  readonly beforeAttempt: BeforeAttempt = ({ target, call, facts }) => {
    if (this.ended)
      return new AiLibError({
        code: "CANCELLED",
        message: "The call of this attempt has ended",
        local: true,
      });
    const { bound, priced } = this.way;
    const { attempts } = call.context;
    const dollars = priced ? dollarBound(this.priceOf(target, facts), bound, this.tier) : 0;
    if (dollars === undefined) return unknownPrice(target);
    this.dearest = Math.max(this.dearest, dollars);
    // The usual call has one attempt, at a price that was reserved for.
    if (attempts.length === 0 && dollars <= this.way.dollars) return undefined;
    return this.raise(attempts, { tokens: bound.input + bound.output, dollars });
  };

  settle(end: CallEnd): Charged | undefined {
    const { limits, name, bound, priced } = this.way;
    const { reservation, usualUse } = this;
    this.ended = true;
    let tokens = 0;
    let dollars = 0;
    let unreported = 0;
    let unpriced = 0;
    for (const attempt of end.attempts) {
      const runs = attempt.outcome === "running";
      // What reports no tokens uses what was reserved for it, and so may what still runs.
      if (runs) tokens += bound.input + bound.output;
      else if (reportsNoTokens(attempt)) unreported += bound.input + bound.output;
      else tokens += tokensOf(attempt.usage);
      // What has no known cost costs the most that it can, and the same in all limits: the ledger has one amount.
      if (runs || hasUnknownCost(attempt)) unpriced += this.dearest;
      else dollars += nanosOf(attempt.cost);
    }
    tokens += unreported;
    const charged = dollars + unpriced;
    const used: number[] = [];
    for (const { limit } of limits)
      used.push(limit.tokens !== undefined ? tokens : limit.dollars === undefined ? 1 : charged);
    reservation.settle(used);
    if (end.status === "success" && !end.estimated) usualUse?.add(name, { tokens, dollars });
    if (unreported === 0 && unpriced === 0) return undefined;
    return {
      tokens: limits.some(({ limit }) => limit.tokens !== undefined) ? unreported : 0,
      dollars: priced && unpriced > 0 ? unpriced / NANO : undefined,
    };
  }

  release(): void {
    this.ended = true;
    this.reservation.release();
  }

  /** Makes room for one more attempt beside those that were made. @returns why there is none */
  private raise(attempts: readonly Attempt[], one: Use): AiLibError | undefined {
    const { usual, limits } = this.way;
    let [tokens, dollars, usualTokens, usualDollars] = [0, 0, 0, 0];
    for (const attempt of attempts) {
      if (attempt.outcome === "skipped") continue;
      const runs = attempt.outcome === "running";
      const used = runs || reportsNoTokens(attempt) ? one.tokens : tokensOf(attempt.usage);
      // One that still runs, or whose cost is unknown, may cost as much as the dearest.
      const spent = runs || hasUnknownCost(attempt) ? this.dearest : nanosOf(attempt.cost);
      tokens += used;
      dollars += spent;
      usualTokens += runs ? (usual?.tokens ?? used) : used;
      usualDollars += runs ? (usual?.dollars ?? spent) : spent;
    }
    const amounts = limits.map(({ limit }) => {
      const soft = limit.soft === true;
      if (limit.tokens !== undefined)
        return soft ? usualTokens + (usual?.tokens ?? one.tokens) : tokens + one.tokens;
      if (limit.dollars !== undefined)
        return soft ? usualDollars + (usual?.dollars ?? one.dollars) : dollars + one.dollars;
      return 1;
    });
    const full = this.reservation.raise(systemClock.now(), amounts).flatMap((exhausted) => {
      const limit = limits[exhausted.index];
      return limit === undefined ? [] : [{ ...exhausted, limit, amount: amounts[exhausted.index] ?? 0 }];
    });
    return full.length === 0 ? undefined : attemptRefusal(full);
  }
}

function tokensOf(usage: Usage | undefined): number {
  return usage === undefined ? 0 : usage.inputTokens + usage.outputTokens;
}

/** Billionths of a dollar, rounded up. */
function nanosOf(dollars: number | undefined): number {
  return dollars === undefined ? 0 : Math.ceil(dollars * NANO);
}

/** The refusal of an attempt at a target without a known price. */
export function unknownPrice({
  provider,
  model,
}: {
  readonly provider: string;
  readonly model?: string;
}): AiLibError {
  const name = model === undefined ? provider : `${provider}/${model}`;
  return new AiLibError({
    code: "QUOTA_EXHAUSTED",
    message: `The price of ${name} is unknown, and a limit in dollars counts the call`,
    local: true,
  });
}
