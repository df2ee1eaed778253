import { MAX_DEPTH } from "./json.js";

type Holder = unknown[] | Record<string, unknown>;

/** An object or a list that has not ended, and the key that its next value belongs to. */
interface Open {
  readonly holder: Holder;
  key: string;
}

/** What may come next outside of a token. */
type Expected = "value" | "value-or-end" | "key" | "key-or-end" | "colon" | "comma-or-end" | "nothing";

const LITERALS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["false", false],
  ["null", null],
]);

const LONGEST_WORD = 5;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

const SPACE = /[ \t\n\r]/;
/** The start of a number that is a number itself: of `-12.` that is `-12`. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/;
const WHOLE_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** Where the plain characters of a string end. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has no control characters in strings
const STRING_STOP = /["\\\0-\x1f]/g;

/**
 * Reads JSON that comes in pieces, each character once. The value so far can be taken after any piece: strings and
 * numbers as far as they have arrived, without keys whose value has not begun. JSON of more than 256 levels is
 * malformed.
 *
 * @example
 * const json = new PartialJson();
 * json.push('{"a":[1,"be');
 * json.snapshot(); // { a: [1, "be"] }
 */
export class PartialJson {
  private root: unknown;
  private readonly open: Open[] = [];
  private expected: Expected = "value";
  /** The token that has begun: a string, a key, a number or a word; undefined between tokens. */
  private token: "string" | "key" | "plain" | undefined;
  private text = "";
  /** An escape that has begun: `\`, or `\u` and some digits. */
  private escape = "";
  private broken = false;

  /** Whether the text is not JSON; {@link snapshot} still has the value before the mistake. */
  get malformed(): boolean {
    return this.broken;
  }

  /** Whether the value has ended. What follows it is not read. */
  get complete(): boolean {
    return this.expected === "nothing" && this.token === undefined;
  }

  /** Reads the next piece, split anywhere. @returns how many of its characters it read: fewer after the end or a mistake */
  push(piece: string): number {
    let at = 0;
    while (at < piece.length && !this.broken && !this.complete)
      at = this.token === undefined ? this.between(piece, at) : this.within(piece, at);
    return at;
  }

  /**
   * The items that have ended of the outermost list or, with a key, of the list under that key of the outermost object;
   * undefined where there is no such list. The list grows with later pieces; do not change it.
   */
  items(key?: string): readonly unknown[] | undefined {
    const outer = this.open[0];
    const root: unknown = outer?.holder ?? this.root;
    if (key === undefined) return Array.isArray(root) ? root : undefined;
    if (typeof root !== "object" || root === null || Array.isArray(root)) return undefined;
    const list: unknown = outer?.key === key && this.open[1] !== undefined ? this.open[1].holder : undefined;
    if (Array.isArray(list)) return list;
    const ended = Object.hasOwn(root, key) ? (root as Record<string, unknown>)[key] : undefined;
    return Array.isArray(ended) ? ended : undefined;
  }

  /**
   * The value so far; undefined before it has begun. Objects and lists that have not ended are copied, so that later
   * pieces change no earlier snapshot; those that have ended are shared.
   */
  snapshot(): unknown {
    let value = this.current();
    for (let level = this.open.length - 1; level >= 0; level--) {
      const { holder, key } = this.open[level] as Open;
      if (Array.isArray(holder)) {
        value = value === undefined ? [...holder] : [...holder, value];
      } else {
        const copy = { ...holder };
        if (value !== undefined) setOwn(copy, key, value);
        value = copy;
      }
    }
    return value ?? this.root;
  }

  /** The value of the token that has begun. */
  private current(): unknown {
    if (this.token === "string") return this.text;
    if (this.token !== "plain") return undefined;
    const number = NUMBER.exec(this.text)?.[0];
    return number === undefined ? undefined : Number(number);
  }

  /** Reads a character between tokens. @returns the position after it */
  private between(piece: string, at: number): number {
    const one = piece[at] ?? "";
    if (SPACE.test(one)) return at + 1;
    switch (this.expected) {
      case "value-or-end":
        if (one === "]") return this.close(at);
        return this.begin(one, at);
      case "value":
        return this.begin(one, at);
      case "key-or-end":
        if (one === "}") return this.close(at);
        return this.beginKey(one, at);
      case "key":
        return this.beginKey(one, at);
      case "colon":
        if (one !== ":") return this.fail(at);
        this.expected = "value";
        return at + 1;
      case "comma-or-end":
        return this.next(one, at);
      case "nothing":
        return at + 1;
      default:
        return this.expected satisfies never;
    }
  }

  private begin(one: string, at: number): number {
    if (one === "{" || one === "[") {
      if (this.open.length >= MAX_DEPTH) return this.fail(at);
      this.open.push({ holder: one === "[" ? [] : {}, key: "" });
      this.expected = one === "[" ? "value-or-end" : "key-or-end";
      return at + 1;
    }
    this.text = "";
    if (one === '"') {
      this.token = "string";
      return at + 1;
    }
    this.token = "plain";
    return at;
  }

  private beginKey(one: string, at: number): number {
    if (one !== '"') return this.fail(at);
    this.token = "key";
    this.text = "";
    return at + 1;
  }

  private next(one: string, at: number): number {
    const isList = Array.isArray(this.open.at(-1)?.holder);
    if (one === ",") {
      this.expected = isList ? "value" : "key";
      return at + 1;
    }
    return one === (isList ? "]" : "}") ? this.close(at) : this.fail(at);
  }

  private close(at: number): number {
    this.put(this.open.pop()?.holder);
    return at + 1;
  }

  /** Puts a value that has ended into the object or list around it. */
  private put(value: unknown): void {
    const around = this.open.at(-1);
    this.expected = around === undefined ? "nothing" : "comma-or-end";
    if (around === undefined) this.root = value;
    else if (Array.isArray(around.holder)) around.holder.push(value);
    else setOwn(around.holder, around.key, value);
  }

  private within(piece: string, at: number): number {
    if (this.token === "plain") return this.plain(piece, at);
    if (this.escape !== "") return this.unescape(piece[at] ?? "", at);
    STRING_STOP.lastIndex = at;
    const stop = STRING_STOP.exec(piece)?.index ?? piece.length;
    this.text += piece.slice(at, stop);
    if (stop === piece.length) return stop;
    const one = piece[stop];
    if (one === "\\") this.escape = one;
    else if (one === '"') this.endString();
    else return this.fail(stop);
    return stop + 1;
  }

  private endString(): void {
    const { text, token } = this;
    this.token = undefined;
    this.text = "";
    if (token === "string") {
      this.put(text);
      return;
    }
    const around = this.open.at(-1);
    if (around !== undefined) around.key = text;
    this.expected = "colon";
  }

  private unescape(one: string, at: number): number {
    this.escape += one;
    if (this.escape.startsWith("\\u")) {
      if (one !== "u" && !/[0-9a-fA-F]/.test(one)) return this.fail(at);
      if (this.escape.length < 6) return at + 1;
      this.text += String.fromCharCode(Number.parseInt(this.escape.slice(2), 16));
    } else {
      const character = ESCAPES.get(one);
      if (character === undefined) return this.fail(at);
      this.text += character;
    }
    this.escape = "";
    return at + 1;
  }

  /** A number or a word, which ends where another character is. */
  private plain(piece: string, at: number): number {
    let end = at;
    while (end < piece.length && isPlain(piece.charCodeAt(end))) end++;
    this.text += piece.slice(at, end);
    const { text } = this;
    const isWord = text.length <= LONGEST_WORD && LITERALS.has(text);
    if (end === piece.length && !isWord) return end;
    const value = isWord ? LITERALS.get(text) : WHOLE_NUMBER.test(text) ? Number(text) : undefined;
    if (value === undefined) return this.fail(end);
    this.token = undefined;
    this.text = "";
    this.put(value);
    return end;
  }

  private fail(at: number): number {
    this.broken = true;
    return at;
  }
}

/** Characters of numbers and words. */
function isPlain(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x2b ||
    code === 0x2d ||
    code === 0x2e ||
    code === 0x45
  );
}

/** Sets a property of an object itself: a key `__proto__` must not reach its prototype. */
function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
  else object[key] = value;
}
