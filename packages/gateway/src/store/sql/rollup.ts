import { createHash } from "node:crypto";
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
    for (const [name, amount] of Object.entries(meters.others ?? {})) {
      this.others ??= new Map();
      this.others.set(name, (this.others.get(name) ?? 0) + amount);
    }
  }

  get row(): SqlValue[] {
    const first =
      this.session === undefined ? [this.span, this.at, this.dimension] : [this.at, this.dimension];
    return [
      ...first,
      ...(this.session ?? []),
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

/** Combinations of dimensions whose ids are known, at most. */
const MAX_KNOWN = 50_000;

/**
 * Computes what batches add to the rollups. A call counts in the hour and the day in which it began, as it does in the
 * windows of limits. It remembers the combinations of dimensions that it has met.
 */
export class Roller {
  private readonly known = new Map<string, number>();

  /** Forgets combinations, since the batch that introduced them was not written. */
  forget(): void {
    this.known.clear();
  }

  roll(calls: readonly CallRecord[]): Rollup {
    if (this.known.size > MAX_KNOWN) this.known.clear();
    const dimensions: SqlValue[][] = [];
    const sums = new Map<string, Sum>();
    const sumOf = (span: number, at: number, dimension: number, session?: readonly SqlValue[]): Sum => {
      const name = `${span} ${at} ${dimension}`;
      let sum = sums.get(name);
      if (sum === undefined) {
        sum = new Sum(span, at, dimension, session);
        sums.set(name, sum);
      }
      return sum;
    };
    const sumsOf = (call: CallRecord, attempt: AttemptRecord | undefined): Sum[] => {
      const about = aboutOf(call, attempt);
      const dimension = this.dimension(about, dimensions);
      const found = [HOUR, DAY].map((span) => sumOf(span, startOf(call, span), dimension));
      if (call.session !== undefined) {
        const session = [call.session, ...about];
        found.push(sumOf(SESSION_SPAN, startOf(call, DAY), hashOf(session), session));
      }
      return found;
    };
    for (const call of calls) {
      const made = call.attempts.filter(({ outcome }) => outcome !== "skipped");
      const last = made.at(-1);
      const ofLast = sumsOf(call, last);
      for (const sum of ofLast) sum.addCall(call.status === "error");
      for (const attempt of made)
        if (attempt.meters !== undefined)
          for (const sum of attempt === last ? ofLast : sumsOf(call, attempt)) sum.addAttempt(attempt);
    }
    // Always in one order, so that two processes that write the same sums do not wait for each other.
    const sorted = [...sums.values()].sort(
      (a, b) => a.span - b.span || a.at - b.at || a.dimension - b.dimension,
    );
    return {
      dimensions: dimensions.sort((a, b) => Number(a[0]) - Number(b[0])),
      sums: sorted.flatMap(({ session, row }) => (session === undefined ? [row] : [])),
      sessions: sorted.flatMap(({ session, row }) => (session === undefined ? [] : [row])),
      others: sorted.flatMap(({ span, at, dimension, others }) =>
        [...(others ?? [])]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([meter, amount]) => [span, at, dimension, meter, amount]),
      ),
    };
  }

  /** The id of a combination; a new one is added to `found`. */
  private dimension(about: readonly SqlValue[], found: SqlValue[][]): number {
    const name = JSON.stringify(about);
    let id = this.known.get(name);
    if (id === undefined) {
      id = hashOf(about);
      this.known.set(name, id);
      found.push([id, ...about]);
    }
    return id;
  }
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
  return Number.parseInt(createHash("sha256").update(JSON.stringify(values)).digest("hex").slice(0, 13), 16);
}

/** A list as its column has it. The order of tags says nothing, that of groups does. */
export function listOf(members: readonly string[]): string {
  return JSON.stringify(members);
}
