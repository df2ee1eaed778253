import { AiLibError, type ChatRequest, systemClock } from "ai-lib";
import type { AdmissionRequest, Ticket } from "../admission.js";
import { type ChosenRoute, longestMs } from "../chosen-route.js";
import { mostOutput } from "./call-bound.js";
import type { ChainLimit } from "./chain.js";
import { counts } from "./chain.js";
import type { Counters } from "./counters.js";
import { dollarBound, type PricedBound } from "./dollar-bound.js";
import { LimitedCall } from "./limited-call.js";
import { type Preview, Trial } from "./preview.js";
import { type FullLimit, priceRefusal, refusalOf } from "./refusal.js";
import { Reservation } from "./reservation.js";
import { type RouteFacts, routeFacts, TargetPrices } from "./route-facts.js";
import { callBound } from "./upper-bound.js";
import { UsualUse } from "./usual-use.js";
import { amountsOf, type Way } from "./way.js";

/** Tokens of an answer whose request sets no limit, where a limit in tokens or dollars counts the call. */
export const DEFAULT_MAX_TOKENS = 16_384;

/** An answer's limit is not made smaller than this to fit a small limit. */
const MIN_MAX_TOKENS = 256;

/** Other routes that one call is sent on to at most. */
const MAX_DIVERSIONS = 5;

const UNLIMITED: Ticket = { settle() {}, release() {} };

/** Whether the call of a key may go to what answers a route that an exhausted limit names. */
export type MayDivert = (choice: ChosenRoute, name: string) => boolean;

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
  admit(call: AdmissionRequest, chain: readonly ChainLimit[], mayDivert: MayDivert): Ticket {
    return this.follow(call, chain, mayDivert, undefined);
  }

  /** What {@link admit} would do now. Nothing is taken. */
  preview(call: AdmissionRequest, chain: readonly ChainLimit[], mayDivert: MayDivert): Preview {
    const trial = new Trial(this.parts.counters, this.prices.of, tierOf(call));
    try {
      const { route } = this.follow(call, chain, mayDivert, trial);
      return trial.end(chain, route, undefined);
    } catch (error) {
      if (!AiLibError.is(error)) throw error;
      return trial.end(chain, undefined, error);
    }
  }

  /** @param trial receives what would be taken, which is then not taken */
  private follow(
    call: AdmissionRequest,
    chain: readonly ChainLimit[],
    mayDivert: MayDivert,
    trial: Trial | undefined,
  ): Ticket {
    const own = traitsOf(chain);
    let { choice } = call;
    let route: string | undefined;
    /** Limits that sent the call elsewhere: they do not count it. */
    let left: Set<ChainLimit> | undefined;
    for (;;) {
      const all = left === undefined && !own.routed;
      const limits = all ? chain : limitsOn(chain, choice.route, left);
      const traits = all ? own : readTraits(limits);
      if (limits.length === 0) return route === undefined ? UNLIMITED : { ...UNLIMITED, route };
      const now = systemClock.now();
      const way = this.wayOf(call, choice, limits, traits, now);
      // The other route may take longer than the one that was asked.
      const deadline = route === undefined ? call.deadline : Math.max(call.deadline, now + longestMs(choice));
      const taken =
        trial === undefined
          ? this.parts.counters.reserve(limits, way.amounts, now, deadline)
          : trial.take(way, now);
      if (taken instanceof Reservation) {
        return new LimitedCall({
          way,
          reservation: taken,
          tier: tierOf(call),
          usualUse: traits.soft ? this.usualUse : undefined,
          route,
          priceOf: this.prices.of,
        });
      }
      if (taken.length === 0) return route === undefined ? UNLIMITED : { ...UNLIMITED, route };
      const full = taken.flatMap((one): FullLimit[] => {
        const limit = limits[one.index];
        return limit === undefined ? [] : [{ ...one, limit, amount: way.amounts[one.index] ?? 0 }];
      });
      left ??= new Set();
      const others = left.size < MAX_DIVERSIONS ? this.diversions(full) : [];
      const next = others.find(({ choice, name }) => mayDivert(choice, name));
      if (next === undefined) throw refusalOf(full as [FullLimit, ...FullLimit[]], now, others.length > 0);
      left.add(next.limit);
      trial?.divert(next.limit);
      choice = next.choice;
      route = next.name;
    }
  }

  /** What answers the routes that exhausted limits name, in their order. */
  private diversions(full: readonly FullLimit[]) {
    return full.flatMap(({ limit }) => {
      const { onExhausted } = limit.limit;
      if (typeof onExhausted !== "object") return [];
      const { route: name } = onExhausted;
      const choice = this.parts.route(name);
      return choice === undefined ? [] : [{ limit, name, choice }];
    });
  }

  private wayOf(
    call: AdmissionRequest,
    choice: ChosenRoute,
    limits: readonly ChainLimit[],
    traits: Traits,
    now: number,
  ): Way {
    const name = traits.soft ? `${choice.route} ${call.kind} ${choice.model ?? ""}` : "";
    if (!traits.counted) {
      const amounts = limits.map(() => 1);
      return { limits, name, amounts, ...UNCOUNTED };
    }
    const facts = routeFacts(choice, now);
    if (traits.priced && facts.unpriced) throw priceRefusal(choice, limits);
    const facing = choice === call.choice ? call : { ...call, choice };
    const { output, more, media, units, input: longestInput, passes = 1 } = callBound(facing);
    const input = Math.min(longestInput, facts.contextWindow ?? Number.POSITIVE_INFINITY) * passes;
    const usual = traits.soft ? this.usualUse.of(name) : undefined;
    const tier = tierOf(call);
    const open = output === undefined;
    const longest = facts.maxOutputTokens ?? Number.POSITIVE_INFINITY;
    // A limit below zero, which no provider takes, gives no room to others until it is refused.
    let most = Math.max(0, output ?? Math.min(this.parts.maxTokens ?? DEFAULT_MAX_TOKENS, longest));
    for (;;) {
      const bound: PricedBound = { input, output: mostOutput(most, more), media, units };
      const dollars = dollarsOf(facts, bound, tier);
      const amounts = amountsOf(limits, { tokens: input + bound.output, dollars }, usual);
      // An answer without a limit of its own is made to fit even a limit that is small.
      if (open && most > MIN_MAX_TOKENS && isBeyond(limits, amounts)) {
        most = Math.max(MIN_MAX_TOKENS, Math.floor(most / 2));
        continue;
      }
      const maxTokens = call.kind === "chat" && traits.hard ? most : undefined;
      const { priced } = traits;
      return { limits, name, amounts, bound, usual, maxTokens, dollars, priced, counted: true };
    }
  }
}

/** What some limits have in common, which every call asks. */
interface Traits {
  /** One of them is for some routes alone. */
  readonly routed: boolean;
  /** One of them counts tokens or dollars. */
  readonly counted: boolean;
  /** One of them counts dollars. */
  readonly priced: boolean;
  /** One of them needs an answer that has a limit. */
  readonly hard: boolean;
  readonly soft: boolean;
}

/** By the limits of a key, which are the same list for all of its calls. */
const known = new WeakMap<readonly ChainLimit[], Traits>();

function traitsOf(chain: readonly ChainLimit[]): Traits {
  let traits = known.get(chain);
  if (traits === undefined) {
    traits = readTraits(chain);
    known.set(chain, traits);
  }
  return traits;
}

function readTraits(limits: readonly ChainLimit[]): Traits {
  return {
    routed: limits.some(({ limit }) => limit.routes !== undefined),
    counted: limits.some(isCounted),
    priced: limits.some(({ limit }) => limit.dollars !== undefined),
    hard: limits.some((one) => one.limit.soft !== true && isCounted(one)),
    soft: limits.some(({ limit }) => limit.soft === true),
  };
}

function isCounted({ limit }: ChainLimit): boolean {
  return limit.tokens !== undefined || limit.dollars !== undefined;
}

/** The limits that count the calls of a route. @param left those that do not count this call */
function limitsOn(
  chain: readonly ChainLimit[],
  route: string,
  left: ReadonlySet<ChainLimit> | undefined,
): readonly ChainLimit[] {
  return chain.filter((one) => left?.has(one) !== true && counts(one, route));
}

/** Whether an amount is more than its whole limit. */
function isBeyond(limits: readonly ChainLimit[], amounts: readonly number[]): boolean {
  for (let i = 0; i < limits.length; i++) if ((amounts[i] ?? 0) > (limits[i]?.max ?? 0)) return true;
  return false;
}

/** The most that an attempt costs. Members whose price is not known here are asked for it before their attempt. */
function dollarsOf({ prices }: RouteFacts, bound: PricedBound, tier: string | undefined): number {
  let most = 0;
  for (const price of prices) most = Math.max(most, dollarBound(price, bound, tier) ?? 0);
  return most;
}

const UNCOUNTED = {
  bound: { input: 0, output: 0, media: false, units: {} },
  usual: undefined,
  maxTokens: undefined,
  dollars: 0,
  priced: false,
  counted: false,
} as const;

function tierOf({ kind, request }: AdmissionRequest): string | undefined {
  return kind === "chat" ? (request as ChatRequest).serviceTier : undefined;
}
