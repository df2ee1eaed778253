import type { ChatProvider } from "../../core/contract/provider.js";
import type { StateOptions } from "../../core/contract/state.js";
import { defineProvider } from "../../providers/endpoint/provider.js";
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
  weighted,
} from "../../strategies/index.js";
import type { SeededRandom } from "./seeded-random.js";
import type { Upstream } from "./upstream.js";

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
  /** Errors after which some strategy was told to move on although by default nobody does. */
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
  "capable",
] as const;

/** Every layer that can occur. */
export const LAYER_NAMES: readonly string[] = [...WRAPPERS, ...STRATEGIES, "keys"];

/** Builds nests from seeded choices. */
export class TopologyMaker {
  private readonly layers: string[] = [];
  private readonly endpoints: string[] = [];
  private readonly gated = new Set<string>();
  private readonly meters: Meter[] = [];
  /** Some nests keep all their state in one store. */
  private readonly state: StateOptions;
  private readonly budget: RetryBudget;
  private optedIn = false;

  constructor(
    private readonly random: SeededRandom,
    private readonly upstream: Upstream,
    /** Keep all state of the nest in one store. */
    sharedState: boolean,
  ) {
    this.state = sharedState ? { state: memory() } : {};
    this.budget = new RetryBudget(this.state);
  }

  /** A nest of at least three layers. */
  make(): Topology {
    const depth = this.random.whole(3, 4);
    const root = this.node(depth);
    const { layers, endpoints, gated, meters, optedIn } = this;
    return { root, layers, depth, endpoints, gated, meters, optedIn };
  }

  private node(depth: number): ChatProvider {
    if (depth === 0) return this.leaf(this.random.pick(DIALECTS), "");
    // The outermost layers are mostly choices: wrappers alone leave nothing to choose from.
    return this.random.chance(depth >= 3 ? 0.3 : 0.5) ? this.wrapper(depth) : this.strategy(depth);
  }

  private leaf(dialect: (typeof DIALECTS)[number], provider: string): ChatProvider {
    const endpoint = `p${this.endpoints.length}`;
    this.endpoints.push(endpoint);
    const id = provider === "" ? endpoint : provider;
    const price = { input: this.random.whole(1, 9), output: this.random.whole(1, 9) };
    const contextWindow = this.random.chance(0.5) ? 1_000_000 : 100_000;
    return defineProvider(
      {
        id,
        dialect,
        baseUrl: `http://${endpoint}.invalid/v1`,
        model: "m",
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
      case "retry":
        return retry(inner, {
          maxRetries: random.whole(0, 3),
          baseMs: random.whole(10, 500),
          ...(random.chance(0.3) ? { budget: this.budget } : {}),
        });
      case "timeout":
        return timeout(
          inner,
          random.chance(0.5)
            ? { firstContentMs: random.whole(200, 2_000) }
            : { totalMs: random.whole(500, 5_000) },
        );
      case "breaker":
        return circuitBreaker(inner, {
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
      case "round robin":
        return roundRobin(members, options);
      case "weighted":
        return weighted(
          members.map((provider) => ({ provider, weight: random.whole(1, 5) })),
          { ...options, pick: random.pick(["smooth", "random"]) },
        );
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
      case "cheapest":
        return cheapest(members, options);
      case "hedged":
        return hedged(members, { ...options, afterMs: random.whole(0, 800) });
      case "sticky":
        return sticky(members, options);
      case "conditional": {
        const [first, ...rest] = members;
        return conditional([
          {
            provider: first as ChatProvider,
            when: (call) => call.kind === "chat" && call.request.messages.length % 2 === 1,
          },
          ...rest,
        ]);
      }
      case "capable":
        return failover(members, { ...options, capable: true });
      default: {
        const never: never = kind;
        throw new TypeError(String(never));
      }
    }
  }

  private severalKeys(): ChatProvider {
    this.layers.push("keys");
    const dialect = this.random.pick(DIALECTS);
    const provider = `k${this.endpoints.length}`;
    return keys(
      Array.from({ length: this.random.whole(2, 3) }, () => this.leaf(dialect, provider)),
      this.state,
    );
  }
}
