import { type AiLibError, configError } from "../errors/error.js";
import { refuseUnknown, wholeAtLeast } from "../errors/options.js";
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
import { type ResolvedTimeouts, resolveTimeouts, type Timeouts } from "./timeouts.js";

/** The maximum number of repeats in one call, over all its layers. A repeat is an attempt at a target that failed before. */
export const DEFAULT_MAX_REPEATS = 4;

/** The maximum number of repeats of one target, unless a layer around it allows more. */
export const REPEATS_PER_TARGET = 2;

/**
 * What happens when a stream fails after the caller has received content:
 *
 * - `fail`: the call fails, with the content so far in `partial`.
 * - `restart`: the stream emits a `restart` event, and the call asks for a new answer.
 * - `splice`: the call asks again and emits nothing while the new answer repeats the delivered content. If the new
 *   answer differs, the call fails as with `fail`.
 * - `continue`: the next target continues the delivered text, if its model is known to support this
 *   (`ModelFacts.prefill`). Inside a tool call, or without such a target, the call fails as with `fail`.
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
   * The maximum number of repeats in this call, over all targets that failed. The first request to each provider does
   * not count, and the call repeats no provider before it has asked all of them. Default 4. One target is repeated at
   * most twice, unless `retry` allows more.
   */
  readonly maxRepeats?: number | undefined;
  /** A hard limit on all attempts. It can end a call before every provider has been asked. Default: none. */
  readonly maxAttempts?: number | undefined;
  /** If true, a parameter that a target does not support causes an error instead of a warning. Default false. */
  readonly strict?: boolean | undefined;
  /** Default `"fail"`. */
  readonly midStream?: MidStream | undefined;
  /** Headers added to every provider call. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Identifies a conversation. Strategies such as `sticky` send all its calls to one target. */
  readonly sessionId?: string | undefined;
  /** If true, the response includes the provider's body as `raw`. Default false. */
  readonly includeRaw?: boolean | undefined;
  /**
   * If true, a stream emits a `ping` event whenever the provider sends something that causes no other event, such as a
   * ping or a comment. A server that relays the stream can use it to keep the connection to its client open. Default
   * false.
   */
  readonly pings?: boolean | undefined;
  /**
   * Fetches media at URLs and sends their bytes, if a target does not accept URLs. This machine then makes requests to
   * addresses from messages, over a direct connection and only to public addresses. Default: the option of the provider,
   * which is off; such a request fails with `UNSUPPORTED_FEATURE`. Servers that relay requests of their clients turn it
   * off, even if the provider has it on.
   */
  readonly fetchMedia?: boolean | MediaFetchOptions | undefined;
  readonly observer?: Observer | undefined;
  /** Prices of this call. They take precedence over those of its targets. */
  readonly prices?: PriceSource | undefined;
  /**
   * Called before each attempt, including retries and hedges, and before anything is sent. Use it to reserve an amount
   * of a budget. If it returns or throws an error, the attempt fails with a local error of the target, and strategies ask
   * the next member.
   */
  readonly beforeAttempt?: BeforeAttempt | undefined;
  /** The context of the call that contains this one. It replaces all other options: any other option is an error. */
  readonly context?: CallContext | undefined;
  /** The clock for timeouts and waits. Default: the clock of the machine. */
  readonly clock?: Clock | undefined;
  /** The source of random numbers. Default: that of the platform. */
  readonly random?: Random | undefined;
}

/** An attempt that is about to begin. */
export interface NextAttempt {
  /** The target of the attempt, with the model if it is known. */
  readonly target: Target;
  readonly call: Call;
  /** The known facts about the model, including its price. */
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
  /** The attempt log: every attempt so far, by every layer, including skipped members. */
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
  /**
   * Whether texts of one part that a provider sends in a row may come as one event: all that one read brings. A server's
   * client gets the same text at the same time, in fewer frames. Default: each is an event of its own.
   */
  readonly joinsTexts?: boolean | undefined;
  /** Counts the functions of the user that run for this call. */
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

/** The outermost call, which an attempt reaches without the layers between them. */
export interface LastResort {
  /** Ends the call, because a layer threw and its ending cannot reach it. */
  breakOff(error: AiLibError): void;
  /** The provider sent something that causes no event. */
  alive(): void;
  /**
   * Runs something once at a time, as `after` of the clock does, but with the one timer of the call.
   * @param at epoch milliseconds
   * @param now epoch milliseconds
   * @returns cancels it
   */
  limit?(at: number, run: () => void, now: number): () => void;
}

/** What a strategy tells the layers below about the other members of a call. */
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
  /** The most repeats of one target, if a layer allows more than the default. */
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

/**
 * The call that a layer passes on. Written out, since each layer of each call makes one, and a spread takes far longer.
 */
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
  const { maxAttempts, maxRepeats, midStream = "fail" } = options;
  if (options.midStream !== undefined && !MID_STREAM.has(midStream))
    throw configError(`midStream must be one of ${[...MID_STREAM].join(", ")}, not "${midStream}"`);
  return {
    requestId: randomId(random),
    signal: options.signal,
    deadline: clock.now() + timeouts.totalMs,
    clock,
    random,
    observer: options.observer,
    budget: {
      left:
        maxAttempts === undefined
          ? Number.POSITIVE_INFINITY
          : wholeAtLeast("maxAttempts", maxAttempts, 1, true),
      repeats:
        maxRepeats === undefined ? DEFAULT_MAX_REPEATS : wholeAtLeast("maxRepeats", maxRepeats, 0, true),
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
    joinsTexts: undefined,
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
