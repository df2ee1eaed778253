import type { Call } from "../core/contract/call.js";
import { isComplete } from "../core/contract/call-facts.js";
import { synchronous } from "../core/contract/guard.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { AiLibError, configError } from "../core/errors/error.js";
import { atLeast, refuseUnknown } from "../core/errors/options.js";
import { CallInterceptor, type Outcome } from "../core/recovery/interceptor.js";
import { Wrapper } from "../core/run/compose.js";
import { asNumber, asObject, isObject, tryParse } from "../core/values/json.js";
import type { ResponseOf } from "../core/values/kinds.js";
import { exactKey } from "./cache-key.js";
import { type CacheStore, memoryCache } from "./cache-store.js";

/** Options of {@link cache}. */
export interface CacheOptions {
  /**
   * Where answers are stored. Default: a {@link memoryCache} for this wrapper only. Wrappers can share a store. If their
   * strategies choose different models for the same members, give each wrapper its own `key`.
   */
  readonly store?: CacheStore | undefined;
  /**
   * Returns the key of a call. Calls with the same key get the same answer. With `undefined`, the wrapper asks the
   * provider and stores nothing. Default: `exact`, which covers everything that affects the answer: provider, kind, the
   * whole request, headers, `strict` and `includeRaw`. If tenants must not see each other's answers, put the tenant into
   * the key.
   */
  readonly key?: ((call: Call, exact: string) => string | undefined) | undefined;
  /** How long a stored answer is valid, in milliseconds. More than 0. Default 3,600,000: one hour. */
  readonly ttlMs?: number | undefined;
  /** How long to wait for the store before asking the provider, in milliseconds. At least 0. Default 1,000. */
  readonly lookupMs?: number | undefined;
  /** Receives errors of the store. A call never fails because of its store. Default: they are ignored. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const OPTION_NAMES: ReadonlySet<string> = new Set([
  "store",
  "key",
  "ttlMs",
  "lookupMs",
  "onError",
] satisfies (keyof CacheOptions)[]);

/**
 * Answers a repeated call from a store, without asking the provider. It is exact: only the same request gets the same
 * answer, even if the temperature is high. It stores complete answers of every kind, including those of streams. It never
 * stores errors, nor answers that were cut, filtered or damaged. A stored answer serves unary calls and streams. It has
 * `cached: true` and no attempts, and its cost is 0.
 *
 * @example
 * const client = new AiClient(cache(failover([provider("openai"), provider("groq")]), { ttlMs: 60_000 }));
 * await client.chat("Why is the sky blue?");
 * console.log((await client.chat("Why is the sky blue?")).cached); // true
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown or wrong option.
 */
export function cache(provider: ChatProvider, options: CacheOptions = {}): CacheProvider {
  return new CacheProvider(provider, options);
}

/** The options with their defaults. */
interface CacheRules {
  readonly store: CacheStore;
  readonly key: CacheOptions["key"];
  readonly ttlMs: number;
  readonly lookupMs: number;
  readonly onError: CacheOptions["onError"];
}

/** See {@link cache}. */
export class CacheProvider extends Wrapper {
  private readonly rules: CacheRules;

  constructor(provider: ChatProvider, options: CacheOptions = {}) {
    super("cache", provider);
    refuseUnknown("option of cache", options, OPTION_NAMES);
    const { store = memoryCache(), key, ttlMs = 3_600_000, lookupMs = 1_000, onError } = options;
    if (typeof store?.get !== "function" || typeof store.set !== "function")
      throw configError("`store` of cache must be an object with the methods get and set");
    if (key !== undefined && typeof key !== "function")
      throw configError("`key` of cache must be a function of the call");
    if (!(atLeast("ttlMs", ttlMs, 0) > 0)) throw configError("ttlMs of cache must be more than 0");
    this.rules = { store, key, ttlMs, lookupMs: atLeast("lookupMs", lookupMs, 0), onError };
  }

  open(call: Call, sink: Sink): Flow {
    const run = new CacheRun(this.inner, this.rules, call, sink);
    run.open();
    return run;
  }
}

/** One call: looked up in the store, and sent to the provider if there is no answer. */
class CacheRun extends CallInterceptor {
  private key: string | undefined;
  private looking = true;
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly provider: ChatProvider,
    private readonly rules: CacheRules,
    call: Call,
    sink: Sink,
  ) {
    super(call, sink);
  }

  open(): void {
    try {
      this.key = this.keyOfCall();
    } catch (error) {
      // The function of the user threw, which is not a fault of the provider or the store.
      this.refuse(AiLibError.from(error, "CONFIG_ERROR"));
      return;
    }
    const found = this.key === undefined ? undefined : this.lookUp(this.key);
    if (found === undefined || typeof found === "string") {
      this.decide(found);
      return;
    }
    this.cancelTimer = this.call.context.clock.after(this.rules.lookupMs, () => this.decide(undefined));
    Promise.resolve(found).then(
      (text) => this.decide(text),
      (error) => {
        this.report(error);
        this.decide(undefined);
      },
    );
  }

  protected onEnd(outcome: Outcome): void {
    this.cancelTimer?.();
    if (this.begun && outcome.kind === "success") this.store(outcome.response);
  }

  private keyOfCall(): string | undefined {
    const exact = exactKey(this.provider, this.call);
    const { key } = this.rules;
    return exact === undefined || key === undefined
      ? exact
      : synchronous(key(this.call, exact), "`key` of cache");
  }

  private lookUp(key: string): string | undefined | Promise<string | undefined> {
    try {
      return this.rules.store.get(key);
    } catch (error) {
      this.report(error);
      return undefined;
    }
  }

  /** The lookup is over, with a text, without one, or because it took too long. */
  private decide(text: string | undefined): void {
    if (!this.looking || this.over) return;
    this.looking = false;
    this.cancelTimer?.();
    const found = text === undefined ? undefined : readAnswer(text, this.call);
    if (found === undefined || !this.answer(found)) this.begin(this.provider);
  }

  private store(response: ResponseOf): void {
    const { key } = this;
    const { store, ttlMs } = this.rules;
    if (key === undefined || !isStorable(this.call, response)) return;
    try {
      const expiresAt = this.call.context.clock.now() + ttlMs;
      const done = store.set(key, writeAnswer(response, this.call.kind, expiresAt), ttlMs);
      if (done !== undefined) Promise.resolve(done).catch((error) => this.report(error));
    } catch (error) {
      this.report(error);
    }
  }

  private report(error: unknown): void {
    try {
      this.rules.onError?.(error);
    } catch {
      // A call does not fail because of its store.
    }
  }
}

/** The form of stored texts; one of another form is ignored. */
const FORM = 1;

function isStorable(call: Call, response: ResponseOf): boolean {
  return isComplete(call, response) && !response.warnings.some(({ code }) => code === "malformed");
}

/** Facts of the call that was answered first: they would be wrong for a later one, and headers may hold secrets. */
function writeAnswer(answer: ResponseOf, kind: string, expiresAt: number): string {
  const { attempts: _attempts, rateLimits: _limits, headers: _headers, cost: _cost, ...response } = answer;
  return JSON.stringify({ form: FORM, kind, expiresAt, response });
}

/** The answer in a stored text; undefined for one that is too old, of another form or of another kind. */
function readAnswer(text: string, call: Call): ResponseOf | undefined {
  const stored = asObject(typeof text === "string" ? tryParse(text) : undefined);
  const { response } = stored ?? {};
  const { attempts, clock } = call.context;
  if (stored?.["form"] !== FORM || stored["kind"] !== call.kind || !isObject(response)) return undefined;
  if (!((asNumber(stored["expiresAt"]) ?? 0) > clock.now())) return undefined;
  return { ...response, attempts, cached: true, cost: 0 } as unknown as ResponseOf;
}
