import type { Call } from "../core/contract/call.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { type AiLibError, configError } from "../core/errors/error.js";
import { atLeast, fraction, wholeAtLeast } from "../core/errors/options.js";
import type { Plan, Step } from "../core/recovery/sequence.js";
import { OpenProvider } from "../core/run/compose.js";
import { FailoverPlan } from "./failover-plan.js";
import type { Entry, Member } from "./member.js";
import { RecentSamples } from "./percentile.js";
import { Race, type RaceRules } from "./race.js";
import { Strategy, type StrategyOptions } from "./strategy.js";

/** Options of {@link hedged}. */
export interface HedgedOptions extends StrategyOptions {
  /** Milliseconds without content after which the strategy also asks the next member. 0 or more. Default 2,000. */
  readonly afterMs?: number | undefined;
  /**
   * Asks the next member when the first has been silent for longer than this percentile of the latest calls, such as
   * 0.95. More than 0, at most 1. `afterMs` applies until twenty calls are measured. Default: only `afterMs` applies.
   */
  readonly percentile?: number | undefined;
  /** The maximum number of further members that the strategy asks while the first is silent. At least 1. Default 1. */
  readonly maxHedges?: number | undefined;
}

/** The number of stored measurements, and how many a percentile needs. */
const SAMPLES = 200;
const ENOUGH_SAMPLES = 20;

/** See {@link hedged}. */
export class HedgedProvider extends Strategy {
  private readonly afterMs: number;
  private readonly share: number | undefined;
  private readonly maxHedges: number;
  private readonly samples = { stream: new RecentSamples(SAMPLES), unary: new RecentSamples(SAMPLES) };

  /** @throws {AiLibError} `CONFIG_ERROR` for fewer than two members, a member twice, or a wrong option. */
  constructor(members: readonly Member[], options: HedgedOptions = {}) {
    super("hedged", ",", members, options, ["afterMs", "percentile", "maxHedges"]);
    if (this.entries.length < 2) throw configError("hedged needs at least two members: a second one to ask");
    this.afterMs = atLeast("afterMs", options.afterMs ?? 2_000, 0);
    this.share = options.percentile === undefined ? undefined : fraction("percentile", options.percentile);
    this.maxHedges = wholeAtLeast("maxHedges", options.maxHedges ?? 1, 1);
  }

  protected order(_call: Call, members: readonly Entry[]): readonly Entry[] {
    return members;
  }

  protected override plan(call: Call): Plan {
    return new HedgedPlan(this, call, new FailoverPlan(this, call, this.arrange(call)));
  }

  /** @internal The rules of the race for one call. */
  rules(call: Call): RaceRules {
    const samples = this.samples[call.mode];
    const learned =
      this.share === undefined || samples.count < ENOUGH_SAMPLES ? undefined : samples.percentile(this.share);
    return {
      afterMs: learned ?? this.afterMs,
      maxHedges: this.maxHedges,
      addSample: (ms) => samples.add(ms),
    };
  }
}

/** A race first; if the winner fails and recovery is allowed, the remaining members one after another. */
class HedgedPlan implements Plan {
  readonly name: string;
  private race: RaceProvider | undefined;

  constructor(
    private readonly strategy: HedgedProvider,
    private readonly call: Call,
    private readonly plan: FailoverPlan,
  ) {
    this.name = strategy.name;
  }

  next(failure: AiLibError | undefined): Step | undefined {
    if (failure === undefined) {
      const first = this.plan.take();
      if (first === undefined) return undefined;
      this.race = new RaceProvider(
        this.name,
        first,
        this.plan,
        this.strategy.rules(this.call),
        this.strategy.kinds(),
      );
      return { provider: this.race, call: this.call };
    }
    const { race } = this;
    this.race = undefined;
    if (race === undefined) return this.plan.next(failure);
    const winner = race.winner;
    // Without a winner, the race has asked every member that it could.
    if (winner === undefined || !this.plan.recordFailure(winner, failure)) return undefined;
    return this.plan.next(undefined);
  }

  finalError(last: AiLibError): AiLibError {
    return this.plan.finalError(last);
  }

  noCandidate(): AiLibError {
    return this.plan.noCandidate();
  }
}

/** The race for one call, as a provider that a sequence can open. */
class RaceProvider extends OpenProvider {
  private race: Race | undefined;

  constructor(
    readonly name: string,
    private readonly first: Entry,
    private readonly plan: FailoverPlan,
    private readonly rules: RaceRules,
    private readonly answers: ReadonlySet<string>,
  ) {
    super();
  }

  override kinds(): ReadonlySet<string> {
    return this.answers;
  }

  get winner(): Entry | undefined {
    return this.race?.won;
  }

  open(call: Call, sink: Sink): Flow {
    this.race = new Race(call, sink, this.plan, this.rules);
    return this.race.start(this.first);
  }
}

/**
 * Also asks the next member when the first is slow to start. The first member with content wins. The strategy closes
 * the other attempts; the attempt log lists them as cancelled, with their likely cost. If a member fails before the
 * delay has passed, the strategy asks the next one immediately, as far as the error table allows. An error after which
 * no other member may be asked ends the race.
 *
 * In a stream, content is the first delta. In a unary call, it is the whole answer: use a longer delay or a percentile
 * for unary calls (the strategy measures streams and unary calls separately). It does not hedge kinds of calls that must
 * not be sent twice.
 *
 * @example
 * const client = new AiClient(hedged([provider("groq"), provider("openai")], { afterMs: 1_500, percentile: 0.95 }));
 * @throws {AiLibError} `CONFIG_ERROR` for fewer than two members, a member twice, or an option that is unknown or wrong.
 */
export function hedged(members: readonly Member[], options?: HedgedOptions): HedgedProvider {
  return new HedgedProvider(members, options);
}
