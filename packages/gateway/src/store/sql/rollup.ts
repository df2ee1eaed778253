import type { AttemptRecord, CallRecord } from "../call-record.js";
import type { SqlValue } from "./database.js";
import { type Combination, type Dimensions, hashOf } from "./dimensions.js";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The `span` of the sums of sessions, which are by the day. */
export const SESSION_SPAN = -DAY;

/** The sums of one hour or one day for one combination of dimensions, or for a session in it. */
class Sum {
  calls = 0;
  errors = 0;
  attempts = 0;
  estimated = 0;
  input = 0;
  output = 0;
  cached = 0;
  cacheWrite = 0;
  reasoning = 0;
  billed = 0;
  billedAttempts = 0;
  others: Map<string, number> | undefined;

  constructor(
    readonly span: number,
    readonly at: number,
    readonly dimension: number,
    /** The session and the id of what the sum is about, for the sum of a session. */
    readonly session?: readonly SqlValue[],
  ) {}

  addCall(failed: boolean): void {
    this.calls++;
    if (failed) this.errors++;
  }

  addAttempt({ meters, estimated, billed }: AttemptRecord): void {
    if (meters === undefined) return;
    this.attempts++;
    if (estimated) this.estimated++;
    this.input += meters.input;
    this.output += meters.output;
    this.cached += meters.cached;
    this.cacheWrite += meters.cacheWrite;
    this.reasoning += meters.reasoning;
    if (billed !== undefined) {
      this.billed += billed;
      this.billedAttempts++;
    }
    if (meters.others === undefined) return;
    for (const [name, amount] of Object.entries(meters.others)) {
      this.others ??= new Map();
      this.others.set(name, (this.others.get(name) ?? 0) + amount);
    }
  }

  get row(): SqlValue[] {
    const { session, span, at, dimension } = this;
    return [
      ...(session === undefined ? [span, at, dimension] : [at, dimension, ...session]),
      ...[this.calls, this.errors, this.attempts, this.estimated],
      ...[this.input, this.output, this.cached, this.cacheWrite, this.reasoning],
      ...[this.billed, this.billedAttempts],
    ];
  }
}

/** What a batch adds to the rollups: rows of their tables. */
export interface Rollup {
  readonly sessions: readonly (readonly SqlValue[])[];
  readonly sums: readonly (readonly SqlValue[])[];
  readonly others: readonly (readonly SqlValue[])[];
}

/** Sessions whose ids are known, at most. */
const MAX_SESSIONS = 50_000;

/** What is known of a combination of dimensions. */
interface Known {
  /** The ids of sessions by their names. */
  readonly sessions: Map<string, number>;
  /** Sums of hours and days. A batch has one or two of each. */
  sums: Sum[];
  /** The batch that the sums belong to. */
  batch: number;
}

/**
 * Computes what batches add to the rollups. A call counts in the hour and the day in which it began, as it does in the
 * windows of limits.
 */
export class Roller {
  private known = new WeakMap<Combination, Known>();
  /** Sessions that are known. */
  private sessions = 0;
  private batch = 0;
  private sums: Sum[] = [];
  private sessionSums = new Map<string, Sum>();

  constructor(private readonly dimensions: Dimensions) {}

  /** Adds a call to the current batch. */
  add(call: CallRecord): void {
    const { attempts } = call;
    const last = attempts.findLast(isMade);
    const ofLast = this.dimensions.of(call, last);
    this.each(call, ofLast, (sum) => sum.addCall(call.status === "error"));
    for (const attempt of attempts) {
      if (attempt.meters === undefined || !isMade(attempt)) continue;
      const combination = attempt === last ? ofLast : this.dimensions.of(call, attempt);
      this.each(call, combination, (sum) => sum.addAttempt(attempt));
    }
  }

  /** Ends the current batch. @returns what it adds to the rollups */
  take(): Rollup {
    const sums = this.sums.sort(inOrder);
    const sessions = [...this.sessionSums.values()].sort(inOrder);
    this.batch++;
    this.sums = [];
    this.sessionSums = new Map();
    if (this.sessions > MAX_SESSIONS) {
      this.known = new WeakMap();
      this.sessions = 0;
    }
    return {
      sums: sums.map(({ row }) => row),
      sessions: sessions.map(({ row }) => row),
      others: [...sessions, ...sums].flatMap(otherRows),
    };
  }

  /** Runs something for each sum of a call: those of its hour and day, and that of its session. */
  private each(call: CallRecord, combination: Combination, run: (sum: Sum) => void): void {
    const day = startOf(call, DAY);
    run(this.sum(combination, HOUR, startOf(call, HOUR)));
    run(this.sum(combination, DAY, day));
    if (call.session !== undefined) run(this.sessionSum(combination, call.session, day));
  }

  private sum(combination: Combination, span: number, at: number): Sum {
    const known = this.knownOf(combination);
    if (known.batch !== this.batch) {
      known.batch = this.batch;
      known.sums = [];
    }
    for (const sum of known.sums) if (sum.at === at && sum.span === span) return sum;
    const sum = new Sum(span, at, combination.id);
    known.sums.push(sum);
    this.sums.push(sum);
    return sum;
  }

  private sessionSum(combination: Combination, name: string, day: number): Sum {
    const { sessions } = this.knownOf(combination);
    let id = sessions.get(name);
    if (id === undefined) {
      id = hashOf([name, ...combination.about]);
      sessions.set(name, id);
      this.sessions++;
    }
    const place = `${day} ${id}`;
    let sum = this.sessionSums.get(place);
    if (sum === undefined) {
      sum = new Sum(SESSION_SPAN, day, id, [name, combination.id]);
      this.sessionSums.set(place, sum);
    }
    return sum;
  }

  private knownOf(combination: Combination): Known {
    let known = this.known.get(combination);
    if (known === undefined) {
      known = { sessions: new Map(), sums: [], batch: -1 };
      this.known.set(combination, known);
    }
    return known;
  }
}

function isMade({ outcome }: AttemptRecord): boolean {
  return outcome !== "skipped";
}

/** One order for all, so that two processes that write the same sums do not wait for each other. */
function inOrder(a: Sum, b: Sum): number {
  return a.span - b.span || a.at - b.at || a.dimension - b.dimension;
}

function otherRows({ span, at, dimension, others }: Sum): SqlValue[][] {
  if (others === undefined) return [];
  return [...others]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([meter, amount]) => [span, at, dimension, meter, amount]);
}

function startOf({ startedAt }: CallRecord, span: number): number {
  return startedAt - (startedAt % span);
}
