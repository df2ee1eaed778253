import type { AiLibError, ModelFacts, Target } from "ai-lib";
import { type ChainLimit, scaleOf, stateOf } from "./chain.js";
import type { Counters } from "./counters.js";
import { dollarBound } from "./dollar-bound.js";
import type { LimitState } from "./limit-state.js";
import { type PriceLookup, unknownPrice } from "./limited-call.js";
import { attemptRefusal } from "./refusal.js";
import type { Exhausted } from "./reservation.js";
import { amountsOf, type Way } from "./way.js";

/** One limit, with what a call would reserve of it. */
export interface PreviewedLimit extends LimitState {
  /** In the unit of the limit. */
  readonly needs: number;
  readonly fits: boolean;
}

/** What the admission of a call would do. */
export interface Preview {
  /** Another route that answers in place of the requested one. */
  readonly route: string | undefined;
  /** See the ticket's. */
  readonly maxTokens: number | undefined;
  /** The limits that count the call, and those that send it to another route, the outermost first. */
  readonly limits: readonly PreviewedLimit[];
  readonly refusal: AiLibError | undefined;
  /** Why the first attempt at a target would not be made. @param facts asks the target's provider */
  attemptRefusal(target: Target, facts: () => ModelFacts | undefined): AiLibError | undefined;
}

/** An admission that takes nothing, and notes what would be taken. */
export class Trial {
  private readonly needs = new Map<ChainLimit, { readonly amount: number; readonly fits: boolean }>();
  private readonly diverted = new Set<ChainLimit>();
  private way: Way | undefined;
  private now = 0;

  constructor(
    private readonly counters: Counters,
    private readonly priceOf: PriceLookup,
    private readonly tier: string | undefined,
  ) {}

  /** Notes what a call needs on its way. @returns the limits without room */
  take(way: Way, now: number): readonly Exhausted[] {
    this.way = way;
    this.now = now;
    const exhausted = this.counters.exhausted(way.limits, way.amounts, now);
    for (const [index, limit] of way.limits.entries()) {
      const fits = exhausted.every((one) => one.index !== index);
      this.needs.set(limit, { amount: way.amounts[index] ?? 0, fits });
    }
    return exhausted;
  }

  /** The call goes on to the route that a limit names: what it needed at the other one does not count. */
  divert(limit: ChainLimit): void {
    this.diverted.add(limit);
    for (const one of this.needs.keys()) if (!this.diverted.has(one)) this.needs.delete(one);
    this.way = undefined;
  }

  end(chain: readonly ChainLimit[], route: string | undefined, refusal: AiLibError | undefined): Preview {
    const limits = chain.flatMap((limit): PreviewedLimit[] => {
      const found = this.needs.get(limit);
      if (found === undefined) return [];
      const { amount, fits } = found;
      return [{ ...stateOf(limit, this.now), needs: amount / scaleOf(limit), fits }];
    });
    const attempt = this.attemptRefusal;
    return { route, maxTokens: this.way?.maxTokens, limits, refusal, attemptRefusal: attempt };
  }

  private readonly attemptRefusal: Preview["attemptRefusal"] = (target, facts) => {
    const { way, now } = this;
    if (way === undefined || !way.priced) return undefined;
    const { limits, bound, usual } = way;
    const dollars = dollarBound(this.priceOf(target, facts), bound, this.tier);
    if (dollars === undefined) return unknownPrice(target);
    if (dollars <= way.dollars) return undefined;
    const amounts = amountsOf(limits, { tokens: bound.input + bound.output, dollars }, usual);
    const full = this.counters.exhausted(limits, amounts, now).flatMap((one) => {
      const limit = limits[one.index];
      return limit === undefined ? [] : [{ ...one, limit, amount: amounts[one.index] ?? 0 }];
    });
    return full.length === 0 ? undefined : attemptRefusal(full);
  };
}
