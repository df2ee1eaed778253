import { isObject, tryParse } from "../../../core/values/json.js";

/** Stands in a place while it is looked for; no vendor sends it, and where one did, nothing would be learned. */
const PROBE = "\u2063place\u2063";

/** What cannot stand in a JSON string as it is. */
const SPECIAL = /["\\\p{Cc}]/u;

/** Templates that may be learned in a stream which never repeats itself. */
const FIRST_BUDGET = 3;

/** Frames that must fit before another template may be learned. */
const HITS_PER_TEMPLATE = 16;

/** From this length on a piece of a string keeps the whole string in memory (V8's sliced strings). */
const SLICED_LENGTH = 13;

/** How a template reads a frame that was parsed. */
export interface DeltaShape {
  /** The key whose string is the delta's text; also the last key of its path. */
  readonly key: string;
  /** The text, where the value is such a delta and everything else in it changes nothing; else undefined. */
  read(value: unknown): string | undefined;
  /** A top-level key with padding that is different in each frame. */
  readonly padding?: string;
}

/**
 * Reads the frames of a stream that differ in their text alone, without parsing them.
 *
 * Most frames of a stream are one JSON text with another string in one place; `JSON.parse` and the garbage that it
 * leaves cost more than all else that is done with them. So a frame which was parsed and turned out to be a plain
 * delta is cut at that place, and later frames which begin and end like it are read by comparison. What this gives
 * is what the parser would give: the place was found by parsing the frame again with a probe in it, and a text that
 * holds a quote, an escape or a control character is left to the parser. A frame that is different in any other way
 * does not fit and is parsed as before.
 */
export class DeltaTemplate {
  private head = "";
  private tail = "";
  /** What follows the padding, where there is some; `tail` is what is before it. */
  private end: string | undefined;
  private budget = FIRST_BUDGET;
  private hits = 0;

  constructor(private readonly shape: DeltaShape) {}

  /** The text of a frame that fits the template; undefined where it does not. */
  text(data: string): string | undefined {
    const { head } = this;
    if (head === "" || data.slice(0, head.length) !== head) return undefined;
    const from = head.length;
    let to: number;
    if (this.end === undefined) {
      to = data.length - this.tail.length;
      if (to < from || data.slice(to) !== this.tail) return undefined;
    } else {
      to = data.indexOf('"', from);
      if (to === -1 || !this.endsPadded(data, to)) return undefined;
    }
    const raw = data.slice(from, to);
    const special = SPECIAL.test(raw);
    // Where the quote that ended it is one of its own (`\\"`), or it has others, this is no JSON string either.
    const text = special || raw.length >= SLICED_LENGTH ? tryParse(`"${raw}"`) : raw;
    if (typeof text !== "string") return undefined;
    this.hits++;
    return text;
  }

  /**
   * A frame that did not fit was parsed: takes it for the template, if it is a plain delta.
   * @returns whether it did; where not, the template that was there before may still be.
   */
  learn(data: string, value: unknown): boolean {
    if (this.hits >= HITS_PER_TEMPLATE) this.budget = FIRST_BUDGET;
    if (this.budget === 0) return false;
    const { shape } = this;
    const text = shape.read(value);
    if (text === undefined || text === "" || SPECIAL.test(text) || data.includes(PROBE)) return false;
    this.budget--;
    this.hits = 0;
    this.head = "";
    const from = placeOf(data, shape.key);
    if (from === -1 || !data.startsWith(`${text}"`, from)) return false;
    const head = data.slice(0, from);
    const tail = data.slice(from + text.length);
    if (shape.read(tryParse(head + PROBE + tail)) !== PROBE) return false;
    if (shape.padding === undefined || !this.learnPadding(head + text, tail, shape.padding)) {
      this.tail = flat(tail);
      this.end = undefined;
    }
    this.head = flat(head);
    return true;
  }

  private learnPadding(before: string, tail: string, key: string): boolean {
    const from = placeOf(tail, key);
    const to = from === -1 ? -1 : tail.indexOf('"', from);
    if (to === -1) return false;
    const start = tail.slice(0, from);
    const end = tail.slice(to);
    const probed = tryParse(before + start + PROBE + end);
    if (!isObject(probed) || probed[key] !== PROBE) return false;
    this.tail = flat(start);
    this.end = flat(end);
    return true;
  }

  private endsPadded(data: string, at: number): boolean {
    const { tail, end } = this;
    if (end === undefined) return false;
    const from = at + tail.length;
    const to = data.length - end.length;
    if (to < from || data.slice(at, from) !== tail || data.slice(to) !== end) return false;
    return !SPECIAL.test(data.slice(from, to));
  }
}

/**
 * A string with characters of its own, not a view of a larger one: V8 compares it, with a slice of the same length,
 * by words. `startsWith` and views go character by character, at five times the cost.
 */
function flat(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

/** Where the string of a key begins that stands there once; -1 where there is none or more than one. */
function placeOf(data: string, key: string): number {
  const name = `"${key}":`;
  const at = data.indexOf(name);
  if (at === -1 || data.indexOf(name, at + 1) !== -1) return -1;
  const after = at + name.length;
  const quote = data[after] === " " ? after + 1 : after;
  return data[quote] === '"' ? quote + 1 : -1;
}
