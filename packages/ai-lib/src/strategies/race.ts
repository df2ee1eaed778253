import type { Call } from "../core/contract/call.js";
import { isContent } from "../core/contract/call-facts.js";
import { observe } from "../core/contract/observer.js";
import { type Flow, failLater, type Sink } from "../core/contract/sink.js";
import { AiLibError } from "../core/errors/error.js";
import { openMember } from "../core/run/member.js";
import type { EventOf, ResponseOf } from "../core/values/kinds.js";
import type { FailoverPlan } from "./failover-plan.js";
import type { Entry } from "./member.js";

/** What a race is run by. */
export interface RaceRules {
  /** Milliseconds without content after which the next member is asked as well. */
  readonly afterMs: number;
  /** Members that may be asked besides the first one while it is silent. */
  readonly maxHedges: number;
  /** A member had its first content (a unary call: its answer), or was called off without, after so long. */
  measured(ms: number): void;
}

/** Events that a member may send before its first content; what is more is not kept, as nobody has won by it. */
const MAX_HELD_EVENTS = 64;

/** Several members on one call: the first one with content wins it, the others are closed. */
export class Race implements Flow {
  private readonly runners = new Set<Runner>();
  private winner: Runner | undefined;
  private hedges = 0;
  private cancelTimer: (() => void) | undefined;
  private paused = false;
  private over = false;

  constructor(
    private readonly call: Call,
    private readonly sink: Sink,
    private readonly plan: FailoverPlan,
    private readonly rules: RaceRules,
  ) {}

  /** Who won, once there is content. */
  get won(): Entry | undefined {
    return this.winner?.entry;
  }

  start(first: Entry): this {
    this.open(first);
    this.arm();
    return this;
  }

  pause(): void {
    this.paused = true;
    for (const runner of this.runners) runner.flow?.pause();
  }

  resume(): void {
    this.paused = false;
    for (const runner of this.runners) runner.flow?.resume();
  }

  abort(reason?: unknown): ResponseOf | undefined {
    if (this.over) return undefined;
    this.stop();
    let partial: ResponseOf | undefined;
    for (const runner of this.runners) {
      const had = runner.flow?.abort(reason);
      if (runner === this.winner || this.call.mode === "unary") partial ??= had;
    }
    return partial;
  }

  /** A member's first content, or its whole answer: it is the one. */
  win(runner: Runner): void {
    this.winner = runner;
    this.cancelTimer?.();
    this.rules.measured(runner.age());
    for (const loser of this.runners) {
      if (loser === runner) continue;
      this.runners.delete(loser);
      // It would have taken at least this long.
      this.rules.measured(loser.age());
      loser.flow?.abort(
        new AiLibError({ code: "CANCELLED", message: "Another member was first", local: true }),
      );
      this.plan.requeue(loser.entry);
    }
  }

  pass(event: EventOf): void {
    if (!this.over) this.sink.event(event);
  }

  finish(response: ResponseOf): void {
    if (this.over) return;
    this.stop();
    this.sink.finish(response);
  }

  lose(runner: Runner, error: AiLibError): void {
    if (this.over) return;
    this.runners.delete(runner);
    if (runner === this.winner) {
      this.stop();
      this.sink.fail(error);
      return;
    }
    if (!this.plan.failed(runner.entry, error)) {
      this.abort(error);
      this.sink.fail(error);
      return;
    }
    const next = this.next();
    if (next instanceof AiLibError) {
      this.abort(next);
      this.sink.fail(next);
    } else if (next !== undefined) {
      this.plan.tell(runner.entry, next, error);
      this.open(next);
      this.arm();
    } else if (this.runners.size === 0) {
      this.stop();
      this.sink.fail(error);
    }
  }

  private open(entry: Entry): void {
    const runner = new Runner(this, entry, this.call);
    this.runners.add(runner);
    let flow: Flow;
    try {
      flow = openMember(entry.opens, entry.callFor(this.call), runner);
    } catch (error) {
      flow = failLater(runner, AiLibError.from(error));
    }
    runner.flow = flow;
    if (this.paused) flow.pause();
  }

  /** The next member, while the call may make another attempt; an error where a user's mapping throws. */
  private next(): Entry | AiLibError | undefined {
    if (this.call.context.budget.left <= 0) return undefined;
    try {
      return this.plan.take();
    } catch (error) {
      return AiLibError.from(error, "CONFIG_ERROR");
    }
  }

  private arm(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    // A call that may not be sent twice still fails over, one member after another.
    if (!this.call.laws.idempotent) return;
    if (this.hedges >= this.rules.maxHedges || this.rules.afterMs === Number.POSITIVE_INFINITY) return;
    this.cancelTimer = this.call.context.clock.after(this.rules.afterMs, () => this.hedge());
  }

  private hedge(): void {
    this.cancelTimer = undefined;
    const next = this.next();
    // A mapping that throws is told when its member would be needed; here another one is still running.
    if (next === undefined || next instanceof AiLibError) return;
    this.hedges++;
    const { context } = this.call;
    observe(context.observer, {
      type: "hedge",
      requestId: context.requestId,
      at: context.clock.now(),
      strategy: this.plan.name,
      to: next.name,
      afterMs: this.rules.afterMs,
    });
    this.open(next);
    this.arm();
  }

  private stop(): void {
    this.over = true;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }
}

/** One member of a race, its preamble held until it wins. */
class Runner implements Sink {
  flow: Flow | undefined;
  private won = false;
  private readonly openedAt: number;
  private held: EventOf[] = [];

  constructor(
    private readonly race: Race,
    readonly entry: Entry,
    private readonly call: Call,
  ) {
    this.openedAt = call.context.clock.now();
  }

  /** Milliseconds since it was opened. */
  age(): number {
    return this.call.context.clock.now() - this.openedAt;
  }

  event(event: EventOf): void {
    if (this.won) {
      this.race.pass(event);
      return;
    }
    if (!isContent(this.call, event) && this.held.length < MAX_HELD_EVENTS) {
      this.held.push(event);
      return;
    }
    this.commit();
    this.race.pass(event);
  }

  finish(response: ResponseOf): void {
    if (!this.won) this.commit();
    this.race.finish(response);
  }

  fail(error: AiLibError): void {
    this.race.lose(this, error);
  }

  private commit(): void {
    this.won = true;
    this.race.win(this);
    const { held } = this;
    this.held = [];
    for (const event of held) this.race.pass(event);
  }
}
