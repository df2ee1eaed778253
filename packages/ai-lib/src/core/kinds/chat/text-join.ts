/** The most delivered characters that the rest of an answer may repeat. */
const MAX_OVERLAP = 256;

/** An overlap of at least so many characters counts even within a word. */
const LONG_OVERLAP = 16;

const SPACE = /\s/;
const LETTER = /\p{L}/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** The possible beginning of a word that is repeated: repeated digits are more likely part of a number. */
const WORD_START = /^\p{L}{2}\P{N}*$/u;

/**
 * Joins the rest of an answer to the delivered text, without repeated words: a model that continues a text often
 * repeats its last words, or the word in which it broke off. Delays text only while it may be such a repetition.
 */
export class TextJoin {
  /** The end of the delivered text, without trailing white space. */
  private readonly tail: string;
  /** The white space behind it. */
  private readonly space: string;
  private held: string | undefined = "";

  constructor(delivered: string) {
    const text = delivered.trimEnd();
    this.tail = text.slice(-MAX_OVERLAP);
    this.space = delivered.slice(text.length);
  }

  /** Adds a piece of the rest. @returns the text to deliver now */
  push(text: string): string {
    if (this.held === undefined) return text;
    const held = this.held + text;
    const cut = this.cutOf(held, false);
    this.held = cut === undefined ? held : undefined;
    return cut === undefined ? "" : held.slice(cut);
  }

  /** Ends the rest. @returns the delayed text */
  flush(): string {
    const held = this.held ?? "";
    this.held = undefined;
    return held.slice(this.cutOf(held, true) ?? 0);
  }

  /** Characters at the beginning of the rest that repeat the delivered text; undefined while that is not known. */
  private cutOf(rest: string, ended: boolean): number | undefined {
    const lead = rest.length - rest.trimStart().length;
    if (lead === rest.length && !ended) return undefined;
    const { tail, space } = this;
    for (let from = 0; from < tail.length; from++) {
      const length = tail.length - from;
      const word = from === 0 ? tail.length < MAX_OVERLAP : SPACE.test(tail.charAt(from - 1));
      if ((!word && length < LONG_OVERLAP) || SPACE.test(tail.charAt(from))) continue;
      const same = rest.startsWith(tail.slice(from, from + rest.length - lead), lead);
      if (!same) continue;
      const end = lead + length;
      if (end > rest.length || (end === rest.length && !ended)) {
        // All of it repeats so far: the next characters decide.
        if (!ended) return undefined;
        continue;
      }
      const repeated = tail.slice(from);
      const whole = end === rest.length || !LETTER_OR_DIGIT.test(rest.charAt(end));
      // A rest that begins with a space begins another word: it repeats whole words alone.
      const repeats = lead > 0 || space !== "" ? whole && LETTER.test(repeated) : WORD_START.test(repeated);
      if (repeats) return this.spaceEnd(rest, end);
    }
    return this.spaceEnd(rest, 0);
  }

  /** Where the white space at a place of the rest ends, as far as it was delivered. */
  private spaceEnd(rest: string, from: number): number {
    const { space } = this;
    if (space === "" || rest.startsWith(space, from)) return from + space.length;
    return rest.length - rest.slice(from).trimStart().length;
  }
}
