import { hash } from "node:crypto";
import { CELL, type PackedCalls } from "../packed-calls.js";
import type { SqlValue } from "./database.js";

/** Computes an id of 52 bits, which a number holds exactly. */
export type Hash = (text: string) => number;

/**
 * Makes the hash of a store.
 * @param salt random and secret. Clients name users and tags: without it, one could search for a tag whose id is that of
 *   what another key uses, and its usage would count for that key
 */
export function hashWith(salt: string): Hash {
  return (text) => Number.parseInt(hash("sha256", `${salt} ${text}`, "hex").slice(0, 13), 16);
}

/** Combinations that are remembered, at most. */
const MAX_KNOWN = 50_000;

/** What many rows of the log have in common: a row of `gateway_dimensions` or of `gateway_forms`. */
export interface Combination {
  /** A hash of the values. */
  readonly id: number;
  /** The columns but for the id. */
  readonly values: readonly SqlValue[];
}

/** Cells that combinations consist of. */
interface Cells {
  /** Those with indices of texts: the first one, and the one behind the last. */
  readonly texts: readonly [from: number, to: number];
  /** Those with numbers. */
  readonly numbers: readonly [from: number, to: number];
  /** Those whose column has an empty text in place of none. */
  readonly empty: readonly number[];
}

/** The cells of `gateway_dimensions`: what sums, and rows of the log, are about. */
export const ABOUT: Cells = {
  texts: [CELL.key, CELL.rate + 1],
  numbers: [0, 0],
  empty: [CELL.provider, CELL.attemptModel, CELL.rate],
};

/** The cells of `gateway_forms`. */
export const FORM: Cells = {
  texts: [CELL.mode, CELL.attemptDialect + 1],
  numbers: [CELL.attemptStatus, CELL.estimated + 1],
  empty: [],
};

/** Finds the combinations of rows, and remembers those that it has met. */
export class Combinations {
  private readonly known = new Map<string, Combination>();
  private added: Combination[] = [];
  private calls: PackedCalls | undefined;
  /** Those of the current batch, by the indices and numbers of their cells. */
  private readonly current = new Map<string, Combination>();
  /** That of the row before, and where this begins. */
  private last: Combination | undefined;
  private lastAt = 0;

  constructor(
    private readonly cells: Cells,
    private readonly hash: Hash,
  ) {}

  /** The combination of a row. @param at where the row begins */
  of(calls: PackedCalls, at: number): Combination {
    if (calls !== this.calls) {
      this.calls = calls;
      this.current.clear();
      this.last = undefined;
    }
    if (this.last === undefined || !this.isSame(calls.cells, at)) this.last = this.find(calls, at);
    this.lastAt = at;
    return this.last;
  }

  /** The combination of a row as if its call had no attempt. */
  ofNone(calls: PackedCalls, at: number): Combination {
    const { cells } = calls;
    const attempt = cells.slice(at + CELL.provider, at + CELL.rate + 1);
    cells.fill(0, at + CELL.provider, at + CELL.rate + 1);
    this.last = undefined;
    const none = this.of(calls, at);
    cells.set(attempt, at + CELL.provider);
    this.last = undefined;
    return none;
  }

  /** Those that are new since the last time, in the order of their ids. */
  take(): readonly Combination[] {
    const added = this.added.sort((a, b) => a.id - b.id);
    this.added = [];
    if (this.known.size > MAX_KNOWN) this.forget();
    return added;
  }

  /** Forgets all: the batch that introduced them was not written, or they are too many. */
  forget(): void {
    this.known.clear();
    this.added = [];
    this.calls = undefined;
  }

  /** Whether a row has the cells of the row before. */
  private isSame(cells: Float64Array, at: number): boolean {
    const { texts, numbers } = this.cells;
    const before = this.lastAt - at;
    for (let i = at + texts[0]; i < at + texts[1]; i++) if (cells[i] !== cells[i + before]) return false;
    for (let i = at + numbers[0]; i < at + numbers[1]; i++)
      if (!Object.is(cells[i], cells[i + before])) return false;
    return true;
  }

  private find(calls: PackedCalls, at: number): Combination {
    const { texts, numbers } = this.cells;
    const place = `${calls.cells.subarray(at + texts[0], at + texts[1])} ${calls.cells.subarray(at + numbers[0], at + numbers[1])}`;
    let found = this.current.get(place);
    if (found === undefined) {
      found = this.combination(this.valuesOf(calls, at));
      this.current.set(place, found);
    }
    return found;
  }

  /** The combination of some values; a new one has a row. */
  private combination(values: readonly SqlValue[]): Combination {
    const name = JSON.stringify(values);
    let combination = this.known.get(name);
    if (combination === undefined) {
      combination = { id: this.hash(name), values };
      this.known.set(name, combination);
      this.added.push(combination);
    }
    return combination;
  }

  private valuesOf({ cells, texts }: PackedCalls, at: number): SqlValue[] {
    const values: SqlValue[] = [];
    for (let cell = this.cells.texts[0]; cell < this.cells.texts[1]; cell++) {
      const index = cells[at + cell] ?? 0;
      const none = this.cells.empty.includes(cell) ? "" : null;
      values.push(index === 0 ? none : (texts[index] ?? none));
    }
    for (let cell = this.cells.numbers[0]; cell < this.cells.numbers[1]; cell++)
      values.push(numberOr(cells[at + cell], null));
    return values;
  }
}

/** A number of a cell; something else for none. */
export function numberOr<T>(cell: number | undefined, none: T): number | T {
  return cell === undefined || Number.isNaN(cell) ? none : cell;
}
