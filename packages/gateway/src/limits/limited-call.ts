import { AiLibError, type Attempt, type ModelFacts, type Price, systemClock, type Target } from "ai-lib";
import type { CallOptions } from "ai-lib/kit";
import type { CallEnd, Ticket } from "../admission.js";
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
  /** The name under which the call's use is remembered. */
  readonly name: string;
  readonly maxTokens: number | undefined;
}

/** What an admitted call has. */
export interface LimitedParts {
  /** Holds the demands of the limits, in their order. */
  readonly reservation: Reservation;
  readonly tier: string | undefined;
  /** Undefined where no limit is soft. */
  readonly usualUse: UsualUse | undefined;
  readonly route: string | undefined;
}

/** A running call of a key with limits. It holds the most that its attempts can use, and settles with what they used. */
export class LimitedCall implements Ticket {
  readonly maxTokens: number | undefined;
  readonly route: string | undefined;
  /** The attempts of the call, and those of each copy that a mirror makes of it. */
  private readonly runs = new Set<readonly Attempt[]>();

  constructor(
    private readonly way: LimitedWay,
    private readonly parts: LimitedParts,
    /** The price of a target. */
    private readonly priceOf: PriceLookup,
  ) {
    this.maxTokens = way.maxTokens;
    this.route = parts.route;
  }

  private get priced(): boolean {
    for (const { limit } of this.way.limits) if (limit.dollars !== undefined) return true;
    return false;
  }

  /** Raises what the call holds for an attempt beside, or after, others that used something. */
  readonly beforeAttempt: BeforeAttempt = ({ target, call, facts }) => {
    const { bound, usual, limits } = this.way;
    const { tier, reservation } = this.parts;
    this.runs.add(call.context.attempts);
    const one = { tokens: bound.input + bound.output, dollars: 0 };
    if (this.priced) {
      const dollars = dollarBound(this.priceOf(target, facts), bound, tier);
      if (dollars === undefined) return unknownPrice(target);
      one.dollars = dollars;
    }
    // The usual call has one attempt, at a price that was reserved for.
    if (this.runs.size === 1 && call.context.attempts.length === 0 && one.dollars <= this.way.dollars)
      return undefined;
    let [tokens, dollars, usualTokens, usualDollars] = [0, 0, 0, 0];
    for (const attempts of this.runs)
      for (const attempt of attempts) {
        if (attempt.outcome === "skipped") continue;
        const used = useOf(attempt, one);
        tokens += used.tokens;
        dollars += used.dollars;
        usualTokens += attempt.outcome === "running" ? (usual?.tokens ?? used.tokens) : used.tokens;
        usualDollars += attempt.outcome === "running" ? (usual?.dollars ?? used.dollars) : used.dollars;
      }
    const amounts = limits.map(({ limit }) => {
      const soft = limit.soft === true;
      if (limit.tokens !== undefined)
        return soft ? usualTokens + (usual?.tokens ?? one.tokens) : tokens + one.tokens;
      if (limit.dollars !== undefined)
        return soft ? usualDollars + (usual?.dollars ?? one.dollars) : dollars + one.dollars;
      return 1;
    });
    const now = systemClock.now();
    const full = reservation.raise(now, amounts).flatMap((exhausted) => {
      const limit = limits[exhausted.index];
      return limit === undefined ? [] : [{ ...exhausted, limit, amount: amounts[exhausted.index] ?? 0 }];
    });
    return full.length === 0 ? undefined : attemptRefusal(full);
  };

  settle(end: CallEnd): void {
    const { limits, name, bound } = this.way;
    const { reservation, usualUse } = this.parts;
    this.runs.add(end.attempts);
    const held = { tokens: bound.input + bound.output, dollars: 0 };
    let [tokens, dollars, unpriced] = [0, 0, false];
    for (const attempts of this.runs)
      for (const attempt of attempts) {
        // A copy that still runs is charged with the most that it can use.
        const used = useOf(attempt, held);
        tokens += used.tokens;
        dollars += used.dollars;
        if (attempt.outcome === "running" || (attempt.usage !== undefined && attempt.cost === undefined))
          unpriced = true;
      }
    reservation.settle(
      limits.map(({ limit }, index) => {
        if (limit.tokens !== undefined) return tokens;
        if (limit.dollars === undefined) return 1;
        // What has no known price costs what was reserved for it.
        return unpriced ? Math.max(dollars, reservation.demands[index]?.amount ?? 0) : dollars;
      }),
    );
    if (end.status === "success" && !end.estimated) usualUse?.add(name, { tokens, dollars });
  }

  release(): void {
    this.parts.reservation.release();
  }
}

/** What an attempt used, or may use while it runs. */
function useOf(attempt: Attempt, bound: Use): Use {
  if (attempt.outcome === "running") return bound;
  const { usage, cost = 0 } = attempt;
  if (usage === undefined) return { tokens: 0, dollars: 0 };
  return { tokens: usage.inputTokens + usage.outputTokens, dollars: Math.ceil(cost * NANO) };
}

function unknownPrice({
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
