import type { SecretForm } from "./secret-forms.js";
import { beginsEscape } from "./unescape-text.js";

/** Sequences of three characters that the table tells apart. All forms of a secret fill a small part of it. */
const SEQUENCES = 1 << 16;

/**
 * Tells whether a text may hold a form of a secret, the start or the end of one, or something to unescape. Most texts
 * have none of these, and one pass over their characters shows it in a small part of the time that a search for every
 * form takes. It may return true for a text without a secret, and never returns false for a text with one.
 */
export class SecretFilter {
  /** One bit for each sequence of three characters, which is set where a form has it. */
  readonly #table = new Uint8Array(SEQUENCES / 8);
  /** The least sequences one after the other that count as part of a form. */
  readonly #least: number;

  constructor(forms: readonly SecretForm[]) {
    let shortest = Number.POSITIVE_INFINITY;
    for (const { text, edge } of forms) {
      shortest = Math.min(shortest, text.length, edge);
      for (let i = 2; i < text.length; i++) {
        const at = sequence(text.charCodeAt(i - 2), text.charCodeAt(i - 1), text.charCodeAt(i));
        this.#table[at >> 3] = (this.#table[at >> 3] ?? 0) | (1 << (at & 7));
      }
    }
    this.#least = shortest - 2;
  }

  mayHoldSecret(text: string): boolean {
    const table = this.#table;
    const least = this.#least;
    let [before, last] = [0, 0];
    let found = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (beginsEscape(code)) return true;
      const at = sequence(before, last, code);
      found = ((table[at >> 3] ?? 0) & (1 << (at & 7))) === 0 ? 0 : found + 1;
      if (found >= least) return true;
      before = last;
      last = code;
    }
    return false;
  }
}

function sequence(first: number, second: number, third: number): number {
  return ((first << 10) ^ (second << 5) ^ third) & (SEQUENCES - 1);
}
