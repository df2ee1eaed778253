import { AiLibError } from "../core/errors/error.js";
import { REACTIONS, reactionTo } from "../core/errors/reactions.js";
import type { Outcome } from "../core/recovery/interceptor.js";
import { MovingAverage } from "../core/recovery/moving-average.js";
import { SlidingCounts } from "../core/recovery/sliding-counts.js";
import type { ErrorCode } from "../core/values/error-code.js";
import { asNumber, asObject, asString, type JsonObject } from "../core/values/json.js";

/** When calls alone show that a target is down. */
export interface PassiveRules {
  /** How far back calls count, in milliseconds. */
  readonly windowMs: number;
  /** Calls that must have ended within the window before their failures mean anything. */
  readonly minimumCalls: number;
  /** The share of failures at which it is down. */
  readonly failureRatio: number;
}

/** Statistics of a target's calls. Times are epoch milliseconds. */
export interface CallStatistics {
  /** Within the window; cancelled calls and errors of the request are in neither. */
  readonly successes: number;
  readonly failures: number;
  /** Moving averages, in milliseconds; undefined before the first answer (the first stream). */
  readonly tookMs: number | undefined;
  readonly firstContentMs: number | undefined;
  readonly lastSuccessAt: number | undefined;
  readonly lastFailureAt: number | undefined;
  readonly lastError: AiLibError | undefined;
}

/** Weight of the newest call in the moving averages. */
const NEWEST = 0.2;

/** Characters of the last error's message that a snapshot keeps. */
const MESSAGE_LIMIT = 300;

/** Collects statistics of one target's calls. */
export class PassiveStatistics {
  private readonly counts: SlidingCounts;
  private readonly tookMs: MovingAverage;
  private readonly firstContentMs: MovingAverage;
  private lastSuccessAt: number | undefined;
  private lastFailureAt: number | undefined;
  private lastError: AiLibError | undefined;

  constructor(
    private readonly rules: PassiveRules,
    known: JsonObject = {},
  ) {
    this.counts = new SlidingCounts(rules.windowMs);
    this.tookMs = new MovingAverage(NEWEST, asNumber(known["tookMs"]));
    this.firstContentMs = new MovingAverage(NEWEST, asNumber(known["firstContentMs"]));
  }

  /** Statistics from a snapshot; those that it lacks start empty. */
  static restore(rules: PassiveRules, known: JsonObject | undefined, now: number): PassiveStatistics {
    const made = new PassiveStatistics(rules, known);
    if (known === undefined) return made;
    made.counts.restore(asObject(known["counts"]) ?? {}, now);
    made.lastSuccessAt = asNumber(known["lastSuccessAt"]);
    made.lastFailureAt = asNumber(known["lastFailureAt"]);
    const code = asString(known["code"]);
    if (code !== undefined && Object.hasOwn(REACTIONS, code))
      made.lastError = new AiLibError({ code: code as ErrorCode, message: asString(known["message"]) ?? "" });
    return made;
  }

  /** Plain JSON; undefined where nothing is known. */
  snapshot(now: number): JsonObject | undefined {
    const { lastSuccessAt, lastFailureAt, lastError } = this;
    if (lastSuccessAt === undefined && lastFailureAt === undefined) return undefined;
    return {
      counts: this.counts.snapshot(now),
      tookMs: this.tookMs.value,
      firstContentMs: this.firstContentMs.value,
      lastSuccessAt,
      lastFailureAt,
      code: lastError?.code,
      message: lastError?.message.slice(0, MESSAGE_LIMIT),
    };
  }

  /** Adds the time to first content of a stream. */
  addFirstContent(afterMs: number): void {
    this.firstContentMs.add(afterMs);
  }

  addOutcome(outcome: Outcome, now: number, tookMs: number): void {
    if (outcome.kind === "success") {
      this.counts.success(now);
      this.tookMs.add(tookMs);
      this.lastSuccessAt = now;
    } else if (outcome.kind === "error" && reactionTo(outcome.error).breaker !== "none") {
      this.counts.failure(now);
      this.lastFailureAt = now;
      this.lastError = outcome.error;
    }
  }

  get lastSuccess(): number | undefined {
    return this.lastSuccessAt;
  }

  /** Whether the calls of the window show that the target is down; undefined where they are too few. */
  isDown(now: number): boolean | undefined {
    const { successes, failures } = this.counts.within(now);
    const calls = successes + failures;
    return calls < this.rules.minimumCalls ? undefined : failures / calls >= this.rules.failureRatio;
  }

  at(now: number): CallStatistics {
    return {
      ...this.counts.within(now),
      tookMs: this.tookMs.value,
      firstContentMs: this.firstContentMs.value,
      lastSuccessAt: this.lastSuccessAt,
      lastFailureAt: this.lastFailureAt,
      lastError: this.lastError,
    };
  }
}
