import { type Alternatives, type Call, callWith } from "../core/contract/call.js";
import { modelOf } from "../core/contract/call-facts.js";
import { observe } from "../core/contract/observer.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { allFailed, soonest } from "../core/errors/attempt-log.js";
import type { AiLibError } from "../core/errors/error.js";
import type { Plan, Step } from "../core/recovery/sequence.js";
import { type Deferral, deferralWithin, dueOf, failuresOfRequest } from "../core/run/repeat-guard.js";
import { skipAttempt } from "../core/run/skip-attempt.js";
import {
  type Candidate,
  type FailoverOn,
  type Failure,
  mayFailOver,
  reasonToSkip,
  reasonToSkipAfterNested,
} from "./eligibility.js";
import type { Entry } from "./member.js";

/** What a plan needs of its strategy. */
export interface FailoverRules {
  readonly name: string;
  readonly failoverOn: FailoverOn;
  /** The provider to open for a member: the member, or an observer of its calls. */
  opener(entry: Entry): ChatProvider;
  /** Why a member is skipped for a call, as a phrase for the attempt log; undefined where it is not. */
  reasonToSkip(entry: Entry, call: Call): string | undefined;
  /** The error of a call for which every member was skipped. */
  noCandidate(call: Call): AiLibError;
}

/**
 * Asks members in an order until one answers, as far as the error table allows: the plan of most strategies. Every
 * member is asked once before any is asked again; the call leaves a member that fails immediately while another one
 * could answer. Members whose retries ended for that reason are asked again in a second round.
 */
export class FailoverPlan implements Plan, Alternatives {
  readonly name: string;
  private order: readonly Entry[];
  private readonly failures: Failure[] = [];
  private current: Entry | undefined;
  private place = 0;
  /** Positions in the order whose members were not asked. */
  private skipped: Set<number> | undefined;
  private repeats = false;
  /** Deferred repeats for which a member was asked again: each of them once. */
  private taken: Set<Deferral> | undefined;
  private retryAt: number | undefined;

  /** @param order members in the order in which to ask them */
  constructor(
    private readonly rules: FailoverRules,
    private readonly call: Call,
    order: readonly Entry[],
  ) {
    this.name = rules.name;
    // Within a strategy that asks again, only members with deferred repeats can be tried.
    this.order =
      call.alternatives?.repeating === true
        ? order.filter((entry) => deferralWithin(entry.provider, call) !== undefined)
        : order;
  }

  next(failure: AiLibError | undefined): Step | undefined {
    const last = this.current;
    if (failure !== undefined && last !== undefined && !this.recordFailure(last, failure)) return undefined;
    const entry = this.take();
    if (entry === undefined) return undefined;
    if (failure !== undefined && last !== undefined && last !== entry)
      this.reportFailover(last, entry, failure);
    return { provider: this.opener(entry), call: this.callFor(entry) };
  }

  /** The call for a member: with the member's name for the model, and with the facts about the other members. */
  callFor(entry: Entry): Call {
    return callWith(entry.callFor(this.call), { alternatives: this });
  }

  /** Whether a member that was not asked yet, here or in a strategy around this one, could answer. */
  untried(error?: AiLibError): boolean {
    const outer = this.call.alternatives?.untried(error) === true;
    if (outer || this.current === undefined) return outer;
    if (error !== undefined && !mayFailOver(error, this.rules.failoverOn)) return false;
    const failure = error === undefined ? undefined : this.failureOf(this.current, error);
    for (let place = this.place; place < this.order.length; place++) {
      const entry = this.order[place] as Entry;
      if (this.reasonAgainst(entry) !== undefined) continue;
      if (failure === undefined) return true;
      if (reasonToSkip(failure, this.candidateFor(entry), this.rules.failoverOn) === undefined) return true;
    }
    return false;
  }

  /** Records the failure of a member. @returns false where no other member may be asked */
  recordFailure(entry: Entry, error: AiLibError): boolean {
    this.failures.push(this.failureOf(entry, error));
    this.retryAt = soonest(this.retryAt, error.retryAt);
    return mayFailOver(error, this.rules.failoverOn);
  }

  /**
   * The next member that may be asked; skipped members are recorded in the attempt log.
   * @param mayRepeat a member that gave up early may be taken again. Default true
   */
  take(mayRepeat = true): Entry | undefined {
    while (this.place < this.order.length) {
      const entry = this.order[this.place++] as Entry;
      const why = this.reasonAgainst(entry);
      if (why === undefined) {
        this.current = entry;
        return entry;
      }
      this.skipped ??= new Set();
      this.skipped.add(this.place - 1);
      skipAttempt(this.call, entry.target, why);
    }
    return mayRepeat ? this.takeAgain() : undefined;
  }

  /**
   * A member that deferred its repeats, after all members were asked; a strategy around this one asks its own members
   * first.
   */
  private takeAgain(): Entry | undefined {
    if (this.call.alternatives?.untried() === true) return undefined;
    let first: { readonly entry: Entry; readonly deferral: Deferral } | undefined;
    for (let place = 0; place < this.place; place++) {
      if (this.skipped?.has(place) === true) continue;
      const entry = this.order[place] as Entry;
      const deferral = deferralWithin(entry.provider, this.call, this.taken);
      if (deferral === undefined || (first !== undefined && dueOf(first.deferral) <= dueOf(deferral)))
        continue;
      if (this.rules.reasonToSkip(entry, this.call) === undefined) first = { entry, deferral };
    }
    if (first === undefined) return undefined;
    this.taken ??= new Set();
    this.taken.add(first.deferral);
    this.repeats = true;
    this.current = first.entry;
    return first.entry;
  }

  /** @see Alternatives */
  get repeating(): boolean {
    return this.repeats || this.call.alternatives?.repeating === true;
  }

  /** Lets a member be asked again after all others: it was cancelled and has not failed. */
  requeue(entry: Entry): void {
    this.order = [...this.order, entry];
  }

  finalError(last: AiLibError): AiLibError {
    // The error of a member that was asked is more useful than the reason why another was not asked.
    const moved = last.local && mayFailOver(last, this.rules.failoverOn);
    const remote = moved ? this.failures.findLast(({ error }) => !error.local)?.error : undefined;
    return allFailed(this.name, this.call.context.attempts, remote ?? last, this.retryAt);
  }

  noCandidate(): AiLibError {
    return this.rules.noCandidate(this.call);
  }

  /** The provider to open for a member: the member, or an observer of its calls. */
  opener(entry: Entry): ChatProvider {
    return this.rules.opener(entry);
  }

  /** Reports to the observer that one member takes over from another. */
  reportFailover(from: Entry, to: Entry, error: AiLibError): void {
    const { context } = this.call;
    observe(context.observer, {
      type: "failover",
      requestId: context.requestId,
      at: context.clock.now(),
      strategy: this.name,
      from: from.name,
      to: to.name,
      error,
    });
  }

  private failureOf(entry: Entry, error: AiLibError): Failure {
    return { provider: entry.provider, call: entry.callFor(this.call), error };
  }

  /** Why a member may not be asked now, by the strategy or by a failure so far; undefined where it may. */
  private reasonAgainst(entry: Entry): string | undefined {
    return this.rules.reasonToSkip(entry, this.call) ?? this.reasonFromFailures(entry);
  }

  /** Why a member is ruled out by any failure so far: a prompt too long for one may be too long for the next. */
  private reasonFromFailures(entry: Entry): string | undefined {
    const nested = failuresOfRequest(this.call);
    // A choice of model may be a function of the user, which is called here so that its exception ends the call.
    if (entry.model === undefined && this.failures.length === 0 && nested.length === 0) return undefined;
    const candidate = this.candidateFor(entry);
    for (const failure of this.failures) {
      const why = reasonToSkip(failure, candidate, this.rules.failoverOn);
      if (why !== undefined) return why;
    }
    for (const failure of nested) {
      const why = reasonToSkipAfterNested(failure, candidate, this.rules.failoverOn);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  private candidateFor(entry: Entry): Candidate {
    const requested = modelOf(this.call);
    return {
      provider: entry.provider,
      call: entry.callFor(this.call),
      maps: requested !== undefined && entry.maps(requested),
    };
  }
}
