import { Printable } from "../core/contract/printable.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { configError } from "../core/errors/error.js";
import { CheapestProvider } from "./cheapest.js";
import { type Condition, ConditionalProvider } from "./conditional.js";
import { FailoverProvider } from "./failover.js";
import { type HedgedOptions, HedgedProvider } from "./hedged.js";
import { type KeysOptions, KeysProvider } from "./keys.js";
import { type LeastBusyOptions, LeastBusyProvider } from "./least-busy.js";
import { type LeastLatencyOptions, LeastLatencyProvider } from "./least-latency.js";
import type { Member, MemberOptions, ModelChoice } from "./member.js";
import { RoundRobinProvider } from "./round-robin.js";
import { type StickyOptions, StickyProvider } from "./sticky.js";
import type { StrategyOptions } from "./strategy.js";
import { type TaggedOptions, TaggedProvider } from "./tagged.js";
import { type WeightedOptions, WeightedProvider } from "./weighted.js";

/**
 * Builds a strategy step by step: `withProvider` adds a member; `withMemberModel`, `withWeight`, `withTags` and
 * `withCondition` apply to the member added last; a `build...` method creates the strategy. One builder can build several
 * strategies.
 *
 * @example
 * const strategy = new RoutingStrategyBuilder()
 *   .withProvider(provider("groq"))
 *   .withWeight(3)
 *   .withProvider(provider("openai"))
 *   .buildWeighted({ capable: true });
 */
export class RoutingStrategyBuilder extends Printable {
  /** The names of its members. */
  toJSON(): Readonly<Record<string, unknown>> {
    return { members: this.list.map(({ provider }) => provider.name) };
  }

  private readonly list: (MemberOptions & { readonly when?: Condition })[] = [];

  /** Adds a member: any provider, including a nested strategy. */
  withProvider(provider: ChatProvider, options: Omit<MemberOptions, "provider"> = {}): this {
    this.list.push({ ...options, provider });
    return this;
  }

  /** The model to request from the member added last. */
  withMemberModel(model: ModelChoice): this {
    return this.change("withMemberModel", { model });
  }

  /** The weight of the member added last. More than 0. */
  withWeight(weight: number): this {
    return this.change("withWeight", { weight });
  }

  /** Adds tags to the member added last. */
  withTags(...tags: readonly string[]): this {
    return this.change("withTags", { tags: [...(this.list.at(-1)?.tags ?? []), ...tags] });
  }

  /** The condition of the member added last, for a conditional strategy. */
  withCondition(when: Condition): this {
    return this.change("withCondition", { when });
  }

  /** @see failover */
  buildFailover(options?: StrategyOptions): FailoverProvider {
    return new FailoverProvider(this.members(), options);
  }

  /** @see roundRobin */
  buildRoundRobin(options?: StrategyOptions): RoundRobinProvider {
    return new RoundRobinProvider(this.members(), options);
  }

  /** @see weighted */
  buildWeighted(options?: WeightedOptions): WeightedProvider {
    return new WeightedProvider(this.members(), options);
  }

  /** @see leastLatency */
  buildLeastLatency(options?: LeastLatencyOptions): LeastLatencyProvider {
    return new LeastLatencyProvider(this.members(), options);
  }

  /** @see leastBusy */
  buildLeastBusy(options?: LeastBusyOptions): LeastBusyProvider {
    return new LeastBusyProvider(this.members(), options);
  }

  /** @see cheapest */
  buildCheapest(options?: StrategyOptions): CheapestProvider {
    return new CheapestProvider(this.members(), options);
  }

  /** @see hedged */
  buildHedged(options?: HedgedOptions): HedgedProvider {
    return new HedgedProvider(this.members(), options);
  }

  /** @see sticky */
  buildSticky(options?: StickyOptions): StickyProvider {
    return new StickyProvider(this.members(), options);
  }

  /** @see tagged */
  buildTagged(options: TaggedOptions): TaggedProvider {
    return new TaggedProvider(this.members(), options);
  }

  /** @see conditional */
  buildConditional(options?: StrategyOptions): ConditionalProvider {
    return new ConditionalProvider(this.members(), options);
  }

  /** @see keys */
  buildKeys(options?: KeysOptions): KeysProvider {
    return new KeysProvider(this.members(), options);
  }

  private members(): readonly Member[] {
    return [...this.list];
  }

  private change(method: string, options: Partial<MemberOptions> & { readonly when?: Condition }): this {
    const last = this.list.at(-1);
    if (last === undefined)
      throw configError(`${method}() applies to the member added last; add one with withProvider() first`);
    this.list[this.list.length - 1] = { ...last, ...options };
    return this;
  }
}
