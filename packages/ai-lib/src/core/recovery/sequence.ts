import type { Call } from "../contract/call.js";
import { isContent } from "../contract/call-facts.js";
import type { ChatProvider } from "../contract/provider.js";
import { type Flow, failLater, type Sink } from "../contract/sink.js";
import { AiLibError } from "../errors/error.js";
import { reactionTo } from "../errors/reactions.js";
import type { DeliveredContent, KindLaws, Splice } from "../kinds/laws.js";
import { afterWait } from "../run/attempt.js";
import { openMember } from "../run/member.js";
import type { EventOf, ResponseOf } from "../values/kinds.js";

/** The next thing to try. */
export interface Step {
  readonly provider: ChatProvider;
  /** The call as this member gets it, its own model mapped in. */
  readonly call: Call;
  /** Milliseconds to wait first, and why, for the trail. */
  readonly wait?: { readonly ms: number; readonly reason: string };
}

/** One strategy's decisions about one call. Made anew for each call; it holds that call's state. */
export interface Plan {
  /** The strategy's name, for the trail. */
  readonly name: string;
  /** The first thing to try, or what to try after a failure; undefined gives up. */
  next(failure: AiLibError | undefined): Step | undefined;
  /** The error when nothing is left. Default: the last one. */
  exhausted?(last: AiLibError): AiLibError;
  /** The error when there was nothing to try in the first place. Default: `CONFIG_ERROR`. */
  noCandidate?(): AiLibError;
}

/** Events and characters held before the commit point; a longer preamble is passed on, which commits. */
const MAX_HELD_EVENTS = 64;
const MAX_HELD_CHARACTERS = 256 * 1024;

/**
 * Tries one step after another until one commits: the engine of every strategy and wrapper that asks again. Until
 * the first content it holds what came, so that a second attempt is invisible; after it nothing is tried again,
 * unless the call opted into recovery.
 */
export function openSequence(call: Call, sink: Sink, plan: Plan): Flow {
  const first = nextOf(plan, undefined);
  if (first === undefined) return failLater(sink, nobody(plan));
  if (first instanceof AiLibError) return failLater(sink, first);
  const sequence = new Sequence(call, sink, plan);
  sequence.begin(first);
  return sequence;
}

/** A plan may run a user's function (a mapping, a predicate); what that throws ends the call like any other error. */
function nextOf(plan: Plan, failure: AiLibError | undefined): Step | AiLibError | undefined {
  try {
    return plan.next(failure);
  } catch (error) {
    return AiLibError.from(error, "CONFIG_ERROR");
  }
}

function nobody(plan: Plan): AiLibError {
  return (
    plan.noCandidate?.() ??
    new AiLibError({ code: "CONFIG_ERROR", message: `${plan.name} has no member to try`, local: true })
  );
}

class Sequence implements Sink, Flow {
  /** The current attempt has committed: its events go straight on. */
  private direct = false;
  private held: EventOf[] = [];
  private heldCharacters = 0;
  private flow: Flow | undefined;
  private cancelWait: (() => void) | undefined;
  private paused = false;
  private over = false;
  /** The failure after the commit point that a recovery is trying to mend. */
  private broken: AiLibError | undefined;
  private readonly laws: KindLaws;
  private readonly delivered: DeliveredContent<EventOf> | undefined;
  private splicer: Splice<EventOf> | undefined;

  constructor(
    private readonly call: Call,
    private readonly sink: Sink,
    private readonly plan: Plan,
  ) {
    this.laws = call.laws as KindLaws;
    this.delivered =
      call.mode === "stream" && call.context.midStream === "splice"
        ? this.laws.recovery?.delivered()
        : undefined;
  }

  begin(step: Step): void {
    const { wait } = step;
    if (wait === undefined || wait.ms <= 0) {
      this.openStep(step);
      return;
    }
    this.flow = undefined;
    this.waitUntil(this.call.context.clock.now() + wait.ms, () => {
      this.openStep({ ...step, call: afterWait(step.call, step.provider.name, wait.ms, wait.reason) });
    });
  }

  /** Platform timers may fire a fraction early; a provider's time to come back is never anticipated. */
  private waitUntil(due: number, run: () => void): void {
    const { clock } = this.call.context;
    this.cancelWait = clock.after(due - clock.now(), () => {
      this.cancelWait = undefined;
      if (clock.now() < due) this.waitUntil(due, run);
      else run();
    });
  }

  event(event: EventOf): void {
    if (this.direct) {
      if (this.delivered !== undefined) this.spliced(event, this.delivered);
      else this.sink.event(event);
      return;
    }
    if (isContent(this.call, event)) {
      this.commit();
      this.event(event);
      return;
    }
    this.held.push(event);
    this.heldCharacters += this.laws.sizeOf?.(event) ?? 64;
    if (this.held.length > MAX_HELD_EVENTS || this.heldCharacters > MAX_HELD_CHARACTERS) this.commit();
  }

  finish(response: ResponseOf): void {
    if (!this.direct) this.commit();
    if (this.over) return;
    if (this.splicer !== undefined && !this.splicer.complete()) {
      this.giveUp(this.broken ?? differs());
      return;
    }
    this.over = true;
    this.sink.finish(response);
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    const committed = this.direct || error.committed || this.broken !== undefined;
    const { midStream, budget, deadline, clock } = this.call.context;
    // While a new answer only repeats the old one, the caller still has what came before the first break.
    if (this.direct && (this.splicer === undefined || this.splicer.complete()))
      this.broken = error.committed ? error : error.with({ committed: true });
    this.direct = false;
    this.splicer = undefined;
    this.held = [];
    this.heldCharacters = 0;
    if (committed && (midStream === "fail" || this.laws.recovery === undefined)) {
      this.giveUp(this.broken ?? error);
      return;
    }
    const step = budget.left > 0 && error.code !== "CANCELLED" ? nextOf(this.plan, error) : undefined;
    if (step instanceof AiLibError) {
      this.giveUp(this.broken ?? step);
      return;
    }
    if (step === undefined || clock.now() + (step.wait?.ms ?? 0) >= deadline) {
      const { broken } = this;
      this.giveUp(broken === undefined ? (this.plan.exhausted?.(error) ?? error) : afterBreak(broken, error));
      return;
    }
    this.begin(step);
  }

  pause(): void {
    this.paused = true;
    this.flow?.pause();
  }

  resume(): void {
    this.paused = false;
    this.flow?.resume();
  }

  abort(reason?: unknown): ResponseOf | undefined {
    if (this.over) return undefined;
    this.over = true;
    this.cancelWait?.();
    const partial = this.flow?.abort(reason);
    // Of an attempt that has not committed, or only repeats, the caller has seen nothing.
    const seen = this.call.mode === "unary" || (this.direct && (this.splicer?.complete() ?? true));
    return seen ? (partial ?? this.broken?.partial) : this.broken?.partial;
  }

  private openStep(step: Step): void {
    let flow: Flow;
    try {
      flow = openMember(step.provider, step.call, this);
    } catch (error) {
      flow = failLater(this, AiLibError.from(error));
    }
    this.flow = flow;
    if (this.paused) flow.pause();
  }

  /** The first content came: pass on what was held, or begin the recovered answer. */
  private commit(): void {
    this.direct = true;
    const { held } = this;
    this.held = [];
    this.heldCharacters = 0;
    if (this.broken !== undefined) {
      if (this.delivered !== undefined) this.splicer = this.delivered.splicer();
      else if (this.call.mode === "stream" && this.laws.recovery !== undefined)
        this.sink.event(this.laws.recovery.restart(held));
    }
    for (const event of held) {
      if (this.over) return;
      if (this.broken === undefined || this.laws.recovery?.isStart(event) !== true) this.event(event);
    }
  }

  private spliced(event: EventOf, delivered: DeliveredContent<EventOf>): void {
    const rest = this.splicer === undefined ? event : this.splicer.rest(event);
    if (rest === "differs") {
      this.flow?.abort();
      this.giveUp(this.broken ?? differs());
    } else if (rest !== undefined) {
      delivered.add(rest);
      this.sink.event(rest);
    }
  }

  private giveUp(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.sink.fail(error);
  }
}

/**
 * What to tell when a recovery failed as well: the break, unless the new error forbids that anybody else is asked;
 * then a layer around this one must hear of that error, with what the break had left.
 */
function afterBreak(broken: AiLibError, error: AiLibError): AiLibError {
  const { otherProvider } = reactionTo(error);
  return otherProvider === "no" || otherProvider === "opt-in"
    ? error.with({ committed: true, partial: broken.partial, cause: broken })
    : broken;
}

function differs(): AiLibError {
  return new AiLibError({
    code: "STREAM_TRUNCATED",
    message: "The stream broke, and the new answer differs from what had been delivered",
  });
}
