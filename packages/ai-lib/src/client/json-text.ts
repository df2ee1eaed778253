import { tryParse } from "../core/values/json.js";
import { PartialJson } from "../core/values/partial-json.js";

/** Starts of JSON in a text that are tried and lead to none: each may be read to the end of the text. */
const MAX_MISSES = 16;

/** Values that are compared with a schema at most. */
const MAX_VALUES = 8;

const FENCE = "```";

/**
 * The JSON values of an answer. Models put JSON into fences and write around it. Where the whole text is JSON, that is the
 * one value; else the objects and lists in the text, the longest first, eight at most.
 */
export function jsonValuesIn(text: string): unknown[] {
  const trimmed = text.trim();
  const whole = tryParse(trimmed);
  if (whole !== undefined) return [whole];
  const fenced = fencedScalar(trimmed);
  const found = fenced === undefined ? [] : [{ value: fenced, length: 0 }];
  let misses = 0;
  for (let at = nextStart(text, 0); at >= 0 && misses < MAX_MISSES; ) {
    const json = new PartialJson();
    const length = json.push(at === 0 ? text : text.slice(at));
    const value = json.complete ? tryParse(text.slice(at, at + length)) : undefined;
    if (value === undefined) misses++;
    else found.push({ value, length });
    at = nextStart(text, value === undefined ? at + 1 : at + length);
  }
  return found
    .sort((a, b) => b.length - a.length)
    .slice(0, MAX_VALUES)
    .map(({ value }) => value);
}

/** Where the next object or list begins; -1 where none does. */
function nextStart(text: string, from: number): number {
  const object = text.indexOf("{", from);
  const list = text.indexOf("[", from);
  return object < 0 ? list : list < 0 ? object : Math.min(object, list);
}

/** A text, a number or a word alone in a fence. Without patterns: they would take a hostile answer's blanks to a power. */
function fencedScalar(trimmed: string): unknown {
  if (!trimmed.startsWith(FENCE) || !trimmed.endsWith(FENCE) || trimmed.length < 2 * FENCE.length)
    return undefined;
  const inner = trimmed.slice(FENCE.length, -FENCE.length);
  const value = tryParse(inner.slice(0, 4).toLowerCase() === "json" ? inner.slice(4) : inner);
  // Objects and lists are found by their first character.
  return typeof value === "object" && value !== null ? undefined : value;
}

/** Reads the JSON of an answer as it comes, each character once, without the text around it. */
export class JsonReader {
  /** Characters of JSON so far. */
  length = 0;
  private json: PartialJson | undefined;
  /** Text other than blanks has come. */
  private begun = false;

  push(text: string): void {
    let rest = text;
    while (rest !== "") {
      if (this.json === undefined) {
        const at = this.startIn(rest);
        if (at < 0) return;
        this.json = new PartialJson();
        rest = rest.slice(at);
      }
      const { json } = this;
      if (json.complete) return;
      const read = json.push(rest);
      this.length += read;
      if (!json.malformed) return;
      // That was no JSON; the value may begin later.
      this.json = undefined;
      rest = rest.slice(read);
    }
  }

  /** The value so far; undefined where none has begun. */
  snapshot(): unknown {
    return this.json?.snapshot();
  }

  /** @see PartialJson.items */
  items(key?: string): readonly unknown[] | undefined {
    return this.json?.items(key);
  }

  /** Where JSON begins: with any value at the start of the text, later with an object or a list. */
  private startIn(text: string): number {
    if (!this.begun) {
      const start = text.length - text.trimStart().length;
      if (start === text.length) return -1;
      this.begun = true;
      if (/["\-0-9tfn]/.test(text[start] ?? "")) return start;
    }
    return nextStart(text, 0);
  }
}
