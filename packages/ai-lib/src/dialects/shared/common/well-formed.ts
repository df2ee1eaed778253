/**
 * JSON text without lone surrogates, which strict readers refuse (RFC 8259, section 8.2). Text that was sliced in the
 * middle of an emoji has one. Each becomes U+FFFD, the replacement character. `JSON.stringify` writes a lone surrogate
 * as an escape and a pair as itself, so one pass over the escapes finds them all.
 */
export function wellFormedJson(value: unknown): string {
  const text = JSON.stringify(value);
  return isWellFormedJson(text) ? text : text.replace(ESCAPE, replaceLone);
}

/** Whether JSON text that `JSON.stringify` made can have no lone surrogate. May say no where there is none. */
export function isWellFormedJson(text: string): boolean {
  return !text.includes("\\ud");
}

/** Every escape, so that an escaped backslash before the letters `ud83d` is not read as a surrogate. */
const ESCAPE = /\\(?:ud[89a-f][0-9a-f]{2}|.)/g;

function replaceLone(sequence: string): string {
  return sequence.length === 6 ? "\ufffd" : sequence;
}

/** The path of the first text in a value that has a lone surrogate. */
export function findLoneSurrogate(value: unknown, at = ""): string | undefined {
  if (typeof value === "string") return LONE.test(value) ? at : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = findLoneSurrogate(inner, at === "" ? key : `${at}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

const LONE = /\p{Surrogate}/u;
