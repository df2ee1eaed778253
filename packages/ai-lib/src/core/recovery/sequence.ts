import { type Call, callWith } from "../contract/call.js";
import { isContent } from "../contract/call-facts.js";
import { abortFlow } from "../contract/flows.js";
import { valueOr } from "../contract/guard.js";
import type { ChatProvider } from "../contract/provider.js";
import { type Flow, failLater, PASSES_TO, type Sink } from "../contract/sink.js";
import { AiLibError } from "../errors/error.js";
import { reactionTo } from "../errors/reactions.js";
import { deliveredParts } from "../kinds/chat/on-demand.js";
import { provideChatStreams } from "../kinds/chat/provide-streams.js";
import { DeliveredParts } from "../kinds/chat/splice.js";
import type { DeliveredContent, KindLaws, Splice } from "../kinds/laws.js";
import { afterWait } from "../run/after-wait.js";
import type { EventOf, Kind, ResponseOf } from "../values/kinds.js";
import { MemberSink } from "./member-sink.js";
import { Preamble } from "./preamble.js";

// No answer waits for them.
deliveredParts.provide(DeliveredParts);
provideChatStreams();

/** The next member to try. */
export interface Step {
  readonly provider: ChatProvider;
  /** The call with the member's own model. */
  readonly call: Call;
  /** Milliseconds to wait first, and the reason for the attempt log. */
  readonly wait?: { readonly ms: number; readonly reason: string };
}

/** The decisions of one strategy about one call. Made for each call; it has the state of that call. */
export interface Plan {
  /** The strategy's name, for the attempt log. */
  readonly name: string;
  /** The first step, or the step after a failure; undefined ends the call. */
  next(failure: AiLibError | undefined): Step | undefined;
  /** The error when no step is left. Default: the last one. */
  finalError?(last: AiLibError): AiLibError;
  /** The error when there is no first step. Default: `CONFIG_ERROR`. */
  noCandidate?(): AiLibError;
}

/**
 * Tries one step after another until one commits: the engine of every strategy and wrapper that repeats. Before the
 * first content it delays events, so that another attempt is invisible; after it there is no further attempt, unless
 * the call opted into recovery. A preamble that is too long commits, too.
 */
export function openSequence(call: Call, sink: Sink, plan: Plan): Flow {
  const first = nextOf(plan, undefined);
  if (first === undefined) return failLater(sink, noCandidate(plan));
  if (first instanceof AiLibError) return failLater(sink, first);
  const sequence = new Sequence(call, sink, plan);
  sequence.begin(first);
  return sequence;
}

/** The next step; an error where a function of the user (a mapping, a condition) throws, which ends the call. */
function nextOf(plan: Plan, failure: AiLibError | undefined): Step | AiLibError | undefined {
  try {
    return plan.next(failure);
  } catch (error) {
    return AiLibError.from(error, "CONFIG_ERROR");
  }
}

/** The error when no step is left; the last one where a function of the user throws. */
function finalErrorOf(plan: Plan, last: AiLibError): AiLibError {
  return valueOr(last, () => plan.finalError?.(last) ?? last);
}

function noCandidate(plan: Plan): AiLibError {
  return (
    plan.noCandidate?.() ??
    new AiLibError({ code: "CONFIG_ERROR", message: `${plan.name} has no member to try`, local: true })
  );
}

class Sequence extends MemberSink implements Flow {
  /** The current attempt has committed: its events are passed on as they arrive. */
  private direct = false;
  private readonly preamble: Preamble;
  private cancelWait: (() => void) | undefined;
  private over = false;
  /** The failure after the commit point from which the call is recovering. */
  private broken: AiLibError | undefined;
  private readonly laws: KindLaws;
  private readonly delivered: DeliveredContent<Kind> | undefined;
  private splicer: Splice<Kind> | undefined;

  constructor(
    private readonly call: Call,
    private readonly sink: Sink,
    private readonly plan: Plan,
  ) {
    super();
    this.preamble = new Preamble(call);
    this.laws = call.laws as KindLaws;
    const { midStream } = call.context;
    this.delivered =
      call.mode === "stream" && (midStream === "splice" || midStream === "continue")
        ? this.laws.recovery?.delivered(call.request)
        : undefined;
  }

  begin(step: Step): void {
    const { wait } = step;
    if (wait === undefined || wait.ms <= 0) {
      this.openFlow(step.provider, step.call);
      return;
    }
    this.flow = undefined;
    this.waitUntil(this.call.context.clock.now() + wait.ms, () => {
      this.openFlow(step.provider, afterWait(step.call, step.provider.name, wait.ms, wait.reason));
    });
  }

  /** Waits until a time at the earliest: platform timers may fire a fraction early. */
  private waitUntil(due: number, run: () => void): void {
    const { clock } = this.call.context;
    this.cancelWait = clock.after(due - clock.now(), () => {
      this.cancelWait = undefined;
      if (clock.now() < due) this.waitUntil(due, run);
      else run();
    });
  }

  event(event: EventOf): void {
    if (this.over) return;
    if (this.direct) {
      if (this.delivered !== undefined) this.passRest(event, this.delivered);
      else this.sink.event(event);
      return;
    }
    if (!isContent(this.call, event) && this.preamble.hold(event)) return;
    this.commit();
    if (!this.over) this.event(event);
  }

  /** @see PASSES_TO */
  [PASSES_TO](): Sink | undefined {
    return this.direct && !this.over && this.delivered === undefined ? this.sink : undefined;
  }

  finish(response: ResponseOf): void {
    if (!this.direct) this.commit();
    if (this.over) return;
    if (this.splicer !== undefined && !this.splicer.complete()) {
      this.giveUp(this.broken ?? differenceError());
      return;
    }
    const { splicer } = this;
    for (const event of splicer?.closing() ?? []) this.sink.event(event);
    if (this.over) return;
    this.over = true;
    this.sink.finish(splicer === undefined ? response : splicer.respond(response));
  }

  fail(failure: AiLibError): void {
    if (this.over) return;
    const error = this.withDelivered(failure);
    const committed = this.direct || error.committed || this.broken !== undefined;
    const { midStream, budget, deadline, clock } = this.call.context;
    // While a new answer only repeats the old one, the caller still has the content before the first break.
    if (this.direct && (this.splicer === undefined || this.splicer.complete()))
      this.broken = error.committed ? error : error.with({ committed: true });
    this.direct = false;
    this.splicer = undefined;
    this.preamble.take();
    if (committed && (midStream === "fail" || this.laws.recovery === undefined)) {
      this.giveUp(this.broken ?? error);
      return;
    }
    const found = budget.left > 0 && error.code !== "CANCELLED" ? nextOf(this.plan, error) : undefined;
    const step = found === undefined || found instanceof AiLibError ? found : this.forRest(found);
    if (step instanceof AiLibError) {
      this.giveUp(this.broken ?? step);
      return;
    }
    if (step === undefined || clock.now() + (step.wait?.ms ?? 0) >= deadline) {
      const { broken } = this;
      this.giveUp(broken === undefined ? finalErrorOf(this.plan, error) : afterBreak(broken, error));
      return;
    }
    this.begin(step);
  }

  abort(reason?: unknown): ResponseOf | undefined {
    if (this.over) return undefined;
    this.over = true;
    this.cancelWait?.();
    const received = abortFlow(this.flow, reason);
    const partial = received === undefined ? undefined : (this.splicer?.respond(received) ?? received);
    // The caller has received nothing of an attempt that has not committed or only repeats.
    const seen = this.call.mode === "unary" || (this.direct && (this.splicer?.complete() ?? true));
    return seen ? (partial ?? this.broken?.partial) : this.broken?.partial;
  }

  /** At the first content: passes the preamble on, or begins the recovered answer. */
  private commit(): void {
    this.direct = true;
    const held = this.preamble.take();
    if (this.broken !== undefined) {
      if (this.delivered !== undefined)
        this.splicer =
          this.call.context.midStream === "continue"
            ? this.delivered.continuation()
            : this.delivered.splicer();
      else if (this.call.mode === "stream" && this.laws.recovery !== undefined)
        this.sink.event(this.laws.recovery.restart(held));
    }
    for (const event of held) {
      if (this.over) return;
      if (this.broken === undefined || this.laws.recovery?.isStart(event) !== true) this.event(event);
    }
  }

  /** Passes on the part of an event that was not delivered before the break. */
  private passRest(event: EventOf, delivered: DeliveredContent<Kind>): void {
    const { splicer } = this;
    if (splicer === undefined) {
      delivered.add(event);
      this.sink.event(event);
      return;
    }
    const rest = splicer.rest(event);
    if (rest === "differs") {
      abortFlow(this.flow);
      this.giveUp(this.broken ?? differenceError());
      return;
    }
    for (const one of rest) {
      if (this.over) return;
      delivered.add(one);
      this.sink.event(one);
    }
  }

  /** A step after a break: with `midStream: "continue"`, a call for the rest of the answer; undefined for none. */
  private forRest(step: Step): Step | undefined {
    const { broken, delivered } = this;
    if (broken === undefined || delivered === undefined || this.call.context.midStream !== "continue")
      return step;
    const request = delivered.requestRest(step.call.request);
    if (request === undefined) return undefined;
    const continues = step.call.continues ?? step.call.request;
    return { ...step, call: callWith(step.call, { request, continues }) };
  }

  /** An error whose partial answer has everything that the caller received. */
  private withDelivered(error: AiLibError): AiLibError {
    const { partial } = error;
    if (partial === undefined || this.splicer === undefined) return error;
    return error.with({ partial: this.splicer.respond(partial) });
  }

  private giveUp(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.sink.fail(error);
  }
}

/**
 * The error of a recovery that fails as well: the break, unless the new error forbids to ask another member; then a
 * layer around this one must receive that error, with the content before the break.
 */
function afterBreak(broken: AiLibError, error: AiLibError): AiLibError {
  const { otherProvider } = reactionTo(error);
  return otherProvider === "no" || otherProvider === "opt-in"
    ? error.with({ committed: true, partial: broken.partial, cause: broken })
    : broken;
}

function differenceError(): AiLibError {
  return new AiLibError({
    code: "STREAM_TRUNCATED",
    message: "The stream broke, and the new answer differs from what was delivered",
  });
}
