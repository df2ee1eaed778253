import type { TextFrames } from "../../../core/contract/dialect.js";
import { isObject, type JsonObject, tryParse } from "../../../core/values/json.js";

/** Marks the place of a text during learning. No vendor sends it; a frame with it is never learned from. */
const PROBE = "\u2063place\u2063";

/** Characters that a JSON string cannot hold unescaped. */
const SPECIAL = /["\\\p{Cc}]/u;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The most templates that are learned in a stream without repetition. */
const FIRST_BUDGET = 3;

/** Frames that must fit before more templates are learned. */
const HITS_PER_TEMPLATE = 16;

/** From this length on, a substring keeps the whole string in memory (V8's sliced strings). */
const SLICED_LENGTH = 13;

/** How a template reads a parsed frame. */
export interface DeltaShape {
  /** The key whose string is the delta's text; also the last key of its path. */
  readonly key: string;
  /** The text, if the value is a delta in which nothing else matters; else undefined. */
  decode(value: unknown): string | undefined;
  /** A top-level key with padding that is different in each frame. */
  readonly padding?: string;
  /** A top-level key, after the text, with an object whose counts are different in each frame. */
  readonly counts?: string;
}

/** Replaces {@link DeltaShape.counts} during learning. */
const COUNTS_PROBE = `{"${PROBE}":1}`;

/**
 * Reads frames of a stream that differ only in their text, without parsing them.
 *
 * Most frames of a stream are the same JSON with another string in one place. `JSON.parse` and its garbage cost more
 * than all other work on such a frame (`npm run bench`). So a parsed frame that is a plain delta becomes a template,
 * cut at the place of its text, and later frames with the same beginning and end are read by comparison. The result is
 * that of the parser: the place is found by parsing the frame again with a probe in it, and a text with a quote, an
 * escape or a control character is left to the parser. So are the counts, where they differ from those of the frame
 * before. Any other frame does not fit and is parsed.
 */
export class DeltaTemplate implements TextFrames {
  head = "";
  tail = "";
  /** The text after the padding or the counts, if frames have one; `tail` is then the text before it. */
  private end: string | undefined;
  /** The counts of the last frame that fitted, as text and parsed; undefined if frames have none. */
  private countsText = "";
  private lastCounts: JsonObject | undefined;
  private budget = FIRST_BUDGET;
  private hits = 0;

  constructor(private readonly shape: DeltaShape) {}

  /** The object of {@link DeltaShape.counts} in the last frame that fitted; undefined if frames have none. */
  get counts(): JsonObject | undefined {
    return this.lastCounts;
  }

  /** This template, if the frames that fit it differ in their text alone. */
  get textFrames(): TextFrames | undefined {
    return this.head === "" || this.end !== undefined ? undefined : this;
  }

  /** The text of a frame that fits the template; undefined if it does not. */
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
      if (to === -1 || !this.endsAlike(data, to)) return undefined;
    }
    return this.read(data.slice(from, to));
  }

  /** @see TextFrames.read */
  read(raw: string): string | undefined {
    // If the quote at its end is escaped (`\\"`), or it contains a quote, this is not a JSON string.
    const text = isPlain(raw) ? raw : tryParse(`"${raw}"`);
    if (typeof text !== "string") return undefined;
    this.hits++;
    return text;
  }

  /**
   * Makes a template of a parsed frame that did not fit, if it is a plain delta.
   * @returns whether there is a new template; if not, the one before may still be in use.
   */
  learn(data: string, value: unknown): boolean {
    if (this.hits >= HITS_PER_TEMPLATE) this.budget = FIRST_BUDGET;
    if (this.budget === 0) return false;
    const { shape } = this;
    const text = shape.decode(value);
    if (text === undefined || text === "" || SPECIAL.test(text) || data.includes(PROBE)) return false;
    this.budget--;
    this.hits = 0;
    this.head = "";
    const from = placeOf(data, shape.key);
    if (from === -1 || !data.startsWith(`${text}"`, from)) return false;
    const head = data.slice(0, from);
    const tail = data.slice(from + text.length);
    if (shape.decode(tryParse(head + PROBE + tail)) !== PROBE) return false;
    this.lastCounts = undefined;
    const counted = isObject(value) && shape.counts !== undefined && value[shape.counts] !== undefined;
    if (counted) {
      if (!this.learnCounts(head + text, tail, shape.counts)) return false;
    } else if (shape.padding === undefined || !this.learnPadding(head + text, tail, shape.padding)) {
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

  private learnCounts(before: string, tail: string, key: string): boolean {
    const from = objectPlaceOf(tail, key);
    const to = from === -1 ? -1 : objectEnd(tail, from);
    if (to === -1) return false;
    const start = tail.slice(0, from);
    const end = tail.slice(to);
    const counts = tryParse(tail.slice(from, to));
    const probed = tryParse(before + start + COUNTS_PROBE + end);
    const probe = isObject(probed) ? probed[key] : undefined;
    if (!isObject(counts) || !isObject(probe) || probe[PROBE] !== 1) return false;
    this.tail = flat(start);
    this.end = flat(end);
    this.countsText = flat(tail.slice(from, to));
    this.lastCounts = counts;
    return true;
  }

  /** Whether a frame ends as the template does, from the end of its text. */
  private endsAlike(data: string, at: number): boolean {
    const { tail, end } = this;
    if (end === undefined) return false;
    const from = at + tail.length;
    const to = data.length - end.length;
    if (to < from || data.slice(at, from) !== tail || data.slice(to) !== end) return false;
    const varied = data.slice(from, to);
    return this.lastCounts === undefined ? !SPECIAL.test(varied) : this.takesCounts(varied);
  }

  /** Keeps the counts of a frame; false for a text that is not an object. */
  private takesCounts(text: string): boolean {
    if (text === this.countsText) return true;
    const counts = tryParse(text);
    if (!isObject(counts)) return false;
    this.countsText = text;
    this.lastCounts = counts;
    return true;
  }
}

/** Whether a text is short, so that it is not a view of a longer one, and has no special character. */
function isPlain(text: string): boolean {
  if (text.length >= SLICED_LENGTH) return false;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 || unit === QUOTE || unit === BACKSLASH || (unit >= 0x7f && unit < 0xa0)) return false;
  }
  return true;
}

/**
 * A copy of a string that is not a view of a larger one: V8 compares it, with a slice of the same length, by machine
 * words. `startsWith` and views compare character by character, at five times the cost.
 */
function flat(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

/** The start of the string of a key; -1 if there is none or more than one. */
function placeOf(data: string, key: string): number {
  const at = valuePlaceOf(data, key);
  return data[at] === '"' ? at + 1 : -1;
}

/** The start of the object of a key; -1 if there is none or more than one. */
function objectPlaceOf(data: string, key: string): number {
  const at = valuePlaceOf(data, key);
  return data[at] === "{" ? at : -1;
}

/** The start of the value of a key; -1 if there is none or more than one. */
function valuePlaceOf(data: string, key: string): number {
  const name = `"${key}":`;
  const at = data.indexOf(name);
  if (at === -1 || data.indexOf(name, at + 1) !== -1) return -1;
  const after = at + name.length;
  return data[after] === " " ? after + 1 : after;
}

/**
 * The end of an object whose strings contain no braces. For other objects it is a wrong place or -1, and the parser
 * then rejects the text.
 */
function objectEnd(data: string, from: number): number {
  let depth = 0;
  for (let at = from; at < data.length; at++) {
    if (data[at] === "{") depth++;
    else if (data[at] === "}" && --depth === 0) return at + 1;
  }
  return -1;
}
