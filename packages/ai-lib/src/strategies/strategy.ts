import type { Call } from "../core/contract/call.js";
import { factsFor, modelOf, unmetRequirement } from "../core/contract/call-facts.js";
import type { HealthSource } from "../core/contract/health.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { type Flow, failLater, type Sink } from "../core/contract/sink.js";
import { formatAttempts } from "../core/errors/attempt-log.js";
import { AiLibError, configError } from "../core/errors/error.js";
import { refuseUnknown } from "../core/errors/options.js";
import { type CallListener, ObservedProvider } from "../core/recovery/observed-provider.js";
import { openSequence, type Plan } from "../core/recovery/sequence.js";
import { Composition } from "../core/run/compose.js";
import { skipAttempt } from "../core/run/skip-attempt.js";
import type { ModelFacts } from "../core/values/model.js";
import { mergeCapabilities } from "./capabilities.js";
import { FAILOVER_ON_NAMES, type FailoverOn } from "./eligibility.js";
import { FailoverPlan } from "./failover-plan.js";
import { type Entry, entriesOf, type Member } from "./member.js";

/** Options of every strategy. */
export interface StrategyOptions {
  /** The name of the strategy. Default: its kind and its members, such as `"failover[groq->openai]"`. */
  readonly name?: string | undefined;
  /** Further errors after which the strategy asks the next member. Default: none. */
  readonly failoverOn?: FailoverOn | undefined;
  /**
   * If true, the strategy skips members that are known to lack what a call needs (an input or output modality, tools,
   * structured output, the context window for its estimated tokens). The attempt log contains the reason. It asks members
   * without known facts. Default false: the member itself refuses what it does not support.
   */
  readonly capable?: boolean | undefined;
  /**
   * A source of the members' health, such as a `HealthMonitor`. The strategy asks members that are down after all others.
   * Default: none.
   */
  readonly health?: HealthSource | undefined;
}

/** Names of {@link StrategyOptions}. */
const STRATEGY_OPTIONS = ["name", "failoverOn", "capable", "health"] as const;

/**
 * The base of all strategies. A strategy decides the order in which to ask its members for one call. All strategies use
 * the same rules (`eligibility.ts`) to move a call to the next member after an error.
 */
export abstract class Strategy extends Composition {
  readonly name: string;
  readonly members: readonly ChatProvider[];
  /** @internal */
  readonly failoverOn: FailoverOn;
  protected readonly entries: readonly Entry[];
  private readonly capable: boolean;
  private readonly health: HealthSource | undefined;
  /** What is opened for each member: the member, or an observer of its calls. */
  private openers: readonly ChatProvider[];

  /**
   * @param kind the strategy's word in its name
   * @param joint the text between the members' names
   * @param own names of further options of the strategy
   */
  constructor(
    kind: string,
    joint: string,
    members: readonly Member[],
    options: StrategyOptions,
    own: readonly string[] = [],
  ) {
    super();
    refuseUnknown(`option of ${kind}`, options, new Set([...STRATEGY_OPTIONS, ...own]));
    refuseUnknown(`member of ${kind}'s option "failoverOn"`, options.failoverOn ?? {}, FAILOVER_ON_NAMES);
    if (options.name === "") throw configError(`The name of a ${kind} may not be empty`);
    this.entries = entriesOf(kind, members);
    this.members = [...new Set(this.entries.map((entry) => entry.provider))];
    this.name = options.name ?? `${kind}[${this.entries.map((entry) => entry.name).join(joint)}]`;
    this.failoverOn = options.failoverOn ?? {};
    this.capable = options.capable ?? false;
    this.health = options.health;
    this.openers = this.entries.map(({ provider }) => options.health?.watch(provider) ?? provider);
  }

  open(call: Call, sink: Sink): Flow {
    let plan: Plan;
    try {
      plan = this.plan(call);
    } catch (error) {
      // A function of the user threw, such as a condition: not the fault of a member.
      return failLater(sink, AiLibError.from(error, "CONFIG_ERROR"));
    }
    return openSequence(call, sink, plan);
  }

  /** The merged facts of all members. */
  override facts(model?: string): ModelFacts | undefined {
    return mergeCapabilities(this.entries.map((entry) => entry.provider.facts?.(entry.modelFor(model))));
  }

  protected override modelFor(member: ChatProvider, model: string | undefined): string | undefined {
    const entry = this.entries.find(({ provider }) => provider === member);
    return entry === undefined ? model : entry.modelFor(model);
  }

  /** Whether a member has its own name for a model. */
  maps(model: string): boolean {
    return this.entries.some((entry) => entry.maps(model));
  }

  /**
   * The order in which to ask members for a call. `members` are those that are up, at least one; so turns and weights
   * spread the share of a member that is down over all others.
   */
  protected abstract order(call: Call, members: readonly Entry[]): readonly Entry[];

  /** The members that a call may go to, whatever they are capable of. Default: all. */
  protected candidates(_call: Call): readonly Entry[] {
    return this.entries;
  }

  /** Whether a member may be asked before those that are down. */
  protected isUp(entry: Entry, call: Call): boolean {
    if (this.health === undefined) return true;
    const model = entry.modelFor(modelOf(call));
    return this.health.isHealthy(entry.provider, call.context.clock.now(), model);
  }

  /** The plan of one call. Default: one member after another, in the order of {@link arrange}. */
  protected plan(call: Call): Plan {
    return new FailoverPlan(this, call, this.arrange(call));
  }

  /** The members that are up in their {@link order}, then those that are down; all in order when all are down. */
  protected arrange(call: Call): readonly Entry[] {
    const able = this.filterCapable(call, this.candidates(call));
    if (able.length === 0) return able;
    // Most members are up at most times, which needs no list.
    if (able.every((entry) => this.isUp(entry, call))) return this.order(call, able);
    const up = able.filter((entry) => this.isUp(entry, call));
    if (up.length === 0) return this.order(call, able);
    return [...this.order(call, up), ...able.filter((entry) => !up.includes(entry))];
  }

  /** The members that can take a call; the reasons of all others go to the attempt log. */
  private filterCapable(call: Call, members: readonly Entry[]): readonly Entry[] {
    if (!this.capable) return members;
    return members.filter((entry) => {
      const own = entry.callFor(call);
      const lack = unmetRequirement(own, factsFor(entry.provider, own));
      if (lack !== undefined) skipAttempt(call, entry.target, lack);
      return lack === undefined;
    });
  }

  /** @internal The members up to {@link noCandidate} are the `FailoverRules` of a {@link FailoverPlan}. */
  opener(entry: Entry): ChatProvider {
    return this.openers[entry.index] ?? entry.provider;
  }

  /** Reports the calls of each member to a listener. For the constructors of strategies that learn from calls. */
  protected observeMembers(listenerOf: (entry: Entry) => CallListener): void {
    this.wrapMembers((provider, entry) => new ObservedProvider(provider, listenerOf(entry)));
  }

  /** Puts a layer around each member. For the constructors of strategies. */
  protected wrapMembers(wrap: (provider: ChatProvider, entry: Entry) => ChatProvider): void {
    this.openers = this.entries.map((entry) => wrap(this.opener(entry), entry));
  }

  /** @internal */
  reasonToSkip(_entry: Entry, _call: Call): string | undefined {
    return undefined;
  }

  /** @internal */
  noCandidate(call: Call): AiLibError {
    return new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `${this.name}: no member can take this call. ${formatAttempts(call.context.attempts)}`,
      local: true,
    });
  }
}
