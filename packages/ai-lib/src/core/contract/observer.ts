import { type AiLibError, configError } from "../errors/error.js";
import type { Mutable } from "../values/answer.js";
import type { Attempt, ServerAddress } from "../values/attempt.js";
import type { Kind, RequestOf, ResponseOf } from "../values/kinds.js";
import type { Target } from "../values/target.js";
import { ignoreRejection } from "./guard.js";

/** Fields of every observer event. */
interface Observed {
  readonly requestId: string;
  /** Epoch milliseconds, by the call's clock. */
  readonly at: number;
}

/** An event that an observer receives synchronously. */
export type ObserverEvent =
  | (Observed & {
      readonly type: "request-start";
      readonly kind: Kind;
      readonly provider: string;
      readonly mode: "unary" | "stream";
      readonly request: RequestOf;
    })
  | (Observed & {
      readonly type: "request-end";
      readonly kind: Kind;
      readonly provider: string;
      readonly mode: "unary" | "stream";
      readonly startedAt: number;
      /** Exactly one of `response` and `error` is set. */
      readonly response?: ResponseOf;
      readonly error?: AiLibError;
    })
  | (Observed & {
      readonly type: "attempt-start";
      readonly kind: Kind;
      readonly mode: "unary" | "stream";
      readonly attempt: Attempt;
      /** Headers that the attempt sends besides the provider's own; an observer may add some (trace context). */
      readonly headers: Record<string, string>;
      /** Where the request goes, where that is known. */
      readonly server?: ServerAddress;
      /** The name of the provider in telemetry, where it is not its id. */
      readonly telemetryName?: string;
    })
  | (Observed & {
      readonly type: "attempt-end";
      readonly kind: Kind;
      readonly mode: "unary" | "stream";
      /** With its usage and cost, also where it failed or was cancelled. The same object as at its start. */
      readonly attempt: Attempt;
      /** Neither is set where the attempt was cancelled. */
      readonly response?: ResponseOf;
      readonly error?: AiLibError;
    })
  | (Observed & {
      /** The first content of an attempt; of a unary one, its whole answer. */
      readonly type: "first-content";
      readonly kind: Kind;
      readonly mode: "unary" | "stream";
      readonly attempt: Attempt;
    })
  | (Observed & {
      readonly type: "wait";
      readonly ms: number;
      readonly reason: string;
      readonly provider: string;
    })
  | (Observed & {
      readonly type: "failover";
      readonly strategy: string;
      readonly from: string;
      readonly to: string;
      readonly error: AiLibError;
    })
  | (Observed & {
      readonly type: "hedge";
      readonly strategy: string;
      readonly to: string;
      readonly afterMs: number;
    })
  | (Observed & {
      readonly type: "breaker";
      readonly key: string;
      readonly from: "closed" | "open" | "half-open";
      readonly to: "closed" | "open" | "half-open";
    })
  | (Observed & {
      readonly type: "cooldown";
      readonly key: string;
      readonly until: number;
      readonly error: AiLibError;
    })
  | (Observed & { readonly type: "rate-limit-wait"; readonly provider: string; readonly ms: number })
  | (Observed & { readonly type: "shed"; readonly provider: string; readonly queued: number })
  | (Observed & {
      readonly type: "health";
      readonly target: Target;
      readonly healthy: boolean;
      readonly reason?: string;
    });

/** One type of {@link ObserverEvent} while it is made: assigning what may be absent takes less time than spreads. */
export type EventDraft<T extends ObserverEvent["type"]> = Mutable<
  Extract<ObserverEvent, { readonly type: T }>
>;

/**
 * Watches calls. Called synchronously on the call's path, so it must be quick; an exception in it does not affect the
 * call. Without an observer, each event costs one comparison.
 */
export interface Observer {
  on(event: ObserverEvent): void;
  /**
   * Called for every content event of a stream but the first, with the time since the one before, in milliseconds.
   * Leave it out unless it is needed: it is the only part that costs something per event.
   */
  chunk?(attempt: Attempt, sinceLastMs: number): void;
}

/**
 * Checks an observer, for callers without types.
 * @throws {AiLibError} `CONFIG_ERROR` for one without a method `on`, such as a function.
 */
export function requireObserver(observer: unknown): void {
  if (observer === undefined) return;
  if (typeof (observer as Partial<Observer> | null)?.on === "function") return;
  const hint = typeof observer === "function" ? "; for a function, write { on: yourFunction }" : "";
  throw configError(`An observer is an object with a method "on"${hint}`);
}

/** Calls an observer; an exception in it does not affect the call. */
export function observe(observer: Observer | undefined, event: ObserverEvent): void {
  if (observer === undefined) return;
  try {
    const result: unknown = observer.on(event);
    // An asynchronous one compiles as well; its rejection must not end the process.
    if (result !== undefined) ignoreRejection(result);
  } catch {
    // A fault in an observer must not fail the request of a user.
  }
}

/** Calls the `chunk` of an observer; what it throws, or rejects with, does not reach the call. */
export function observeChunk(observer: Observer, attempt: Attempt, sinceLastMs: number): void {
  try {
    const result: unknown = observer.chunk?.(attempt, sinceLastMs);
    if (result !== undefined) ignoreRejection(result);
  } catch {
    // As in `observe`.
  }
}

/** One observer that passes events to several; an exception in one does not affect the others. */
export function observers(several: readonly Observer[]): Observer {
  const chunked = several.filter((one) => one.chunk !== undefined);
  return {
    on(event) {
      for (const one of several) observe(one, event);
    },
    ...(chunked.length === 0
      ? {}
      : {
          chunk(attempt: Attempt, sinceLastMs: number) {
            for (const one of chunked) observeChunk(one, attempt, sinceLastMs);
          },
        }),
  };
}
