import type { Call } from "../core/contract/call.js";
import { modelOf } from "../core/contract/call-facts.js";
import { observe } from "../core/contract/observer.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { allFailed, soonest } from "../core/errors/attempt-log.js";
import type { AiLibError } from "../core/errors/error.js";
import type { Plan, Step } from "../core/recovery/sequence.js";
import { skipAttempt } from "../core/run/attempt.js";
import { failuresOfRequest } from "../core/run/repeat-guard.js";
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

/** Asks members in an order until one answers, as far as the error table allows: the plan of most strategies. */
export class FailoverPlan implements Plan {
  readonly name: string;
  private readonly order: Entry[];
  private readonly failures: Failure[] = [];
  private current: Entry | undefined;
  private place = 0;
  private retryAt: number | undefined;

  /** @param order members in the order in which to ask them */
  constructor(
    private readonly rules: FailoverRules,
    private readonly call: Call,
    order: readonly Entry[],
  ) {
    this.name = rules.name;
    this.order = [...order];
  }

  next(failure: AiLibError | undefined): Step | undefined {
    const last = this.current;
    if (failure !== undefined && last !== undefined && !this.recordFailure(last, failure)) return undefined;
    const entry = this.take();
    if (entry === undefined) return undefined;
    if (failure !== undefined && last !== undefined) this.reportFailover(last, entry, failure);
    return { provider: this.opener(entry), call: entry.callFor(this.call) };
  }

  /** Records the failure of a member. @returns false where no other member may be asked */
  recordFailure(entry: Entry, error: AiLibError): boolean {
    this.failures.push({ provider: entry.provider, call: entry.callFor(this.call), error });
    this.retryAt = soonest(this.retryAt, error.retryAt);
    return mayFailOver(error, this.rules.failoverOn);
  }

  /** The next member that may be asked; skipped members are recorded in the attempt log. */
  take(): Entry | undefined {
    while (this.place < this.order.length) {
      const entry = this.order[this.place++] as Entry;
      const why =
        this.rules.reasonToSkip(entry, this.call) ?? this.reasonFromFailures(this.candidateFor(entry));
      if (why === undefined) {
        this.current = entry;
        return entry;
      }
      skipAttempt(this.call, entry.target, why);
    }
    return undefined;
  }

  /** Lets a member be asked again after all others: it was called off and has not failed. */
  requeue(entry: Entry): void {
    this.order.push(entry);
  }

  finalError(last: AiLibError): AiLibError {
    // The error of a member that was asked says more than why another was not asked.
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

  /** Why a member is ruled out by any failure so far: a prompt too long for one may be too long for the next. */
  private reasonFromFailures(candidate: Candidate): string | undefined {
    for (const failure of this.failures) {
      const why = reasonToSkip(failure, candidate, this.rules.failoverOn);
      if (why !== undefined) return why;
    }
    for (const failure of failuresOfRequest(this.call)) {
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
