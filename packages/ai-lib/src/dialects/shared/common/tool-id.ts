import { type Message, partsOf } from "../../../core/values/message.js";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const NINE = /^[A-Za-z0-9]{9}$/;

/** What re-shapes the ids of one request: the same id always becomes the same, and two ids never become one. */
export interface ToolIds {
  of(id: string): string;
}

/** For targets that take any id. */
export const ANY_TOOL_ID: ToolIds = { of: (id) => id };

/**
 * Ids for targets that take exactly nine letters and digits, as Mistral does: "Tool call id was call_0fypS1hVX but
 * must be a-z, A-Z, 0-9, with a length of 9" (https://github.com/karthink/gptel/issues/1203). An id that fits stays.
 * Any other becomes a hash of itself, so that it is the same in every request of a conversation and the provider's
 * prompt cache still hits.
 */
export function nineCharacterIds(messages: readonly Message[]): ToolIds {
  const known = new Map<string, string>();
  const taken = new Set<string>();
  for (const message of messages) {
    for (const part of partsOf(message)) {
      if ((part.type === "tool-call" || part.type === "tool-result") && NINE.test(part.id)) {
        known.set(part.id, part.id);
        taken.add(part.id);
      }
    }
  }
  return {
    of(id) {
      const before = known.get(id);
      if (before !== undefined) return before;
      let shaped = nineCharacters(id, 0);
      for (let salt = 1; taken.has(shaped); salt++) shaped = nineCharacters(id, salt);
      known.set(id, shaped);
      taken.add(shaped);
      return shaped;
    },
  };
}

/**
 * Ids for targets that take letters, digits, `_` and `-` up to a length, as Anthropic (`^[a-zA-Z0-9_-]+$`) and
 * Bedrock (64 at most) do. An id that fits stays; any other character becomes `_`, and what would be the same as
 * another id, or is too long, ends in a hash of itself.
 */
export function wordIds(messages: readonly Message[], limit: number): ToolIds {
  const known = new Map<string, string>();
  const taken = new Set<string>();
  const fits = new RegExp(`^[A-Za-z0-9_-]{1,${limit}}$`);
  for (const message of messages) {
    for (const part of partsOf(message)) {
      if ((part.type === "tool-call" || part.type === "tool-result") && fits.test(part.id)) {
        known.set(part.id, part.id);
        taken.add(part.id);
      }
    }
  }
  return {
    of(id) {
      const before = known.get(id);
      if (before !== undefined) return before;
      const word = id.replace(/[^A-Za-z0-9_-]/g, "_");
      let shaped = word;
      for (let salt = 0; !fits.test(shaped) || taken.has(shaped); salt++)
        shaped = `${word.slice(0, limit - 10)}_${nineCharacters(id, salt)}`;
      known.set(id, shaped);
      taken.add(shaped);
      return shaped;
    },
  };
}

/** Nine letters and digits made from any text; the same for the same text and salt. */
export function nineCharacters(text: string, salt = 0): string {
  return digits(hash(text, 0x811c9dc5 ^ salt), 5) + digits(hash(text, 0x1b873593 + salt), 4);
}

/** FNV-1a over UTF-16 units, with a last mix so that near texts differ in every digit. */
function hash(text: string, seed: number): number {
  let value = seed >>> 0;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
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
