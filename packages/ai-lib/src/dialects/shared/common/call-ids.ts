import { hash32 } from "../../../core/values/hash.js";
import { type Message, partsOf } from "../../../core/values/message.js";
import type { NameForm } from "../../../core/values/name-form.js";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The form of call ids that a target accepts. */
export type CallIdForm = NameForm;

/**
 * Exactly nine letters and digits, as Mistral demands: "Tool call id was call_0fypS1hVX but must be a-z, A-Z, 0-9,
 * with a length of 9" (https://github.com/karthink/gptel/issues/1203). An id that does not fit becomes its hash.
 */
export const NINE_CHARACTERS: CallIdForm = { fits: /^[A-Za-z0-9]{9}$/, make: nineCharacters };

/**
 * Letters, digits, `_` and `-` up to a length, as Anthropic (`^[a-zA-Z0-9_-]+$`) and Bedrock (64 at most) demand. Any
 * other character becomes `_`; an id that is too long, or would be the same as another, ends in a hash.
 */
export function wordForm(limit: number): CallIdForm {
  const fits = new RegExp(`^[A-Za-z0-9_-]{1,${limit}}$`);
  return {
    fits,
    make(id, attempt) {
      const word = id.replace(/[^A-Za-z0-9_-]/g, "_");
      return attempt === 0 && fits.test(word) ? word : hashed(word, id, limit, attempt);
    },
  };
}

/** Any characters up to a length, as OpenAI accepts. An id that is too long ends in a hash. */
export function lengthForm(limit: number): CallIdForm {
  return {
    fits: new RegExp(`^[^]{0,${limit}}$`),
    make: (id, attempt) => hashed(id, id, limit, attempt),
  };
}

/** The head of an id and a hash of the whole, so that ids with the same beginning stay different. */
function hashed(head: string, id: string, limit: number, attempt: number): string {
  return `${head.slice(0, Math.max(0, limit - 10))}_${nineCharacters(id, attempt)}`;
}

/**
 * The ids of one conversation's calls in a form that the target accepts. An id that fits stays; the same id always
 * becomes the same, on a call as on its result; two ids never become one.
 */
export class CallIds {
  private readonly known = new Map<string, string>();
  private readonly taken = new Set<string>();

  constructor(
    messages: readonly Message[],
    private readonly form: CallIdForm,
  ) {
    for (const message of messages) {
      for (const part of partsOf(message)) {
        if ((part.type === "tool-call" || part.type === "tool-result") && form.fits.test(part.id)) {
          this.known.set(part.id, part.id);
          this.taken.add(part.id);
        }
      }
    }
  }

  /** The id in place of `id`. */
  of(id: string): string {
    const before = this.known.get(id);
    if (before !== undefined) return before;
    let made = this.form.fits.test(id) ? id : this.form.make(id, 0);
    for (let attempt = 1; this.taken.has(made); attempt++) made = this.form.make(id, attempt);
    this.known.set(id, made);
    this.taken.add(made);
    return made;
  }
}

/** Nine letters and digits made from any text; the same for the same text and salt. */
export function nineCharacters(text: string, salt = 0): string {
  return digits(hash32(text, 0x811c9dc5 ^ salt), 5) + digits(hash32(text, 0x1b873593 + salt), 4);
}

function digits(value: number, count: number): string {
  let text = "";
  let rest = value;
  for (let i = 0; i < count; i++) {
    text += ALPHABET.charAt(rest % ALPHABET.length);
    rest = Math.floor(rest / ALPHABET.length);
  }
  return text;
}
