import type { MidStream } from "../core/contract/call.js";
import { type Observer, observers, requireObserver } from "../core/contract/observer.js";
import { Printable } from "../core/contract/printable.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { PRODUCTION_TIMEOUTS, type Timeouts } from "../core/contract/timeouts.js";
import type { Transport } from "../core/contract/transport.js";
import { configError } from "../core/errors/error.js";
import { overlay, refuseUnknown } from "../core/errors/options.js";
import type { PriceSource } from "../core/values/price.js";
import { type Environment, processEnvironment, readVariable } from "../providers/endpoint/environment.js";
import type { ProviderOptions } from "../providers/endpoint/provider.js";
import { proxiedTransport } from "../providers/endpoint/transport.js";
import {
  type CacheOptions,
  type CircuitBreakerOptions,
  type ConcurrencyOptions,
  cache,
  circuitBreaker,
  concurrencyLimit,
  type RateLimitOptions,
  type RetryOptions,
  rateLimit,
  retry,
} from "../resilience/index.js";
import { failover, roundRobin } from "../strategies/index.js";
import { AiClient, type ClientDefaults } from "./ai-client.js";
import { type AliasTarget, resolveAliases } from "./aliases.js";
import { type ProviderLike, resolve, transportOption } from "./target.js";

/** Combines several members into one provider: any strategy of this library, or your own. */
export type StrategyFactory = (members: readonly ChatProvider[]) => ChatProvider;

/** Layers around each target, from the inside out. */
interface Layers {
  rateLimit?: RateLimitOptions;
  concurrency?: ConcurrencyOptions;
  breaker?: CircuitBreakerOptions;
  retry?: RetryOptions;
}

/**
 * Builds a client from targets, the layers around each of them, and the strategy that combines them. `build` checks all
 * settings.
 *
 * @example
 * const client = new AiClientBuilder("groq")
 *   .withFailoverChain(["openai", "anthropic"])
 *   .withRetry({ maxRetries: 2 })
 *   .withTimeouts({ totalMs: 60_000 })
 *   .build();
 */
export class AiClientBuilder extends Printable {
  private readonly chain: ProviderLike[] = [];
  private strategy: StrategyFactory | undefined;
  private strategyName: string | undefined;
  /** A strategy that was given as a provider: it brings its own targets. */
  private whole: ChatProvider | undefined;
  // Hidden also from JSON and from anyone who inspects the object: the key is in it.
  #options: { -readonly [K in keyof ProviderOptions]: ProviderOptions[K] } = {};
  private readonly layers: Layers = {};
  private caching: CacheOptions | undefined;
  private readonly observing: Observer[] = [];
  private defaults: { -readonly [K in keyof ClientDefaults]: ClientDefaults[K] } = {};
  // May hold a password.
  #proxy: string | false | undefined;
  private shared: Transport | undefined;
  private environment: Environment | undefined;
  private prices: PriceSource | undefined;

  /** @param main the first target; its key, base URL and default model can be set with `with...` below. */
  constructor(private readonly main?: ProviderLike) {
    super();
  }

  /** The names of the targets. */
  toJSON(): Readonly<Record<string, unknown>> {
    const targets = [this.main, this.whole, ...this.chain].filter((one) => one !== undefined);
    return { targets: targets.map((one) => (typeof one === "string" ? one : one.name)) };
  }

  /**
   * Routes with this strategy: a function of the targets, or a complete provider. A complete provider becomes the only
   * target, and the layers go around it. It excludes a main target.
   */
  withStrategy(strategy: ChatProvider | StrategyFactory): this {
    if (typeof strategy === "function") return this.route("withStrategy", strategy);
    this.whole = strategy;
    return this.route("withStrategy", (members) => single(members, strategy));
  }

  /** Asks these in order, after the main target, until one answers. */
  withFailoverChain(chain: readonly ProviderLike[]): this {
    this.chain.push(...chain);
    return this.route("withFailoverChain", (members) => failover(members));
  }

  /** Asks these and the main target in turn; a failure moves on to the next. */
  withRoundRobinChain(chain: readonly ProviderLike[]): this {
    this.chain.push(...chain);
    return this.route("withRoundRobinChain", (members) => roundRobin(members));
  }

  /** Sets the model for requests that name none, whichever target answers. */
  withModel(model: string): this {
    this.defaults.model = model;
    return this;
  }

  /**
   * Defines names for targets: after `withAliases({ fast: "groq/openai/gpt-oss-20b" })`, a request for the model `fast`
   * goes to that target. The layers of this builder are around each of these targets. Repeated calls add aliases.
   */
  withAliases(aliases: Readonly<Record<string, AliasTarget>>): this {
    this.defaults.aliases = { ...this.defaults.aliases, ...aliases };
    return this;
  }

  /** Sets the main target's default model. */
  withDefaultChatModel(model: string): this {
    this.#options.model = model;
    return this;
  }

  /** Sets the main target's base URL. */
  withBaseUrl(baseUrl: string): this {
    this.#options.baseUrl = baseUrl;
    return this;
  }

  /** Sets the main target's key, or a function that returns it. Default: its environment variable. */
  withApiKey(apiKey: NonNullable<ProviderOptions["apiKey"]>): this {
    this.#options.apiKey = apiKey;
    return this;
  }

  /** Sends every request of targets that this builder creates through a proxy, `http://user:password@host:port`. */
  withProxy(proxy: string): this {
    this.#proxy = proxy;
    return this;
  }

  /** Uses no proxy, even if the environment sets one. */
  withoutProxy(): this {
    this.#proxy = false;
    return this;
  }

  /** Sets the transport for the requests of targets that this builder creates. */
  withTransport(transport: Transport): this {
    this.shared = transport;
    return this;
  }

  /** Sets where to read environment variables. Default: the environment of the process. */
  withEnvironment(environment: Environment): this {
    this.environment = environment;
    return this;
  }

  /** Sets prices for the targets that this builder creates: the result of `loadPrices()` of `ai-lib/cost`, or your own list. */
  withPrices(prices: PriceSource): this {
    this.prices = prices;
    return this;
  }

  /** Sets the timeouts of every call. The options of a call override them. */
  withTimeouts(timeouts: Timeouts): this {
    this.defaults.timeouts = overlay(this.defaults.timeouts, timeouts);
    return this;
  }

  /** Sets a hard limit on the attempts of one call, including the first ones. Default: none. */
  withMaxAttempts(maxAttempts: number): this {
    this.defaults.maxAttempts = maxAttempts;
    return this;
  }

  /** Makes a parameter that a target does not support an error instead of a warning. */
  withStrict(strict = true): this {
    this.defaults.strict = strict;
    return this;
  }

  /** Headers added to every provider call. */
  withHeaders(headers: Readonly<Record<string, string>>): this {
    this.defaults.headers = { ...this.defaults.headers, ...headers };
    return this;
  }

  /** Repeats failed requests to each target, as the error table allows. */
  withRetry(options: RetryOptions = {}): this {
    this.layers.retry = options;
    return this;
  }

  /** Puts a circuit breaker around each target: it stops sending calls to a target that keeps failing. */
  withCircuitBreaker(options: CircuitBreakerOptions = {}): this {
    this.layers.breaker = options;
    return this;
  }

  /** Keeps each target within its rate limits. */
  withRateLimit(options: RateLimitOptions): this {
    this.layers.rateLimit = options;
    return this;
  }

  /** Limits the calls that run at the same time on each target. Further calls wait in a bounded queue; the rest fail. */
  withMaxConcurrency(options: number | ConcurrencyOptions): this {
    this.layers.concurrency = typeof options === "number" ? { limit: options } : options;
    return this;
  }

  /**
   * Answers a repeated request with the stored answer, whichever target produced it; see `cache`. The cache is around
   * everything else. Without this method, the client caches nothing.
   */
  withCache(options: CacheOptions = {}): this {
    this.caching = options;
    return this;
  }

  /** Adds an observer that receives the events of every call. You can call it several times. */
  withObserver(observer: Observer): this {
    requireObserver(observer);
    this.observing.push(observer);
    return this;
  }

  /** Limits the repeats of one call: attempts at targets that failed before. Default 4, at most two for each target. */
  withMaxRepeats(maxRepeats: number): this {
    this.defaults.maxRepeats = maxRepeats;
    return this;
  }

  /** Sets what happens when a stream breaks after content was delivered; see `CallOptions.midStream`. Default `"fail"`. */
  withMidStream(midStream: MidStream): this {
    this.defaults.midStream = midStream;
    return this;
  }

  /**
   * Settings for production: two retries, a circuit breaker, and timeouts that detect a dead route. A stream moves to
   * another provider if no response arrives within 15 s, unless its model is known to reason. Content must begin within
   * two minutes, may pause for one minute, and may not stall for two minutes while only comments or empty events arrive.
   * A unary answer may take ten minutes.
   */
  forProduction(): this {
    return this.withRetry().withCircuitBreaker().withTimeouts(PRODUCTION_TIMEOUTS);
  }

  /** Settings for development: no retries, and strict, so that mistakes show immediately. A call may take one minute. */
  forDevelopment(): this {
    delete this.layers.retry;
    delete this.layers.breaker;
    return this.withStrict().withTimeouts({ totalMs: 60_000 });
  }

  /**
   * Builds the client.
   * @throws {AiLibError} `CONFIG_ERROR` for settings that are missing, wrong or contradict each other.
   */
  build(): AiClient {
    const environment = this.environment ?? processEnvironment();
    const timeouts = overlay(timeoutFrom(environment), this.defaults.timeouts);
    const [only, ...more] = this.observing;
    const { aliases } = this.defaults;
    return new AiClient(this.buildProvider(), {
      ...this.defaults,
      ...(aliases === undefined ? {} : { aliases: this.layeredAliases(aliases) }),
      ...(Object.keys(timeouts).length === 0 ? {} : { timeouts }),
      ...(only === undefined ? {} : { observer: more.length === 0 ? only : observers(this.observing) }),
    });
  }

  /**
   * Builds only the provider of the client: targets, layers and strategy, without defaults for calls.
   * @throws {AiLibError} the errors of {@link build}.
   */
  buildProvider(): ChatProvider {
    const members = this.targets().map((target) => this.layered(target));
    const provider = this.strategy === undefined ? members[0] : this.strategy(members);
    if (provider !== undefined) return this.cached(provider);
    throw configError(
      'The client has no provider: name one, new AiClientBuilder("groq"), or give a chain or a strategy',
    );
  }

  private route(name: string, strategy: StrategyFactory): this {
    if (this.strategyName !== undefined)
      throw configError(
        `${name} after ${this.strategyName}: a client has one strategy; nest strategies instead`,
      );
    this.strategyName = name;
    this.strategy = strategy;
    return this;
  }

  /** Aliases whose targets are made and layered as those of the client are. */
  private layeredAliases(aliases: Readonly<Record<string, AliasTarget>>): Record<string, AliasTarget> {
    const shared = this.sharedOptions();
    const make = (target: ProviderLike) => resolve(target, typeof target === "string" ? shared : {});
    const resolved = [...resolveAliases(aliases, make)];
    return Object.fromEntries(
      resolved.map(([name, { provider, model }]) => [
        name,
        { provider: this.cached(this.layered(provider)), model },
      ]),
    );
  }

  /** What all targets that are made here have in common. */
  private sharedOptions(): ProviderOptions {
    return {
      ...(this.environment === undefined ? {} : { environment: this.environment }),
      ...(this.prices === undefined ? {} : { prices: this.prices }),
      ...transportOption(this.transport()),
    };
  }

  private targets(): ChatProvider[] {
    const shared = this.sharedOptions();
    const targets: ChatProvider[] = [];
    if (this.main !== undefined) targets.push(resolve(this.main, { ...shared, ...this.#options }));
    else refuseUnknown("setting without a main target", this.#options, new Set());
    if (this.whole !== undefined) targets.push(this.whole);
    for (const member of this.chain) targets.push(resolve(member, typeof member === "string" ? shared : {}));
    return targets;
  }

  private transport(): Transport | undefined {
    if (this.#proxy === undefined) return this.shared;
    if (this.shared !== undefined)
      throw configError("withTransport and withProxy: a transport brings its own proxy");
    return proxiedTransport(this.#proxy);
  }

  private cached(provider: ChatProvider): ChatProvider {
    return this.caching === undefined ? provider : cache(provider, this.caching);
  }

  private layered(target: ChatProvider): ChatProvider {
    const { rateLimit: limits, concurrency, breaker, retry: retries } = this.layers;
    let provider = target;
    if (limits !== undefined) provider = rateLimit(provider, limits);
    if (concurrency !== undefined) provider = concurrencyLimit(provider, concurrency);
    if (breaker !== undefined) provider = circuitBreaker(provider, breaker);
    if (retries !== undefined) provider = retry(provider, retries);
    return provider;
  }
}

function single(members: readonly ChatProvider[], strategy: ChatProvider): ChatProvider {
  const [only, ...others] = members;
  if (only !== undefined && others.length === 0) return only;
  throw configError(
    `withStrategy was given "${strategy.name}", which brings its own targets: the main target would never be asked; give a function of the targets, or no main target`,
  );
}

/** `AI_TIMEOUT_SECS`: seconds for a whole call. */
function timeoutFrom(environment: Environment): Timeouts {
  const found = readVariable(environment, ["AI_TIMEOUT_SECS"]);
  if (found === undefined) return {};
  const seconds = Number(found.value);
  if (!(seconds > 0))
    throw configError(`AI_TIMEOUT_SECS must be a number of seconds above 0, not "${found.value}"`);
  return { totalMs: seconds * 1000 };
}
