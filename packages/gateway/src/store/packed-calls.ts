import type { AttemptRecord, CallRecord } from "./call-record.js";

/**
 * The cells of a row: one row for each attempt of a call, and one for a call without an attempt. Those of `key` to `rate`
 * and of `mode` to `estimated` stand in the order of the columns of `gateway_dimensions` and `gateway_forms`.
 */
export const CELL = {
  endedAt: 0,
  startedAt: 1,
  /** The second half of the id. */
  serial: 2,
  /** The number of the attempt in its call; 0 for a call without one. */
  n: 3,
  firstContentMs: 4,
  /** From here on indices of texts. */
  session: 5,
  key: 6,
  groups: 7,
  user: 8,
  tags: 9,
  route: 10,
  kind: 11,
  provider: 12,
  attemptModel: 13,
  rate: 14,
  mode: 15,
  dialect: 16,
  model: 17,
  status: 18,
  code: 19,
  outcome: 20,
  attemptCode: 21,
  attemptDialect: 22,
  others: 23,
  /** From here on numbers. */
  attemptStatus: 24,
  estimated: 25,
  afterMs: 26,
  attemptMs: 27,
  attemptFirstContentMs: 28,
  input: 29,
  output: 30,
  cached: 31,
  cacheWrite: 32,
  reasoning: 33,
  billed: 34,
} as const;

/** Cells of a row. */
export const WIDTH = 35;

/**
 * Finished calls as numbers, for a thread that writes them: nothing is to be parsed there, and no object is made for a
 * call. The rows of a call stand one behind another.
 */
export interface PackedCalls {
  /** {@link WIDTH} for each row. NaN is no number. */
  readonly cells: Float64Array<ArrayBuffer>;
  /** What indices refer to. Index 0 is no text; lists are JSON. */
  readonly texts: readonly string[];
}

/** The index of the text of an empty list. */
const EMPTY_LIST = 1;

/** Rows that a packer begins with room for. */
const FIRST_ROWS = 64;

/** Packs calls as they come: what waits is outside of the heap, where the garbage collector has nothing to move. */
export class CallPacker {
  private cells = new Float64Array(FIRST_ROWS * WIDTH);
  private texts = new Texts();
  /** Where the next row begins. */
  private end = 0;

  add(call: CallRecord): void {
    const first = this.end;
    for (let n = 0; n === 0 || n < call.attempts.length; n++) {
      if (this.end === this.cells.length) this.grow();
      const { cells, end, texts } = this;
      if (n === 0) writeCall(cells, end, call, texts);
      else cells.copyWithin(end, first, first + WIDTH);
      cells[end + CELL.n] = n;
      writeAttempt(cells, end, call, call.attempts[n], texts);
      this.end += WIDTH;
    }
  }

  /** Bytes of the texts that were added since the last time. */
  get textBytes(): number {
    return 2 * this.texts.characters;
  }

  /** What was added since the last time. */
  take(): PackedCalls {
    const packed = { cells: this.cells.slice(0, this.end), texts: this.texts.all };
    this.texts = new Texts();
    this.end = 0;
    return packed;
  }

  private grow(): void {
    const cells = new Float64Array(2 * this.cells.length);
    cells.set(this.cells);
    this.cells = cells;
  }
}

/** Where the rows of a call end. @param from where they begin */
export function endOfCall({ cells }: PackedCalls, from: number): number {
  let to = from + WIDTH;
  while (to < cells.length && (cells[to + CELL.n] ?? 0) > 0) to += WIDTH;
  return to;
}

/** Two halves of some calls. @param count the calls in the first half */
export function splitCalls(calls: PackedCalls, count: number): readonly [PackedCalls, PackedCalls] {
  let at = 0;
  for (let i = 0; i < count; i++) at = endOfCall(calls, at);
  const { cells, texts } = calls;
  return [
    { cells: cells.slice(0, at), texts },
    { cells: cells.slice(at), texts },
  ];
}

function writeCall(cells: Float64Array, at: number, call: CallRecord, texts: Texts): void {
  cells[at + CELL.endedAt] = call.endedAt;
  cells[at + CELL.startedAt] = call.startedAt;
  cells[at + CELL.serial] = serialOf(call.id);
  cells[at + CELL.firstContentMs] = call.firstContentMs ?? Number.NaN;
  cells[at + CELL.session] = texts.of(CELL.session, call.session);
  cells[at + CELL.key] = texts.of(CELL.key, call.key);
  cells[at + CELL.groups] = texts.ofList(call.groups);
  cells[at + CELL.user] = texts.of(CELL.user, call.user);
  cells[at + CELL.tags] = texts.ofList(call.tags);
  cells[at + CELL.route] = texts.of(CELL.route, call.route);
  cells[at + CELL.kind] = texts.of(CELL.kind, call.kind);
  cells[at + CELL.mode] = texts.of(CELL.mode, call.mode);
  cells[at + CELL.dialect] = texts.of(CELL.dialect, call.dialect);
  cells[at + CELL.model] = texts.of(CELL.model, call.model);
  cells[at + CELL.status] = texts.of(CELL.status, call.status);
  cells[at + CELL.code] = texts.of(CELL.code, call.code);
}

/** Writes an attempt; for a call without one, that there is none. */
function writeAttempt(
  cells: Float64Array,
  at: number,
  { startedAt }: CallRecord,
  attempt: AttemptRecord | undefined,
  texts: Texts,
): void {
  if (attempt === undefined) {
    cells.fill(0, at + CELL.provider, at + CELL.rate + 1);
    cells.fill(0, at + CELL.outcome, at + CELL.others + 1);
    cells.fill(Number.NaN, at + CELL.attemptStatus, at + WIDTH);
    return;
  }
  cells[at + CELL.provider] = texts.of(CELL.provider, attempt.provider);
  cells[at + CELL.attemptModel] = texts.of(CELL.attemptModel, attempt.model);
  cells[at + CELL.rate] = texts.of(CELL.rate, attempt.rate);
  cells[at + CELL.outcome] = texts.of(CELL.outcome, attempt.outcome);
  cells[at + CELL.attemptCode] = texts.of(CELL.attemptCode, attempt.code);
  cells[at + CELL.attemptDialect] = texts.of(CELL.attemptDialect, attempt.dialect);
  cells[at + CELL.attemptStatus] = attempt.status ?? Number.NaN;
  cells[at + CELL.estimated] = attempt.estimated ? 1 : 0;
  cells[at + CELL.afterMs] = attempt.startedAt - startedAt;
  cells[at + CELL.attemptMs] = attempt.endedAt - attempt.startedAt;
  cells[at + CELL.attemptFirstContentMs] = attempt.firstContentMs ?? Number.NaN;
  const { meters } = attempt;
  const others = meters?.others;
  cells[at + CELL.others] = others === undefined ? 0 : texts.of(CELL.others, JSON.stringify(others));
  cells[at + CELL.input] = meters?.input ?? Number.NaN;
  cells[at + CELL.output] = meters?.output ?? Number.NaN;
  cells[at + CELL.cached] = meters?.cached ?? Number.NaN;
  cells[at + CELL.cacheWrite] = meters?.cacheWrite ?? Number.NaN;
  cells[at + CELL.reasoning] = meters?.reasoning ?? Number.NaN;
  cells[at + CELL.billed] = attempt.billed ?? Number.NaN;
}

/** The texts of a batch, each once. */
class Texts {
  readonly all: string[] = ["", "[]"];
  /** Of all texts. */
  characters = 0;
  private readonly indices = new Map<string, number>([["[]", EMPTY_LIST]]);
  /** The latest text of each cell, and its index: most calls have that of the call before. */
  private readonly latest: (string | undefined)[] = new Array(WIDTH).fill(undefined);
  private readonly latestIndices: number[] = new Array(WIDTH).fill(0);
  private readonly lists = new Map<readonly string[], number>();

  of(cell: number, text: string | undefined): number {
    if (text === undefined) return 0;
    if (text === this.latest[cell]) return this.latestIndices[cell] ?? 0;
    const index = this.find(text);
    this.latest[cell] = text;
    this.latestIndices[cell] = index;
    return index;
  }

  ofList(list: readonly string[]): number {
    if (list.length === 0) return EMPTY_LIST;
    let index = this.lists.get(list);
    if (index === undefined) {
      index = this.find(JSON.stringify(list));
      this.lists.set(list, index);
    }
    return index;
  }

  private find(text: string): number {
    let index = this.indices.get(text);
    if (index === undefined) {
      index = this.all.push(text) - 1;
      this.characters += text.length;
      this.indices.set(text, index);
    }
    return index;
  }
}

/** The first character of the second half of a call's id, behind `call_` and twelve digits. */
const SERIAL_AT = 17;
const ID_LENGTH = 29;

/**
 * The second half of the id of a call. The first one is the time at which it began. Digit by digit, since `parseInt`
 * takes a large part of the time that packing a call does.
 */
function serialOf(id: string): number {
  let serial = 0;
  for (let i = SERIAL_AT; i < ID_LENGTH; i++) {
    const code = id.charCodeAt(i);
    serial = serial * 16 + (code < A ? code - ZERO : code - A + 10);
  }
  return serial;
}

const ZERO = "0".charCodeAt(0);
const A = "a".charCodeAt(0);

/** The id of a call with both halves. */
export function callIdOf(startedAt: number, serial: number): string {
  return `call_${startedAt.toString(16).padStart(12, "0")}${serial.toString(16).padStart(12, "0")}`;
}

/** The halves of the id of a call; undefined for a text that is none. */
export function halvesOf(id: string): { readonly startedAt: number; readonly serial: number } | undefined {
  return /^call_[0-9a-f]{24}$/.test(id)
    ? { startedAt: Number.parseInt(id.slice(5, SERIAL_AT), 16), serial: serialOf(id) }
    : undefined;
}
