import { bytesOf, type Edit } from "./edit-bytes.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

const KEY = new TextEncoder().encode('"model"');

/** A part of the bytes: `from` is its first byte, `to` the one behind its last. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The edit that replaces the text of `model` in a JSON object. Nothing is parsed: the bytes must be valid JSON already.
 * Linear in their length.
 * @returns undefined where the object has no such text, or where readers may disagree on what it says: it has a field
 *   twice, or spells a name with escapes
 */
export function splicedModel(bytes: Uint8Array, model: string): Edit | undefined {
  const span = modelSpan(bytes);
  return span === undefined
    ? undefined
    : { from: span.from, to: span.to, bytes: bytesOf(JSON.stringify(model)) };
}

/** The position of the value of the outermost `model`, including quotes. */
function modelSpan(bytes: Uint8Array): Span | undefined {
  let depth = 0;
  let found: Span | undefined;
  let isName = false;
  const names: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case 0x7b: // {
        depth++;
        isName = depth === 1;
        break;
      case 0x5b: // [
        if (depth === 0) return undefined;
        depth++;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth--;
        break;
      case COMMA:
        if (depth === 1) isName = true;
        break;
      case QUOTE: {
        const to = stringEnd(bytes, at);
        if (to === undefined) return undefined;
        if (isName && depth === 1) {
          isName = false;
          const name = bytes.subarray(at, to);
          if (name.includes(BACKSLASH) || isIn(name, names)) return undefined;
          names.push(name);
          if (isSame(name, KEY)) {
            const span = stringAfter(bytes, to);
            if (span === undefined) return undefined;
            found = span;
            at = span.to - 1;
            break;
          }
        }
        at = to - 1;
        break;
      }
    }
  }
  return found;
}

/** More names than any request has: a longer list of them would take long to compare. */
const MAX_NAMES = 100;

function isIn(name: Uint8Array, names: readonly Uint8Array[]): boolean {
  return names.length >= MAX_NAMES || names.some((other) => isSame(name, other));
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The text behind the colon that follows a name; undefined for another type of value. */
function stringAfter(bytes: Uint8Array, from: number): Span | undefined {
  let at = skipSpace(bytes, from);
  if (bytes[at] !== COLON) return undefined;
  at = skipSpace(bytes, at + 1);
  if (bytes[at] !== QUOTE) return undefined;
  const to = stringEnd(bytes, at);
  return to === undefined ? undefined : { from: at, to };
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
  return at;
}

/** The index behind the closing quote of the string that begins at `from`. */
function stringEnd(bytes: Uint8Array, from: number): number | undefined {
  for (let at = bytes.indexOf(QUOTE, from + 1); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    let escapes = 0;
    while (bytes[at - 1 - escapes] === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at + 1;
  }
  return undefined;
}
