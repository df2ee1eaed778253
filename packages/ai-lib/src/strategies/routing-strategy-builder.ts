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
 * Puts a strategy together step by step: `withProvider` adds a member, `withModel`, `withWeight` and `withTags`
 * speak of the one added last, and a `build...` makes the strategy. A builder may build several.
 */
export class RoutingStrategyBuilder {
  private readonly list: (MemberOptions & { readonly when?: Condition })[] = [];

  /** Adds a member: a leaf, or any composition. */
  withProvider(provider: ChatProvider, options: Omit<MemberOptions, "provider"> = {}): this {
    this.list.push({ ...options, provider });
    return this;
  }

  /** The model that the member added last is asked for. */
  withModel(model: ModelChoice): this {
    return this.change("withModel", { model });
  }

  /** The weight of the member added last. More than 0. */
  withWeight(weight: number): this {
    return this.change("withWeight", { weight });
  }

  /** More tags for the member added last. */
  withTags(...tags: readonly string[]): this {
    return this.change("withTags", { tags: [...(this.list.at(-1)?.tags ?? []), ...tags] });
  }

  /** The calls that the member added last is for, in a conditional strategy. */
  withCondition(when: Condition): this {
    return this.change("withCondition", { when });
  }

  /** @see FailoverProvider */
  buildFailover(options?: StrategyOptions): FailoverProvider {
    return new FailoverProvider(this.members(), options);
  }

  /** @see RoundRobinProvider */
  buildRoundRobin(options?: StrategyOptions): RoundRobinProvider {
    return new RoundRobinProvider(this.members(), options);
  }

  /** @see WeightedProvider */
  buildWeighted(options?: WeightedOptions): WeightedProvider {
    return new WeightedProvider(this.members(), options);
  }

  /** @see LeastLatencyProvider */
  buildLeastLatency(options?: LeastLatencyOptions): LeastLatencyProvider {
    return new LeastLatencyProvider(this.members(), options);
  }

  /** @see LeastBusyProvider */
  buildLeastBusy(options?: LeastBusyOptions): LeastBusyProvider {
    return new LeastBusyProvider(this.members(), options);
  }

  /** @see CheapestProvider */
  buildCheapest(options?: StrategyOptions): CheapestProvider {
    return new CheapestProvider(this.members(), options);
  }

  /** @see HedgedProvider */
  buildHedged(options?: HedgedOptions): HedgedProvider {
    return new HedgedProvider(this.members(), options);
  }

  /** @see StickyProvider */
  buildSticky(options?: StickyOptions): StickyProvider {
    return new StickyProvider(this.members(), options);
  }

  /** @see TaggedProvider */
  buildTagged(options: TaggedOptions): TaggedProvider {
    return new TaggedProvider(this.members(), options);
  }

  /** @see ConditionalProvider */
  buildConditional(options?: StrategyOptions): ConditionalProvider {
    return new ConditionalProvider(this.members(), options);
  }

  /** @see KeysProvider */
  buildKeys(options?: KeysOptions): KeysProvider {
    return new KeysProvider(this.members(), options);
  }

  private members(): readonly Member[] {
    return [...this.list];
  }

  private change(method: string, options: Partial<MemberOptions> & { readonly when?: Condition }): this {
    const last = this.list.at(-1);
    if (last === undefined)
      throw configError(`${method}() speaks of the member added last; add one with withProvider()`);
    this.list[this.list.length - 1] = { ...last, ...options };
    return this;
  }
}
