import type { Call } from "../core/contract/call.js";
import { isContent } from "../core/contract/call-facts.js";
import { abortFlow } from "../core/contract/flows.js";
import { observe } from "../core/contract/observer.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { type Flow, failLater, PASSES_TO, type Sink } from "../core/contract/sink.js";
import { AiLibError } from "../core/errors/error.js";
import { MemberSink } from "../core/recovery/member-sink.js";
import { Preamble } from "../core/recovery/preamble.js";
import { limitCall } from "../core/run/call-limits.js";
import type { EventOf, ResponseOf } from "../core/values/kinds.js";
import type { FailoverPlan } from "./failover-plan.js";
import type { Entry } from "./member.js";

/** The rules of one race. */
export interface RaceRules {
  /** Milliseconds without content after which the next member is asked as well. */
  readonly afterMs: number;
  /** Members that may be asked besides the first one while it is silent. */
  readonly maxHedges: number;
  /** Receives the time of a member until its first content (unary: its answer), or until it was cancelled. */
  addSample(ms: number): void;
}

/** Asks several members the same call: the first one with content wins, the others are closed. */
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

  /** The winner, once there is content. */
  get won(): Entry | undefined {
    return this.winner?.entry;
  }

  start(first: Entry): this {
    this.arm(this.open(first));
    return this;
  }

  pause(): void {
    this.paused = true;
    for (const runner of this.runners) runner.pause();
  }

  resume(): void {
    this.paused = false;
    for (const runner of this.runners) runner.resume();
  }

  abort(reason?: unknown): ResponseOf | undefined {
    if (this.over) return undefined;
    this.stop();
    let partial: ResponseOf | undefined;
    for (const runner of this.runners) {
      const received = runner.abort(reason);
      if (runner === this.winner || this.call.mode === "unary") partial ??= received;
    }
    return partial;
  }

  /** A member has its first content, or its whole answer: closes all others. */
  win(runner: Runner): void {
    this.winner = runner;
    this.cancelTimer?.();
    this.rules.addSample(runner.age());
    for (const loser of this.runners) {
      if (loser === runner) continue;
      this.runners.delete(loser);
      // Its first content would have taken at least this long.
      this.rules.addSample(loser.age());
      loser.abort(new AiLibError({ code: "CANCELLED", message: "Another member was first", local: true }));
      this.plan.requeue(loser.entry);
    }
  }

  pass(event: EventOf): void {
    if (!this.over) this.sink.event(event);
  }

  /** The sink of all events from here on; undefined where the race is over. */
  get target(): Sink | undefined {
    return this.over ? undefined : this.sink;
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
    const last = this.record(runner.entry, error);
    if (last !== undefined) {
      this.abort(last);
      this.sink.fail(last);
      return;
    }
    const next = this.next();
    if (next instanceof AiLibError) {
      this.abort(next);
      this.sink.fail(next);
    } else if (next !== undefined) {
      this.plan.reportFailover(runner.entry, next, error);
      this.arm(this.open(next));
    } else if (this.runners.size === 0) {
      this.stop();
      this.sink.fail(error);
    }
  }

  /** Records the failure of a member. @returns the error that ends the race; undefined while another may be asked */
  private record(entry: Entry, error: AiLibError): AiLibError | undefined {
    try {
      return this.plan.recordFailure(entry, error) ? undefined : error;
    } catch (thrown) {
      // The mapping of the user threw.
      return AiLibError.from(thrown, "CONFIG_ERROR");
    }
  }

  /** @returns when it was opened, in epoch milliseconds */
  private open(entry: Entry): number {
    const runner = new Runner(this, entry, this.call);
    this.runners.add(runner);
    if (this.paused) runner.pause();
    runner.open(this.plan.opener(entry), this.plan);
    return runner.openedAt;
  }

  /**
   * The next member, while the budget allows another attempt; an error where a mapping of the user throws. None is asked
   * again while another one still runs, which may be the same.
   */
  private next(): Entry | AiLibError | undefined {
    if (this.call.context.budget.left <= 0) return undefined;
    try {
      return this.plan.take(this.runners.size === 0);
    } catch (error) {
      return AiLibError.from(error, "CONFIG_ERROR");
    }
  }

  /** @param now epoch milliseconds */
  private arm(now: number): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    // A call that may not be sent twice still fails over, one member after another.
    if (!this.call.laws.idempotent) return;
    if (this.hedges >= this.rules.maxHedges) return;
    this.cancelTimer = limitCall(this.call.context, now + this.rules.afterMs, () => this.hedge(), now);
  }

  private hedge(): void {
    this.cancelTimer = undefined;
    const next = this.next();
    // An exception of a mapping counts once its member is needed; here another member still runs.
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
    this.arm(this.open(next));
  }

  private stop(): void {
    this.over = true;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }
}

/** One member of a race; its preamble is held back until it wins. */
class Runner extends MemberSink {
  private won = false;
  readonly openedAt: number;
  private readonly preamble: Preamble;

  constructor(
    private readonly race: Race,
    readonly entry: Entry,
    private readonly call: Call,
  ) {
    super();
    this.openedAt = call.context.clock.now();
    this.preamble = new Preamble(call);
  }

  open(provider: ChatProvider, plan: FailoverPlan): void {
    try {
      this.openFlow(provider, plan.callFor(this.entry));
    } catch (error) {
      // The mapping of the user threw.
      this.flow = failLater(this, AiLibError.from(error, "CONFIG_ERROR"));
    }
  }

  abort(reason: unknown): ResponseOf | undefined {
    return abortFlow(this.flow, reason);
  }

  /** Milliseconds since it was opened. */
  age(): number {
    return this.call.context.clock.now() - this.openedAt;
  }

  event(event: EventOf): void {
    if (!this.won) {
      const { preamble } = this;
      // A notice that does not fit is discarded: it must not win the race for a member without content.
      if (!isContent(this.call, event) && (preamble.hold(event) || preamble.isNotice(event))) return;
      this.win();
    }
    this.race.pass(event);
  }

  /** @see PASSES_TO */
  [PASSES_TO](): Sink | undefined {
    return this.won ? this.race.target : undefined;
  }

  finish(response: ResponseOf): void {
    if (!this.won) this.win();
    this.race.finish(response);
  }

  fail(error: AiLibError): void {
    this.race.lose(this, error);
  }

  private win(): void {
    this.won = true;
    this.race.win(this);
    for (const event of this.preamble.take()) this.race.pass(event);
  }
}
