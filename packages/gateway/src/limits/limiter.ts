import { type ChatRequest, systemClock } from "ai-lib";
import type { AdmissionRequest, Ticket } from "../admission.js";
import type { ChosenRoute } from "../chosen-route.js";
import type { ChainLimit } from "./chain.js";
import { counts } from "./chain.js";
import type { Counters } from "./counters.js";
import { dollarBound, type PricedBound } from "./dollar-bound.js";
import { LimitedCall } from "./limited-call.js";
import { type FullLimit, refusalOf } from "./refusal.js";
import { Reservation } from "./reservation.js";
import { type RouteFacts, routeFacts, TargetPrices } from "./route-facts.js";
import { callBound } from "./upper-bound.js";
import { type Use, UsualUse } from "./usual-use.js";

/** Tokens of an answer whose request sets no limit, where a limit in tokens or dollars counts the call. */
export const DEFAULT_MAX_TOKENS = 16_384;

/** An answer's limit is not made smaller than this to fit a small limit. */
const MIN_MAX_TOKENS = 256;

/** Other routes that one call is sent on to at most. */
const MAX_DIVERSIONS = 5;

const UNLIMITED: Ticket = { settle() {}, release() {} };

/** What a limiter is made of. */
export interface LimiterParts {
  readonly counters: Counters;
  /** See {@link DEFAULT_MAX_TOKENS}. */
  readonly maxTokens?: number | undefined;
  /** What answers a route that an exhausted limit names; undefined where there is no such route. */
  route(name: string): ChosenRoute | undefined;
  /** Shared by all limiters of a process, so that a reload forgets nothing. */
  readonly usualUse?: UsualUse | undefined;
}

/** A route that a call may take, and what it needs there. */
interface Way {
  readonly limits: readonly ChainLimit[];
  readonly amounts: readonly number[];
  readonly bound: PricedBound;
  readonly usual: Use | undefined;
  readonly name: string;
  readonly maxTokens: number | undefined;
  /** The most of one attempt, at the prices that are known. */
  readonly dollars: number;
}

/**
 * Admits calls within the limits on their way: reserves the most that a call can use in all of them, or in none, and
 * settles with what it used.
 */
export class Limiter {
  private readonly usualUse: UsualUse;
  private readonly prices = new TargetPrices();

  constructor(private readonly parts: LimiterParts) {
    this.usualUse = parts.usualUse ?? new UsualUse();
  }

  /** @throws {AiLibError} see {@link refusalOf} */
  admit(call: AdmissionRequest, chain: readonly ChainLimit[]): Ticket {
    let { choice } = call;
    let route: string | undefined;
    /** Limits that sent the call elsewhere: they do not count it. */
    const left = new Set<ChainLimit>();
    for (;;) {
      const limits = chain.every(({ limit }) => limit.routes === undefined && left.size === 0)
        ? chain
        : chain.filter((one) => !left.has(one) && counts(one, choice.route));
      if (limits.length === 0) return route === undefined ? UNLIMITED : { ...UNLIMITED, route };
      const way = this.wayOf(call, choice, limits);
      const now = systemClock.now();
      const taken = this.parts.counters.reserve(demandsOf(way), now, call.deadline);
      if (taken instanceof Reservation)
        return new LimitedCall({
          ...way,
          reservation: taken,
          tier: tierOf(call),
          usualUse: limits.some(({ limit }) => limit.soft === true) ? this.usualUse : undefined,
          priceOf: this.prices.of,
          route,
        });
      const full = taken.flatMap((one): FullLimit[] => {
        const limit = limits[one.index];
        return limit === undefined ? [] : [{ ...one, limit, amount: way.amounts[one.index] ?? 0 }];
      });
      const next = left.size < MAX_DIVERSIONS ? this.diversion(full) : undefined;
      if (next === undefined) throw refusalOf(full as [FullLimit, ...FullLimit[]], now);
      left.add(next.limit);
      choice = next.choice;
      route = choice.route;
    }
  }

  /** The route of the first exhausted limit that names one. */
  private diversion(
    full: readonly FullLimit[],
  ): { readonly limit: ChainLimit; readonly choice: ChosenRoute } | undefined {
    for (const { limit } of full) {
      const { onExhausted } = limit.limit;
      const choice = typeof onExhausted === "object" ? this.parts.route(onExhausted.route) : undefined;
      if (choice !== undefined) return { limit, choice };
    }
    return undefined;
  }

  private wayOf(call: AdmissionRequest, choice: ChosenRoute, limits: readonly ChainLimit[]): Way {
    const name = `${choice.route} ${call.kind} ${choice.model ?? ""}`;
    if (limits.every(({ limit }) => limit.tokens === undefined && limit.dollars === undefined))
      return { ...UNCOUNTED, limits, name, amounts: limits.map(() => 1) };
    const facts = routeFacts(choice);
    const { output, media, units, ...rest } = callBound(call);
    const input = Math.min(rest.input, facts.contextWindow ?? Number.POSITIVE_INFINITY);
    const usual = this.usualUse.of(name);
    const tier = tierOf(call);
    const open = output === undefined;
    const longest = facts.maxOutputTokens ?? Number.POSITIVE_INFINITY;
    let most = output ?? Math.min(this.parts.maxTokens ?? DEFAULT_MAX_TOKENS, longest);
    for (;;) {
      const bound: PricedBound = { input, output: most, media, units };
      const dollars = dollarsOf(facts, bound, tier);
      const amounts = amountsOf(limits, { tokens: input + most, dollars }, usual);
      // An answer without a limit of its own is made to fit even a limit that is small.
      if (open && most > MIN_MAX_TOKENS && limits.some(({ max }, index) => (amounts[index] ?? 0) > max)) {
        most = Math.max(MIN_MAX_TOKENS, Math.floor(most / 2));
        continue;
      }
      const maxTokens = open && call.kind === "chat" && limits.some(isHard) ? most : undefined;
      return { limits, name, amounts, bound, usual, maxTokens, dollars };
    }
  }
}

/** Whether a limit needs an answer that has a limit. */
function isHard({ limit }: ChainLimit): boolean {
  return limit.soft !== true && (limit.tokens !== undefined || limit.dollars !== undefined);
}

/** The most that an attempt costs. Members whose price is not known here are asked for it before their attempt. */
function dollarsOf({ prices }: RouteFacts, bound: PricedBound, tier: string | undefined): number {
  let most = 0;
  for (const price of prices) most = Math.max(most, dollarBound(price, bound, tier) ?? 0);
  return most;
}

function amountsOf(limits: readonly ChainLimit[], most: Use, usual: Use | undefined): readonly number[] {
  return limits.map(({ limit }) => {
    const { tokens, dollars } = limit.soft === true ? (usual ?? most) : most;
    if (limit.tokens !== undefined) return tokens;
    return limit.dollars === undefined ? 1 : dollars;
  });
}

const UNCOUNTED = {
  bound: { input: 0, output: 0, media: false, units: {} },
  usual: undefined,
  maxTokens: undefined,
  dollars: 0,
} as const;

function demandsOf({ limits, amounts }: Way) {
  return limits.map(({ bucket, max }, index) => ({ bucket, max, amount: amounts[index] ?? 0 }));
}

function tierOf({ kind, request }: AdmissionRequest): string | undefined {
  return kind === "chat" ? (request as ChatRequest).serviceTier : undefined;
}
