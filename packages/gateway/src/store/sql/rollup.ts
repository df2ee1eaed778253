import { hash } from "node:crypto";
import type { AttemptRecord, CallRecord } from "../call-record.js";
import type { SqlValue } from "./database.js";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The `span` of the sums of sessions, which are by the day. */
export const SESSION_SPAN = -DAY;

/** The sums of one hour or one day for one combination of dimensions. */
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
    /** The session and what the sum is about, for the sum of a session. */
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
  readonly dimensions: readonly (readonly SqlValue[])[];
  readonly sessions: readonly (readonly SqlValue[])[];
  readonly sums: readonly (readonly SqlValue[])[];
  readonly others: readonly (readonly SqlValue[])[];
}

/** Combinations of dimensions, and sessions, whose ids are known, at most. */
const MAX_KNOWN = 50_000;

/** What sums are about, and its sums of the current batch. */
class Combination {
  readonly id: number;
  /** The ids of sessions by their names. */
  readonly sessions = new Map<string, number>();
  /** Those of hours and days. A batch has one or two of each. */
  sums: Sum[] = [];
  /** The batch that the sums belong to. */
  batch = 0;

  constructor(readonly about: readonly SqlValue[]) {
    this.id = hashOf(about);
  }
}

/**
 * Computes what batches add to the rollups. A call counts in the hour and the day in which it began, as it does in the
 * windows of limits. It remembers the combinations of dimensions that it has met.
 */
export class Roller {
  private readonly known = new Map<string, Combination>();
  /** Sessions that are remembered. */
  private sessions = 0;
  private batch = 0;
  private dimensions: SqlValue[][] = [];
  private sums: Sum[] = [];
  private sessionSums = new Map<string, Sum>();

  /** Forgets combinations, since the batch that introduced them was not written. */
  forget(): void {
    this.known.clear();
    this.sessions = 0;
  }

  roll(calls: readonly CallRecord[]): Rollup {
    if (this.known.size + this.sessions > MAX_KNOWN) this.forget();
    this.batch++;
    this.dimensions = [];
    this.sums = [];
    this.sessionSums = new Map();
    for (const call of calls) this.add(call);
    const sums = this.sums.sort(inOrder);
    const sessions = [...this.sessionSums.values()].sort(inOrder);
    return {
      dimensions: this.dimensions.sort((a, b) => Number(a[0]) - Number(b[0])),
      sums: sums.map(({ row }) => row),
      sessions: sessions.map(({ row }) => row),
      others: [...sessions, ...sums].flatMap(otherRows),
    };
  }

  private add(call: CallRecord): void {
    const { attempts } = call;
    const last = attempts.findLast(isMade);
    const ofLast = this.combination(call, last);
    this.each(call, ofLast, (sum) => sum.addCall(call.status === "error"));
    for (const attempt of attempts) {
      if (attempt.meters === undefined || !isMade(attempt)) continue;
      const combination = attempt === last ? ofLast : this.combination(call, attempt);
      this.each(call, combination, (sum) => sum.addAttempt(attempt));
    }
  }

  /** Runs something for each sum of a call: those of its hour and day, and that of its session. */
  private each(call: CallRecord, combination: Combination, run: (sum: Sum) => void): void {
    const day = startOf(call, DAY);
    run(this.sum(combination, HOUR, startOf(call, HOUR)));
    run(this.sum(combination, DAY, day));
    if (call.session !== undefined) run(this.sessionSum(combination, call.session, day));
  }

  private sum(combination: Combination, span: number, at: number): Sum {
    if (combination.batch !== this.batch) {
      combination.batch = this.batch;
      combination.sums = [];
    }
    for (const sum of combination.sums) if (sum.at === at && sum.span === span) return sum;
    const sum = new Sum(span, at, combination.id);
    combination.sums.push(sum);
    this.sums.push(sum);
    return sum;
  }

  private sessionSum({ sessions, about }: Combination, name: string, day: number): Sum {
    const session = [name, ...about];
    let id = sessions.get(name);
    if (id === undefined) {
      id = hashOf(session);
      sessions.set(name, id);
      this.sessions++;
    }
    const place = `${day} ${id}`;
    let sum = this.sessionSums.get(place);
    if (sum === undefined) {
      sum = new Sum(SESSION_SPAN, day, id, session);
      this.sessionSums.set(place, sum);
    }
    return sum;
  }

  /** What an attempt of a call is about; a combination that is new has a row. */
  private combination(call: CallRecord, attempt: AttemptRecord | undefined): Combination {
    const name = nameOf(call, attempt);
    let combination = this.known.get(name);
    if (combination === undefined) {
      combination = new Combination(aboutOf(call, attempt));
      this.known.set(name, combination);
      this.dimensions.push([combination.id, ...combination.about]);
    }
    return combination;
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

/** A name of what an attempt is about. No text of a call has a character with the number 0. */
function nameOf(call: CallRecord, attempt: AttemptRecord | undefined): string {
  const { key, groups, user, tags, route, kind } = call;
  const who = `${key}\0${listOf(groups)}\0${user === undefined ? "" : `:${user}`}\0${listOf(tags)}`;
  if (attempt === undefined) return `${who}\0${route}\0${kind}`;
  return `${who}\0${route}\0${kind}\0${attempt.provider}\0${attempt.model}\0${attempt.rate ?? ""}`;
}

function startOf({ startedAt }: CallRecord, span: number): number {
  return startedAt - (startedAt % span);
}

function aboutOf(call: CallRecord, attempt: AttemptRecord | undefined): SqlValue[] {
  return [
    ...[call.key, listOf(call.groups), call.user ?? null, listOf(call.tags), call.route, call.kind],
    ...[attempt?.provider ?? "", attempt?.model ?? "", attempt?.rate ?? ""],
  ];
}

/** 52 bits of a hash, which a number holds exactly. */
function hashOf(values: readonly SqlValue[]): number {
  return Number.parseInt(hash("sha256", JSON.stringify(values), "hex").slice(0, 13), 16);
}

const texts = new WeakMap<readonly string[], string>();

/** A list as its column has it. The order of tags says nothing, that of groups does. */
export function listOf(members: readonly string[]): string {
  if (members.length === 0) return "[]";
  let text = texts.get(members);
  if (text === undefined) {
    text = JSON.stringify(members);
    // Calls of one batch share their lists.
    texts.set(members, text);
  }
  return text;
}
