import { CELL, type PackedCalls, WIDTH } from "../packed-calls.js";
import type { SqlValue } from "./database.js";
import type { Combination, Combinations, Hash } from "./dimensions.js";

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

  /** Adds an attempt that used something. @param at where its row begins */
  addAttempt({ cells, texts }: PackedCalls, at: number): void {
    this.attempts++;
    this.estimated += cells[at + CELL.estimated] ?? 0;
    this.input += cells[at + CELL.input] ?? 0;
    this.output += cells[at + CELL.output] ?? 0;
    this.cached += cells[at + CELL.cached] ?? 0;
    this.cacheWrite += cells[at + CELL.cacheWrite] ?? 0;
    this.reasoning += cells[at + CELL.reasoning] ?? 0;
    const billed = cells[at + CELL.billed] ?? 0;
    if (!Number.isNaN(billed)) {
      this.billed += billed;
      this.billedAttempts++;
    }
    const others = cells[at + CELL.others] ?? 0;
    if (others > 0) this.addOthers(JSON.parse(texts[others] ?? "{}") as Readonly<Record<string, number>>);
  }

  private addOthers(amounts: Readonly<Record<string, number>>): void {
    this.others ??= new Map();
    for (const [name, amount] of Object.entries(amounts))
      this.others.set(name, (this.others.get(name) ?? 0) + amount);
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
  /** What was asked for last, by {@link knownOf}. */
  private last: Combination | undefined;
  private lastKnown: Known | undefined;

  constructor(
    private readonly dimensions: Combinations,
    private readonly hash: Hash,
  ) {}

  /** Adds a call to the current batch. @param from where its rows begin; `to`: where they end */
  add(calls: PackedCalls, from: number, to: number): void {
    const { cells, texts } = calls;
    const failed = texts[cells[from + CELL.status] ?? 0] === "error";
    let last = to - WIDTH;
    while (last > from && isSkipped(calls, last)) last -= WIDTH;
    const ofLast = isSkipped(calls, last)
      ? this.dimensions.ofNone(calls, last)
      : this.dimensions.of(calls, last);
    this.each(calls, last, ofLast, (sum) => sum.addCall(failed));
    for (let at = from; at < to; at += WIDTH) {
      if (Number.isNaN(cells[at + CELL.input]) || isSkipped(calls, at)) continue;
      const combination = at === last ? ofLast : this.dimensions.of(calls, at);
      this.each(calls, at, combination, (sum) => sum.addAttempt(calls, at));
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
      this.last = undefined;
      this.sessions = 0;
    }
    return {
      sums: sums.map(({ row }) => row),
      sessions: sessions.map(({ row }) => row),
      others: [...sessions, ...sums].flatMap(otherRows),
    };
  }

  /** Runs something for each sum of a call: those of its hour and day, and that of its session. */
  private each(
    { cells, texts }: PackedCalls,
    at: number,
    combination: Combination,
    run: (sum: Sum) => void,
  ): void {
    const startedAt = cells[at + CELL.startedAt] ?? 0;
    const session = cells[at + CELL.session] ?? 0;
    const day = startedAt - (startedAt % DAY);
    run(this.sum(combination, HOUR, startedAt - (startedAt % HOUR)));
    run(this.sum(combination, DAY, day));
    if (session > 0) run(this.sessionSum(combination, texts[session] ?? "", day));
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
      id = this.hash(JSON.stringify([name, ...combination.values]));
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
    if (combination === this.last && this.lastKnown !== undefined) return this.lastKnown;
    let known = this.known.get(combination);
    if (known === undefined) {
      known = { sessions: new Map(), sums: [], batch: -1 };
      this.known.set(combination, known);
    }
    this.last = combination;
    this.lastKnown = known;
    return known;
  }
}

function isSkipped({ cells, texts }: PackedCalls, at: number): boolean {
  return texts[cells[at + CELL.outcome] ?? 0] === "skipped";
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
