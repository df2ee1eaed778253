/** Characters of what was delivered that the rest of an answer may repeat at most. */
const MAX_OVERLAP = 256;

/** An overlap of so many characters counts within a word, too. */
const LONG_OVERLAP = 16;

const SPACE = /\s/;
const LETTER = /\p{L}/u;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** What may be the beginning of a word that is written again: digits that repeat are more likely a number. */
const WORD_START = /^\p{L}{2}\P{N}*$/u;

/**
 * Joins the rest of an answer to a text that was delivered, without doubled words: a model that goes on often writes the
 * last words again, or the word in the middle of which the text broke off. Holds text back only while it may be such a
 * repetition.
 */
export class TextJoin {
  /** The end of what was delivered, without white space behind it. */
  private readonly tail: string;
  /** The white space behind it. */
  private readonly space: string;
  private held: string | undefined = "";

  constructor(delivered: string) {
    const text = delivered.trimEnd();
    this.tail = text.slice(-MAX_OVERLAP);
    this.space = delivered.slice(text.length);
  }

  /** Takes more of the rest. @returns what to deliver now */
  push(text: string): string {
    if (this.held === undefined) return text;
    const held = this.held + text;
    const cut = this.cutOf(held, false);
    this.held = cut === undefined ? held : undefined;
    return cut === undefined ? "" : held.slice(cut);
  }

  /** The rest has ended. @returns what was held back */
  flush(): string {
    const held = this.held ?? "";
    this.held = undefined;
    return held.slice(this.cutOf(held, true) ?? 0);
  }

  /** Characters at the beginning of the rest that repeat what was delivered; undefined while that is not clear. */
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
        // All of it repeats so far: what follows decides.
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
