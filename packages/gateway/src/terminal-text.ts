/** Characters that control a terminal or reorder text, besides line breaks: names of clients and models may have them. */
const CONTROLS = /(?!\n)\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const CONTROL = new RegExp(CONTROLS.source, "u");

/** Writes control characters, besides line breaks, as escapes of JSON. A text of JSON keeps its meaning. */
export function escapeControls(text: string): string {
  if (!CONTROL.test(text)) return text;
  return text.replace(CONTROLS, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Writes a text for one line: as {@link escapeControls}, line breaks too. */
export function escapeLine(text: string): string {
  return escapeControls(text).replaceAll("\n", "\\n");
}

/** Writes a text as JSON, for a log. */
export function quoteText(text: string): string {
  return escapeControls(JSON.stringify(text));
}

/** Characters that take two columns of a terminal, as far as names have them. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Characters that take none: accents behind a letter, and joiners. */
const NARROW = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Columns that a text takes in a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : NARROW.test(character) ? 0 : 1;
  return width;
}
