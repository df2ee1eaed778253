/** A text without escapes, and where each of its characters is in the original. */
export interface UnescapedText {
  readonly text: string;
  /** Position of each character in the original, and the length of the original at the end. */
  readonly at: Int32Array;
}

const LINE_FEED = 10;
const RETURN = 13;
const PERCENT = 37;
const AMPERSAND = 38;
const BACKSLASH = 92;
const LETTER_U = 117;

const ESCAPES = /[\\%&\r\n]/;

/** Whether {@link unescapeText} looks at a character and at what follows it. */
export function beginsEscape(code: number): boolean {
  return (
    code <= BACKSLASH &&
    (code === BACKSLASH || code === PERCENT || code === AMPERSAND || code === LINE_FEED || code === RETURN)
  );
}

/** Single characters after a backslash in JSON. */
const JSON_ESCAPES = new Map(
  Object.entries({
    '"': '"',
    "'": "'",
    "\\": "\\",
    "/": "/",
    b: "\b",
    f: "\f",
    n: "\n",
    r: "\r",
    t: "\t",
  }).map(([name, value]) => [name.charCodeAt(0), value.charCodeAt(0)]),
);

const ENTITIES: Readonly<Record<string, number>> = { amp: 38, lt: 60, gt: 62, quot: 34, apos: 39 };
/** The longest entity that is read: `&#x0027;`. */
const ENTITY_LENGTH = 8;

/**
 * Undoes one level of escaping: JSON strings (`\u0041`, `\/`), percent-encoding of ASCII, and entities of HTML. Line
 * ends are left out, since a long text may have been broken into lines. Linear in time.
 * @returns undefined for a text without anything to undo.
 */
export function unescapeText(text: string): UnescapedText | undefined {
  if (!ESCAPES.test(text)) return undefined;
  const units = new Uint16Array(text.length);
  const at = new Int32Array(text.length + 1);
  let length = 0;
  let changed = false;
  for (let i = 0; i < text.length; ) {
    const code = text.charCodeAt(i);
    const [unit, width] = escapeAt(text, i, code);
    if (width > 1 || unit === LINE_FEED || unit === RETURN) changed = true;
    if (unit !== LINE_FEED && unit !== RETURN) {
      units[length] = unit;
      at[length] = i;
      length++;
    }
    i += width;
  }
  if (!changed) return undefined;
  at[length] = text.length;
  // Lone surrogates become a replacement character, one for one.
  const decoded = new TextDecoder("utf-16le", { ignoreBOM: true }).decode(units.subarray(0, length));
  return { text: decoded, at };
}

const pair: [unit: number, width: number] = [0, 1];

/** The character that an escape represents, and the length of the escape. The result is reused by the next call. */
function escapeAt(text: string, i: number, code: number): readonly [unit: number, width: number] {
  pair[0] = code;
  pair[1] = 1;
  if (code === BACKSLASH) {
    const next = text.charCodeAt(i + 1);
    if (next === LETTER_U) setHex(text, i, 2, 4, 0xffff);
    else {
      const plain = JSON_ESCAPES.get(next);
      if (plain !== undefined) set(plain, 2);
    }
  } else if (code === PERCENT) setHex(text, i, 1, 2, 0x7f);
  else if (code === AMPERSAND) setEntity(text, i);
  return pair;
}

function set(unit: number, width: number): void {
  pair[0] = unit;
  pair[1] = width;
}

function setHex(text: string, i: number, from: number, digits: number, most: number): void {
  const hex = text.slice(i + from, i + from + digits);
  if (hex.length !== digits || !/^[0-9a-f]+$/i.test(hex)) return;
  const unit = Number.parseInt(hex, 16);
  if (unit <= most) set(unit, from + digits);
}

function setEntity(text: string, i: number): void {
  const end = text.slice(i, i + ENTITY_LENGTH).indexOf(";");
  if (end < 2) return;
  const name = text.slice(i + 1, i + end);
  const [, hex, decimal] = /^#(?:x([0-9a-f]{1,5})|([0-9]{1,5}))$/i.exec(name) ?? [];
  const unit =
    hex !== undefined
      ? Number.parseInt(hex, 16)
      : decimal !== undefined
        ? Number(decimal)
        : Object.hasOwn(ENTITIES, name)
          ? ENTITIES[name]
          : undefined;
  if (unit !== undefined && unit <= 0xffff) set(unit, end + 1);
}
