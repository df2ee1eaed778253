import { skipAttempt } from "../core/attempt.js";
import type { Call } from "../core/call.js";
import type { AiLibError } from "../core/error.js";
import { targetOf } from "../core/member.js";
import { modelOf } from "../core/needs.js";
import { observe } from "../core/observer.js";
import type { ChatProvider, Target } from "../core/provider.js";
import type { Plan, Step } from "../core/sequence.js";
import { allFailed, soonest } from "../core/trail.js";
import type { Entry } from "./member.js";
import { type Failure, type MoveOn, mayMove, objection } from "./movement.js";

/** Takes members in an order until one answers, as far as the error table lets it: the plan of most strategies. */
export class Walk implements Plan {
  private readonly failures: Failure[] = [];
  private place = 0;
  private retryAt: number | undefined;

  /**
   * @param order members in the order in which to ask them
   * @param wrap what to open in a member's place, for strategies that watch their calls
   */
  constructor(
    readonly name: string,
    private readonly call: Call,
    private readonly order: readonly Entry[],
    private readonly on: MoveOn,
    private readonly wrap?: (entry: Entry) => ChatProvider,
  ) {}

  next(failure: AiLibError | undefined): Step | undefined {
    const last = this.order[this.place - 1];
    if (failure !== undefined && last !== undefined) {
      this.failures.push({ ...this.stopAt(last), error: failure });
      this.retryAt = soonest(this.retryAt, failure.retryAt);
      if (!mayMove(failure, this.on)) return undefined;
    }
    while (this.place < this.order.length) {
      const entry = this.order[this.place++] as Entry;
      const stop = this.stopAt(entry);
      const why = this.refused(stop);
      if (why !== undefined) {
        skipAttempt(this.call, targetFor(entry), why);
        continue;
      }
      if (failure !== undefined && last !== undefined) this.tell(last, entry, failure);
      return { provider: this.wrap?.(entry) ?? entry.provider, call: stop.call };
    }
    return undefined;
  }

  exhausted(last: AiLibError | undefined): AiLibError {
    return allFailed(this.name, this.call, last, this.retryAt);
  }

  /** What every failure so far says against a member: a prompt too long for one stays too long after the next. */
  private refused(stop: Omit<Failure, "error">): string | undefined {
    for (const failure of this.failures) {
      const why = objection(failure, stop, this.on);
      if (why !== undefined) return why;
    }
    return undefined;
  }

  private stopAt(entry: Entry): Omit<Failure, "error"> {
    const requested = modelOf(this.call);
    return {
      provider: entry.provider,
      call: entry.callFor(this.call),
      maps: requested !== undefined && entry.maps(requested),
    };
  }

  private tell(from: Entry, to: Entry, error: AiLibError): void {
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
}

/** Who a member is, for the trail. */
export function targetFor(entry: Entry): Target {
  return targetOf(entry.provider) ?? { provider: entry.name };
}
