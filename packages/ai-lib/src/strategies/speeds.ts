import type { Cell } from "../core/contract/state.js";
import { MovingAverage } from "../core/recovery/moving-average.js";
import { asNumber, asObject, type Json, type JsonObject } from "../core/values/json.js";

/**
 * The recent speed of a member: moving averages of its time to first content, its time for each token after that, the
 * time of whole unary answers, and the share of calls that it answers.
 */
export class Speed {
  private readonly firstContentMs: MovingAverage;
  private readonly msPerToken: MovingAverage;
  private readonly unaryMs: MovingAverage;
  private readonly success: MovingAverage;

  /**
   * @param weight of the newest sample in the averages; more than 0, at most 1
   * @param known a snapshot to start from
   */
  constructor(weight: number, known: JsonObject = {}) {
    this.firstContentMs = new MovingAverage(weight, asNumber(known["firstContentMs"]));
    this.msPerToken = new MovingAverage(weight, asNumber(known["msPerToken"]));
    this.unaryMs = new MovingAverage(weight, asNumber(known["unaryMs"]));
    this.success = new MovingAverage(weight, asNumber(known["success"]));
  }

  /** Adds the time to first content of a stream. */
  addFirstContent(afterMs: number): void {
    this.firstContentMs.add(afterMs);
  }

  /** Adds an answered call. @param firstContentMs undefined for a unary one */
  addSuccess(tookMs: number, firstContentMs: number | undefined, outputTokens: number): void {
    this.success.add(1);
    if (firstContentMs === undefined) this.unaryMs.add(tookMs);
    else if (outputTokens > 1) this.msPerToken.add((tookMs - firstContentMs) / (outputTokens - 1));
  }

  /** Adds a call that failed because of the member. */
  addFailure(): void {
    this.success.add(0);
  }

  /**
   * Milliseconds that an answer of so many tokens is expected to take, repeats after failures included; undefined while
   * nothing is known.
   */
  expectedMs(unary: boolean, outputTokens: number): number | undefined {
    const success = this.success.value;
    // A member that failed each time is never expected to answer, but is compared with others of its kind.
    const attempts = success === undefined ? 1 : 1 / Math.max(success, 0.01);
    const streamed =
      this.firstContentMs.value === undefined
        ? undefined
        : this.firstContentMs.value + outputTokens * (this.msPerToken.value ?? 0);
    const answer = unary ? (this.unaryMs.value ?? streamed) : (streamed ?? this.unaryMs.value);
    if (answer === undefined) return success === 0 ? Number.POSITIVE_INFINITY : undefined;
    return answer * attempts;
  }

  /** Undefined while nothing is known. */
  snapshot(): JsonObject | undefined {
    if (this.success.value === undefined && this.firstContentMs.value === undefined) return undefined;
    return {
      firstContentMs: this.firstContentMs.value,
      msPerToken: this.msPerToken.value,
      unaryMs: this.unaryMs.value,
      success: this.success.value,
    };
  }
}

/** The speeds of a strategy's members. */
export class Speeds implements Cell {
  private readonly speeds: Speed[];

  /**
   * @param members a key for each member, the same in every process
   * @param weight see {@link Speed}
   */
  constructor(
    private readonly members: readonly string[],
    private readonly weight: number,
  ) {
    this.speeds = members.map(() => new Speed(weight));
  }

  of(index: number): Speed {
    return this.speeds[index] as Speed;
  }

  snapshot(): Json | undefined {
    const known = this.members.flatMap((member, index) => {
      const speed = this.of(index).snapshot();
      return speed === undefined ? [] : [[member, speed] as const];
    });
    return known.length === 0 ? undefined : Object.fromEntries(known);
  }

  restore(snapshot: Json): void {
    const known = asObject(snapshot) ?? {};
    this.members.forEach((member, index) => {
      this.speeds[index] = new Speed(this.weight, asObject(known[member]));
    });
  }
}
