import { hash } from "node:crypto";
import type { AttemptRecord, CallRecord } from "../call-record.js";
import type { SqlValue } from "./database.js";

/** Combinations that are remembered, at most. */
const MAX_KNOWN = 50_000;

/** What sums and rows of the log are about. */
export interface Combination {
  /** A hash of what it is. */
  readonly id: number;
  /** The columns of `gateway_dimensions` but for the id. */
  readonly about: readonly SqlValue[];
}

/** Finds what attempts are about, and remembers what it has met. */
export class Dimensions {
  private readonly known = new Map<string, Combination>();
  private added: Combination[] = [];
  private lastCall: CallRecord | undefined;
  private lastAttempt: AttemptRecord | undefined;
  private last: Combination | undefined;

  /** What an attempt of a call, or a call without one, is about. */
  of(call: CallRecord, attempt: AttemptRecord | undefined): Combination {
    if (this.last !== undefined && call === this.lastCall && attempt === this.lastAttempt) return this.last;
    const name = nameOf(call, attempt);
    let combination = this.known.get(name);
    if (combination === undefined) {
      const about = aboutOf(call, attempt);
      combination = { id: hashOf(about), about };
      this.known.set(name, combination);
      this.added.push(combination);
    }
    this.lastCall = call;
    this.lastAttempt = attempt;
    this.last = combination;
    return combination;
  }

  /** Rows of the combinations that are new since the last time, in the order of their ids. */
  take(): SqlValue[][] {
    const rows = this.added.sort((a, b) => a.id - b.id).map(({ id, about }) => [id, ...about]);
    this.added = [];
    if (this.known.size > MAX_KNOWN) this.forget();
    return rows;
  }

  /** Forgets all combinations: the batch that introduced them was not written, or they are too many. */
  forget(): void {
    this.known.clear();
    this.added = [];
    this.last = undefined;
  }
}

/** A name of what an attempt is about. No text of a call has a character with the number 0. */
function nameOf(call: CallRecord, attempt: AttemptRecord | undefined): string {
  const { key, groups, user, tags, route, kind } = call;
  const who = `${key}\0${listOf(groups)}\0${user === undefined ? "" : `:${user}`}\0${listOf(tags)}`;
  if (attempt === undefined) return `${who}\0${route}\0${kind}`;
  return `${who}\0${route}\0${kind}\0${attempt.provider}\0${attempt.model}\0${attempt.rate ?? ""}`;
}

function aboutOf(call: CallRecord, attempt: AttemptRecord | undefined): SqlValue[] {
  return [
    ...[call.key, listOf(call.groups), call.user ?? null, listOf(call.tags), call.route, call.kind],
    ...[attempt?.provider ?? "", attempt?.model ?? "", attempt?.rate ?? ""],
  ];
}

/** 52 bits of a hash, which a number holds exactly. */
export function hashOf(values: readonly SqlValue[]): number {
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
