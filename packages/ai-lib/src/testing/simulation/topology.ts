import type { Call } from "../../core/contract/call.js";
import type { DialectId } from "../../core/contract/dialect.js";
import type { ChatProvider } from "../../core/contract/provider.js";
import type { StateOptions } from "../../core/contract/state.js";
import { targetOf } from "../../core/run/member.js";
import { HealthMonitor } from "../../health/monitor.js";
import { defineProvider } from "../../providers/endpoint/define.js";
import {
  circuitBreaker,
  concurrencyLimit,
  consecutiveFailures,
  failureRate,
  RetryBudget,
  rateLimit,
  retry,
  timeout,
} from "../../resilience/index.js";
import { memory } from "../../state/memory.js";
import {
  cheapest,
  conditional,
  failover,
  hedged,
  keys,
  leastBusy,
  leastLatency,
  roundRobin,
  sticky,
  tagged,
  weighted,
} from "../../strategies/index.js";
import { type SimulatedUnaryKind, simulatedCalls } from "./kinds.js";
import type { SeededRandom } from "./seeded-random.js";
import { REQUEST_HEADER, type Upstream } from "./upstream.js";
import {
  type ChoiceWatch,
  CooldownWatch,
  DurationWatch,
  EligibleWatch,
  HealthWatch,
  type LayerWatch,
  PriceWatch,
  RetryWatch,
  ShareWatch,
  StickyWatch,
} from "./watches.js";

/** Dialects of the simulated providers. */
export const DIALECTS = ["openai-chat", "anthropic-messages", "gemini"] as const;

/** What must be back at zero when every request has ended. */
export interface Meter {
  readonly name: string;
  read(): number;
}

/** A random nest of strategies and wrappers over simulated providers. */
export interface Topology {
  readonly root: ChatProvider;
  /** The layers in it, by name, as often as they occur. */
  readonly layers: readonly string[];
  readonly depth: number;
  readonly endpoints: readonly string[];
  /** Endpoints behind a wrapper around several of them, which may refuse a call for all. */
  readonly gated: ReadonlySet<string>;
  readonly meters: readonly Meter[];
  /** What layers promise, each checked as the calls pass. */
  readonly watches: readonly LayerWatch[];
  /** Errors after which some strategy has an option to move on although by default no strategy does. */
  readonly optedIn: boolean;
}

const WRAPPERS = ["retry", "timeout", "breaker", "rate limit", "concurrency"] as const;
const STRATEGIES = [
  "failover",
  "round robin",
  "weighted",
  "least latency",
  "least busy",
  "cheapest",
  "hedged",
  "sticky",
  "conditional",
  "tagged",
  "capable",
  "health",
] as const;

/** Every layer that can occur. */
export const LAYER_NAMES: readonly string[] = [...WRAPPERS, ...STRATEGIES, "keys"];

/** The budget of retries that wrappers of one nest share. */
const RETRIES = { ratio: 0.2, perSecond: 0.1, windowSeconds: 10 };

function isEven({ context }: Call): boolean {
  return Number(context.headers[REQUEST_HEADER]) % 2 === 0;
}

/** Builds nests from seeded choices. */
export class TopologyMaker {
  private readonly layers: string[] = [];
  private readonly endpoints: string[] = [];
  private readonly gated = new Set<string>();
  private readonly meters: Meter[] = [];
  private readonly watches: LayerWatch[] = [];
  private readonly prices = new Map<string, { readonly input: number; readonly output: number }>();
  /** Some nests keep all their state in one store. */
  private readonly state: StateOptions;
  private readonly budget: RetryBudget;
  private readonly retries = new RetryWatch(RETRIES.ratio, RETRIES.perSecond * RETRIES.windowSeconds, 10_000);
  private optedIn = false;

  constructor(
    private readonly random: SeededRandom,
    private readonly upstream: Upstream,
    /** Keep all state of the nest in one store. */
    sharedState: boolean,
    /** The kind of the calls. */
    private readonly kind: "chat" | SimulatedUnaryKind,
  ) {
    this.state = sharedState ? { state: memory() } : {};
    this.budget = new RetryBudget({ ...this.state, ...RETRIES });
    this.watches.push(this.retries);
  }

  /** A nest of at least three layers. */
  make(): Topology {
    const depth = this.random.whole(3, 4);
    const root = this.node(depth);
    const { layers, endpoints, gated, meters, watches, optedIn } = this;
    return { root, layers, depth, endpoints, gated, meters, watches, optedIn };
  }

  private node(depth: number): ChatProvider {
    if (depth === 0) return this.leaf(this.pickDialect(), "");
    // The outermost layers are mostly choices: wrappers alone leave nothing to choose from.
    return this.random.chance(depth >= 3 ? 0.3 : 0.5) ? this.wrapper(depth) : this.strategy(depth);
  }

  private pickDialect(): DialectId {
    return this.random.pick<DialectId>(this.kind === "chat" ? DIALECTS : simulatedCalls(this.kind).dialects);
  }

  private leaf(dialect: DialectId, provider: string): ChatProvider {
    const endpoint = `p${this.endpoints.length}`;
    this.endpoints.push(endpoint);
    const id = provider === "" ? endpoint : provider;
    const price = { input: this.random.whole(1, 9), output: this.random.whole(1, 9) };
    this.prices.set(endpoint, price);
    const contextWindow = this.random.chance(0.5) ? 1_000_000 : 100_000;
    return defineProvider(
      {
        id,
        dialect,
        baseUrl: `http://${endpoint}.invalid/${dialect === "cohere-chat" ? "v2" : "v1"}`,
        model: "m",
        kinds: this.kind === "chat" ? {} : { [this.kind]: { model: "m" } },
        models: { m: { price, contextWindow, prefill: this.random.chance(0.6) } },
      },
      {
        apiKey: `key-of-${endpoint}`,
        keyAlias: endpoint,
        transport: this.upstream.transport(endpoint, dialect),
        environment: {},
      },
    );
  }

  private wrapper(depth: number): ChatProvider {
    const kind = this.random.pick(WRAPPERS);
    this.layers.push(kind);
    const first = this.endpoints.length;
    const inner = this.node(depth - 1);
    const within = this.endpoints.slice(first);
    if (kind !== "retry" && within.length > 1) for (const endpoint of within) this.gated.add(endpoint);
    const { random } = this;
    switch (kind) {
      case "retry": {
        const options = { maxRetries: random.whole(0, 3), baseMs: random.whole(10, 500) };
        if (!random.chance(0.3)) return retry(inner, options);
        const { budget, retries } = this;
        return retries.around(retry(retries.member(inner), { ...options, budget }));
      }
      case "timeout": {
        if (random.chance(0.5)) return timeout(inner, { firstContentMs: random.whole(200, 2_000) });
        const totalMs = random.whole(500, 5_000);
        return this.watch(new DurationWatch(totalMs)).around(timeout(inner, { totalMs }));
      }
      case "breaker":
        return circuitBreaker(within.length === 1 ? this.watchCooldown(kind, inner) : inner, {
          ...this.state,
          rules: [
            random.chance(0.5)
              ? consecutiveFailures(random.whole(1, 3))
              : failureRate({ ratio: 0.5, minimumCalls: 3 }),
          ],
          coolDownMs: random.whole(200, 2_000),
          halfOpenMaxCalls: random.whole(1, 4),
        });
      case "rate limit": {
        const made = rateLimit(inner, {
          ...this.state,
          requestsPerMinute: random.whole(5, 60),
          tokensPerMinute: random.whole(5_000, 50_000),
          maxQueue: random.whole(1, 20),
        });
        this.meters.push(
          { name: "rate limit reserved", read: () => made.reserved },
          { name: "rate limit waiting", read: () => made.waiting },
        );
        return made;
      }
      case "concurrency": {
        const made = concurrencyLimit(inner, {
          ...this.state,
          limit: random.whole(1, 4),
          maxQueue: random.whole(0, 6),
        });
        this.meters.push(
          { name: "concurrency running", read: () => made.running },
          { name: "concurrency waiting", read: () => made.waiting },
        );
        return made;
      }
      default: {
        const never: never = kind;
        throw new TypeError(String(never));
      }
    }
  }

  private watch<W extends LayerWatch>(watch: W): W {
    this.watches.push(watch);
    return watch;
  }

  /** A layer's only target, watched for the cooldowns that the layer keeps. */
  private watchCooldown(layer: string, provider: ChatProvider): ChatProvider {
    return this.watch(new CooldownWatch(layer, targetOf(provider)?.key ?? "")).member(provider);
  }

  private strategy(depth: number): ChatProvider {
    const { random } = this;
    if (depth === 1 && random.chance(0.25)) return this.severalKeys();
    const kind = random.pick(STRATEGIES);
    this.layers.push(kind);
    const members = Array.from({ length: random.whole(2, 3) }, () => this.node(depth - 1));
    const optIn = random.chance(0.1);
    if (optIn) this.optedIn = true;
    const options = optIn ? { failoverOn: { contentFiltered: true, invalidRequest: true } } : {};
    switch (kind) {
      case "failover":
        return failover(members, options);
      case "round robin": {
        const equal = members.map(() => 1);
        return this.choose(new ShareWatch(kind, equal), members, (all) => roundRobin(all, options));
      }
      case "weighted": {
        const weights = members.map(() => random.whole(1, 5));
        const weigh = (all: readonly ChatProvider[], pick: "smooth" | "random") =>
          weighted(
            all.map((provider, i) => ({ provider, weight: weights[i] })),
            { ...options, pick },
          );
        if (random.chance(0.3)) return weigh(members, "random");
        return this.choose(new ShareWatch(kind, weights), members, (all) => weigh(all, "smooth"));
      }
      case "least latency":
        return leastLatency(members, { ...options, ...this.state });
      case "least busy": {
        const made = leastBusy(members, { ...options, ...this.state });
        this.meters.push({
          name: "least busy load",
          read: () => made.load.reduce((sum, load) => sum + load, 0),
        });
        return made;
      }
      case "cheapest": {
        const prices = members.map((member) => this.prices.get(targetOf(member)?.key ?? ""));
        // A count costs nothing anywhere, so that any member is the cheapest.
        const watched = this.kind === "countTokens" ? prices.map(() => undefined) : prices;
        return this.choose(new PriceWatch(watched), members, (all) => cheapest(all, options));
      }
      case "hedged":
        return hedged(members, { ...options, afterMs: random.whole(0, 800) });
      case "sticky":
        return this.choose(new StickyWatch(), members, (all) => sticky(all, options));
      case "conditional":
        return this.conditional(members);
      case "tagged":
        return this.tagged(members);
      case "capable":
        return failover(members, { ...options, capable: true });
      case "health": {
        const health = new HealthMonitor({ ...this.state, minimumCalls: 2, random: random.random });
        const watch = new HealthWatch(members.length, 2);
        return this.choose(watch, members, (all) => failover(all, { ...options, health }));
      }
      default: {
        const never: never = kind;
        throw new TypeError(String(never));
      }
    }
  }

  private choose(
    watch: ChoiceWatch,
    members: readonly ChatProvider[],
    make: (members: readonly ChatProvider[]) => ChatProvider,
  ): ChatProvider {
    this.watches.push(watch);
    return watch.strategy(make(members.map((member, index) => watch.member(member, index))));
  }

  /** The first member takes the calls of even requests alone. */
  private conditional(members: readonly ChatProvider[]): ChatProvider {
    const watch = new EligibleWatch("conditional", (index, call) => index > 0 || isEven(call));
    this.excludeFromStarving(members[0]);
    return this.choose(watch, members, ([first, ...rest]) =>
      conditional([{ provider: first as ChatProvider, when: isEven }, ...rest]),
    );
  }

  /** The last member alone has the tag that odd requests want. */
  private tagged(members: readonly ChatProvider[]): ChatProvider {
    const last = members.length - 1;
    const watch = new EligibleWatch("tagged", (index, call) => index === last || isEven(call));
    for (const member of members.slice(0, last)) this.excludeFromStarving(member);
    return this.choose(watch, members, (all) =>
      tagged(
        all.map((provider, i) => ({ provider, tags: i === last ? ["odd"] : [] })),
        { want: (call) => (isEven(call) ? [] : ["odd"]) },
      ),
    );
  }

  /** Some calls may not go to a member, so that it need not have been asked. */
  private excludeFromStarving(provider: ChatProvider | undefined): void {
    for (const member of provider?.members ?? []) this.excludeFromStarving(member);
    const key = provider?.target?.key;
    if (key !== undefined) this.gated.add(key);
  }

  private severalKeys(): ChatProvider {
    this.layers.push("keys");
    const dialect = this.pickDialect();
    const provider = `k${this.endpoints.length}`;
    return keys(
      Array.from({ length: this.random.whole(2, 3) }, () =>
        this.watchCooldown("keys", this.leaf(dialect, provider)),
      ),
      this.state,
    );
  }
}
