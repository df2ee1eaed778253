import { configError } from "../errors/error.js";
import { atLeast, wholeAtLeast } from "../errors/options.js";
import type { KindLaws } from "../kinds/laws.js";
import type { Attempt } from "../values/attempt.js";
import type { Kind, RequestOf } from "../values/kinds.js";
import type { PriceSource } from "../values/price.js";
import { type Clock, type Random, randomId, systemClock, systemRandom } from "./clock.js";
import type { Observer } from "./observer.js";

/** Timeouts in milliseconds. `Infinity` switches one off; 0 means at once. */
export interface Timeouts {
  /** Until the connection stands (TLS included). Enforced by the transport. Default 10,000. */
  readonly connectMs?: number | undefined;
  /**
   * From the attempt's start to its first content; in a unary call that is the whole answer. Default 300,000, since
   * models may think for minutes. Ends as `TIMEOUT` (first-content).
   */
  readonly firstContentMs?: number | undefined;
  /** Between two reads once content has begun. Default 60,000. Ends as `TIMEOUT` (idle). */
  readonly idleMs?: number | undefined;
  /** One attempt, whole. Default `Infinity`. Ends as `TIMEOUT` (attempt). */
  readonly attemptMs?: number | undefined;
  /** The whole call, all attempts and waits. Default 600,000. Ends as `TIMEOUT` (total). */
  readonly totalMs?: number | undefined;
}

/** Timeouts with every default filled in. */
export type ResolvedTimeouts = { readonly [K in keyof Timeouts]-?: number };

/** The defaults of {@link Timeouts}. */
export const DEFAULT_TIMEOUTS: ResolvedTimeouts = {
  connectMs: 10_000,
  firstContentMs: 300_000,
  idleMs: 60_000,
  attemptMs: Number.POSITIVE_INFINITY,
  totalMs: 600_000,
};

const TIMEOUT_NAMES: ReadonlySet<string> = new Set(Object.keys(DEFAULT_TIMEOUTS));

/** Leaf calls that one request may make, whatever layers are around it. */
export const DEFAULT_MAX_ATTEMPTS = 6;

/**
 * What happens when a stream fails after content reached the caller: `fail` with `partial`; `restart` emits a
 * `restart` event and begins anew; `splice` asks again and stays silent while the new answer repeats what was
 * delivered, else fails as before.
 */
export type MidStream = "fail" | "restart" | "splice";

const MID_STREAM: ReadonlySet<string> = new Set(["fail", "restart", "splice"] satisfies MidStream[]);

/** Options of one call; all optional. */
export interface CallOptions {
  /** Aborts the call, closing the upstream connection. */
  readonly signal?: AbortSignal | undefined;
  readonly timeouts?: Timeouts | undefined;
  /** Attempts that the call may make in all. Default 6. */
  readonly maxAttempts?: number | undefined;
  /** A parameter that a target cannot honour is an error and not a warning. Default false. */
  readonly strict?: boolean | undefined;
  /** Default `"fail"`. */
  readonly midStream?: MidStream | undefined;
  /** Headers added to every provider call. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Keeps a conversation on one target, in strategies that can. */
  readonly sessionId?: string | undefined;
  /** Keep the provider's body on the response. Default false. */
  readonly includeRaw?: boolean | undefined;
  readonly observer?: Observer | undefined;
  /** Prices of this call, before those that its targets know. */
  readonly prices?: PriceSource | undefined;
  /** The context of the call that this one is part of; it replaces every other option. */
  readonly context?: CallContext | undefined;
  /** Time. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** Randomness. Default: the platform's. */
  readonly random?: Random | undefined;
}

/** Attempts left, shared by every layer of one request. What failed so far is kept beside it; see `repeat-guard.ts`. */
export interface Budget {
  left: number;
}

/** A wait before an attempt. The attempt that it delayed records it and sets `recorded`. */
export interface Wait {
  readonly ms: number;
  readonly reason: string;
  recorded: boolean;
}

/** What all layers of one request share. Made once, at the outermost call. */
export interface CallContext {
  readonly requestId: string;
  readonly signal: AbortSignal | undefined;
  /** Epoch milliseconds; `Infinity` for none. Nothing runs past it. */
  readonly deadline: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly observer: Observer | undefined;
  readonly budget: Budget;
  /** The trail: every attempt so far, by every layer, passed-over members included. */
  readonly attempts: Attempt[];
  readonly timeouts: ResolvedTimeouts;
  readonly strict: boolean;
  readonly midStream: MidStream;
  readonly headers: Readonly<Record<string, string>>;
  readonly sessionId: string | undefined;
  readonly includeRaw: boolean;
  /** Prices of this call, before those that its targets know. */
  readonly prices?: PriceSource | undefined;
}

/** One call of a single kind; see {@link Call}. */
export interface CallOf<K extends Kind> {
  readonly kind: K;
  readonly request: RequestOf<K>;
  readonly mode: "unary" | "stream";
  /** The rules of the kind. */
  readonly laws: KindLaws<K>;
  readonly context: CallContext;
  /** What a layer waited before it opened this call, for the record of the next attempt. */
  readonly wait?: Wait | undefined;
}

/** One call on its way through the layers, of any kind: `switch (call.kind)` narrows the request and the laws. */
export type Call<K extends Kind = Kind> = { [P in K]: CallOf<P> }[K];

/** A call of a kind, made of its parts. */
export function callOf<K extends Kind>(
  laws: KindLaws<K>,
  request: RequestOf<K>,
  mode: "unary" | "stream",
  context: CallContext,
): Call<K> {
  const call: CallOf<K> = { kind: laws.kind, request, mode, laws, context };
  return call as Call<K>;
}

const OPTION_NAMES: ReadonlySet<string> = new Set([
  "signal",
  "timeouts",
  "maxAttempts",
  "strict",
  "midStream",
  "headers",
  "sessionId",
  "includeRaw",
  "observer",
  "prices",
  "context",
  "clock",
  "random",
] satisfies (keyof CallOptions)[]);

/**
 * The context of a call from its options, or the one that was handed on.
 * @throws {AiLibError} `CONFIG_ERROR` for an option that does not exist or is out of range.
 */
export function contextOf(options: CallOptions = {}): CallContext {
  if (options.context !== undefined) return options.context;
  refuseUnknown("call option", options, OPTION_NAMES);
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const timeouts = resolveTimeouts(options.timeouts);
  const maxAttempts = wholeAtLeast("maxAttempts", options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS, 1, true);
  const midStream = options.midStream ?? "fail";
  if (!MID_STREAM.has(midStream))
    throw configError(`midStream must be one of ${[...MID_STREAM].join(", ")}, not "${midStream}"`);
  return {
    requestId: randomId(random),
    signal: options.signal,
    deadline: clock.now() + timeouts.totalMs,
    clock,
    random,
    observer: options.observer,
    budget: { left: maxAttempts },
    attempts: [],
    timeouts,
    strict: options.strict ?? false,
    midStream,
    headers: options.headers ?? {},
    sessionId: options.sessionId,
    includeRaw: options.includeRaw ?? false,
    prices: options.prices,
  };
}

/**
 * Timeouts with their defaults.
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown name or a negative value.
 */
export function resolveTimeouts(timeouts?: Timeouts): ResolvedTimeouts {
  if (timeouts === undefined) return DEFAULT_TIMEOUTS;
  refuseUnknown("timeout", timeouts, TIMEOUT_NAMES);
  const { connectMs, firstContentMs, idleMs, attemptMs, totalMs } = timeouts;
  const defaults = DEFAULT_TIMEOUTS;
  return {
    connectMs:
      connectMs === undefined ? defaults.connectMs : atLeast("timeouts.connectMs", connectMs, 0, true),
    firstContentMs:
      firstContentMs === undefined
        ? defaults.firstContentMs
        : atLeast("timeouts.firstContentMs", firstContentMs, 0, true),
    idleMs: idleMs === undefined ? defaults.idleMs : atLeast("timeouts.idleMs", idleMs, 0, true),
    attemptMs:
      attemptMs === undefined ? defaults.attemptMs : atLeast("timeouts.attemptMs", attemptMs, 0, true),
    totalMs: totalMs === undefined ? defaults.totalMs : atLeast("timeouts.totalMs", totalMs, 0, true),
  };
}

/**
 * Refuses an option that does not exist: one that is accepted and does nothing is worse than an error.
 * @throws {AiLibError} `CONFIG_ERROR` naming the option and those that exist.
 */
export function refuseUnknown(what: string, given: object, known: ReadonlySet<string>): void {
  for (const name of Object.keys(given)) {
    if (!known.has(name)) throw configError(`Unknown ${what} "${name}"; known are: ${[...known].join(", ")}`);
  }
}
