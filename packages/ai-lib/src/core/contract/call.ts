import { type AiLibError, configError } from "../errors/error.js";
import { atLeast, wholeAtLeast } from "../errors/options.js";
import type { KindLaws } from "../kinds/laws.js";
import type { Attempt } from "../values/attempt.js";
import type { Kind, RequestOf } from "../values/kinds.js";
import type { ModelFacts } from "../values/model.js";
import type { PriceSource } from "../values/price.js";
import type { Target } from "../values/target.js";
import { type Clock, type Random, randomId, systemClock, systemRandom } from "./clock.js";
import { type MediaFetchOptions, type ResolvedMediaFetch, resolveMediaFetch } from "./media-fetch.js";
import { type Observer, requireObserver } from "./observer.js";
import type { OriginalRequest } from "./original.js";

/** Timeouts in milliseconds. `Infinity` switches one off; 0 means no time at all. */
export interface Timeouts {
  /** Until the connection stands (TLS included). Enforced by the transport. Ends as `NETWORK_ERROR`. Default 10,000. */
  readonly connectMs?: number | undefined;
  /**
   * Streams only: from the attempt's start to the head of the response. It counts only while another provider that was
   * not asked yet could answer, and not for a model that is known to reason: such a model may be silent for minutes,
   * unless its provider is known to send the head before (`headFirst` in the data of a provider).
   * Ends as `TIMEOUT` (head). Default `Infinity`; `forProduction()` sets 15,000.
   */
  readonly headMs?: number | undefined;
  /** Streams only: from the attempt's start to its first content. Ends as `TIMEOUT` (first-content). Default 300,000. */
  readonly firstContentMs?: number | undefined;
  /** Unary calls only: the whole answer. A silent call looks like a dead one, so this is long. Ends as `TIMEOUT` (answer). Default 600,000. */
  readonly answerMs?: number | undefined;
  /** Streams only: without a byte, once content has begun. Ends as `TIMEOUT` (idle). Default 60,000. */
  readonly idleMs?: number | undefined;
  /**
   * Streams only: bytes arrive (comments, pings, empty deltas) but no progress does. Ends as `TIMEOUT` (stall). Default
   * 180,000.
   */
  readonly stallMs?: number | undefined;
  /** One attempt, whole. Ends as `TIMEOUT` (attempt). Default `Infinity`. */
  readonly attemptMs?: number | undefined;
  /** Streams only: from the first content to the end. Ends as `TIMEOUT` (stream). Default 3,600,000: one hour. */
  readonly streamMs?: number | undefined;
  /**
   * Trying and waiting: all attempts and waits until an answer begins. A stream that has begun is bounded by `streamMs`;
   * one from which nothing is read for `idleMs` after this time ends, so that a reader that lost it holds no connection.
   * Ends as `TIMEOUT` (total). Default 900,000.
   */
  readonly totalMs?: number | undefined;
}

/** Timeouts with every default filled in. */
export type ResolvedTimeouts = { readonly [K in keyof Timeouts]-?: number };

/** The defaults of {@link Timeouts}. */
export const DEFAULT_TIMEOUTS: ResolvedTimeouts = {
  connectMs: 10_000,
  headMs: Number.POSITIVE_INFINITY,
  firstContentMs: 300_000,
  answerMs: 600_000,
  idleMs: 60_000,
  stallMs: 180_000,
  attemptMs: Number.POSITIVE_INFINITY,
  streamMs: 3_600_000,
  totalMs: 900_000,
};

/** What `forProduction()` sets: timeouts that notice a dead route, and leave a model that thinks or an answer that is long alone. */
export const PRODUCTION_TIMEOUTS: Timeouts = {
  headMs: 15_000,
  firstContentMs: 120_000,
  idleMs: 60_000,
  stallMs: 120_000,
};

const TIMEOUT_NAMES: ReadonlySet<string> = new Set(Object.keys(DEFAULT_TIMEOUTS));

/** The most repeats in one call, over all its layers. A repeat is an attempt at a target that failed before. */
export const DEFAULT_MAX_REPEATS = 4;

/** The most repeats of one target, unless a layer around it allows more. */
export const REPEATS_PER_TARGET = 2;

/**
 * What happens when a stream fails after content reached the caller: `fail` with `partial`; `restart` emits a
 * `restart` event and asks for a new answer; `splice` asks again and sends nothing while the new answer repeats what
 * was delivered, else fails as before; `continue` lets the next target go on from the text that was delivered, where
 * its model is known to do so (`ModelFacts.prefill`), and fails as before inside a tool call or without such a target.
 */
export type MidStream = "fail" | "restart" | "splice" | "continue";

const MID_STREAM: ReadonlySet<string> = new Set([
  "fail",
  "restart",
  "splice",
  "continue",
] satisfies MidStream[]);

/** Options of one call; all optional. */
export interface CallOptions {
  /** Aborts the call, closing the upstream connection. */
  readonly signal?: AbortSignal | undefined;
  readonly timeouts?: Timeouts | undefined;
  /**
   * How often targets that failed may be asked again in this call, all of them together. Every provider may be asked
   * once besides, and none is asked again while another has not been asked. Default 4; one target is asked again twice
   * at most, unless `retry` says more.
   */
  readonly maxRepeats?: number | undefined;
  /** A hard cap on attempts of any kind: it may end a call although a provider was never asked. Default: none. */
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
  /**
   * A stream has a `ping` event whenever the provider sends something that no other event is made of, such as a ping or
   * a comment. A server that relays the stream can keep its own client's connection open with it. Default false.
   */
  readonly pings?: boolean | undefined;
  /**
   * Fetch media at URLs and send their bytes, where a target does not take URLs. This machine then makes requests to
   * addresses that stand in messages, over a direct connection and to public addresses alone. Default: the option of the
   * provider, which is off; such a request is refused as `UNSUPPORTED_FEATURE`. Servers that relay requests of others have
   * it off whatever the provider says.
   */
  readonly fetchMedia?: boolean | MediaFetchOptions | undefined;
  readonly observer?: Observer | undefined;
  /** Prices of this call, before those that its targets know. */
  readonly prices?: PriceSource | undefined;
  /**
   * Called before each attempt, those of retries and hedges included, and before anything is sent: a budget's place to
   * reserve. An error that it returns refuses the attempt, as a local error of the target: strategies ask the next
   * member. What it throws refuses the attempt as well.
   */
  readonly beforeAttempt?: BeforeAttempt | undefined;
  /** The context of the call that this one is part of. It replaces every other option: beside it, each is an error. */
  readonly context?: CallContext | undefined;
  /** Time. Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** Randomness. Default: the platform's. */
  readonly random?: Random | undefined;
}

/** An attempt that is about to begin. */
export interface NextAttempt {
  /** Whom it asks, with the model where it is known. */
  readonly target: Target;
  readonly call: Call;
  /** What is known of the model, its price among it. */
  facts(): ModelFacts | undefined;
}

/** See {@link CallOptions.beforeAttempt}. */
export type BeforeAttempt = (next: NextAttempt) => AiLibError | undefined;

/** The attempts and repeats that one call has left. All its layers share it. */
export interface Budget {
  /** Attempts of any kind; `Infinity` unless `maxAttempts` was set. */
  left: number;
  /** Repeats of targets that failed. */
  repeats: number;
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
  /** Epoch milliseconds; `Infinity` for none. No attempt begins after it, and only a stream that has begun runs past it. */
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
  readonly pings?: boolean;
  /** How media at URLs are fetched; `false` for not at all, undefined where the provider decides. */
  readonly fetchMedia?: ResolvedMediaFetch | false | undefined;
  /** Prices of this call, before those that its targets know. */
  readonly prices?: PriceSource | undefined;
  /** @see CallOptions.beforeAttempt */
  readonly beforeAttempt?: BeforeAttempt | undefined;
  /** The request as a server's client sent it, for providers that can send its bytes on. */
  readonly original?: OriginalRequest | undefined;
  /** Who counts the code of the user that runs for this call. */
  readonly work?: Work | undefined;
  /** The outermost call, which sets it when it begins. */
  outermost?: LastResort | undefined;
}

/**
 * Counts functions and generators of the user that run for a call. One that does not stop when its call ends still
 * takes its place in a concurrency limit.
 */
export interface Work {
  began(): void;
  ended(): void;
}

/** The outermost call, as an attempt reaches it past the layers between them. */
export interface LastResort {
  /** Ends the call, because a layer threw and its ending cannot reach it. */
  breakOff(error: AiLibError): void;
  /** The provider sent something that no event is made of. */
  alive(): void;
}

/** What a strategy knows of a call's other members. It travels with the call into each of them. */
export interface Alternatives {
  /**
   * Whether a member that this call has not asked yet could answer, after the given error or, without one, after
   * silence. While there is such a member, a layer fails instead of waiting or repeating.
   */
  untried(error?: AiLibError): boolean;
  /** Every member was asked, and the call now repeats those whose repeats were deferred. */
  readonly repeating: boolean;
}

/** One call of a single kind; see {@link Call}. */
export interface CallOf<K extends Kind> {
  readonly kind: K;
  readonly request: RequestOf<K>;
  readonly mode: "unary" | "stream";
  /** The rules of the kind. */
  readonly laws: KindLaws<K>;
  readonly context: CallContext;
  /** Whether others could answer; absent where there are none. */
  readonly alternatives?: Alternatives | undefined;
  /** How often one target may be asked again at most, where a layer asks for more than the default. */
  readonly repeatsPerTarget?: number | undefined;
  /** What a layer waited before it opened this call, for the record of the next attempt. */
  readonly wait?: Wait | undefined;
  /** The caller's own request, where this call asks for the rest of its answer. */
  readonly continues?: RequestOf<K> | undefined;
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
  const call: CallOf<K> = {
    kind: laws.kind,
    request,
    mode,
    laws,
    context,
    alternatives: undefined,
    repeatsPerTarget: undefined,
    wait: undefined,
    continues: undefined,
  };
  return call as Call<K>;
}

/** The call as a layer hands it on. Written out, since each layer of each call makes one: a spread takes far longer. */
export function callWith<C extends Call>(
  call: C,
  changes: Partial<
    Pick<C, "request" | "context" | "alternatives" | "repeatsPerTarget" | "wait" | "continues">
  >,
): C {
  const { kind, mode, laws } = call;
  const copy: CallOf<Kind> = {
    kind,
    request: changes.request ?? call.request,
    mode,
    laws: laws as unknown as KindLaws,
    context: changes.context ?? call.context,
    alternatives: changes.alternatives ?? call.alternatives,
    repeatsPerTarget: changes.repeatsPerTarget ?? call.repeatsPerTarget,
    wait: changes.wait ?? call.wait,
    continues: changes.continues ?? call.continues,
  };
  return copy as C;
}

const OPTION_NAMES: ReadonlySet<string> = new Set([
  "signal",
  "timeouts",
  "maxAttempts",
  "maxRepeats",
  "strict",
  "midStream",
  "headers",
  "sessionId",
  "includeRaw",
  "pings",
  "fetchMedia",
  "observer",
  "prices",
  "beforeAttempt",
  "context",
  "clock",
  "random",
] satisfies (keyof CallOptions)[]);

/**
 * The context of a call from its options, or the one that was handed on.
 * @throws {AiLibError} `CONFIG_ERROR` for an option that does not exist or is out of range.
 */
export function contextOf(options: CallOptions = {}): CallContext {
  if (options.context !== undefined) {
    refuseBesideContext(options);
    return options.context;
  }
  refuseUnknown("call option", options, OPTION_NAMES);
  requireObserver(options.observer);
  requireSignal(options.signal);
  if (options.beforeAttempt !== undefined && typeof options.beforeAttempt !== "function")
    throw configError("`beforeAttempt` must be a function");
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const timeouts = resolveTimeouts(options.timeouts);
  const maxAttempts = wholeAtLeast("maxAttempts", options.maxAttempts ?? Number.POSITIVE_INFINITY, 1, true);
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
    budget: {
      left: maxAttempts,
      repeats: wholeAtLeast("maxRepeats", options.maxRepeats ?? DEFAULT_MAX_REPEATS, 0, true),
    },
    attempts: [],
    timeouts,
    strict: options.strict ?? false,
    midStream,
    headers: options.headers ?? {},
    sessionId: options.sessionId,
    includeRaw: options.includeRaw ?? false,
    pings: options.pings ?? false,
    fetchMedia: resolveMediaFetch(options.fetchMedia),
    prices: options.prices,
    beforeAttempt: options.beforeAttempt,
    original: undefined,
    work: undefined,
    outermost: undefined,
  };
}

/** @throws {AiLibError} `CONFIG_ERROR` for anything but an `AbortSignal` or undefined. */
export function requireSignal(signal: unknown): void {
  if (signal === undefined) return;
  const { aborted, addEventListener } = (signal ?? {}) as Partial<AbortSignal>;
  if (typeof aborted === "boolean" && typeof addEventListener === "function") return;
  throw configError("`signal` must be an AbortSignal; of an AbortController, pass its `signal`");
}

/** @throws {AiLibError} `CONFIG_ERROR` for an option that the context would silently replace. */
function refuseBesideContext(options: CallOptions): void {
  for (const name in options) {
    if (name !== "context" && options[name as keyof CallOptions] !== undefined)
      throw configError(
        `The call option "${name}" has no effect beside \`context\`, which replaces every other option; change the context instead: { ...context, ${name} }`,
      );
  }
}

/**
 * Timeouts with their defaults.
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown name or a negative value.
 */
export function resolveTimeouts(timeouts?: Timeouts): ResolvedTimeouts {
  if (timeouts === undefined) return DEFAULT_TIMEOUTS;
  refuseUnknown("timeout", timeouts, TIMEOUT_NAMES);
  const defaults = DEFAULT_TIMEOUTS;
  // Written out, since each call with timeouts of its own comes through here.
  return {
    connectMs: limitOf("timeouts.connectMs", timeouts.connectMs, defaults.connectMs),
    headMs: limitOf("timeouts.headMs", timeouts.headMs, defaults.headMs),
    firstContentMs: limitOf("timeouts.firstContentMs", timeouts.firstContentMs, defaults.firstContentMs),
    answerMs: limitOf("timeouts.answerMs", timeouts.answerMs, defaults.answerMs),
    idleMs: limitOf("timeouts.idleMs", timeouts.idleMs, defaults.idleMs),
    stallMs: limitOf("timeouts.stallMs", timeouts.stallMs, defaults.stallMs),
    attemptMs: limitOf("timeouts.attemptMs", timeouts.attemptMs, defaults.attemptMs),
    streamMs: limitOf("timeouts.streamMs", timeouts.streamMs, defaults.streamMs),
    totalMs: limitOf("timeouts.totalMs", timeouts.totalMs, defaults.totalMs),
  };
}

function limitOf(label: string, given: number | undefined, fallback: number): number {
  return given === undefined ? fallback : atLeast(label, given, 0, true);
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
