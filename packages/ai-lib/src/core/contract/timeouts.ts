import { atLeast, refuseUnknown } from "../errors/options.js";

/** Timeouts in milliseconds. `Infinity` switches a timeout off; 0 expires immediately. */
export interface Timeouts {
  /** Time to establish the connection, including TLS. The transport enforces it. Fails with `NETWORK_ERROR`. Default 10,000. */
  readonly connectMs?: number | undefined;
  /**
   * Streams only: from the start of an attempt to the head of the response. It applies only while there is another
   * provider that has not been asked and could answer. It does not apply to a model that is known to reason, because
   * such a model may be silent for minutes, unless its provider is known to send the head early (`headFirst` in the data
   * of a provider). Fails with `TIMEOUT` (head). Default `Infinity`; `forProduction()` sets 15,000.
   */
  readonly headMs?: number | undefined;
  /** Streams only: from the start of an attempt to its first content. Fails with `TIMEOUT` (first-content). Default 300,000. */
  readonly firstContentMs?: number | undefined;
  /**
   * Unary calls only: time for the whole answer. It is long because a provider sends nothing while it generates. Fails
   * with `TIMEOUT` (answer). Default 600,000.
   */
  readonly answerMs?: number | undefined;
  /** Streams only: time without any byte, after content has begun. Fails with `TIMEOUT` (idle). Default 60,000. */
  readonly idleMs?: number | undefined;
  /**
   * Streams only: time without progress although bytes arrive (comments, pings, empty deltas). Fails with `TIMEOUT`
   * (stall). Default 180,000.
   */
  readonly stallMs?: number | undefined;
  /** Time for one whole attempt. Fails with `TIMEOUT` (attempt). Default `Infinity`. */
  readonly attemptMs?: number | undefined;
  /** Streams only: from the first content to the end. Fails with `TIMEOUT` (stream). Default 3,600,000: one hour. */
  readonly streamMs?: number | undefined;
  /**
   * Time for all attempts and waits until an answer begins. After that, `streamMs` limits a stream. If a stream is not
   * read for `idleMs` after this time, the stream ends, so that an abandoned stream does not keep a connection open.
   * Fails with `TIMEOUT` (total). Default 900,000.
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

/** What `forProduction()` sets: timeouts that detect a dead route, but do not interrupt a reasoning model or a long answer. */
export const PRODUCTION_TIMEOUTS: Timeouts = {
  headMs: 15_000,
  firstContentMs: 120_000,
  idleMs: 60_000,
  stallMs: 120_000,
};

const TIMEOUT_NAMES: ReadonlySet<string> = new Set(Object.keys(DEFAULT_TIMEOUTS));

/**
 * Timeouts with their defaults.
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown name or a negative value.
 */
export function resolveTimeouts(timeouts?: Timeouts): ResolvedTimeouts {
  if (timeouts === undefined) return DEFAULT_TIMEOUTS;
  if (lasting.has(timeouts)) return timeouts as ResolvedTimeouts;
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

/** Timeouts that were checked and cannot change. */
const lasting = new WeakSet<Timeouts>();

/**
 * Timeouts with their defaults, for all calls of a client: {@link resolveTimeouts} does not check them again.
 * @throws {AiLibError} `CONFIG_ERROR` as `resolveTimeouts` does.
 */
export function lastingTimeouts(timeouts: Timeouts): ResolvedTimeouts {
  const resolved = Object.freeze(resolveTimeouts(timeouts));
  lasting.add(resolved);
  return resolved;
}

function limitOf(label: string, given: number | undefined, fallback: number): number {
  return given === undefined ? fallback : atLeast(label, given, 0, true);
}
